"""Weights come whole and right or not at all, from a Hub and a web host on this computer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nocode_classifier.errors import Cancelled, WeightsUnavailable
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.download import download
from nocode_classifier.learn.backbones.prepare import extractor_path, prepare
from nocode_classifier.learn.backbones.registry import backbone_named
from nocode_classifier.learn.backbones.weights import FromAddress, FromHub, kept_weights
from nocode_classifier.progress import Progress
from tests.fakes.hub import FakeHub

DATA = np.random.default_rng(0).bytes(1_500_000)
SHA256 = hashlib.sha256(DATA).hexdigest()
LEFT = {".lock", ".sha256"}
REPOSITORY, FILE = "timm/small-net", "model.safetensors"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    with FakeHub() as hub:
        hub.shelf.models[REPOSITORY, FILE] = DATA
        hub.shelf.plain[f"net-{SHA256[:8]}.pth"] = DATA
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        yield hub
        assert not hub.unknown
        assert not hub.faults


@pytest.fixture
def on_hub() -> Backbone:
    return replace(backbone_named("dinov2-small"), weights=FromHub(REPOSITORY, FILE), megabytes=1.5)


@pytest.fixture
def on_web(hub: FakeHub) -> Backbone:
    address = f"{hub.address}/models/net-{SHA256[:8]}.pth"
    return replace(backbone_named("resnet18"), weights=FromAddress(address), megabytes=1.5)


def kept(cache: Path) -> dict[str, int]:
    """Sizes of the files with weights, whole or not."""
    files = kept_weights(cache).glob("*")
    return {path.suffix: path.stat().st_size for path in files if path.suffix not in LEFT}


@pytest.mark.parametrize("place", ["on_hub", "on_web"])
def test_weights_come_once_and_it_is_told_how_far_they_are(
    hub: FakeHub, place: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    backbone: Backbone = request.getfixturevalue(place)
    hub.shelf.pace = 3_000_000
    told: list[Progress] = []
    path = download(backbone, tmp_path, report=told.append)
    assert path.read_bytes() == DATA
    assert path == backbone.weights_path(tmp_path)
    assert {each.stage for each in told} == {f"Downloading {backbone.label} (2 MB, only this once)"}
    shares = [each.fraction for each in told]
    assert shares == sorted(shares)
    assert (told[-1].fraction, told[-1].total, len(set(shares)) > 2) == (1, 2, True)
    assert download(backbone, tmp_path) == path
    assert hub.shelf.ranges == [""]


def test_no_token_is_sent(
    hub: FakeHub, on_hub: Backbone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_of_a_person")
    download(on_hub, tmp_path)
    assert not [call for call in hub.calls if "authorization" in call.headers]


@pytest.mark.parametrize("place", ["on_hub", "on_web"])
def test_a_broken_connection_is_gone_on_with(
    hub: FakeHub, place: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    hub.shelf.cut_after = 700_000
    path = download(request.getfixturevalue(place), tmp_path)
    assert path.read_bytes() == DATA
    whole, rest = hub.shelf.ranges
    assert (whole, rest[:6]) == ("", "bytes=")
    assert 0 < int(rest[6:-1]) <= 700_000


def test_what_came_before_stop_is_gone_on_with_the_next_time(
    hub: FakeHub, on_hub: Backbone, tmp_path: Path
) -> None:
    hub.shelf.pace = 1_000_000
    told: list[Progress] = []
    with pytest.raises(Cancelled):
        download(on_hub, tmp_path, report=told.append, should_stop=lambda: told[-1].fraction > 0.3)
    before = kept(tmp_path)
    assert before.keys() == {".part"}
    hub.shelf.pace = None
    assert download(on_hub, tmp_path).read_bytes() == DATA
    assert hub.shelf.ranges == ["", f"bytes={before['.part']}-"]
    assert kept(tmp_path).keys() == {".safetensors"}


def test_what_was_whole_but_for_its_name_is_not_fetched_again(
    hub: FakeHub, on_web: Backbone, tmp_path: Path
) -> None:
    path = kept_weights(tmp_path) / f"net-{SHA256[:8]}.pth.{SHA256[:8]}.part"
    path.parent.mkdir()
    path.write_bytes(DATA)
    assert download(on_web, tmp_path).read_bytes() == DATA
    assert hub.shelf.ranges == []


@pytest.mark.parametrize("damaged", [b"", DATA[:-1], DATA[:-1] + b"!"])
def test_weights_that_were_damaged_in_the_cache_are_fetched_again(
    hub: FakeHub, on_web: Backbone, tmp_path: Path, damaged: bytes
) -> None:
    path = download(on_web, tmp_path)
    path.write_bytes(damaged)
    with pytest.raises(WeightsUnavailable, match="has not been downloaded yet"):
        on_web.weights_path(tmp_path)
    assert download(on_web, tmp_path).read_bytes() == DATA
    assert hub.shelf.ranges == ["", ""]


def test_a_part_that_was_damaged_is_fetched_from_the_beginning(
    hub: FakeHub, on_web: Backbone, tmp_path: Path
) -> None:
    part = kept_weights(tmp_path) / f"net-{SHA256[:8]}.pth.{SHA256[:8]}.part"
    part.parent.mkdir()
    part.write_bytes(b"!" + DATA[1:500_000])
    assert download(on_web, tmp_path).read_bytes() == DATA
    assert hub.shelf.ranges == ["bytes=500000-", ""]


@pytest.mark.parametrize("place", ["on_hub", "on_web"])
def test_other_bytes_than_those_published_are_not_kept(
    hub: FakeHub, place: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    backbone = request.getfixturevalue(place)
    spoilt = DATA[:-1] + b"!"
    hub.shelf.models[REPOSITORY, FILE] = hub.shelf.plain[f"net-{SHA256[:8]}.pth"] = spoilt
    hub.shelf.told[REPOSITORY] = SHA256
    with pytest.raises(WeightsUnavailable, match=r"127\.0\.0\.1:\d+ is not .* nothing of it was"):
        download(backbone, tmp_path)
    assert kept(tmp_path) == {}


def test_a_file_that_is_not_the_pinned_one_is_not_even_fetched(
    hub: FakeHub, on_hub: Backbone, tmp_path: Path
) -> None:
    pinned = replace(on_hub, weights=FromHub(REPOSITORY, FILE, "0" * 64))
    with pytest.raises(WeightsUnavailable, match="SHA-256 differs"):
        download(pinned, tmp_path)
    assert hub.shelf.ranges == []


def test_more_than_was_announced_is_not_kept(
    hub: FakeHub, on_web: Backbone, tmp_path: Path
) -> None:
    hub.shelf.size_told = 500_000
    with pytest.raises(WeightsUnavailable, match="is not ResNet-18"):
        download(on_web, tmp_path)
    assert not sum(kept(tmp_path).values())


def test_offline_a_sentence_says_what_to_do(
    on_hub: Backbone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeHub() as closed:
        address = closed.address
    monkeypatch.setenv("HF_ENDPOINT", address)
    on_web = replace(on_hub, weights=FromAddress(f"{address}/models/net-01234567.pth"))
    for backbone in (on_hub, on_web):
        with pytest.raises(WeightsUnavailable) as caught:
            download(backbone, tmp_path)
        assert str(caught.value) == (
            f"DINOv2 (small) (2 MB) could not be downloaded: {address[7:]} can't be reached. "
            "Connect to the internet and try again, or choose one of the networks that come with "
            "the app."
        )
    assert kept(tmp_path) == {}


@pytest.mark.parametrize("place", ["on_hub", "on_web"])
def test_what_a_server_answers_instead_is_told(
    hub: FakeHub, place: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    backbone = request.getfixturevalue(place)
    hub.shelf.models.clear()
    hub.shelf.plain.clear()
    with pytest.raises(WeightsUnavailable, match=r"127\.0\.0\.1:\d+ answered 404\. Try again"):
        download(backbone, tmp_path)


def test_what_there_is_no_room_for_is_not_begun(
    hub: FakeHub, on_hub: Backbone, tmp_path: Path
) -> None:
    hub.shelf.size_told = 1 << 60
    with pytest.raises(WeightsUnavailable, match=r"no room for it on the disk .* Make room"):
        download(on_hub, tmp_path)
    assert (hub.shelf.ranges, kept(tmp_path)) == ([], {})


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_disk_that_fills_up_leaves_nothing_behind(
    hub: FakeHub, on_web: Backbone, tmp_path: Path
) -> None:
    part = kept_weights(tmp_path) / f"net-{SHA256[:8]}.pth.{SHA256[:8]}.part"
    part.parent.mkdir()
    part.symlink_to("/dev/full")
    with pytest.raises(WeightsUnavailable, match="no room for it on the disk"):
        download(on_web, tmp_path)
    assert not part.is_symlink()


def test_a_place_that_cannot_be_written_to_is_told(on_web: Backbone, tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"a file where the folder should be")
    with pytest.raises(WeightsUnavailable, match="can't be written to"):
        download(on_web, tmp_path)


def test_weights_that_are_not_there_yet_are_not_used(on_web: Backbone, tmp_path: Path) -> None:
    with pytest.raises(WeightsUnavailable, match="ResNet-18 has not been downloaded yet"):
        on_web.weights_path(tmp_path)


def test_bundled_weights_are_not_downloaded(hub: FakeHub, tmp_path: Path) -> None:
    bundled = backbone_named("efficientnet-lite2")
    assert download(bundled, tmp_path) == bundled.weights_path()
    assert hub.calls == []


def test_preparing_stops_while_weights_come(hub: FakeHub, on_hub: Backbone, tmp_path: Path) -> None:
    hub.shelf.pace = 100_000
    told: list[Progress] = []
    with pytest.raises(Cancelled):
        prepare(on_hub, tmp_path, report=told.append, should_stop=lambda: len(told) > 3)
    assert all(each.stage.startswith("Downloading") for each in told)
    assert not extractor_path(on_hub, tmp_path).exists()
