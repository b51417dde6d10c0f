"""The credits of an exported project in a real Chromium, by day and by night."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from nocode_classifier.collect.photo_check import check_photo
from nocode_classifier.project.library import Library
from nocode_classifier.project.records import NewPhoto
from tests.drawing import draw_photo

pytestmark = pytest.mark.browser


def export_credited(library: Library, target: Path) -> Path:
    """Unpack an exported project with three photos from the web and one without a record."""
    project = library.create("Shapes <b>", ["circle", "stripes"])
    for seed in range(4):
        data = draw_photo("circle", seed)
        checked = check_photo(data, f"{seed}.jpg")
        web: dict[str, Any] = (
            {}
            if seed == 3
            else {"title": f"Round thing {seed}", "creator": "Zoë", "licence": "CC0"}
        )
        page = f"https://example.org/{seed}" if web else None
        photo = NewPhoto(
            data,
            checked.sha256,
            checked.suffix,
            checked.width,
            checked.height,
            checked.perceptual_hash,
            checked.thumbnail,
            checked.name,
            "commons",
            page=page,
            **web,
        )
        project.add_photo(photo, project.classes()[seed % 2].id)
    file = library.export(project.id, target)
    with zipfile.ZipFile(file) as archive:
        archive.extractall(target / "unpacked")
    return target / "unpacked" / "CREDITS.html"


def test_the_credits_of_an_export_are_read_with_its_photos_and_nothing_else(
    page: Page, tmp_path: Path
) -> None:
    file = export_credited(Library(tmp_path / "home"), tmp_path)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    expect(page.get_by_role("heading", name="Shapes <b>", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="circle 2 photos")).to_be_visible()
    link = page.get_by_role("link", name="Round thing 2")
    expect(link).to_have_attribute("href", "https://example.org/2")
    card = page.get_by_role("listitem").filter(has=link)
    card.get_by_text("Record").click()
    expect(card.get_by_text("SHA-256")).to_be_visible()
    assert card.locator("img").evaluate("image => image.naturalWidth") == 160
    assert all(address.startswith("file://") for address in asked)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_credits_fit_a_phone_and_follow_light_and_dark(
    page: Page, tmp_path: Path, width: int
) -> None:
    file = export_credited(Library(tmp_path / "home"), tmp_path)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(file.as_uri())
    grounds = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert page.evaluate("document.documentElement.scrollWidth") == width
    assert len(grounds) == 2
