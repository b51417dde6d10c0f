"""Training: photos in, a model folder with honest figures out; quickly, or harder."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from nocode_classifier.curves import Curves
from nocode_classifier.errors import NotReady
from nocode_classifier.learn.accuracy import Accuracy
from nocode_classifier.learn.backbones.availability import gone_sentence
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.registry import DEFAULT, name_of, networks_of
from nocode_classifier.learn.card import make_card
from nocode_classifier.learn.concatenation import concatenated
from nocode_classifier.learn.enough import check_enough
from nocode_classifier.learn.features import FeatureStore, TrainingPhoto
from nocode_classifier.learn.figures import Figures
from nocode_classifier.learn.graph import with_head
from nocode_classifier.learn.look import Look, look
from nocode_classifier.learn.model_folder import write_model_folder
from nocode_classifier.learn.network_choice import choice_sentence
from nocode_classifier.learn.settings import QUICK, Mode, Settings
from nocode_classifier.learn.study import HeldOut, LabelledFeatures, Study, finish_head, study
from nocode_classifier.learn.tuning.model_comparison import ModelComparison
from nocode_classifier.progress import (
    Progress,
    Report,
    ShouldStop,
    check_stop,
    ignore,
    never,
    part_of,
)

__all__ = ["HeldOut", "TrainedModel", "train"]

QUICK_SHARE = 0.2
"""How much of training harder is what the quick way does, too."""


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """A finished training.

    Attributes:
        folder: the model folder.
        card: what `card.json` says.
        figures: how often it was right.
        held_out: answers to photos by a model that had not seen them.
        seconds: of looking at photos ("features"), of fitting and checking ("fit"), of tuning the
            network ("tune", where that was done), of all ("total").
        settings: as they were used: what was left open is filled in.
        curves: how the tuning went.
        comparison: the tuned network against the quick way.
    """

    folder: Path
    card: dict[str, Any]
    figures: Figures
    held_out: tuple[HeldOut, ...]
    seconds: dict[str, float]
    settings: Settings = QUICK
    curves: Curves | None = None
    comparison: ModelComparison | None = None

    @property
    def accuracy(self) -> Accuracy:
        """Over all photos that it was tried on.

        Raises:
            NotReady: nothing could be measured; the sentence says why.
        """
        if self.figures.overall is None:
            raise NotReady(self.figures.reason)
        return self.figures.overall

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know besides, as sentences."""
        return tuple(self.card["notes"])

    @property
    def sentence(self) -> str:
        """The result in words."""
        return f"Trained on {self.photos} photos. {self.figures.in_words()}"

    @property
    def photos(self) -> int:
        """How many it learnt from."""
        return sum(each["photos"] for each in self.card["classes"])


def train(
    photos: Sequence[TrainingPhoto],
    class_names: Sequence[str],
    folder: Path,
    *,
    cache: Path,
    store: FeatureStore,
    settings: Settings = QUICK,
    hints: Mapping[str, Sequence[str]] | None = None,
    name: str = "",
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> TrainedModel:
    """Train a classifier and measure it.

    Args:
        photos: at least two of each class, no exact duplicates.
        class_names: in the order of the model's outputs.
        folder: empty or new; holds the model afterwards. Nothing else is touched.
        cache: the user's cache folder, for the converted backbone.
        store: keeps features for the next time.
        settings: how hard to try, and with which network.
        hints: remarks by class name.
        name: what the model is called.

    Raises:
        NotReady: classes or photos are missing; the sentence says what to add.
        InputError: a photo can't be read any more.
        Unavailable: the backbone's weights are missing.
        Cancelled: Stop was pressed.
    """
    check_enough(class_names, Counter(photo.class_name for photo in photos))
    began = time.perf_counter()
    if gone := gone_sentence(settings.backbone):
        settings = replace(settings, backbone=DEFAULT.key, size=None)
    first = part_of(report, 0.0, QUICK_SHARE) if settings.finetunes else report
    looked = look(
        photos,
        networks_of(settings.backbone, settings.size, combine=settings.combine),
        cache,
        store,
        report=part_of(first, 0.0, 0.9),
        should_stop=should_stop,
    )
    until = time.perf_counter() - began
    fewest = 1 if settings.combine else len(looked.backbones)
    quick = study(
        _material(photos, class_names, looked),
        fewest=fewest,
        report=part_of(first, 0.9, 0.98),
        should_stop=should_stop,
    )
    with _best(looked, quick, settings, cache, report, should_stop) as best:
        report(Progress("Putting the model together", fraction=0.98))
        head = finish_head(best.studied)
        check_stop(should_stop)
        card = make_card(
            best.studied, mode=best.mode, name=name, hints=hints or {}, backbones=best.backbones
        )
        seconds = {
            "features": looked.seconds,
            "fit": time.perf_counter() - began - until - best.seconds,
        }
        if settings.finetunes:
            seconds["tune"] = best.seconds
        card["settings"] = best.settings.to_json()
        card["contest"] = None if best.comparison is None else best.comparison.to_json()
        card["networks"] = choice_sentence(
            looked.backbones,
            quick.found.trials,
            len(quick.material.blocks),
            int(quick.found.answered.sum()),
        )
        card["notes"] = [gone, *looked.notes] if gone else list(looked.notes)
        card["seconds"] = {part: round(each, 3) for part, each in seconds.items()}
        extractor = concatenated([onnx.load(str(path)) for path in best.extractors])
        write_model_folder(folder, with_head(extractor, head), card)
    seconds["fit"] = time.perf_counter() - began - until - best.seconds
    seconds["total"] = time.perf_counter() - began
    report(Progress("Done", fraction=1.0, seconds_left=0.0))
    return TrainedModel(
        folder,
        card,
        best.studied.figures,
        best.studied.held_out,
        seconds,
        best.settings,
        best.curves,
        best.comparison,
    )


def _material(
    photos: Sequence[TrainingPhoto], class_names: Sequence[str], looked: Look
) -> LabelledFeatures:
    labels = np.array([class_names.index(photo.class_name) for photo in photos], np.int64)
    names, key = tuple(class_names), looked.extractors[0].key
    return LabelledFeatures(photos, names, looked.features, labels, looked.blocks, key)


@dataclass(frozen=True, slots=True)
class _Best:
    """The model that is taken."""

    mode: Mode
    settings: Settings
    studied: Study
    backbones: tuple[Backbone, ...]
    extractors: tuple[Path, ...]
    seconds: float = 0.0
    curves: Curves | None = None
    comparison: ModelComparison | None = None


@contextmanager
def _best(
    looked: Look,
    quick: Study,
    settings: Settings,
    cache: Path,
    report: Report,
    should_stop: ShouldStop,
) -> Iterator[_Best]:
    """The model of the networks as they are, or of a tuned one where that answers better."""
    count = len(quick.material.blocks)
    backbones = looked.backbones[:count]
    extractors = tuple(each.path for each in looked.extractors[:count])
    settings = replace(settings, backbone=name_of(backbones), size=_size_of(backbones))
    kept = _Best(Mode.QUICK, settings, quick, backbones, extractors)
    if not settings.finetunes:
        yield kept
        return
    from nocode_classifier.learn.tuning.finetuning import finetune

    began = time.perf_counter()
    with finetune(
        quick,
        replace(settings, backbone=backbones[0].key, size=backbones[0].input_size),
        looked.extractors[0],
        cache,
        report=part_of(report, QUICK_SHARE, 0.98),
        should_stop=should_stop,
    ) as found:
        seconds, curves = time.perf_counter() - began, found.tuned.curves
        if found.comparison.adopted:
            kept = _Best(
                settings.mode, settings, found.studied, backbones[:1], (found.tuned.extractor,)
            )
        yield replace(
            kept,
            settings=found.settings,
            seconds=seconds,
            curves=curves,
            comparison=found.comparison,
        )


def _size_of(backbones: Sequence[Backbone]) -> int | None:
    """Of a single network; several have theirs in their names."""
    return backbones[0].input_size if len(backbones) == 1 else None
