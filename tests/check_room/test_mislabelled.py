from __future__ import annotations

import numpy as np
import pytest

from nocode_classifier.check.mislabelled import SecondLook, look_again
from nocode_classifier.errors import Cancelled

LENGTH = 30


def photos(count: int, wrong: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features of three classes, labels of which some are wrong, and which those are."""
    chance = np.random.default_rng(2)
    true = np.arange(count) % 3
    features = chance.standard_normal((count, LENGTH)).astype(np.float32)
    features[np.arange(count), true] += 12
    places = chance.choice(count, wrong, replace=False)
    labels = true.copy()
    labels[places] = (labels[places] + 1) % 3
    return features, labels, places


def look(features: np.ndarray, labels: np.ndarray, own: np.ndarray | None = None) -> SecondLook:
    scenes = np.arange(len(labels))
    first = np.full(len(labels), 0.5) if own is None else own
    return look_again(features, features, labels, scenes, first, 20.0)


def test_photos_with_wrong_labels_are_the_most_suspicious() -> None:
    features, labels, wrong = photos(120, 6)
    looked = look(features, labels)
    assert set(np.argsort(looked.scores)[:6]) == set(wrong)
    found = looked.mislabelled(labels)
    assert set(found) <= set(wrong)
    assert len(found) >= 3


def test_of_sound_labels_none_is_blamed() -> None:
    features, labels, _ = photos(120, 0)
    assert look(features, labels).mislabelled(labels) == []


def test_what_was_in_doubt_at_the_first_look_is_not_learnt_from_at_the_second() -> None:
    """A tenth of one class is called another: learnt from, they would look like what they are."""
    features, labels, wrong = photos(90, 9)
    own = np.full(90, 0.9)
    own[wrong] = 0.1
    with_doubt, without = look(features, labels), look(features, labels, own)
    before, after = (one.shares[wrong, labels[wrong]].mean() for one in (with_doubt, without))
    assert after < before


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_a_handful_of_photos_breaks_nothing(count: int) -> None:
    features, labels, _ = photos(count, 0)
    looked = look(features, labels)
    assert np.isfinite(looked.scores).all()
    np.testing.assert_allclose(looked.shares.sum(axis=1), 1)


@pytest.mark.filterwarnings("error")
def test_photos_that_are_all_alike_are_not_blamed() -> None:
    labels = np.arange(40) % 2
    assert look(np.ones((40, LENGTH), np.float32), labels).mislabelled(labels) == []


def test_stop_is_heard_between_the_folds() -> None:
    features, labels, _ = photos(30, 0)
    with pytest.raises(Cancelled):
        look_again(
            *(features, features, labels, np.arange(30), np.full(30, 0.5), 20.0),
            should_stop=lambda: True,
        )
