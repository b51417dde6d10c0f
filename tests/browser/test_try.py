"""Trying a trained classifier in a real Chromium: files, the clipboard, the camera, links."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from tests.drawing import draw_photo
from tests.learning import NewShapes

pytestmark = pytest.mark.browser

SHAPES = ("circle", "stripes")
PASTE = """([data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], "pasted.jpg", { type: "image/jpeg" }));
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true }));
}"""


@pytest.fixture(scope="module")
def trained(app_home: Path, new_shapes: NewShapes) -> Project:
    return new_shapes(Library(app_home), "Shapes")


@pytest.fixture
def trying(page: Page, app_address: str, trained: Project) -> Page:
    page.goto(f"{app_address}/?project={trained.id}&step=7")
    page.get_by_text("Drop a photo here").wait_for()
    return page


def likeliest(page: Page) -> Locator:
    return page.get_by_role("list", name="How likely each class is").get_by_role("listitem").first


def choose(page: Page, path: Path) -> None:
    page.get_by_label("Photo to try", exact=True).last.set_input_files(path)


def test_a_photo_is_chosen_pasted_and_taken_and_what_can_not_be_asked_is_refused_in_words(
    trying: Page, app_address: str, tmp_path: Path
) -> None:
    path = tmp_path / "new.jpg"
    path.write_bytes(draw_photo("stripes", 900))
    choose(trying, path)
    expect(likeliest(trying)).to_contain_text("stripes")
    expect(trying.locator("canvas.ty-heat")).to_be_hidden()
    trying.get_by_label("Show what it looked at").check()
    expect(trying.locator("canvas.ty-heat")).to_be_visible()

    path.write_bytes(b"<!doctype html><title>no photo</title>")
    choose(trying, path)
    expect(trying.get_by_role("alert")).to_contain_text("web page")
    trying.evaluate(PASTE, [base64.b64encode(draw_photo("circle", 901)).decode()])
    expect(likeliest(trying)).to_contain_text("circle")
    expect(trying.get_by_role("alert")).to_have_count(0)

    trying.get_by_label("Link to a photo").fill(f"{app_address}/favicon.ico")
    trying.get_by_role("button", name="Try the link").click()
    expect(trying.get_by_role("alert")).to_contain_text("inside this computer")

    trying.get_by_role("button", name="Use the camera").last.click()
    verdict = trying.locator(".ty-verdict")
    expect(verdict).to_be_visible()
    trying.get_by_role("button", name="Take this one").click()
    expect(trying.get_by_role("button", name="Take this one")).to_be_hidden()
    expect(trying.get_by_alt_text("The photo that was asked about")).to_be_visible()
    expect(verdict).to_be_visible()


def test_without_a_model_trying_and_sharing_lead_to_training(
    page: Page, app_address: str, app_home: Path
) -> None:
    project = Library(app_home).create("Untrained", SHAPES)
    page.goto(f"{app_address}/?project={project.id}&step=7")
    expect(page.get_by_text("Nothing to try yet")).to_be_visible()
    page.get_by_role("button", name="Go to training").click()
    expect(page.get_by_text("2 more of 'circle'")).to_be_visible()
    steps = page.get_by_role("navigation", name="Steps")
    steps.get_by_role("button", name="Share").click()
    expect(page.get_by_text("Nothing to share yet")).to_be_visible()
    expect(page.get_by_role("button", name="Open a link")).to_be_hidden()
    page.get_by_role("button", name="Go to training").last.click()
    expect(page.get_by_text("2 more of 'circle'")).to_be_visible()
