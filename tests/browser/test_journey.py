"""The whole way in a real Chromium: from an empty app to a right answer."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.project.library import Library
from tests.browser.conftest import TRAINING, RunningApp
from tests.conftest import SHARED_PHOTOS
from tests.drawing import draw_folder, save_photos
from tests.patience import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHOTOS = 30


def photos_of(tmp_path: Path) -> tuple[dict[str, list[Path]], dict[str, Path]]:
    """Photos to learn from by class name, and a new one of each: hot dogs, or drawn shapes."""
    if (SHARED_PHOTOS / "hotdog").is_dir():
        named = {"hot dog": "hot_dog", "something else": "not_hot_dog"}
        known = {
            name: sorted((SHARED_PHOTOS / "hotdog/train" / folder).glob("*.jpg"))[:PHOTOS]
            for name, folder in named.items()
        }
        unseen = {
            name: sorted((SHARED_PHOTOS / "hotdog/test" / folder).glob("*.jpg"))[3]
            for name, folder in named.items()
        }
        return known, unseen
    shapes = ("circle", "stripes")
    known = {name: save_photos(tmp_path / name, name, range(PHOTOS)) for name in shapes}
    return known, {name: save_photos(tmp_path / name, name, [900])[0] for name in shapes}


def add_class(page: Page, name: str) -> None:
    page.get_by_label("Name of a new class").fill(name)
    page.keyboard.press("Enter")
    expect(page.get_by_label(f"Name of the class {name}", exact=True)).to_be_visible()


def class_card(page: Page, name: str, photos: str) -> Locator:
    cards = page.get_by_role("radiogroup", name="Class to add photos to")
    return cards.get_by_role("radio", name=re.compile(rf"^{name}, {photos}"))


def begin_a_project(page: Page, names: Iterable[str]) -> None:
    """From the first start to the place where photos are added."""
    expect(page.get_by_role("heading", name="Teach your computer")).to_be_visible()
    page.get_by_label("Name of the new project").fill("Journey")
    page.get_by_role("button", name="Create project").click()
    expect(page.get_by_text("Name at least two things")).to_be_visible()
    first, *others = names
    add_class(page, first)
    expect(page.get_by_text("One more is needed")).to_be_visible()
    for name in others:
        add_class(page, name)
    page.get_by_role("button", name="Next: add photos").click()
    current = page.get_by_role("navigation", name="Steps").locator("[aria-current=step]")
    expect(current).to_contain_text("Collect")
    expect(page).to_have_url(re.compile("step=3"))


def test_from_an_empty_app_to_a_right_answer(
    fresh_app: RunningApp, page: Page, chromium: Browser, tmp_path: Path
) -> None:
    known, unseen = photos_of(tmp_path)
    page.goto(fresh_app.address)
    begin_a_project(page, known)

    for name, paths in known.items():
        class_card(page, name, "0 photos").click()
        page.get_by_label("Photos or archives").set_input_files(paths)
        expect(class_card(page, name, f"{PHOTOS} photos")).to_be_visible()
    page.get_by_role("button", name="Look through them").click()

    tiles = page.get_by_role("option")
    expect(tiles).to_have_count(2 * PHOTOS)
    tiles.first.click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(tiles).to_have_count(2 * PHOTOS - 1)
    page.get_by_role("button", name="Go on to training").click()

    page.get_by_role("button", name="Train now").click()
    accuracy = page.locator(".accuracy")
    expect(accuracy).to_be_visible(timeout=TRAINING)
    expect(accuracy).to_have_text(re.compile(r"^\d+%$"))
    assert int(accuracy.inner_text().rstrip("%")) >= 75
    page.get_by_role("button", name="Next: check it").click()
    expect(page.get_by_role("grid", name="What it confuses")).to_be_visible()
    page.get_by_role("button", name="Next: try it").click()
    page.get_by_text("Drop a photo here").wait_for()

    for name, path in unseen.items():
        page.get_by_label("Photo to try", exact=True).last.set_input_files(path)
        bars = page.get_by_role("list", name="How likely each class is")
        expect(bars.get_by_role("listitem").first).to_contain_text(name)
    page.get_by_label("Show what it looked at").check()
    expect(page.locator("canvas.ty-heat")).to_be_visible()
    page.close()
    end_by_ctrl_c(fresh_app, chromium)


def end_by_ctrl_c(app: RunningApp, chromium: Browser) -> None:
    """It ends at once, though a page is open, which may say that its app is gone."""
    window = chromium.new_page()
    window.goto(app.address)
    expect(window.get_by_role("button", name="Create project")).to_be_visible()
    app.process.send_signal(signal.SIGINT)
    assert app.process.wait(PATIENCE) in (0, -signal.SIGINT)
    window.close()


def many_photos(tmp_path: Path) -> Path:
    """A folder with so many photos that looking at them takes longer than opening a page."""
    if (SHARED_PHOTOS / "hotdog").is_dir():
        return SHARED_PHOTOS / "hotdog" / "train"
    return draw_folder(tmp_path / "drawn", {"circle": 150, "stripes": 150})


@pytest.mark.gate  # needs so many photos that a new page is there before the end
def test_a_page_closed_during_training_finds_it_again(
    shared_app: RunningApp, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    project = Library(shared_app.home).create("Closing")
    add_photos(project, from_folder(many_photos(tmp_path)), class_id=None)
    address = f"{shared_app.address}/?project={project.id}&step=5"

    first = new_page()
    first.goto(address)
    first.get_by_role("button", name="Train now").click()
    expect(first.get_by_role("button", name="Stop").first).to_be_visible()
    first.get_by_role("navigation", name="Steps").get_by_role("button", name="Review").click()
    expect(first).to_have_title(re.compile("^Review"))
    first.go_back()
    expect(first).to_have_title(re.compile("^Train"))
    first.close()

    second = new_page()
    second.goto(address)
    expect(second.get_by_role("progressbar").first).to_be_visible()
    expect(second.locator(".accuracy")).to_be_visible(timeout=TRAINING)
    assert project.models.folder() is not None
