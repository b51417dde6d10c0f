"""An export is built aside, proven, and only then handed over, whole."""

from __future__ import annotations

import csv
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from nocode_classifier.errors import (
    Cancelled,
    InputError,
    NotFound,
    NotProven,
    NotReady,
    Unavailable,
)
from nocode_classifier.placing import restored
from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.progress import Progress, Report, ShouldStop
from nocode_classifier.project.project import Project
from nocode_classifier.share.exporter import CantAsk, ExportAnswer, Exporter, Subject
from nocode_classifier.share.exporters import EXPORTERS, exporter_of
from nocode_classifier.share.exporters.dataset import listed_in
from nocode_classifier.share.exporters.onnx_folder import OnnxFolder
from nocode_classifier.share.exporting import UNTRAINED, export
from nocode_classifier.share.subjects import photos_of_folder, subject_of, subject_of_folder
from tests.drawing import draw_photo


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


@pytest.fixture
def subject(subject: Subject) -> Subject:
    """With a few of the photos, as most tests here are not about the proof."""
    return replace(subject, photos=subject.photos[:3])


@pytest.fixture
def whole(shapes_project: Project) -> Subject:
    """With as many photos as a proof takes."""
    return subject_of(shapes_project)


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_an_export_is_named_after_its_subject_and_nothing_else_is_left(
    whole: Subject, shop: Path
) -> None:
    made = export(Copy(), whole, shop)
    assert made.path == shop / "Round _ straight-onnx"
    assert names_in(shop) == {"Round _ straight-onnx"}
    assert made.proof is not None
    assert (made.proof.sentence, made.proof.worst < 1e-6) == ("same answers: 20 of 20", True)
    files = [path for path in made.path.rglob("*") if path.is_file()]
    assert made.bytes == sum(path.stat().st_size for path in files)
    assert made.note == ""


@pytest.mark.parametrize("copy", [Copy(by=0.002), Copy(turned=2)])
def test_an_export_that_answers_otherwise_is_not_handed_over(
    copy: Copy, subject: Subject, shop: Path
) -> None:
    with pytest.raises(NotProven, match=r"does not answer as the app does \(same answers: \d+ of"):
        export(copy, subject, shop)
    assert names_in(shop) == set()


def test_one_answer_may_tip_over(whole: Subject, shop: Path) -> None:
    made = export(Copy(by=0.0005, turned=1), whole, shop)
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


@pytest.mark.parametrize("exporter", [exporter_of("dataset"), Copy()])
def test_what_people_put_into_an_earlier_export_is_never_lost(
    exporter: Exporter, subject: Subject, shop: Path
) -> None:
    target = export(exporter, subject, shop / "mine").path
    theirs = target / "circle" / "my own.jpg"
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_bytes(b"mine")
    with pytest.raises(InputError, match=r"also holds other things \(circle/my own\.jpg\)"):
        export(exporter, subject, target)
    assert theirs.read_bytes() == b"mine"
    assert names_in(shop) == {"mine"}


def test_an_earlier_data_set_may_have_photos_that_are_gone_now(
    subject: Subject, shop: Path
) -> None:
    target = export(exporter_of("dataset"), subject, shop / "mine").path
    (target / "circle" / "gone.jpg").write_bytes(b"gone")
    with (target / "CREDITS.csv").open("r+", encoding="utf-8-sig", newline="") as table:
        columns = next(csv.reader(table))
        table.seek(0, 2)
        csv.DictWriter(table, columns).writerow({"name": "circle/gone.jpg", "sha256": "0" * 64})
    assert "circle/gone.jpg" in listed_in(target)
    export(exporter_of("dataset"), subject, target)
    assert not (target / "circle" / "gone.jpg").exists()


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (".", "shop/Round _ straight-onnx"),
        ("mine", "shop/mine"),
        ("empty/", "shop/empty/Round _ straight-onnx"),
        ("mine.zip", "shop/mine.zip"),
        ("../proof", "proof"),
        ("link", "elsewhere/Round _ straight-onnx"),
    ],
)
def test_a_place_may_be_typed_as_seen_from_here(
    typed: str, written: str, subject: Subject, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop / "empty").mkdir()
    (shop.parent / "elsewhere").mkdir()
    (shop / "link").symlink_to(shop.parent / "elsewhere")
    monkeypatch.chdir(shop)
    made = export(Copy(), subject, Path(typed))
    assert made.path == shop.parent / written
    assert made.path.exists()


@pytest.mark.parametrize("typed", ["my.model", "MINE.ZIP"])
def test_a_file_gets_the_ending_of_its_kind(subject: Subject, shop: Path, typed: str) -> None:
    ends = typed.lower().endswith(".zip")
    made = export(exporter_of("model"), replace(subject, photos=subject.photos[:1]), shop / typed)
    assert made.path.name == (typed if ends else f"{typed}.zip")
    assert names_in(shop) == {made.path.name}


def test_a_model_and_photos_may_be_named_as_seen_from_here(
    subject: Subject, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(subject.trained(), shop / "my-model")
    (shop / "photos").mkdir()
    (shop / "photos" / "one.jpg").write_bytes(draw_photo("circle", 5))
    monkeypatch.chdir(shop)
    found = subject_of_folder(Path("my-model"), photos_of_folder(Path("photos")))
    assert found.model == shop / "my-model"
    assert found.photos == (shop / "photos" / "one.jpg",)
    made = export(exporter_of("onnx"), found, Path())
    assert made.proof is not None
    assert (made.proof.same, made.proof.asked) == (1, 1)


def test_a_photo_that_is_cut_off_is_not_asked_about(subject: Subject, shop: Path) -> None:
    cut = shop.parent / "cut.jpg"
    cut.write_bytes(draw_photo("circle", 6)[:-2000])
    made = export(exporter_of("onnx"), replace(subject, photos=(cut, *subject.photos[:2])), shop)
    assert made.proof is not None
    assert (made.proof.same, made.proof.asked) == (2, 2)


def test_neither_a_file_nor_the_folder_one_is_in_is_replaced(
    subject: Subject, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = export(Copy(), subject, shop / "mine").path
    (shop / "there.zip").mkdir()
    monkeypatch.chdir(target)
    with pytest.raises(InputError, match="is the folder you are in"):
        export(Copy(), subject, Path())
    with pytest.raises(InputError, match=r"is a folder; name a file"):
        export(exporter_of("model"), subject, shop / "there")
    with pytest.raises(NotFound, match="/proc"):  # where nothing can be made, whoever one is
        export(Copy(), subject, Path("/proc/mine"))


KILLED = """
import os, pickle, signal, sys
from pathlib import Path
from nocode_classifier import placing
from nocode_classifier.share.exporters import exporter_of
from nocode_classifier.share.exporting import export
from nocode_classifier.share.subjects import photos_of_folder, subject_of_folder
from tests.drawing import draw_photo

at = sys.argv[1]

def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def report(progress):
    if progress.stage == at:
        killed()

if at == "renaming":
    plainly = placing.rename_folder
    placing.rename_folder = lambda source, target: (
        killed() if "made" in source.parts else plainly(source, target)
    )
subject = subject_of_folder(Path(sys.argv[3]))
export(exporter_of(sys.argv[2]), subject, Path(sys.argv[4]), report=report)
"""


@pytest.mark.parametrize(
    "at",
    [
        pytest.param("Asking it about your photos", marks=pytest.mark.gate),
        pytest.param("Putting it in place", marks=pytest.mark.gate),
        "renaming",
    ],
)
def test_a_killed_export_leaves_the_one_before_it_and_nothing_else(
    at: str, bare: Subject, shop: Path
) -> None:
    target = export(Copy(), bare, shop / "mine").path
    (target / "README.md").write_text("old")
    command = [sys.executable, "-c", KILLED, at, "onnx", str(bare.model), str(target)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert names_in(shop) != {"mine"}
    assert (restored(target) / "README.md").read_text() == "old"
    export(Copy(), replace(bare, name="New"), target)
    assert (target / "README.md").read_text().startswith("# New")
    assert names_in(shop) == {"mine"}


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
    with pytest.raises(Unavailable, match="is full"):
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
