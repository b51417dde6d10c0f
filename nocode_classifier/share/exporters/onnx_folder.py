"""The graph itself, with a short program that shows how to ask it from any language."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.share.asking import NEEDS, copy_predictor, read_answers
from nocode_classifier.share.clean_process import Program, run
from nocode_classifier.share.exporter import ExportAnswer, Exporter, Subject
from nocode_classifier.share.packages import pinned
from nocode_classifier.share.packing import copy_model, write_text
from nocode_classifier.share.reading import write_reading

EXAMPLE = "example.py"

USE = """\
## Use it

`model.onnx` holds everything from the pixels to the answer: resizing, cropping, the network, the
probabilities. Any program that runs ONNX (opset 18) can ask it. In Python:

```
pip install -r requirements.txt
python example.py photo.jpg
```

`predictor` reads photos as the app does: turned, colours converted, big ones reduced.

| name | type | what |
|---|---|---|
| `photo` (in) | uint8 [height, width, 3] | a photo of any size: sRGB, upright, on white |
| `probabilities` | float32 [classes] | in the order of `classes` in `card.json`; they add up to 1 |
| `familiarity` | float32 [] | likeness to the training photos, cosine |
| `features` | float32 [n] | what the network saw, for a search of your own |
| `activation_map` | float32 [classes, rows, columns] | where the evidence for each class is |

The answer is "not sure" where the highest probability is below `sure.probability` of the card, or
`familiarity` below `sure.familiarity`.
"""


class OnnxFolder(Exporter):
    """`model.onnx`, `card.json`, `example.py` and how it reads photos."""

    key = "onnx"
    label = "ONNX"
    about = "The network for programs in any language, with an example of 20 lines"
    landmark = EXAMPLE

    def build(
        self, subject: Subject, made: Path, *, report: Report, should_stop: ShouldStop
    ) -> None:
        """Write the model, the example, what it needs, and a README."""
        copy_model(subject, made)
        shutil.copyfile(Path(__file__).with_name(EXAMPLE), made / EXAMPLE)
        copy_predictor(made)
        write_text(made / "requirements.txt", "\n".join(pinned(NEEDS)) + "\n")
        write_reading(subject, made, USE)

    def ask(
        self,
        made: Path,
        subject: Subject,
        photos: Sequence[Path],
        place: Path,
        *,
        should_stop: ShouldStop,
    ) -> list[ExportAnswer]:
        """Run the example, in a copy elsewhere, with its three packages alone."""
        folder = place / "copy"
        shutil.copytree(made, folder)
        needs = tuple((folder / "requirements.txt").read_text(encoding="utf-8").split())
        program = Program(folder, ("file", EXAMPLE, *map(str, photos)), needs)
        return read_answers(run(program, should_stop=should_stop))
