"""The views of photos that are worth a look: what the model got wrong, and suspicious photos."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from nocode_classifier.check.findings import Findings, mislabelled, stored_findings
from nocode_classifier.check.model_check import ModelCheck
from nocode_classifier.check.suspects import Suspect, Suspicion
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import HeldOutAnswer, Photo, PhotoState
from nocode_classifier.project.tables.photos import photos_by_hash
from nocode_classifier.ui.kit.photo_grid.values import FurtherView, Note

WRONG, CELL = "wrong", "cell:"

LEAST_SHARE = 1e-7
"""Of probabilities below, the logarithm says nothing more."""

EMPTY = "You have looked at all of them."

WORDS: Mapping[Suspicion, tuple[str, str]] = {
    Suspicion.UNREADABLE: (
        "Can't be read",
        "Their files are damaged or gone, so nothing can be learned from them. Remove them, then "
        "train again.",
    ),
    Suspicion.MISLABELLED: (
        "Wrong class?",
        "They look more like another class than like their own. Move those that are in the wrong "
        "class; say of the others that they are right.",
    ),
    Suspicion.DUPLICATE: (
        "Near duplicates",
        "Nearly the same photo twice, those in two classes first. One of the two is enough.",
    ),
    Suspicion.ODD: (
        "Odd ones out",
        "They look unlike the other photos of their class. Remove what doesn't belong.",
    ),
    Suspicion.BLURRY: ("Blurry", "Hard to recognise, even for people? Then remove them."),
    Suspicion.DARK: ("Too dark", "Remove those on which nothing can be seen."),
    Suspicion.BRIGHT: ("Too bright", "Remove those on which nothing can be seen."),
    Suspicion.TINY: ("Tiny", "So small that details are missing."),
    Suspicion.SHAPE: (
        "Odd shape",
        "Very long or very tall: the model sees them squeezed or cut off.",
    ),
    Suspicion.PLACEHOLDER: (
        "No real photo",
        "Pictures that stand in where a website had no photo. Remove them.",
    ),
    Suspicion.TEXT: ("Text", "Screenshots and scans of text. Remove them unless that is your aim."),
}
"""By kind: the label of its view, and what to do with its photos."""

Kept = Mapping[str, Photo]
"""Photos in use, by SHA-256."""

Noted = list[tuple[Photo, Note]]


def views_of(
    project: Project, check: ModelCheck | None, shown: str | int
) -> dict[str, FurtherView]:
    """The views there are, by name and in the order of their chips; also those without photos.

    A photo that was moved or removed since is settled, so it is in none. Every drawing of a grid
    asks, so this has to be quick.

    Args:
        project: whose photos they are.
        check: what is known of its model.
        shown: the view that is looked at: that of a cell of the confusion matrix is made for it.
    """
    found = stored_findings(project)
    suspects = () if found is None else found.suspects
    answers = () if check is None else check.answers
    hashes = {a.sha256 for a in answers} | {one for s in suspects for one in (s.sha256, s.twin)}
    with project.database.reading() as connection:
        there = photos_by_hash(connection, [one for one in hashes if one])
    kept = {sha256: photo for sha256, photo in there.items() if photo.state is PhotoState.KEPT}
    ids = {label.name: label.id for label in project.classes()}
    views = {} if check is None else _of_answers(check, found, kept, ids, str(shown))
    for kind, (label, sentence) in WORDS.items():
        if kind is not Suspicion.MISLABELLED:
            mine = [each for each in suspects if each.kind is kind]
            views[kind.value] = FurtherView(label, sentence, EMPTY, _suspected(mine, kept, ids))
    return views


def _of_answers(
    check: ModelCheck, found: Findings | None, kept: Kept, ids: Mapping[str, int], shown: str
) -> dict[str, FurtherView]:
    losses = {
        answer.sha256: -math.log(max(own, LEAST_SHARE))
        for answer, own in zip(check.answers, check.own.tolist(), strict=True)
    }

    def noted(answers: Sequence[HeldOutAnswer]) -> Noted:
        return [
            (kept[a.sha256], Note(ids.get(a.predicted), a.probability, losses[a.sha256]))
            for a in answers
            if a.sha256 in kept and kept[a.sha256].class_id == ids.get(a.true)
        ]

    label, sentence = WORDS[Suspicion.MISLABELLED]
    views = {
        WRONG: FurtherView(
            "Wrong first",
            "All photos it was tried on, the worst mistakes first.",
            EMPTY,
            noted(check.by_loss()),
        ),
        Suspicion.MISLABELLED.value: FurtherView(
            label, sentence, EMPTY, noted(mislabelled(check, found))
        ),
    }
    names = {f"{number}": name for name, number in ids.items()}
    true, _, answered = shown.removeprefix(CELL).partition(":")
    if shown.startswith(CELL) and true in names and answered in names:
        views[shown] = _cell(names[true], names[answered], noted(check.by_loss()), ids)
    return views


def _cell(true: str, answered: str, photos: Noted, ids: Mapping[str, int]) -> FurtherView:
    what = f"{true}, recognised" if true == answered else f"{true}, taken for {answered}"
    there = [
        (photo, note)
        for photo, note in photos
        if (photo.class_id, note.answer) == (ids[true], ids[answered])
    ]
    return FurtherView(what, f"Photos of {what}.", EMPTY, there, listed=False)


def _suspected(suspects: Sequence[Suspect], kept: Kept, ids: Mapping[str, int]) -> Noted:
    return [
        (kept[one.sha256], Note(twin=None if one.twin is None else kept[one.twin]))
        for one in suspects
        if one.sha256 in kept
        and kept[one.sha256].class_id == ids.get(one.class_name)
        and (one.twin is None or one.twin in kept)
    ]
