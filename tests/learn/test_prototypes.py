from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from nocode_classifier.learn.prototypes import (
    MOST,
    PER_CLASS,
    PROTOTYPES,
    familiarity,
    fit_prototypes,
    held_out_familiarity,
    normalise,
)


def around(centre: int, photos: int, seed: int = 0) -> npt.NDArray[np.float32]:
    """Photos that resemble each other: near one axis of a wide space."""
    vectors = np.random.default_rng(seed).standard_normal((photos, 64)) * 0.05
    vectors[:, centre] += 1
    return vectors.astype(np.float32) * 7


@pytest.mark.parametrize(
    ("photos", "classes", "expected"),
    [(1, 2, 1), (4, 2, 2), (30, 2, 15), (400, 2, PROTOTYPES), (400, 35, 35 * PER_CLASS)],
)
def test_there_are_at_most_half_as_many_prototypes_as_photos(
    photos: int, classes: int, expected: int
) -> None:
    prototypes = fit_prototypes(around(0, photos), classes)
    assert prototypes.shape == (expected, 64)
    np.testing.assert_allclose(np.linalg.norm(prototypes, axis=1), 1, atol=1e-5)


def test_of_ten_thousand_photos_a_part_is_enough() -> None:
    vectors = np.tile(around(0, 100), (100, 1))
    prototypes = fit_prototypes(vectors, 2)
    assert prototypes.shape == (PROTOTYPES, 64)
    assert familiarity(vectors[:100], prototypes).min() > 0.8


def test_the_same_photos_have_the_same_prototypes() -> None:
    one, other = (fit_prototypes(around(3, 120), 2) for _ in range(2))
    assert one.tobytes() == other.tobytes()


def test_many_photos_are_as_familiar_to_prototypes_of_a_part_of_them() -> None:
    vectors = np.concatenate([around(0, MOST), around(1, MOST // 2)])
    prototypes = fit_prototypes(vectors, 2)
    assert prototypes.shape == (PROTOTYPES, 64)
    assert familiarity(vectors, prototypes).min() > 0.8


def test_familiarity_is_the_mean_cosine_to_the_three_nearest() -> None:
    prototypes = normalise(np.abs(around(1, 9)))
    vector = around(1, 1, seed=5)
    cosines = [float(p @ vector[0] / np.linalg.norm(vector[0])) for p in prototypes]
    assert familiarity(vector, prototypes)[0] == pytest.approx(np.mean(sorted(cosines)[-3:]))


def test_a_stranger_is_less_familiar_than_a_photo_of_the_kind() -> None:
    prototypes = fit_prototypes(np.concatenate([around(0, 60), around(1, 60)]), 2)
    kin = familiarity(np.concatenate([around(0, 20, 1), around(1, 20, 2)]), prototypes)
    strangers = familiarity(around(2, 20, 3), prototypes)
    assert strangers.max() < 0.3 < 0.8 < kin.min()
    assert kin.max() <= 1


def test_a_photo_without_any_feature_breaks_nothing() -> None:
    vectors = np.concatenate([around(0, 9), np.zeros((1, 64), np.float32)])
    assert np.isfinite(familiarity(vectors, fit_prototypes(vectors, 2))).all()


def test_held_out_familiarity_does_not_look_at_the_photo_itself() -> None:
    vectors, folds = np.concatenate([around(0, 30), around(5, 1)]), np.arange(31) % 10
    folds[30] = 99
    held_out = held_out_familiarity(vectors, folds, 2)
    assert held_out[30] < 0.3 < held_out[:30].min()
