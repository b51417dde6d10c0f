"""Exports: built aside, proven, and only then handed over, whole."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from nocode_classifier.disk_errors import in_words
from nocode_classifier.errors import InputError, NotReady
from nocode_classifier.placing import put_in_place, restored, sweep, unfinished_folder
from nocode_classifier.progress import (
    Progress,
    Report,
    ShouldStop,
    check_stop,
    ignore,
    never,
    part_of,
)
from nocode_classifier.project.names import file_name, with_ending
from nocode_classifier.share.exporter import CantAsk, Exported, Exporter, Proof, Subject
from nocode_classifier.share.exporters.dataset import listed_in
from nocode_classifier.share.packing import ZIP, pack_folder, size_of
from nocode_classifier.share.proof import prove

BUILT, PROVEN = 0.6, 0.95

UNTRAINED = "There is no trained model in it yet, so there was nothing to ask."
UNASKED = "None of the photos is in it with the very same pixels, so there was nothing to compare."


def export(
    exporter: Exporter,
    subject: Subject,
    target: Path,
    *,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> Exported:
    """Make an export, prove it, and put it in place; until then nothing there changes.

    Args:
        exporter: which kind.
        subject: what to export.
        target: the file or folder to write, or a folder to write one into that is named after the
            subject. A folder is written as an archive where the target's name ends in `.zip`, and
            a file's name gets its ending where it lacks it. An earlier export there is replaced.
        report: hears how far it is.
        should_stop: asked now and then; nothing is left then.

    Raises:
        NotReady: something has to be trained or installed first.
        InputError: it can't be exported so, or something else is in the way.
        NotProven: it does not answer as the app does.
        Unavailable: something could not be read, fetched or written.
        Cancelled: Stop was pressed.
    """
    if sentence := exporter.missing():
        raise NotReady(sentence)
    place = _place_for(exporter, subject, restored(target.resolve()))
    sweep(place.path.parent)
    with in_words(place.path):
        place.path.parent.mkdir(parents=True, exist_ok=True)
    with in_words(place.path), unfinished_folder(place.path.parent) as work:
        made = work / "made" / place.path.name
        made.parent.mkdir()
        if not exporter.suffix:
            made = made.with_suffix("") if place.packed else made
            made.mkdir()
        exporter.build(subject, made, report=part_of(report, 0.0, BUILT), should_stop=should_stop)
        report(Progress("Asking it about your photos", fraction=BUILT))
        proof, note = _prove(exporter, made, subject, work, should_stop)
        report(Progress("Putting it in place", fraction=PROVEN))
        if place.packed:
            pack_folder(made, made := work / place.path.name, should_stop=should_stop)
        size = size_of(made)
        check_stop(should_stop)
        put_in_place(made, place.path, also=listed_in(place.path))
    report(Progress("Done", fraction=1.0, seconds_left=0.0))
    return Exported(place.path, size, proof, note)


def _prove(
    exporter: Exporter, made: Path, subject: Subject, work: Path, should_stop: ShouldStop
) -> tuple[Proof | None, str]:
    proving = work / "proof"
    proving.mkdir()
    notes = [exporter.note]
    proof = None
    try:
        proof = prove(exporter, made, subject, proving, should_stop=should_stop)
        if proof is None:
            notes.append(UNASKED if subject.model else UNTRAINED)
    except CantAsk as reason:
        notes.append(str(reason))
    shutil.rmtree(proving, ignore_errors=True)
    return proof, " ".join(note for note in notes if note)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the export goes; `packed`: a folder, as an archive."""

    path: Path
    packed: bool


def _place_for(exporter: Exporter, subject: Subject, target: Path) -> _Place:
    """Where exactly to write, or why not there."""
    name = file_name(subject.name)
    if exporter.suffix:
        path = with_ending(target / name if target.is_dir() else target, exporter.suffix)
        packed = False
    else:
        inside = target.is_dir() and not (target / exporter.landmark).exists()
        path = target / f"{name}-{exporter.key}" if inside else target
        packed = not inside and path.suffix.lower() == ZIP
    if not path.parent.is_dir():
        raise InputError(f"There is no folder {path.parent}. Choose another place.")
    if (exporter.suffix or packed) and path.is_dir():
        raise InputError(f"{path} is a folder; name a file.")
    if not (exporter.suffix or packed) and path.exists() and not _may_be_replaced(path, exporter):
        raise InputError(f"{path} holds something else; name a new folder.")
    return _Place(path, packed)


def _may_be_replaced(folder: Path, exporter: Exporter) -> bool:
    """Whether a folder is empty or an earlier export of this kind."""
    if not folder.is_dir():
        return False
    return (folder / exporter.landmark).exists() or next(folder.iterdir(), None) is None
