"""fastai's own file, for those who go on with the fastai course."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from nocode_classifier.errors import Unavailable
from nocode_classifier.processes import ProcessFailed, output_of
from nocode_classifier.progress import Progress, Report, ShouldStop
from nocode_classifier.share.asking import read_answers
from nocode_classifier.share.clean_process import Program, run
from nocode_classifier.share.exporter import CLOSE, ExportAnswer, Exporter, Subject

WRITER = "nocode_classifier.learn.exchange.fastai_learner"
PATIENCE = 300.0
"""fastai takes its time to load, and on a busy computer much of it."""

ASK = """\
import json, sys, warnings
warnings.simplefilter("ignore")
from fastai.vision.all import load_learner

learner = load_learner(sys.argv[1])
with learner.no_bar():
    for photo in sys.argv[2:]:
        label, _, found = learner.predict(photo)
        answers = dict(zip(learner.dls.vocab, map(float, found)))
        print(json.dumps({"label": label, "sure": None, "probabilities": answers}))
"""


class FastaiLearner(Exporter):
    """`export.pkl`, as `load_learner` opens it."""

    key = "fastai"
    label = "fastai"
    about = "export.pkl, for load_learner as in the fastai course"
    suffix = ".pkl"
    tolerance = CLOSE

    @property
    def note(self) -> str:
        """Also what opens it: in it is the bytecode of one Python, on which another one crashes."""
        python = ".".join(map(str, sys.version_info[:2]))
        versions = " and ".join(f"{name} {version(name)}" for name in ("fastai", "torch"))
        return (
            f"It opens in Python {python} only, with {versions} or what fits them. Whoever opens a "
            ".pkl file runs whatever is hidden in it: open only those you made yourself, and to "
            "share your classifier send another kind of export. It does not say when it is not "
            "sure."
        )

    def missing(self) -> str | None:
        """fastai, unless it is installed."""
        if importlib.util.find_spec("fastai") is None:
            return "fastai is not installed: install it with `pip install fastai`."
        return None

    def build(
        self, subject: Subject, made: Path, *, report: Report, should_stop: ShouldStop
    ) -> None:
        """Write the learner, in a process of its own."""
        report(Progress("Writing it for fastai", fraction=0.1))
        model = str(subject.trained())
        try:
            output_of(WRITER, [model, str(made)], should_stop=should_stop)
        except ProcessFailed as error:
            raise Unavailable(f"The model could not be written for fastai: {error}") from error

    def ask(
        self,
        made: Path,
        subject: Subject,
        photos: Sequence[Path],
        place: Path,
        *,
        should_stop: ShouldStop,
    ) -> list[ExportAnswer]:
        """Open it with fastai alone, as the course does."""
        ask = place / "ask.py"
        ask.write_text(ASK, encoding="utf-8")
        asked = ("file", str(ask), str(made), *map(str, photos))
        # One photo at a time keeps one core busy; more threads only wait for each other.
        program = Program(place, asked, ("fastai",), {"OMP_NUM_THREADS": "1"})
        return read_answers(run(program, seconds=PATIENCE, should_stop=should_stop))
