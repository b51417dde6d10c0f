"""Each network's speed is measured on this computer and remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from nocode_classifier.errors import Cancelled
from nocode_classifier.learn.backbones.prepare import extractor_path
from nocode_classifier.learn.backbones.registry import DEFAULT, backbone_named
from nocode_classifier.learn.backbones.sealing import seal
from nocode_classifier.learn.backbones.speed import measure, measured, remember, speed_key
from nocode_classifier.learn.features import Extractor
from nocode_classifier.progress import Progress


def test_nothing_is_known_at_first_nor_of_a_damaged_file(tmp_path: Path) -> None:
    assert measured(tmp_path) == {}
    known = '{"resnet18": {"milliseconds": %s, "megabytes": 1, "when": "today"}}'
    never = [known % time for time in ('"quick"', "NaN", "Infinity", "-1", "0")]
    for damaged in ("", "[]", '{"resnet18": 3}', known % 2 + "!", *never):
        (tmp_path / "speeds.json").write_text(damaged)
        assert measured(tmp_path) == {}


def test_a_place_for_them_that_cannot_be_written_stops_no_training(tmp_path: Path) -> None:
    (tmp_path / "speeds.json").mkdir()
    remember(DEFAULT, tmp_path, photos=100, seconds=1.5)
    assert measured(tmp_path) == {}


def test_real_trainings_are_remembered_if_they_had_photos_enough(tmp_path: Path) -> None:
    remember(DEFAULT, tmp_path, photos=100, seconds=1.5)
    remember(DEFAULT.at(320), tmp_path, photos=100, seconds=3)
    remember(DEFAULT, tmp_path, photos=3, seconds=9)
    found = measured(tmp_path)
    assert {key: speed.milliseconds for key, speed in found.items()} == {
        "efficientnet-lite0": 15,
        "efficientnet-lite0@320": 30,
    }
    assert found["efficientnet-lite0"].megabytes == DEFAULT.megabytes


def test_a_network_that_is_there_is_timed_as_it_is(
    backbone_cache: Path, extractor: Extractor, tmp_path: Path
) -> None:
    path = extractor_path(DEFAULT, tmp_path)
    path.parent.mkdir()
    path.symlink_to(extractor.path)
    seal(path)
    told: list[Progress] = []
    speed = measure(DEFAULT, tmp_path, report=told.append)
    assert measured(tmp_path) == {speed_key(DEFAULT): speed}
    assert 0 < speed.milliseconds < 10_000
    assert {each.stage for each in told} == {"Timing it"}
    assert told[-1].fraction == 1


@pytest.mark.gate
@pytest.mark.slow
def test_a_network_is_timed_without_a_download(tmp_path: Path) -> None:
    squeezenet = backbone_named("squeezenet")
    told: list[Progress] = []
    measure(squeezenet, tmp_path, report=told.append)
    assert measured(tmp_path).keys() == {"squeezenet"}
    assert {each.stage for each in told} == {"Building SqueezeNet", "Timing it"}
    assert [path.name for path in tmp_path.rglob("*")] == ["speeds.json"]


def test_stop_while_it_is_built_leaves_nothing(tmp_path: Path) -> None:
    told: list[Progress] = []
    with pytest.raises(Cancelled):
        measure(
            backbone_named("squeezenet"),
            tmp_path,
            report=told.append,
            should_stop=lambda: len(told) > 2,
        )
    assert not list(tmp_path.rglob("*"))
