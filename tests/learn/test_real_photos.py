"""How good it is on real photos, held to the figures the project promises."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from nocode_classifier.collect.folders import read_class_folder
from nocode_classifier.learn.from_folder import train_folder
from nocode_classifier.learn.train import TrainedModel
from nocode_classifier.predict.predictor import Answer, Predictor
from tests.conftest import SHARED_PHOTOS

pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif(
        not SHARED_PHOTOS.is_dir(), reason=f"the real photos are not at {SHARED_PHOTOS}"
    ),
]


@dataclass(frozen=True)
class Trial:
    """A model, its answers to photos that were kept apart, and which of these are right."""

    trained: TrainedModel
    predictor: Predictor
    answers: list[Answer]
    right: list[bool]


def train_on_real(name: str, target: Path, cache: Path) -> TrainedModel:
    return train_folder(SHARED_PHOTOS / name, target, cache).trained


def tried(name: str, target: Path, cache: Path) -> Trial:
    trained = train_on_real(f"{name}/train", target, cache)
    predictor = Predictor(trained.folder)
    photos = read_class_folder(SHARED_PHOTOS / name / "test", keep_copies=True).photos
    answers = [predictor.predict(photo.path) for photo in photos]
    pairs = zip(photos, answers, strict=True)
    right = [photo.class_name == answer.label for photo, answer in pairs]
    return Trial(trained, predictor, answers, right)


@pytest.fixture(scope="module")
def hot_dogs(backbone_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return tried("hotdog", tmp_path_factory.mktemp("hotdog") / "model", backbone_cache)


def right_of_the_sure(trial: Trial) -> float:
    sure = [right for right, answer in zip(trial.right, trial.answers, strict=True) if answer.sure]
    return sum(sure) / len(sure)


def share_refused(predictor: Predictor) -> float:
    """How many of the photos of quite other things are answered "not sure"."""
    photos = sorted((SHARED_PHOTOS / "unrelated").iterdir())
    return sum(not predictor.predict(photo).sure for photo in photos) / len(photos)


def test_hot_dogs_are_told_from_everything_else(hot_dogs: Trial) -> None:
    assert len(hot_dogs.answers) == 300
    assert sum(hot_dogs.right) >= 0.91 * 300
    assert sum(answer.sure for answer in hot_dogs.answers) >= 0.75 * 300
    assert right_of_the_sure(hot_dogs) >= 0.95
    assert share_refused(hot_dogs.predictor) >= 0.97


def test_the_accuracy_that_is_shown_holds_on_photos_kept_apart(hot_dogs: Trial) -> None:
    shown = hot_dogs.trained.accuracy
    assert shown.low <= sum(hot_dogs.right) / len(hot_dogs.right) <= shown.high


def test_ten_hand_signs_are_told_apart(backbone_cache: Path, tmp_path: Path) -> None:
    signs = tried("sign-digits", tmp_path / "model", backbone_cache)
    assert len(signs.answers) == 200
    assert sum(signs.right) >= 0.94 * 200
    assert sum(answer.sure for answer in signs.answers) >= 0.85 * 200
    assert right_of_the_sure(signs) >= 0.97
    assert share_refused(signs.predictor) == 1.0


def test_twenty_two_photos_are_enough_for_art_text_and_plants(
    backbone_cache: Path, tmp_path: Path
) -> None:
    found = train_on_real("art-text-plant", tmp_path / "model", backbone_cache).accuracy
    assert (found.photos, found.independent) == (24, 22)  # two are there twice
    assert found.photos - found.correct <= 1
