"""The files of onnxruntime-web: fetched once, checked, kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from nocode_classifier.errors import Cancelled, InputError, Unavailable
from nocode_classifier.progress import Progress
from nocode_classifier.share.runtime import ADDRESS_VARIABLE, FILES, GLUE, VERSION, runtime_files
from tests.fakes.static_host import StaticHost


@pytest.fixture
def cdn(tmp_path: Path, web_runtime: Path) -> Iterator[StaticHost]:
    folder = tmp_path / "cdn"
    folder.mkdir()
    for file in FILES:
        shutil.copy(web_runtime / file.name, folder)
    with StaticHost(folder) as host:
        yield host


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, web_runtime: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)
    monkeypatch.setenv("NOCODE_CLASSIFIER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def left_in(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.rglob("*") if path.is_file())


def test_the_files_are_fetched_once_and_then_taken_from_the_cache(cdn: StaticHost) -> None:
    told: list[Progress] = []
    first = runtime_files(cdn.address, report=told.append)
    assert told[-1].fraction == 1
    assert [each.fraction for each in told] == sorted(each.fraction for each in told)
    assert runtime_files(cdn.address) == first
    assert sum(cdn.asked.values()) == len(FILES)


def test_a_file_that_was_damaged_in_the_cache_is_fetched_again(cdn: StaticHost) -> None:
    kept = runtime_files(cdn.address) / GLUE.name
    kept.write_bytes(kept.read_bytes()[:-1] + b"!")
    runtime_files(cdn.address)
    assert cdn.asked[f"/{GLUE.name}"] == 2
    assert kept.read_bytes()[-1:] != b"!"


@pytest.mark.parametrize("spoilt", [b"", b"!", b"a web page"])
def test_what_is_not_the_expected_file_is_refused_and_not_kept(
    cdn: StaticHost, tmp_path: Path, own_cache: Path, spoilt: bytes
) -> None:
    file = tmp_path / "cdn" / FILES[0].name
    file.write_bytes(spoilt + file.read_bytes()[len(spoilt) or 1 :])
    with pytest.raises(Unavailable, match="nothing was kept"):
        runtime_files(cdn.address)
    assert left_in(own_cache) == []


def test_without_an_answer_a_sentence_says_what_to_do(cdn: StaticHost) -> None:
    cdn.close()
    with pytest.raises(Unavailable, match="Connect to the internet"):
        runtime_files(cdn.address)


def test_an_address_without_the_files_is_named(cdn: StaticHost) -> None:
    with pytest.raises(Unavailable, match="answered 404"):
        runtime_files(cdn.address + "elsewhere")


def test_stop_leaves_nothing_half_fetched(cdn: StaticHost, own_cache: Path) -> None:
    with pytest.raises(Cancelled):
        runtime_files(cdn.address, should_stop=lambda: True)
    assert left_in(own_cache) == []


def test_a_folder_named_in_the_environment_is_used_as_it_is(
    web_runtime: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, str(web_runtime))
    assert runtime_files() == web_runtime
    assert left_in(own_cache) == []


def test_the_readme_tells_how_to_get_them_from_npm() -> None:
    text = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    assert f"npm pack onnxruntime-web@{VERSION}\ntar -xzf onnxruntime-web-{VERSION}.tgz" in text
    assert f"export {ADDRESS_VARIABLE}=package/dist" in text


def test_a_folder_without_the_right_files_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"ort-wasm-simd-threaded\.wasm"):
        runtime_files(tmp_path)
