from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from nocode_classifier.learn.heads.coordinates import MOST, WHOLE, PhotoSpace, Scale, bundle

BLOCKS = (slice(0, 400), slice(400, 700))


def photos(count: int, classes: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    chance = np.random.default_rng(0)
    labels = np.arange(count) % classes
    features = chance.standard_normal((count, 700)) * np.geomspace(0.1, 10, 700)
    return (features + labels[:, None] % 7).astype(np.float32), labels


def test_coordinates_have_the_inner_products_of_the_blocks_that_are_seen() -> None:
    features, labels = photos(60, 3)
    space = PhotoSpace.of(features, labels, BLOCKS)
    for seen in (BLOCKS[:1], BLOCKS[1:], BLOCKS):
        parts = [Scale.of(features, block).standardise(features) for block in seen]
        values, found = np.concatenate(parts, axis=1), space.seen(seen)
        np.testing.assert_allclose(found.values @ found.values.T, values @ values.T, atol=0.1)
        np.testing.assert_allclose(found.squares, np.square(values).sum(axis=1), rtol=1e-4)
        assert found.size == values.shape[1]


@pytest.mark.parametrize("classes", [1, 2, 40])
def test_few_photos_are_taken_one_by_one_and_many_in_bundles_of_a_class(classes: int) -> None:
    for count in (40, MOST, MOST + 1, 10_000):
        labels = np.arange(count) % classes
        bundles = bundle(labels, np.zeros_like(labels))
        assert sorted(np.concatenate(bundles)) == list(range(count))
        assert all(len(set(labels[members])) == 1 for members in bundles)
        assert min(count, MOST) <= len(bundles) <= MOST + classes


def test_a_bundle_is_of_one_fold_as_far_as_it_goes() -> None:
    labels, folds = np.arange(10_000) % 4, np.arange(10_000) // 4 % 5
    mixed = sum(len(set(folds[members])) > 1 for members in bundle(labels, folds))
    assert mixed <= 4 * (5 - 1)


def test_many_photos_take_no_more_axes_than_there_are_bundles() -> None:
    features, labels = photos(3 * MOST, 2)
    found = PhotoSpace.of(features, labels).seen(WHOLE)
    assert found.values.shape == (3 * MOST, MOST)
    assert (np.square(found.values).sum(axis=1) <= found.squares * 1.001).all()
