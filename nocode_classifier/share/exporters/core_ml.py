"""A package for programs on iPhone, iPad and Mac."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from string import Template

from nocode_classifier.errors import NotProven, Unavailable
from nocode_classifier.processes import ProcessFailed, output_of
from nocode_classifier.progress import Progress, Report, ShouldStop
from nocode_classifier.share.asking import read_answers
from nocode_classifier.share.exporter import CLOSE, ExportAnswer, Exporter, Subject
from nocode_classifier.share.packing import write_text
from nocode_classifier.share.reading import TWO_VIEWS, VIEWS_IN_PYTHON, write_reading

CONVERTER = "nocode_classifier.learn.exchange.core_ml"
PACKAGE = "Classifier.mlpackage"
ONE_CORE = {"OMP_NUM_THREADS": "1"}

USE = f"""\
## Use it in an app

Drag `{PACKAGE}` into a project of Xcode; it runs from iOS 15 and macOS 12 on. {TWO_VIEWS}

They go in as images: the package scales their values itself. In Swift:

```swift
let model = try Classifier(configuration: MLModelConfiguration())
let found = try model.prediction(whole: whole, centre: centre)  // two CVPixelBuffers
print(found.classLabel, found.classLabel_probs)
```

In Python on a Mac, after `pip install coremltools pillow`, in this folder:

```python
import coremltools
from PIL import Image, ImageOps

model = coremltools.models.MLModel("{PACKAGE}")
{VIEWS_IN_PYTHON}
found = model.predict({{"whole": whole, "centre": centre}})
print(found["classLabel"], found["classLabel_probs"])
```

It gives `classLabel` and `classLabel_probs`. It always names a class: an answer below
`sure.probability` in `card.json` counts as "not sure" elsewhere. That a photo shows none of the
classes, this export does not see.
"""


class CoreMlFolder(Exporter):
    """`Classifier.mlpackage`, `card.json` and how to use them."""

    key = "coreml"
    label = "Core ML"
    about = "For programs on iPhone, iPad and Mac, written with Xcode"
    landmark = PACKAGE
    tolerance = CLOSE
    note = (
        "Its answers were computed here as its file says; no device of Apple's was asked. It does "
        "not say when it is not sure."
    )

    def missing(self) -> str | None:
        """coremltools, an extra."""
        if importlib.util.find_spec("coremltools") is None:
            return (
                "Core ML needs the package coremltools, which there is for macOS and Linux: "
                "pip install 'nocode-classifier[coreml]'"
            )
        return None

    def build(
        self, subject: Subject, made: Path, *, report: Report, should_stop: ShouldStop
    ) -> None:
        """Convert the network, in a process of its own."""
        report(Progress("Converting it for Core ML", fraction=0.1))
        card = subject.card()
        typed = ["write", str(subject.trained()), str(made / PACKAGE)]
        try:
            output_of(CONVERTER, typed, settings=ONE_CORE, should_stop=should_stop)
        except ProcessFailed as error:
            raise Unavailable(f"The model could not be converted for Core ML: {error}") from error
        write_text(made / "card.json", json.dumps(card, ensure_ascii=False, indent=2))
        use = Template(USE).substitute(side=card["input_size"])
        write_reading(subject, made, use)

    def ask(
        self,
        made: Path,
        subject: Subject,
        photos: Sequence[Path],
        place: Path,
        *,
        should_stop: ShouldStop,
    ) -> list[ExportAnswer]:
        """Compute what the finished package says."""
        typed = ["ask", str(made / PACKAGE), *map(str, photos)]
        try:
            said = output_of(CONVERTER, typed, settings=ONE_CORE, should_stop=should_stop)
        except ProcessFailed as error:
            raise NotProven(f"The Core ML package does not work: {error}") from error
        return read_answers(said)
