"""Checking a model in a real Chromium: what it confuses, putting that right, and being careful."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from nocode_classifier.predict.predictor import Answer, Predictor
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision
from tests.browser.conftest import TRAINING, RunningApp
from tests.drawing import draw_photo
from tests.learning import NewShapes

pytestmark = pytest.mark.browser

MISTAKES = re.compile(r"^circle taken for stripes: [2-9] photos")


@pytest.fixture
def project(shared_app: RunningApp, new_shapes: NewShapes) -> Project:
    """Trained with 20 photos of each class; then three of stripes were put among the circles."""
    made = new_shapes(Library(shared_app.home), "Shapes")
    circle, stripes = made.classes()
    wrong = made.photos(stripes.id)[:3]
    made.apply([Decision(photo.id, class_id=circle.id) for photo in wrong], "Moved 3 photos")
    return made


def address(app: RunningApp, project: Project) -> str:
    return f"{app.address}/?project={project.id}&step=6"


def tiles(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Photos").get_by_role("option")


def train_again(page: Page) -> Locator:
    """Train from the Check step; returns what it says of the model."""
    verdict = page.get_by_role("region", name="How good it is")
    expect(verdict).to_contain_text("have changed since")
    verdict.get_by_role("button", name="Train again").click()
    expect(verdict.get_by_text("have changed since")).to_be_hidden(timeout=TRAINING)
    expect(verdict.get_by_role("progressbar")).to_be_hidden(timeout=TRAINING)
    return verdict


def choose_view(page: Page, name: str) -> None:
    views = page.get_by_role("navigation", name="Which photos to show")
    views.get_by_role("button", name=re.compile(rf"^{name} ?\d")).click()


def test_what_it_confuses_is_put_right_and_the_figure_changes(
    page: Page, shared_app: RunningApp, project: Project
) -> None:
    page.goto(address(shared_app, project))
    verdict = train_again(page)
    before = verdict.locator(".accuracy").inner_text()
    cell = page.get_by_role("gridcell", name=MISTAKES)
    wrong = int(cell.locator(".cf-count").inner_text())
    cell.click()
    expect(tiles(page)).to_have_count(wrong)
    tiles(page).first.click()
    page.get_by_role("button", name="Move to").click()
    page.get_by_role("menuitem", name="stripes").click()
    expect(tiles(page)).to_have_count(wrong - 1)
    tiles(page).first.click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(tiles(page)).to_have_count(wrong - 2)
    page.get_by_role("button", name="Undo: Removed 1 photo").click()
    expect(tiles(page)).to_have_count(wrong - 1)
    expect(train_again(page)).to_contain_text("Since the last model.")
    assert verdict.locator(".accuracy").inner_text() != before
    choose_twenty_and_remove_them(page)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open the report").click()
    expect(opened.value.get_by_text("Shapes").first).to_be_visible()


def choose_twenty_and_remove_them(page: Page) -> None:
    """Switching to another class and back leaves them chosen."""
    choose_view(page, "circle")
    expect(tiles(page)).to_have_count(22)
    tiles(page).first.click()
    tiles(page).nth(19).click(modifiers=["Shift"])
    told = page.get_by_role("status").filter(has_text="20 photos chosen")
    expect(told).to_be_visible()
    choose_view(page, "stripes")
    expect(tiles(page)).to_have_count(18)
    expect(told).to_contain_text("none shown here")
    choose_view(page, "circle")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(tiles(page)).to_have_count(2)


def told_apart(model: Path) -> bytes:
    """A new photo that the most generous setting answers, and the most careful one does not."""
    predictor = Predictor(model)
    choices = json.loads((model / "card.json").read_text())["sure"]["choices"]

    def sure(found: Answer, line: dict[str, float]) -> bool:
        share = found.probabilities[found.label]
        return share >= line["probability"] and found.familiarity >= line["familiarity"]

    photos = (draw_photo("circle", seed) for seed in range(900, 1100))
    return next(
        photo
        for photo in photos
        if (found := predictor.predict(photo))
        and sure(found, choices[0])
        and not sure(found, choices[-1])
    )


def test_try_answers_as_carefully_as_the_slider_says(
    page: Page, shared_app: RunningApp, project: Project, tmp_path: Path
) -> None:
    project.undo()
    model = project.models.folder()
    assert model is not None
    photo = tmp_path / "new.jpg"
    photo.write_bytes(told_apart(model))
    page.goto(address(shared_app, project))
    slider = page.get_by_role("slider", name="How careful should it be?")
    for key, said in (("Home", "circle"), ("End", "Not sure")):
        slider.press(key)
        expect(page.get_by_text(re.compile("^It answers ")).first).to_have_text(
            re.compile(re.escape(slider.get_attribute("aria-valuetext") or "-"))
        )
        page.get_by_role("button", name="Next: try it").click()
        # Drawn, so that it knows which project is shown; the second time with the answer before.
        drawn = page.get_by_text("Drop a photo here").or_(page.locator(".ty-answer"))
        drawn.filter(visible=True).first.wait_for()
        page.get_by_label("Photo to try", exact=True).last.set_input_files(photo)
        expect(page.locator(".ty-answer")).to_contain_text(said)
        page.go_back()
    page.get_by_role("button", name="As suggested").click()
    expect(slider).to_be_focused()


@pytest.mark.gate
def test_it_is_all_done_with_the_keyboard_on_a_phone(
    new_page: Callable[..., Page], shared_app: RunningApp, project: Project
) -> None:
    page = new_page(width=390, height=800)
    page.goto(address(shared_app, project))
    train_again(page)
    matrix = page.get_by_role("grid", name="What it confuses")
    reach(page, matrix.get_by_role("gridcell", name="circle recognised"))
    page.keyboard.press("ArrowRight")
    cell = page.get_by_role("gridcell", name=MISTAKES)
    expect(cell).to_be_focused()
    wrong = int(cell.locator(".cf-count").inner_text())
    page.keyboard.press("Enter")
    expect(tiles(page)).to_have_count(wrong)
    reach(page, tiles(page).first)
    page.keyboard.press("Space")
    page.keyboard.press("2")
    expect(tiles(page)).to_have_count(wrong - 1)
    page.keyboard.press("Space")
    page.keyboard.press("Delete")
    expect(tiles(page)).to_have_count(wrong - 2)
    page.keyboard.press("Control+z")
    expect(tiles(page)).to_have_count(wrong - 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert len(project.photos(project.class_named("stripes").id)) == 18


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("node => node === document.activeElement"):
            return
    pytest.fail("the keyboard does not get there")
