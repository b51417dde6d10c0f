"""Photos are looked at through every network, and what one of them refuses has no features."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from nocode_classifier.errors import InputError
from nocode_classifier.learn.backbones.registry import DEFAULT, networks_of
from nocode_classifier.learn.features import TrainingPhoto
from nocode_classifier.learn.look import look
from tests.learning import MemoryStore


class Stores:
    """A store for each network."""

    def __init__(self) -> None:
        self.of: defaultdict[str, MemoryStore] = defaultdict(MemoryStore)

    def load_features(self, backbone: str, hashes: Sequence[str]) -> dict[str, bytes]:
        return self.of[backbone].load_features(backbone, hashes)

    def save_features(self, backbone: str, items: Mapping[str, bytes]) -> None:
        self.of[backbone].save_features(backbone, items)


BOTH = networks_of(DEFAULT.key, combine=True)


def test_rows_are_those_of_each_network_side_by_side(
    shapes: list[TrainingPhoto], backbone_cache: Path
) -> None:
    store, photos = Stores(), shapes[:3]
    one = look(photos, BOTH[:1], backbone_cache, store)
    both = look(photos, BOTH, backbone_cache, store)
    assert both.backbones == BOTH
    assert both.features.shape == (3, sum(block.total for block in both.blocks))
    assert (both.features[:, : one.features.shape[1]] == one.features).all()


@pytest.mark.parametrize("known", [0, 1])
def test_what_one_network_can_not_look_at_is_left_out_for_all(
    shapes: list[TrainingPhoto], backbone_cache: Path, tmp_path: Path, known: int
) -> None:
    """Also where the first network knows the photo from before its file was damaged."""
    store, gone = Stores(), replace(shapes[1], path=tmp_path / "gone.jpg")
    gone.path.write_bytes(shapes[1].path.read_bytes())
    photos = [shapes[0], gone, shapes[2]]
    if known:
        look(photos, BOTH[:known], backbone_cache, store)
    gone.path.write_bytes(b"no photo")
    refused: list[str] = []
    found = look(
        photos,
        BOTH,
        backbone_cache,
        store,
        refused=lambda photo, _: refused.append(photo.sha256),
    )
    assert refused == [gone.sha256]
    alone = look([shapes[0], shapes[2]], BOTH, backbone_cache, store)
    assert (found.features == alone.features).all()
    with pytest.raises(InputError, match="can't be read"):
        look(photos, BOTH, backbone_cache, store)


def test_a_network_that_can_not_be_had_is_said_and_left_out(
    shapes: list[TrainingPhoto], backbone_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    wanted = networks_of("mobilenetv2", combine=True)
    found = look(shapes[:2], wanted, backbone_cache, Stores())
    assert found.backbones == wanted[1:] == (DEFAULT,)
    (note,) = found.notes
    assert "MobileNetV2" in note
    assert note.endswith("EfficientNet-Lite0 was used instead.")
