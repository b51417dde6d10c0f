"""One-click training, the quick way: photos in, a model folder with honest figures out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx

from nocode_classifier import __version__
from nocode_classifier.check.accuracy import Accuracy, count_confusion, measure_accuracy
from nocode_classifier.check.duplicates import group_near_duplicates
from nocode_classifier.check.folds import make_folds
from nocode_classifier.learn.backbones.backbone import DEFAULT, Backbone
from nocode_classifier.learn.backbones.prepare import extractor_key, extractor_path, prepare
from nocode_classifier.learn.enough import check_enough
from nocode_classifier.learn.evaluation import Evaluation, evaluate, fit_final_head
from nocode_classifier.learn.features import Extractor, FeatureStore, TrainingPhoto, features_of
from nocode_classifier.learn.graph import Blocks, LinearHead, with_head
from nocode_classifier.learn.model_folder import write_model_folder
from nocode_classifier.learn.prototypes import fit_prototypes, held_out_familiarity
from nocode_classifier.predict.predictor import FORMAT_VERSION
from nocode_classifier.progress import (
    Progress,
    Report,
    ShouldStop,
    check_stop,
    ignore,
    never,
    part_of,
)

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

UNFAMILIAR_SHARE = 0.055
"""Of the user's own photos, so many count as unlike the others; strangers nearly all do."""

DOUBTFUL_SHARE = 0.01
DOUBTFUL_PROBABILITY = 0.5
"""Answers below both the least certain 1 % of the own photos and even odds are "not sure"."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What was answered to a photo by a head that had not seen it."""

    photo: TrainingPhoto
    predicted: str
    probability: float


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """A finished training.

    Attributes:
        folder: the model folder.
        card: what `card.json` says.
        held_out: an answer for every photo.
        seconds: of looking at photos ("features"), of fitting and checking ("fit"), of all
            ("total").
    """

    folder: Path
    card: dict[str, Any]
    accuracy: Accuracy
    held_out: tuple[HeldOut, ...]
    seconds: dict[str, float]

    @property
    def sentence(self) -> str:
        """The result in words."""
        found = self.accuracy
        return (
            f"Trained on {found.photos} photos. Right on {found.correct} of them when it had not "
            f"seen them: {found.value:.0%} (between {found.low:.0%} and {found.high:.0%})."
        )


def train(
    photos: Sequence[TrainingPhoto],
    class_names: Sequence[str],
    folder: Path,
    *,
    cache: Path,
    store: FeatureStore,
    hints: Mapping[str, Sequence[str]] | None = None,
    name: str = "",
    backbone: Backbone = DEFAULT,
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
    converting = 0.0 if extractor_path(backbone, cache).is_file() else 0.4
    path = prepare(
        backbone, cache, report=part_of(report, 0.0, converting), should_stop=should_stop
    )
    extractor = Extractor(path, extractor_key(backbone))
    looking = time.perf_counter()
    features = features_of(
        photos, extractor, store, report=part_of(report, converting, 0.9), should_stop=should_stop
    )
    looked = time.perf_counter()
    labels = np.array([class_names.index(photo.class_name) for photo in photos], np.int64)
    study = _study(
        _Material(photos, tuple(class_names), features, labels, extractor.blocks),
        report=part_of(report, 0.9, 0.98),
        should_stop=should_stop,
    )
    report(Progress("Putting the model together", fraction=0.98))
    head = _finish_head(study)
    check_stop(should_stop)
    card = _card(study, name=name, hints=hints or {}, backbone=backbone)
    write_model_folder(folder, with_head(onnx.load(str(path)), head), card)
    ended = time.perf_counter()
    seconds = {"features": looked - looking, "fit": ended - looked, "total": ended - began}
    report(Progress("Done", fraction=1.0, seconds_left=0.0))
    return TrainedModel(folder, card, study.accuracy, study.held_out, seconds)


@dataclass(frozen=True, slots=True)
class _Material:
    """What there is to learn from: photos in order, their features [n, d] and labels [n]."""

    photos: Sequence[TrainingPhoto]
    class_names: tuple[str, ...]
    features: FloatArray
    labels: IntArray
    blocks: Blocks

    @property
    def quarters(self) -> FloatArray:
        """The block that familiarity is measured on, [n, quarters]."""
        return self.features[:, self.blocks.content :]


@dataclass(frozen=True, slots=True)
class _Study:
    """What cross-validation found out."""

    material: _Material
    found: Evaluation
    accuracy: Accuracy
    held_out: tuple[HeldOut, ...]
    limits: dict[str, float]


def _study(material: _Material, *, report: Report, should_stop: ShouldStop) -> _Study:
    """Cross-validate with near duplicates on one side; set the limits of "sure"."""
    photos, labels, names = material.photos, material.labels, material.class_names
    groups = group_near_duplicates(
        [photo.perceptual_hash for photo in photos],
        material.features[:, : material.blocks.means],
        [photo.burst for photo in photos],
    )
    folds = make_folds(labels, groups)
    found = evaluate(
        material.features,
        labels,
        len(names),
        folds,
        material.blocks,
        report=report,
        should_stop=should_stop,
    )
    best = found.answers.argmax(axis=1)
    held_out = tuple(
        HeldOut(photo, names[index], float(answer[index]))
        for photo, index, answer in zip(photos, best, found.answers, strict=True)
    )
    accuracy = measure_accuracy(
        [photo.class_name for photo in photos],
        [answer.predicted for answer in held_out],
        len(np.unique(groups)),
    )
    check_stop(should_stop)
    familiar = held_out_familiarity(material.quarters, _few_folds(folds), len(names))
    limits = _limits(familiar, found.answers.max(axis=1), best == labels)
    return _Study(material, found, accuracy, held_out, limits)


def _few_folds(folds: IntArray) -> IntArray:
    """At most ten folds: prototypes need not be made anew for every single photo."""
    return folds % 10


def _limits(
    familiar: FloatArray, certainty: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]
) -> dict[str, float]:
    """From where on an answer is sure, and what that means for the user's own held-out photos."""
    familiarity = float(np.quantile(familiar, UNFAMILIAR_SHARE))
    probability = min(DOUBTFUL_PROBABILITY, float(np.quantile(certainty, DOUBTFUL_SHARE)))
    sure = (familiar >= familiarity) & (certainty >= probability)
    return {
        "familiarity": familiarity,
        "probability": probability,
        "share": float(sure.mean()),
        "accuracy": float(right[sure].mean()) if sure.any() else 0.0,
    }


def _finish_head(study: _Study) -> LinearHead:
    """The elected head and the prototypes, fitted on all photos."""
    material, classes = study.material, len(study.material.class_names)
    head = fit_final_head(material.features, material.labels, classes, study.found)
    prototypes = fit_prototypes(material.quarters, classes)
    return LinearHead(head.weights, head.bias, head.patterns, prototypes)


def _card(
    study: _Study, *, name: str, hints: Mapping[str, Sequence[str]], backbone: Backbone
) -> dict[str, Any]:
    """What goes with the model, for people and for `predictor.py`."""
    names, accuracy = study.material.class_names, study.accuracy
    counts = Counter(photo.class_name for photo in study.material.photos)
    return {
        "format_version": FORMAT_VERSION,
        "name": name,
        "classes": [
            {"name": one, "hints": list(hints.get(one, ())), "photos": counts[one]} for one in names
        ],
        "backbone": backbone.key,
        "input_size": backbone.input_size,
        "licence": backbone.licence,
        "accuracy": {
            "value": accuracy.value,
            "low": accuracy.low,
            "high": accuracy.high,
            "correct": accuracy.correct,
            "photos": accuracy.photos,
            "independent": accuracy.independent,
            "method": "cross-validation, near duplicates on one side, Wilson 95 % interval",
        },
        "confusion": count_confusion(
            [answer.photo.class_name for answer in study.held_out],
            [answer.predicted for answer in study.held_out],
            names,
        ),
        "calibration": {"temperature": study.found.temperature},
        "sure": study.limits,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "app_version": __version__,
    }
