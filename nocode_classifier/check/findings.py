"""What takes a moment to find out about a project: suspicious photos, whether more would help.

Found by a job and kept with the project, until its photos or its model are others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nocode_classifier.check.learning_curve import LearningCurve
from nocode_classifier.check.model_check import ModelCheck
from nocode_classifier.check.notices import Notice, Noticed
from nocode_classifier.check.suspects import Suspect, Suspicion
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import ClassLabel, HeldOutAnswer

NAME = "check"
"""Under which the findings are kept."""

FORMAT = 1
"""Findings of another format are found anew."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found out.

    Attributes:
        suspects: photos worth a second look, the plainest of each kind first.
        labels_checked: those probably in the wrong class are among them, if there are any.
        curve: whether more photos would help; None without a model that can be measured.
        noticed: about classes as a whole.
    """

    suspects: tuple[Suspect, ...] = ()
    labels_checked: bool = False
    curve: LearningCurve | None = None
    noticed: tuple[Noticed, ...] = ()


def mislabelled(check: ModelCheck, found: Findings | None) -> list[HeldOutAnswer]:
    """The answers to photos that are probably in the wrong class, the plainest first.

    By the second look where there was one, else by the answers themselves.
    """
    if found is None or not found.labels_checked:
        return check.mislabelled()
    answers = {answer.sha256: answer for answer in check.answers}
    wrong = (s.sha256 for s in found.suspects if s.kind is Suspicion.MISLABELLED)
    return [answers[sha256] for sha256 in wrong if sha256 in answers]


def stored_findings(project: Project) -> Findings | None:
    """What was found last, with the classes as they are called today; None if nothing was."""
    with project.snapshot():
        kept = project.load_findings(NAME)
        names = {label.id: label.name for label in project.classes()}
    if kept is None or kept[1].get("format") != FORMAT:
        return None
    return _from_json(kept[1], names)


def is_current(project: Project) -> bool:
    """Whether what was found last is of the photos and the model of now."""
    with project.snapshot():
        kept = project.load_findings(NAME)
        return (
            kept is not None
            and kept[1].get("format") == FORMAT
            and kept[0] == fingerprint_of(project)
        )


def fingerprint_of(project: Project) -> str:
    """Another one as soon as the photos, their classes or the model in use are others."""
    folder = project.models.folder()
    return f"{project.models.fingerprint()} {'' if folder is None else folder.name}"


def keep_findings(
    project: Project, fingerprint: str, found: Findings, classes: Sequence[ClassLabel]
) -> None:
    """Keep what was found.

    Args:
        project: whose.
        fingerprint: from before it was looked for.
        found: about classes that are in `classes`.
        classes: as they were then.
    """
    ids = {label.name: label.id for label in classes}
    project.save_findings(NAME, fingerprint, _to_json(found, ids))


def _to_json(found: Findings, ids: Mapping[str, int]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "suspects": [
            [each.sha256, ids[each.class_name], each.kind.value, each.score, each.twin, each.across]
            for each in found.suspects
        ],
        "labels_checked": found.labels_checked,
        "curve": None if found.curve is None else found.curve.to_json(),
        "noticed": [
            [each.kind.value, [ids[name] for name in each.class_names], list(each.photos)]
            for each in found.noticed
        ],
    }


def _from_json(data: Mapping[str, Any], names: Mapping[int, str]) -> Findings:
    """Findings of classes that are there; those about others are left out."""
    suspects = tuple(
        Suspect(sha256, names[class_id], Suspicion(kind), score, twin, across)
        for sha256, class_id, kind, score, twin, across in data["suspects"]
        if class_id in names
    )
    noticed = tuple(
        Noticed(Notice(kind), tuple(names[one] for one in ids), tuple(photos))
        for kind, ids, photos in data["noticed"]
        if set(ids) <= set(names)
    )
    curve = data["curve"] and LearningCurve.from_json(data["curve"])
    return Findings(suspects, bool(data["labels_checked"]), curve, noticed)
