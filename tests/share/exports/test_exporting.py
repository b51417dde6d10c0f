"""An export is built aside, proven, and only then handed over, whole."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from nocode_classifier.errors import (
    Cancelled,
    InputError,
    NotProven,
    NotReady,
    Unavailable,
)
from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.progress import Progress, Report, ShouldStop
from nocode_classifier.share.exporter import CantAsk, ExportAnswer, Subject
from nocode_classifier.share.exporters import EXPORTERS, exporter_of
from nocode_classifier.share.exporters.onnx_folder import OnnxFolder
from nocode_classifier.share.exporting import UNTRAINED, export
from nocode_classifier.share.subjects import subject_of_folder


@dataclass(frozen=True, slots=True)
class Copy(OnnxFolder):
    """Is asked in this very process, which is quick, and may answer otherwise than its model.

    Attributes:
        by: probabilities are so much higher.
        turned: so many answers are sure instead of unsure, or unsure instead of sure.
    """

    by: float = 0.0
    turned: int = 0

    def ask(
        self,
        made: Path,
        subject: Subject,
        photos: Sequence[Path],
        place: Path,
        *,
        should_stop: ShouldStop,
    ) -> list[ExportAnswer]:
        predictor = Predictor(made)
        answers = [predictor.predict(photo) for photo in photos]
        return [
            ExportAnswer(
                one.label,
                one.sure != (number < self.turned),
                {name: value + self.by for name, value in one.probabilities.items()},
            )
            for number, one in enumerate(answers)
        ]


class Unaskable(Copy):
    """Can't be opened here."""

    def ask(self, *_: object, **__: object) -> list[ExportAnswer]:
        raise CantAsk("No such thing here.")


class Uninstalled(Copy):
    """Lacks a package."""

    def missing(self) -> str | None:
        return "Install the other package first."


class FullDisk(Copy):
    """Finds the disk full."""

    def build(
        self, subject: Subject, made: Path, *, report: Report, should_stop: ShouldStop
    ) -> None:
        raise OSError(28, "No space left on device")


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_an_export_is_named_after_its_subject_and_nothing_else_is_left(
    subject: Subject, shop: Path
) -> None:
    made = export(Copy(), subject, shop)
    assert made.path == shop / "Round _ straight-onnx"
    assert names_in(shop) == {"Round _ straight-onnx"}
    assert made.proof is not None
    assert (made.proof.sentence, made.proof.worst < 1e-6) == ("same answers: 20 of 20", True)
    assert made.bytes == sum(path.stat().st_size for path in made.path.iterdir())
    assert made.note == ""


@pytest.mark.parametrize("copy", [Copy(by=0.002), Copy(turned=2)])
def test_an_export_that_answers_otherwise_is_not_handed_over(
    copy: Copy, subject: Subject, shop: Path
) -> None:
    with pytest.raises(NotProven, match=r"does not answer as the app does \(same answers: \d+ of"):
        export(copy, subject, shop)
    assert names_in(shop) == set()


def test_one_answer_may_tip_over(subject: Subject, shop: Path) -> None:
    made = export(Copy(by=0.0005, turned=1), subject, shop)
    assert made.proof is not None
    assert made.proof.sentence == "same answers: 19 of 20"


def test_an_earlier_export_stays_until_the_new_one_is_proven(subject: Subject, shop: Path) -> None:
    target = shop / "mine"
    export(Copy(), subject, target)
    before = (target / "README.md").stat()
    with pytest.raises(NotProven):
        export(Copy(by=0.1), subject, target)
    assert (target / "README.md").stat() == before
    export(Copy(), replace(subject, name="Other"), target)
    assert (target / "README.md").read_text().startswith("# Other")
    assert names_in(shop) == {"mine"}


def test_stopping_leaves_nothing(subject: Subject, shop: Path) -> None:
    stages: list[str] = []

    def watch(progress: Progress) -> None:
        stages.append(progress.stage)

    with pytest.raises(Cancelled):
        export(
            Copy(),
            subject,
            shop,
            report=watch,
            should_stop=lambda: "Asking it about your photos" in stages,
        )
    assert names_in(shop) == set()


def test_a_folder_is_packed_where_the_name_says_so(subject: Subject, shop: Path) -> None:
    made = export(Copy(), subject, shop / "to send.zip")
    with zipfile.ZipFile(made.path) as archive:
        assert archive.testzip() is None
        assert "to send/example.py" in archive.namelist()
    assert names_in(shop) == {"to send.zip"}


def test_what_a_folder_holds_besides_is_never_lost(subject: Subject, shop: Path) -> None:
    target = export(Copy(), subject, shop / "mine").path
    (target / ".git").mkdir()
    with pytest.raises(InputError, match=r"also holds other things \(\.git\)"):
        export(Copy(), subject, target)
    assert ".git" in names_in(target)


def test_something_else_of_that_name_is_not_replaced(subject: Subject, shop: Path) -> None:
    (shop / "Round _ straight-onnx").mkdir()
    (shop / "Round _ straight-onnx" / "diary.txt").touch()
    with pytest.raises(InputError, match="holds something else"):
        export(Copy(), subject, shop)
    (shop / "file").touch()
    with pytest.raises(InputError, match="holds something else"):
        export(Copy(), subject, shop / "file")


def test_the_folder_around_must_be_there(subject: Subject, shop: Path) -> None:
    with pytest.raises(InputError, match="There is no folder"):
        export(Copy(), subject, shop / "no" / "such")


def test_what_is_missing_is_said_before_anything_is_built(subject: Subject, shop: Path) -> None:
    with pytest.raises(NotReady, match="Install the other package first"):
        export(Uninstalled(), subject, shop)


def test_an_export_that_cannot_be_asked_here_says_so(subject: Subject, shop: Path) -> None:
    made = export(Unaskable(), subject, shop)
    assert (made.proof, made.note) == (None, "No such thing here.")


def test_a_full_disk_is_told_in_words(subject: Subject, shop: Path) -> None:
    with pytest.raises(Unavailable, match="can't be written: No space left on device"):
        export(FullDisk(), subject, shop)


def test_without_photos_drawn_pictures_are_asked_about(bare: Subject, shop: Path) -> None:
    made = export(Copy(), bare, shop)
    assert made.proof is not None
    assert made.proof.sentence == "same answers: 8 of 8 (drawn pictures, for want of photos)"


def test_an_untrained_project_has_no_model_to_export(untrained: Subject, shop: Path) -> None:
    with pytest.raises(NotReady, match="Train the classifier first"):
        export(Copy(), untrained, shop)
    assert export(exporter_of("dataset"), untrained, shop).note == UNTRAINED


def test_a_model_that_is_damaged_is_told_in_words(other_model: Path, shop: Path) -> None:
    (other_model / "model.onnx").write_bytes(b"nothing")
    with pytest.raises((InputError, NotProven)):
        export(OnnxFolder(), subject_of_folder(other_model), shop)
    with pytest.raises(InputError, match=r"There is no model"):
        subject_of_folder(shop)
    assert names_in(shop) == set()


def test_an_unknown_kind_is_answered_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"there are: .*onnx"):
        exporter_of("fax")
    assert len({each.key for each in EXPORTERS}) == len(EXPORTERS)
