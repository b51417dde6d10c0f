"""Looks for what takes a moment to find out about a project; a job does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nocode_classifier.check.findings import Findings, fingerprint_of, keep_findings
from nocode_classifier.check.learning_curve import LearningCurve, learning_curve
from nocode_classifier.check.mislabelled import look_again
from nocode_classifier.check.model_check import ModelCheck, model_check
from nocode_classifier.check.notices import (
    Noticed,
    notice_given_away,
    notice_hardly_two,
    notice_two_groups,
)
from nocode_classifier.check.suspects import ExaminedPhoto, Suspect, Suspicion, find_suspects
from nocode_classifier.collect.photo_qualities import photo_qualities
from nocode_classifier.errors import AppError
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.prepare import is_prepared
from nocode_classifier.learn.backbones.registry import DEFAULT, backbones_of
from nocode_classifier.learn.from_project import photos_of
from nocode_classifier.learn.graph import Blocks
from nocode_classifier.learn.heads.evaluation import features_in
from nocode_classifier.learn.heads.head_input import head_input_of
from nocode_classifier.learn.look import look
from nocode_classifier.learn.settings import Mode
from nocode_classifier.predict.predictor import read_card
from nocode_classifier.progress import (
    Progress,
    Report,
    ShouldStop,
    check_stop,
    ignore,
    never,
    part_of,
)
from nocode_classifier.project.near_copies.index import known_likenesses
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Photo, TrainingSet

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Seen:
    """The photos of a project and what a backbone makes of them, all of one moment.

    Attributes:
        learnt: without those that it can make nothing of, which are `unreadable`.
    """

    learnt: TrainingSet
    labels: IntArray
    features: FloatArray
    blocks: tuple[Blocks, ...]
    unreadable: tuple[Suspect, ...] = ()

    @property
    def photos(self) -> list[Photo]:
        return [photo for photo, _ in self.learnt.photos]

    @property
    def means(self) -> FloatArray:
        return self.features[:, : self.blocks[0].means]


def find(
    project: Project, cache: Path, *, report: Report = ignore, should_stop: ShouldStop = never
) -> Findings:
    """Look for what is wrong with a project's photos, and keep what was found.

    With what the model in use looks with, where its features are there, else with the network that
    needs no download; so it can be done before the first training, which is quicker then.

    Args:
        project: which.
        cache: the user's cache folder.

    Raises:
        Unavailable: the network's weights are missing.
        Cancelled: Stop was pressed.
    """
    with project.snapshot():
        fingerprint, learnt = fingerprint_of(project), project.training_set()
        check, folder = model_check(project), project.models.folder()
    card = None if folder is None else read_card(folder)
    found = Findings()
    if learnt.photos:
        seen = _look(project, cache, learnt, card, part_of(report, 0.0, 0.7), should_stop)
        if seen.learnt.photos:
            found = _found(project, seen, check, card, part_of(report, 0.7, 1.0), should_stop)
        found = replace(found, suspects=(*seen.unreadable, *found.suspects))
    check_stop(should_stop)
    keep_findings(project, fingerprint, found, learnt.classes)
    report(Progress("Done", fraction=1.0, seconds_left=0.0))
    return found


def _found(
    project: Project,
    seen: _Seen,
    check: ModelCheck | None,
    card: Mapping[str, Any] | None,
    report: Report,
    should_stop: ShouldStop,
) -> Findings:
    report(Progress("Looking for odd photos", fraction=0.0))
    photos = _examined(project, seen.learnt, should_stop)
    suspects = find_suspects(photos, seen.means, seen.labels, should_stop=should_stop)
    report(Progress("Finding out whether more photos would help", fraction=0.5))
    scenes = _scenes(seen.photos, check)
    curve = _curve(seen, scenes, check, card, should_stop)
    wrong = _mislabelled(seen, scenes, check, card, should_stop)
    noticed = tuple(_notice(project, seen, scenes, check))
    return Findings((*(wrong or ()), *suspects), wrong is not None, curve, noticed)


def _look(
    project: Project,
    cache: Path,
    learnt: TrainingSet,
    card: Mapping[str, Any] | None,
    report: Report,
    should_stop: ShouldStop,
) -> _Seen:
    unreadable: set[str] = set()
    looked = look(
        photos_of(project, learnt),
        _backbones(cache, card),
        cache,
        project,
        report=report,
        should_stop=should_stop,
        refused=lambda photo, _: unreadable.add(photo.sha256),
    )
    suspects = tuple(
        Suspect(photo.sha256, name, Suspicion.UNREADABLE, 1.0)
        for photo, name in learnt.photos
        if photo.sha256 in unreadable
    )
    readable = tuple(one for one in learnt.photos if one[0].sha256 not in unreadable)
    names = [label.name for label in learnt.classes]
    labels = np.array([names.index(name) for _, name in readable], np.int64)
    seen = replace(learnt, photos=readable)
    return _Seen(seen, labels, looked.features, looked.blocks, suspects)


def _backbones(cache: Path, card: Mapping[str, Any] | None) -> tuple[Backbone, ...]:
    """What the model looks with, unless that was changed for it or is not here."""
    if card is None or card.get("mode") != Mode.QUICK:
        return (DEFAULT,)
    with suppress(AppError, KeyError, TypeError, ValueError):
        backbones = backbones_of(card)
        if all(is_prepared(backbone, cache) for backbone in backbones):
            return backbones
    return (DEFAULT,)


def _examined(
    project: Project, learnt: TrainingSet, should_stop: ShouldStop
) -> list[ExaminedPhoto]:
    likenesses = {
        known.photo_id: known.likeness
        for known in known_likenesses(project.database, should_stop=should_stop)
    }
    qualities = photo_qualities(project, should_stop=should_stop)
    return [
        ExaminedPhoto(
            photo.sha256, name, likenesses.get(photo.id, b""), photo.burst, qualities.get(photo.id)
        )
        for photo, name in learnt.photos
    ]


def _scenes(photos: Sequence[Photo], check: ModelCheck | None) -> IntArray:
    """Near duplicates share a number, as far as the model in use knows of them, int64 [n]."""
    answers = () if check is None else check.answers
    known = {answer.sha256: answer.scene for answer in answers if answer.scene is not None}
    return np.array(
        [known.get(photo.sha256, -1 - number) for number, photo in enumerate(photos)], np.int64
    )


def _curve(
    seen: _Seen,
    scenes: IntArray,
    check: ModelCheck | None,
    card: Mapping[str, Any] | None,
    should_stop: ShouldStop,
) -> LearningCurve | None:
    if check is None or card is None or check.figures.overall is None:
        return None
    return learning_curve(
        _features_for_head(seen, card),
        seen.labels,
        scenes,
        check.figures.overall,
        should_stop=should_stop,
    )


def _features_for_head(seen: _Seen, card: Mapping[str, Any]) -> FloatArray:
    """Those that the elected head sees."""
    return features_in(seen.features, head_input_of(card, seen.blocks).columns(seen.blocks))


def _mislabelled(
    seen: _Seen,
    scenes: IntArray,
    check: ModelCheck | None,
    card: Mapping[str, Any] | None,
    should_stop: ShouldStop,
) -> list[Suspect] | None:
    """Photos that are probably in the wrong class; None where no second look is possible.

    A network that was tuned saw the photos otherwise: there the first look has to do.
    """
    if check is None or card is None or card.get("mode") != Mode.QUICK or check.stale:
        return None
    known = dict(zip((answer.sha256 for answer in check.answers), check.own.tolist(), strict=True))
    own = np.array([known.get(photo.sha256, 1.0) for photo in seen.photos])
    looked = look_again(
        _features_for_head(seen, card),
        seen.means,
        seen.labels,
        scenes,
        own,
        float(card["calibration"]["temperature"]),
        should_stop=should_stop,
    )
    names = [label.name for label in seen.learnt.classes]
    return [
        Suspect(
            seen.photos[number].sha256,
            names[seen.labels[number]],
            Suspicion.MISLABELLED,
            -float(looked.scores[number]),
        )
        for number in looked.mislabelled(seen.labels)
    ]


def _notice(
    project: Project, seen: _Seen, scenes: IntArray, check: ModelCheck | None
) -> Iterator[Noticed]:
    names = [label.name for label in seen.learnt.classes]
    hashes = [photo.sha256 for photo in seen.photos]
    yield from notice_two_groups(names, hashes, seen.means, seen.labels)
    if check is not None:
        yield from notice_hardly_two(check.class_names, check.confusion)
    yield from notice_given_away(names, hashes, seen.labels, scenes, project.thumbnail_of)
