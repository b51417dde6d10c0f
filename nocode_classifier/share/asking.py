"""Asks a model folder through `predictor` alone, in a clean process, as any program would."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from nocode_classifier import predict
from nocode_classifier.errors import NotProven
from nocode_classifier.progress import ShouldStop, never
from nocode_classifier.share.clean_process import Program, run
from nocode_classifier.share.exporter import ExportAnswer

NEEDS = ("numpy", "onnxruntime", "pillow")
PREDICTOR = "predictor"
"""What the room `predict` is called where it stands alone."""

ASK = """\
import json, sys
from predictor import Predictor

model = Predictor(sys.argv[1])
for photo in sys.argv[2:]:
    answer = model.predict(photo)
    print(json.dumps({name: getattr(answer, name) for name in ("label", "sure", "probabilities")}))
"""


def copy_predictor(folder: Path) -> None:
    """Put the package `predictor` into a folder."""
    package = folder / PREDICTOR
    package.mkdir()
    for file in Path(predict.__path__[0]).glob("*.py"):
        text = file.read_text(encoding="utf-8").replace(predict.__name__, PREDICTOR)
        (package / file.name).write_text(text, encoding="utf-8")
    init = "from predictor.predictor import *  # noqa: F403\n"
    (package / "__init__.py").write_text(init, encoding="utf-8")


def ask_predictor(
    model: Path, place: Path, photos: Sequence[Path], *, should_stop: ShouldStop = never
) -> list[ExportAnswer]:
    """Ask a model folder.

    Args:
        model: holds `model.onnx` and `card.json`.
        place: an empty folder, or one with `predictor` in it, which is then the one asked.
        photos: in formats that Pillow reads.
        should_stop: asked now and then.

    Raises:
        NotProven: it does not answer.
        Cancelled: Stop was pressed.
    """
    if not (place / PREDICTOR).exists():
        copy_predictor(place)
    ask = place / "ask.py"
    ask.write_text(ASK, encoding="utf-8")
    program = Program(place, ("file", str(ask), str(model), *map(str, photos)), NEEDS)
    return read_answers(run(program, should_stop=should_stop))


def read_answers(output: str) -> list[ExportAnswer]:
    """Answers as JSON objects, one a line.

    Raises:
        NotProven: they are something else.
    """
    try:
        found = [json.loads(line) for line in output.splitlines() if line.strip()]
        return [ExportAnswer(one["label"], one["sure"], one["probabilities"]) for one in found]
    except (ValueError, KeyError, TypeError) as error:
        raise NotProven("The export does not answer as it should.") from error
