"""The reference of strangers that comes with the app, and what it changes for one's own photos."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nocode_classifier.learn.backbones.prepare import extractor_key
from nocode_classifier.learn.backbones.registry import BACKBONES, DEFAULT
from nocode_classifier.learn.features import Extractor, TrainingPhoto
from nocode_classifier.learn.graph import Blocks
from nocode_classifier.learn.strangers.reference import REFERENCE, strangers_seen_by
from nocode_classifier.learn.study import LabelledFeatures, study
from nocode_classifier.learn.sure import SureLine

BUNDLED = [backbone for backbone in BACKBONES if backbone.is_bundled]


def test_every_bundled_network_has_seen_the_same_pictures() -> None:
    with np.load(REFERENCE) as arrays:
        seen = {key: arrays[key] for key in arrays}
    # Where it fails: python -m assets.make_strangers
    assert set(seen) == {extractor_key(backbone) for backbone in BUNDLED}
    assert {(each.dtype, each.shape) for each in seen.values()} == {
        (np.dtype(np.int8), (665, 1280))
    }
    for each in seen.values():
        assert (np.abs(each.astype(int)).max(axis=1) == 127).all()
        assert len(np.unique(each, axis=0)) > 0.9 * len(each)
    assert REFERENCE.stat().st_size < 1_500_000


def test_what_the_pictures_are_and_their_licences_is_written_beside_the_numbers() -> None:
    text = REFERENCE.with_name("SOURCES.md").read_text("utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")][1:]
    seen = strangers_seen_by(extractor_key(DEFAULT))
    assert seen is not None
    assert f"{len(seen)} pictures" in text
    assert len(seen) == 5 * sum(int(cells[2]) for cells in rows)
    assert all(licence.startswith(("GPL", "LGPL", "CC")) for *_, licence in rows)


@pytest.mark.parametrize("key", ["", extractor_key(DEFAULT.at(320)), "resnet18-f37072fd-g3-p1"])
def test_nothing_is_known_of_what_another_network_sees(key: str) -> None:
    assert strangers_seen_by(key) is None


def test_the_numbers_are_of_the_part_that_familiarity_is_measured_on(extractor: Extractor) -> None:
    seen = strangers_seen_by(extractor.key)
    assert seen is not None
    assert len(range(extractor.blocks.total)[extractor.blocks.familiar]) == seen.shape[1]


def material(photos: int, extractor: str) -> LabelledFeatures:
    """Two kinds of photos as no network sees them, the same each time."""
    labels, blocks = np.arange(photos) % 2, Blocks(means=1280, quarters=4, latest=1280)
    chance = np.random.default_rng(0)
    features = chance.random((2, blocks.total))[labels] + chance.random((photos, blocks.total))
    shown = [
        TrainingPhoto(Path("none.jpg"), "none", str(number), "ab"[label], f"{number**7:016x}")
        for number, label in enumerate(labels.tolist())
    ]
    return LabelledFeatures(
        shown, ("a", "b"), features.astype(np.float32), labels, (blocks,), extractor
    )


def usual(seen: LabelledFeatures) -> SureLine:
    found = study(seen).sure
    return found.lines[found.chosen]


@pytest.mark.parametrize("photos", [4, 12, 60])
def test_fewer_photos_of_somebody_elses_are_turned_away_where_strangers_are_known(
    photos: int,
) -> None:
    known = material(photos, extractor_key(DEFAULT))
    tuned = replace(known, extractor="")
    assert usual(known).familiarity < usual(tuned).familiarity
    assert usual(known).answered >= usual(tuned).answered
