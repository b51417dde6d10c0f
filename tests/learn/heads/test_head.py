from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from nocode_classifier.learn.heads.coordinates import FLOOR, MOST, PhotoSpace
from nocode_classifier.learn.heads.head import fit_head, fit_inside

Array = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]


def clouds(counts: list[int], size: int, distance: float, seed: int = 0) -> tuple[Array, Labels]:
    """Points around a centre for each class, in directions that vary differently much."""
    chance = np.random.default_rng(seed)
    centres = np.random.default_rng(99).standard_normal((len(counts), size)) * distance
    labels = np.repeat(np.arange(len(counts)), counts)
    noise = chance.standard_normal((len(labels), size)) * np.geomspace(0.2, 3, size)
    return (centres[labels] + noise + 5).astype(np.float32), labels


def standardised(features: Array) -> npt.NDArray[np.float64]:
    """Centred, and scaled as head.py says: what hardly varies counts for a share of the median."""
    values = features.astype(float)
    spread = values.std(axis=0)
    return (values - values.mean(axis=0)) / np.hypot(spread, FLOOR * np.median(spread))


def scores_of_scikit_learn(
    values: npt.NDArray[np.float64], labels: Labels, asked: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    from sklearn.covariance import ledoit_wolf_shrinkage
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    counts = np.bincount(labels)
    residuals = values - np.stack([values[labels == one].mean(axis=0) for one in labels])
    shrinkage = ledoit_wolf_shrinkage(residuals, assume_centered=True)
    # scikit-learn weighs the covariances of the classes by the priors. Theirs are by numbers, as
    # ours are, and are taken out of the scores again: every class is as likely as any other.
    priors = counts / counts.sum()
    lda = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage, priors=priors)
    return lda.fit(values, labels).decision_function(asked) - np.log(priors)


@pytest.mark.parametrize(
    ("counts", "size"),
    [
        *(([30, 30, 30], 200), ([50, 9, 20], 300), ([80, 80, 80], 40), ([90, 7, 60], 25)),
        ([MOST, MOST // 2, 9], 60),  # more than are taken one by one
    ],
)
def test_scores_are_those_of_scikit_learn(counts: list[int], size: int) -> None:
    features, labels = clouds(counts, size, 0.3)
    found = fit_head(features, labels, 3).scores(features)
    values = standardised(features)
    assert_alike(found, scores_of_scikit_learn(values, labels, values))


def assert_alike(found: Array, expected: npt.NDArray[np.float64]) -> None:
    difference = found - expected
    difference -= difference.mean(axis=1, keepdims=True)  # what all classes share does not matter
    assert np.abs(difference).max() < 1e-3 * np.ptp(expected)


@pytest.mark.parametrize("size", [40, 300])
def test_photos_left_out_play_no_part(size: int) -> None:
    features, labels = clouds([50, 40, 30], size, 0.3)
    learnt = np.arange(120) % 5 != 0
    blocks = [slice(0, 15), slice(15, size)]
    photos = PhotoSpace.of(features, labels, blocks).seen(blocks)
    head = fit_inside(photos, labels, 3, learnt)
    values = np.concatenate([standardised(features[:, block]) for block in blocks], axis=1)
    expected = scores_of_scikit_learn(values[learnt], labels[learnt], values[~learnt])
    assert_alike(head.scores(photos.values[~learnt]), expected)


def test_two_classes_of_equal_size_are_told_apart_as_with_uniform_priors() -> None:
    from sklearn.covariance import ledoit_wolf_shrinkage
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    features, labels = clouds([40, 40], 120, 0.2)
    values = standardised(features)
    residuals = values - np.stack([values[labels == one].mean(axis=0) for one in labels])
    shrinkage = ledoit_wolf_shrinkage(residuals, assume_centered=True)
    lda = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage, priors=[0.5, 0.5])
    expected = lda.fit(values, labels).decision_function(values)
    found = fit_head(features, labels, 2).scores(features)
    np.testing.assert_allclose(found[:, 1] - found[:, 0], expected, atol=1e-3 * np.ptp(expected))


@pytest.mark.parametrize("size", [20, 500])
def test_the_same_features_give_the_same_bytes(size: int) -> None:
    features, labels = clouds([30, 40], size, 0.3)
    one, other = (fit_head(features.copy(), labels.copy(), 2) for _ in range(2))
    for name in ("weights", "bias", "patterns"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()
        assert getattr(one, name).dtype == np.float32


def test_six_among_a_hundred_are_still_found() -> None:
    features, labels = clouds([100, 6], 300, 0.5, seed=1)
    head = fit_head(features, labels, 2)
    unseen, truth = clouds([200, 200], 300, 0.5, seed=2)
    right = head.scores(unseen).argmax(axis=1) == truth
    assert right[truth == 1].mean() > 0.9
    assert right[truth == 0].mean() > 0.9


def test_a_class_without_photos_is_never_the_answer() -> None:
    features, labels = clouds([20, 20], 60, 0.3)
    head = fit_head(features, labels * 2, 4)
    scores = head.scores(features)
    assert (scores[:, [1, 3]] == -np.inf).all()
    assert np.isfinite(scores[:, [0, 2]]).all()
    assert np.isfinite(head.patterns).all()


@pytest.mark.parametrize("size", [12, 80])
def test_features_that_never_change_do_no_harm(size: int) -> None:
    features, labels = clouds([20, 20], size, 2.0)
    constant = np.concatenate([features, np.full((40, 30), 0.7, np.float32)], axis=1)
    scores = fit_head(constant, labels, 2).scores(constant)
    assert np.isfinite(scores).all()
    assert (scores.argmax(axis=1) == labels).all()


@pytest.mark.parametrize("count", [2, 6, MOST + 500])
def test_photos_that_are_all_alike_break_nothing(count: int) -> None:
    head = fit_head(np.full((count, 50), 0.3, np.float32), np.arange(count) % 2, 2)
    assert np.isfinite(head.scores(np.full((1, 50), 0.3, np.float32))).all()


def test_two_photos_of_each_class_are_enough() -> None:
    features, labels = clouds([2, 2], 500, 3.0)
    head = fit_head(features, labels, 2)
    unseen, truth = clouds([50, 50], 500, 3.0, seed=3)
    assert (head.scores(unseen).argmax(axis=1) == truth).mean() > 0.95


def test_the_pattern_of_a_class_is_what_is_typical_of_it() -> None:
    features, labels = clouds([50, 50], 40, 0.0)
    features[labels == 1, 7] += 9
    head = fit_head(features, labels, 2)
    # Patterns weigh features as they come; times their spread they are in standardised units.
    contrast = (head.patterns[1] - head.patterns[0]) * features.std(axis=0)
    assert contrast.argmax() == 7
