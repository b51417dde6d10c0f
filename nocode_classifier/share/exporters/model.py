"""The model folder as one archive: what every other export is made of."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from nocode_classifier.errors import NotProven
from nocode_classifier.placing import unfinished_folder
from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.share.asking import ask_predictor, copy_predictor
from nocode_classifier.share.exporter import ExportAnswer, Exporter, Subject
from nocode_classifier.share.packing import ZIP, copy_model, pack_folder
from nocode_classifier.share.reading import write_reading

USE = """\
## Use it from Python

In this folder, with Python 3.11 or newer and `pip install numpy onnxruntime pillow`
(and `pillow-heif` for the HEIC photos of phones):

```python
from predictor import Predictor

answer = Predictor(".").predict("photo.jpg")
print(answer.label if answer.sure else "not sure", answer.probabilities)
```
"""


class ModelArchive(Exporter):
    """`model.onnx`, `card.json` and `predictor` in a zip file."""

    key = "model"
    label = "Model"
    about = "The model as one file, and three lines of Python that use it"
    suffix = ZIP

    def build(
        self, subject: Subject, made: Path, *, report: Report, should_stop: ShouldStop
    ) -> None:
        """Pack the model folder, `predictor` and a README."""
        with unfinished_folder(made.parent) as work:
            folder = work / made.stem
            copy_model(subject, folder)
            copy_predictor(folder)
            write_reading(subject, folder, USE)
            pack_folder(folder, made, should_stop=should_stop)

    def ask(
        self,
        made: Path,
        subject: Subject,
        photos: Sequence[Path],
        place: Path,
        *,
        should_stop: ShouldStop,
    ) -> list[ExportAnswer]:
        """Unpack it elsewhere and run its own `predictor`, with its three packages alone."""
        try:
            with zipfile.ZipFile(made) as archive:
                archive.extractall(place)
        except zipfile.BadZipFile as error:
            raise NotProven("The archive can't be opened.") from error
        (folder,) = place.iterdir()
        return list(ask_predictor(folder, folder, photos, should_stop=should_stop))
