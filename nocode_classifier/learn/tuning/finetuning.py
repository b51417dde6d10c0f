"""Training harder: the network is tuned, the quick path runs on its features, the better one wins.

A photo's held-out answer always comes from a network, and a head, that had not seen it nor a near
copy of it. *Thorough* tunes three times without a third of the photos, and once more with all; its
figures come from the three, the model from the last. *Full* holds a fifth out, keeps the network
as it is and takes its figures from that fifth alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nocode_classifier.errors import NotReady
from nocode_classifier.learn.features import Extractor
from nocode_classifier.learn.folds import make_folds
from nocode_classifier.learn.heads.evaluation import (
    Evaluation,
    Round,
    evaluate_rounds,
)
from nocode_classifier.learn.proposal import propose_augmentation
from nocode_classifier.learn.prototypes import familiarity, fit_prototypes
from nocode_classifier.learn.settings import Mode, Settings
from nocode_classifier.learn.study import Flags, FloatArray, LabelledFeatures, Study, conclude
from nocode_classifier.learn.tuning.epochs import usual_epochs
from nocode_classifier.learn.tuning.model_comparison import ModelComparison
from nocode_classifier.learn.tuning.request import TuningRequest
from nocode_classifier.learn.tuning.tune import Tuned, start_tuner
from nocode_classifier.progress import (
    Progress,
    Report,
    ShouldStop,
    ignore,
    never,
    part_of,
)

ROUNDS = {Mode.THOROUGH: 3, Mode.FULL: 5}
"""Into how many parts the photos are divided; thorough leaves each out in turn, full only one."""

RATE = 1.5e-3
"""With it 393 of 400 hand signs left out were right and 138 of 150 (quick: 392 and 135), with 3e-4
388 and 135, with 3e-3 133 of 150."""

TRYING = "Trying out varied copies"


@dataclass(frozen=True, slots=True)
class FineTuned:
    """What training harder came to.

    Attributes:
        settings: as they were used, nothing left open.
        tuned: the network; its files are gone after `finetune`'s block.
        studied: what cross-validation found out about it.
        comparison: it against the quick way.
    """

    settings: Settings
    tuned: Tuned
    studied: Study
    comparison: ModelComparison


@contextmanager
def finetune(
    quick: Study,
    settings: Settings,
    extractor: Extractor,
    cache: Path,
    *,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> Iterator[FineTuned]:
    """Tune the first network that `quick` looked with.

    Args:
        quick: what the network, or several, came to without tuning; what is to be beaten.
        settings: how.
        extractor: the network.
        cache: the user's cache folder.

    Raises:
        NotReady: there are too few photos that differ.
        InputError: a photo can't be read any more.
        Unavailable: the process that tunes ended too early, or the disk is full.
        Cancelled: Stop was pressed.
    """
    held_out = _parts(quick, settings.mode)
    with start_tuner() as tuner:
        settings = filled_in(settings, quick, extractor, report=report, should_stop=should_stop)
        request = _request(quick, settings, held_out, cache)
        tuned = tuner.tune(request, report=part_of(report, 0.05, 0.96), should_stop=should_stop)
        alone = quick.material.of_first(1)
        material = replace(alone, features=tuned.features, extractor="")
        studied = _study(quick, material, tuned.rounds, should_stop)
        on_same = [Round(quick.material.features, each.held_out) for each in tuned.rounds]
        before = _evaluate(quick, quick.material, on_same, should_stop)
        report(Progress("Comparing with the network as it was", fraction=0.99))
        used = replace(settings, rate=tuned.rate)
        yield FineTuned(used, tuned, studied, _comparison(quick, before, studied.found))


def filled_in(
    settings: Settings,
    quick: Study,
    extractor: Extractor,
    *,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> Settings:
    """Settings with epochs, augmentation and, for thorough, the rate chosen where they are open."""
    material = quick.material.of_first(1)
    augmentation = settings.augmentation
    if augmentation is None:
        report(Progress(TRYING, fraction=0.0))
        augmentation = propose_augmentation(
            material.photos,
            material.labels,
            len(material.class_names),
            extractor,
            material.features,
            quick.groups,
            should_stop=should_stop,
        ).augmentation
    rate = RATE if settings.rate is None and settings.mode is Mode.THOROUGH else settings.rate
    epochs = settings.epochs or usual_epochs(settings.mode, len(material.photos))
    return replace(settings, augmentation=augmentation, rate=rate, epochs=epochs)


def _request(quick: Study, settings: Settings, held_out: Flags, cache: Path) -> TuningRequest:
    """What the process that tunes is asked to do; photos are left out as `held_out` says."""
    material = quick.material.of_first(1)
    if settings.mode is Mode.THOROUGH:
        held_out = np.concatenate([held_out, np.zeros((1, len(material.labels)), bool)])
    return TuningRequest(
        settings,
        tuple(photo.path for photo in material.photos),
        material.labels,
        len(material.class_names),
        material.features,
        held_out,
        cache,
    )


def _parts(quick: Study, mode: Mode) -> Flags:
    """The photos left out in each round, bool [rounds, n]; every class remains to be learnt."""
    labels = quick.material.labels
    if quick.figures.overall is None:
        raise NotReady(
            "The photos are too much alike to train the network: it has to be tried on photos "
            "that differ from those it learns from. Add more, or switch fine-tuning off."
        )
    folds = make_folds(labels, quick.groups, ROUNDS[mode])
    parts = [folds == fold for fold in np.unique(folds)]
    if mode is Mode.FULL:  # the part that says most
        parts = [max(parts, key=lambda part: len(np.unique(labels[part & quick.judged])))]
    return np.stack(parts)


def _evaluate(
    quick: Study, material: LabelledFeatures, rounds: list[Round], should_stop: ShouldStop
) -> Evaluation:
    return evaluate_rounds(
        rounds,
        material.labels,
        len(material.class_names),
        quick.groups,
        material.blocks,
        fewest=len(material.blocks),
        should_stop=should_stop,
    )


def _study(
    quick: Study, material: LabelledFeatures, rounds: tuple[Round, ...], should_stop: ShouldStop
) -> Study:
    """The quick path on tuned features, each photo looked at by a network that had not seen it."""
    found = _evaluate(quick, material, list(rounds), should_stop)
    familiar = np.zeros(len(material.labels), np.float32)
    for each in rounds:
        familiar[each.held_out] = _familiar(material, each)
    return conclude(material, quick.groups, quick.judged, found, familiar)


def _familiar(material: LabelledFeatures, each: Round) -> FloatArray:
    seen = replace(material, features=each.features).familiar
    prototypes = fit_prototypes(seen[~each.held_out], len(material.class_names))
    return familiarity(seen[each.held_out], prototypes)


def _comparison(quick: Study, before: Evaluation, after: Evaluation) -> ModelComparison:
    answered: Flags = after.answered & quick.judged
    return ModelComparison.of(
        quick.material.labels[answered],
        before.answers[answered].argmax(axis=1),
        after.answers[answered].argmax(axis=1),
    )
