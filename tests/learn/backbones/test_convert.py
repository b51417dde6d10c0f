"""The bundled weights are the expected ones or not used at all; converting is whole or nothing."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nocode_classifier.errors import Cancelled, InputError, Unavailable
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.prepare import (
    GRAPH_VERSION,
    STAGE,
    extractor_key,
    extractor_path,
    is_prepared,
    prepare,
)
from nocode_classifier.learn.backbones.registry import (
    BACKBONES,
    DEFAULT,
    EFFICIENTNET_LITE2,
    backbone_named,
)
from nocode_classifier.learn.backbones.sealing import seal
from nocode_classifier.learn.backbones.weights import Bundled
from nocode_classifier.learn.torch_side.weights import load_network
from nocode_classifier.predict.photos import PIXELS_VERSION
from nocode_classifier.progress import Progress

LITE0 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package that claims to carry weights; returns where they belong."""
    folder = tmp_path / "site" / "weights_of_a_test"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise RuntimeError('this must not run')")
    monkeypatch.syspath_prepend(folder.parent)
    return folder / "weights.pth"


def backbone_in(weights: Path, sha256: str) -> Backbone:
    return replace(DEFAULT, weights=Bundled(weights.parent.name, weights.name, sha256))


@pytest.mark.parametrize("backbone", [DEFAULT, EFFICIENTNET_LITE2], ids=lambda each: each.key)
def test_the_bundled_weights_are_the_expected_ones(backbone: Backbone) -> None:
    data = backbone.weights_path().read_bytes()
    assert isinstance(backbone.weights, Bundled)
    assert hashlib.sha256(data).hexdigest() == backbone.weights.sha256
    assert len(data) / 1e6 == pytest.approx(backbone.megabytes, abs=0.1)


def test_weights_that_were_changed_are_refused(package: Path) -> None:
    data = bytearray(DEFAULT.weights_path().read_bytes())
    data[len(data) // 2] ^= 1
    package.write_bytes(data)
    with pytest.raises(Unavailable, match=r"not the ones this app was made with .* install the"):
        backbone_in(package, LITE0).weights_path()
    with pytest.raises(Unavailable, match="SHA-256"):
        prepare(backbone_in(package, LITE0), package.parent / "cache")


def test_missing_weights_and_a_missing_package_are_told_in_a_sentence(package: Path) -> None:
    with pytest.raises(Unavailable, match=r"weights of EfficientNet-Lite0 are missing; install"):
        backbone_in(package, "").weights_path()
    with pytest.raises(Unavailable, match=r"package no_such_package is missing; install"):
        replace(DEFAULT, weights=Bundled("no_such_package", "", "")).weights_path()


class Malicious:
    """Runs code while it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.target,)


def test_weights_never_run_code(package: Path, tmp_path: Path) -> None:
    package.write_bytes(pickle.dumps({"weight": Malicious(tmp_path / "ran")}, 2))
    sha256 = hashlib.sha256(package.read_bytes()).hexdigest()
    with pytest.raises(pickle.UnpicklingError):
        load_network(backbone_in(package, sha256))
    assert not (tmp_path / "ran").exists()


def test_what_is_converted_already_is_used_as_it_is(tmp_path: Path) -> None:
    path = extractor_path(DEFAULT, tmp_path)
    path.parent.mkdir()
    path.write_bytes(b"converted")
    seal(path)
    assert prepare(DEFAULT, tmp_path) == path
    assert path.read_bytes() == b"converted"


@pytest.mark.parametrize("damage", [lambda _: b"", lambda whole: whole[:-1], lambda _: None])
def test_a_converted_network_that_was_damaged_is_converted_again(
    backbone_cache: Path, tmp_path: Path, damage: Callable[[bytes], bytes | None]
) -> None:
    whole = prepare(DEFAULT, backbone_cache).read_bytes()
    path = extractor_path(DEFAULT, tmp_path)
    path.parent.mkdir()
    path.write_bytes(whole)
    seal(path)
    assert is_prepared(DEFAULT, tmp_path)
    damaged = damage(whole)
    path.unlink() if damaged is None else path.write_bytes(damaged)
    assert not is_prepared(DEFAULT, tmp_path)
    stages: list[str] = []
    with pytest.raises(Cancelled):
        prepare(
            DEFAULT,
            tmp_path,
            report=lambda progress: stages.append(progress.stage),
            should_stop=lambda: bool(stages),
        )
    assert stages == [STAGE]


def test_stopping_the_conversion_leaves_nothing_behind(tmp_path: Path) -> None:
    reports: list[Progress] = []
    with pytest.raises(Cancelled):
        prepare(DEFAULT, tmp_path, report=reports.append, should_stop=lambda: len(reports) > 2)
    assert {progress.stage for progress in reports} == {"Preparing the network (only this once)"}
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_conversion_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"could not be prepared: .* no backbone called 'other'"):
        prepare(replace(DEFAULT, key="other"), tmp_path)


def test_a_backbone_is_found_by_its_key_and_others_are_listed() -> None:
    assert all(backbone_named(backbone.key) is backbone for backbone in BACKBONES)
    with pytest.raises(InputError, match=r"no backbone called 'resnet'. .*efficientnet-lite0"):
        backbone_named("resnet")


def test_other_weights_make_other_features() -> None:
    other = replace(DEFAULT, weights=Bundled("package", "file", "0" * 64))
    assert extractor_key(DEFAULT) != extractor_key(other)


def test_features_of_another_size_have_another_key() -> None:
    made_of = f"g{GRAPH_VERSION}-p{PIXELS_VERSION}"
    assert extractor_key(DEFAULT) == f"efficientnet-lite0-57934424-{made_of}"
    assert extractor_key(DEFAULT.at(320)) == f"efficientnet-lite0-57934424-s320-{made_of}"
    keys = {extractor_key(backbone.at(size)) for backbone in BACKBONES for size in (None, 280, 448)}
    assert len(keys) == 3 * len(BACKBONES)


def test_a_network_looks_at_the_size_it_is_told_or_the_nearest_it_can() -> None:
    assert DEFAULT.at(320).input_size == 320
    assert DEFAULT.at(320).at(None) == DEFAULT.at(224) == DEFAULT
    assert backbone_named("dinov2-small").at(300).input_size == 21 * 14


def test_those_of_the_course_come_after_all_others() -> None:
    assert [each.in_course for each in BACKBONES] == sorted(each.in_course for each in BACKBONES)


def test_every_backbone_says_what_it_is_and_how_its_weights_are_known() -> None:
    assert len({backbone.key for backbone in BACKBONES}) == len(BACKBONES)
    for backbone in BACKBONES:
        assert all((backbone.label, backbone.about, backbone.how_good))
        assert backbone.licence in {"Apache-2.0", "BSD-3-Clause"}
        assert len(backbone.weights.mark) == 8
        assert set(backbone.weights.mark) <= set("0123456789abcdef")
