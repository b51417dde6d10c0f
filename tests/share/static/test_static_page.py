"""The folder of the page: what is in it, and what is not."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from nocode_classifier.errors import InputError
from nocode_classifier.share.static.graph import CHOICES, Weights
from nocode_classifier.share.static.static_page import (
    StaticPage,
    expected_bytes,
    write_static_page,
)

MEGABYTE = 1e6
TITLE = 'Round & <b>"straight"</b>'


@pytest.fixture(scope="module")
def written(
    shapes_model: Path, web_runtime: Path, tmp_path_factory: pytest.TempPathFactory
) -> StaticPage:
    folder = tmp_path_factory.mktemp("written") / "page"
    return write_static_page(shapes_model, folder, title=TITLE, runtime=web_runtime)


def text_of(page: StaticPage, name: str) -> str:
    return (page.folder / name).read_text(encoding="utf-8")


def test_every_file_is_there_and_counted(written: StaticPage) -> None:
    found = {
        path.relative_to(written.folder).as_posix(): path.stat().st_size
        for path in written.folder.rglob("*")
        if path.is_file()
    }
    assert found == dict(written.files)
    assert written.bytes == sum(found.values())


def test_the_model_and_the_runtime_are_packed_whole(
    written: StaticPage, shapes_model: Path, web_runtime: Path
) -> None:
    name = "ort-wasm-simd-threaded.wasm"
    packed = (written.folder / "runtime" / f"{name}.gz").read_bytes()
    assert gzip.decompress(packed) == (web_runtime / name).read_bytes()
    assert json.loads(text_of(written, "card.json")) == json.loads(
        (shapes_model / "card.json").read_text()
    )


@pytest.mark.parametrize(
    ("weights", "limit"), [("full", 36), ("half", 20), ("light", 20)], ids=["full", "half", "light"]
)
def test_the_page_is_as_small_as_promised(
    shapes_model: Path, web_runtime: Path, tmp_path: Path, weights: Weights, limit: int
) -> None:
    page = write_static_page(
        shapes_model, tmp_path / "page", weights=weights, title="Shapes", runtime=web_runtime
    )
    assert page.bytes <= limit * MEGABYTE
    assert page.bytes == pytest.approx(expected_bytes(shapes_model, weights), rel=0.1)
    assert page.weights == weights in {choice.key for choice in CHOICES}


def test_a_title_cannot_end_a_tag(written: StaticPage) -> None:
    html = text_of(written, "index.html")
    assert "<title>Round &amp; &lt;b&gt;&quot;straight&quot;&lt;/b&gt;</title>" in html
    assert "<b>" not in html
    assert json.loads(text_of(written, "manifest.webmanifest"))["name"] == TITLE


def test_the_page_names_no_other_place_and_has_no_script_in_its_html(written: StaticPage) -> None:
    for path in written.folder.glob("*"):
        if path.suffix in {".html", ".css", ".js", ".json", ".webmanifest"}:
            assert not re.search(r"(https?:)?//[a-z0-9-]+\.[a-z]", path.read_text()), path.name
    html = text_of(written, "index.html")
    assert re.findall(r"<script[^>]*>", html) == ['<script type="module" src="app.js">']
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)


def test_workers_get_the_same_policy_as_the_page(written: StaticPage) -> None:
    policy = re.search(
        r'Content-Security-Policy" content="([^"]+)"', text_of(written, "index.html")
    )
    assert policy
    sent = re.search(r'"Content-Security-Policy":\s+"([^"]+)"', text_of(written, "sw.js"))
    assert sent
    assert sent[1] == policy[1]
    allowed = dict(rule.split(" ", 1) for rule in policy[1].split("; "))
    assert allowed["default-src"] == "'none'"
    assert allowed["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert allowed["connect-src"] == "'self'"


def test_every_file_is_listed_for_offline_with_its_hash(written: StaticPage) -> None:
    text = text_of(written, "files.js")
    listed = json.loads(text[text.index("{") : text.rindex("}") + 1])
    assert set(written.files) - set(listed) == {"sw.js", "files.js", "how-to-share.txt"}
    for name, (sha256, size) in listed.items():
        data = (written.folder / name).read_bytes()
        inside = gzip.decompress(data) if name.endswith(".gz") else data
        assert (hashlib.sha256(inside).hexdigest(), len(data)) == (sha256, size), name


def test_icons_are_as_large_as_the_manifest_says(written: StaticPage) -> None:
    for icon in json.loads(text_of(written, "manifest.webmanifest"))["icons"]:
        image = Image.open(BytesIO((written.folder / icon["src"]).read_bytes()))
        assert f"{image.width}x{image.height}" == icon["sizes"]
        corner = image.convert("RGBA").getpixel((0, 0))
        assert isinstance(corner, tuple)
        assert (corner[3] == 255) == (icon["purpose"] == "maskable")


def test_the_same_model_gives_the_same_files(
    written: StaticPage, shapes_model: Path, web_runtime: Path, tmp_path: Path
) -> None:
    write_static_page(shapes_model, tmp_path / "again", title=TITLE, runtime=web_runtime)
    for name in written.files:
        assert (tmp_path / "again" / name).read_bytes() == (written.folder / name).read_bytes()


def test_without_a_model_a_sentence_says_so(web_runtime: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no model"):
        write_static_page(tmp_path, tmp_path / "page", title="Shapes", runtime=web_runtime)
