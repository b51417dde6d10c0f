"""A file for programs on Android and small boards."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from string import Template

from nocode_classifier.learn import views
from nocode_classifier.progress import Progress, Report, ShouldStop
from nocode_classifier.share.asking import copy_predictor, read_answers
from nocode_classifier.share.clean_process import Program, run
from nocode_classifier.share.exporter import CLOSE, ExportAnswer, Exporter, Subject
from nocode_classifier.share.packing import write_text
from nocode_classifier.share.reading import TWO_VIEWS, VIEWS_IN_PYTHON, write_reading

FILE = "classifier.tflite"
NEEDS = ("ai-edge-litert", "numpy", "pillow")

USE = f"""\
## Use it in an app

The model is `{FILE}`. {TWO_VIEWS}

Each goes in as float32 [1, $side, $side, 3] with the values 0 to 255 as they are: the model scales
them itself. In Python, after `pip install {" ".join(NEEDS)}`, in this folder:

```python
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from PIL import Image, ImageOps

names = Path("labels.txt").read_text("utf-8").splitlines()
model = Interpreter("{FILE}")
model.allocate_tensors()
{VIEWS_IN_PYTHON}
for place, view in zip(model.get_input_details(), (whole, centre)):
    model.set_tensor(place["index"], np.asarray(view, np.float32)[None])
model.invoke()
found = model.get_tensor(model.get_output_details()[0]["index"])[0]
print(names[found.argmax()], found.max())
```

It gives probabilities, float32 [1, classes], in the order of `labels.txt`. An answer below
`sure.probability` in `card.json` counts as "not sure" elsewhere. That a photo shows none of the
classes, this export does not see.
"""

ASK = """\
import json, sys
import numpy as np
from ai_edge_litert.interpreter import Interpreter
from predictor import read_photo, short_side_for
from views import views_of

model, labels, *photos = sys.argv[1:]
names = open(labels, encoding="utf-8").read().splitlines()
interpreter = Interpreter(model)
interpreter.allocate_tensors()
inputs, (output,) = interpreter.get_input_details(), interpreter.get_output_details()
side = int(inputs[0]["shape"][1])
for name in photos:
    photo = read_photo(name, short_side=short_side_for(side))
    for place, view in zip(inputs, views_of(photo, side)):
        interpreter.set_tensor(place["index"], np.asarray(view, np.float32)[None])
    interpreter.invoke()
    found = interpreter.get_tensor(output["index"])[0]
    answers = dict(zip(names, map(float, found)))
    label = names[int(found.argmax())]
    print(json.dumps({"label": label, "sure": None, "probabilities": answers}))
"""


class LiteRtFolder(Exporter):
    """`classifier.tflite`, `labels.txt`, `card.json` and how to use them."""

    key = "litert"
    label = "LiteRT"
    about = "For programs on Android and small boards (TensorFlow Lite)"
    landmark = FILE
    tolerance = CLOSE
    note = "It does not say when it is not sure."

    def missing(self) -> str | None:
        """The runtime, an extra."""
        if importlib.util.find_spec("ai_edge_litert") is None:
            return (
                "LiteRT needs the package ai-edge-litert: pip install 'nocode-classifier[litert]'"
            )
        return None

    def build(
        self, subject: Subject, made: Path, *, report: Report, should_stop: ShouldStop
    ) -> None:
        """Write the network in LiteRT's format."""
        from nocode_classifier.learn.exchange.lite_rt import write_lite_rt

        report(Progress("Writing it for LiteRT", fraction=0.1))
        card = subject.card()
        write_lite_rt(subject.trained(), made / FILE)
        names = [one["name"] for one in card["classes"]]
        write_text(made / "labels.txt", "".join(f"{name}\n" for name in names))
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
        """Run it with LiteRT's own runtime and nothing of this app but how photos are read."""
        copy_predictor(place)
        shutil.copyfile(views.__file__, place / "views.py")
        ask = place / "ask.py"
        ask.write_text(ASK, encoding="utf-8")
        typed = [str(ask), str(made / FILE), str(made / "labels.txt"), *map(str, photos)]
        return read_answers(run(Program(place, ("file", *typed), NEEDS), should_stop=should_stop))
