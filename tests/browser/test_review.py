"""Looking through the photos, in a real Chromium."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, HeldOutAnswer, NewPhoto, PhotoState
from tests.learning import NewShapes
from tests.patience import wait_until
from tests.small_models import card_of, write_model

pytestmark = pytest.mark.browser


def coloured(number: int) -> NewPhoto:
    buffer = io.BytesIO()
    colour = (number * 37 % 256, number // 7 % 256, number % 256)
    Image.new("RGB", (64, 48), colour).save(buffer, "PNG")
    data = buffer.getvalue() + str(number).encode()
    return NewPhoto(
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        suffix=".png",
        width=64,
        height=48,
        perceptual_hash=f"{number:016x}",
        thumbnail=data,
        name=f"{number}.png",
        source="upload",
    )


def filled(home: Path, photos: int) -> Project:
    project = Library(home).create("Pets", ["cat", "dog"])
    cat, dog = project.classes()
    for number in range(photos):
        project.add_photo(coloured(number), dog.id if number % 5 == 4 else cat.id)
    return project


@pytest.fixture
def project(app_home: Path) -> Project:
    """Eight cats and two dogs: 4.png and 9.png."""
    return filled(app_home, 10)


@pytest.fixture
def review(page: Page, app_address: str, project: Project) -> Page:
    return opened(page, app_address, project)


def opened(page: Page, app_address: str, project: Project) -> Page:
    page.goto(f"{app_address}/?project={project.id}&step=4")
    tiles(page).first.wait_for()
    return page


def tiles(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Photos").get_by_role("option")


def tile(page: Page, number: int) -> Locator:
    return page.get_by_role("option", name=re.compile(rf"^{number}\.png"))


def show(page: Page, name: str) -> None:
    filters = page.get_by_role("navigation", name="Which photos to show")
    filters.get_by_role("button", name=re.compile(rf"^{name}")).click()


def chosen(page: Page, count: int) -> None:
    bar = page.get_by_role("toolbar", name="What to do with the photos")
    words = f"{count} photo{'' if count == 1 else 's'} chosen"
    expect(bar.get_by_text(words, exact=True)).to_be_visible()


def names(project: Project, class_name: str) -> list[str]:
    return [photo.name for photo in project.photos(project.class_named(class_name).id)]


def test_photos_are_chosen_with_the_mouse_or_the_keyboard_alone(
    review: Page, project: Project
) -> None:
    tile(review, 0).focus()
    review.keyboard.press("ArrowRight")
    review.keyboard.press(" ")
    review.keyboard.press("Shift+ArrowRight")
    chosen(review, 2)
    review.keyboard.press("Delete")
    expect(tiles(review)).to_have_count(8)
    expect(tile(review, 3)).to_be_focused()
    review.keyboard.press("Control+z")
    expect(tiles(review)).to_have_count(10)
    assert project.can_undo() is None

    tile(review, 1).click()
    chosen(review, 1)
    tile(review, 4).click(modifiers=["Shift"])
    chosen(review, 4)
    tile(review, 2).click(modifiers=["Control"])
    chosen(review, 3)
    tile(review, 7).click()
    chosen(review, 1)
    review.keyboard.press("Escape")
    expect(review.get_by_text("chosen")).to_have_count(0)
    review.get_by_role("button", name="Choose all").click()
    chosen(review, 10)


def test_photos_are_moved_dragged_enlarged_removed_and_put_back(
    review: Page, project: Project
) -> None:
    tile(review, 0).click()
    tile(review, 2).click(modifiers=["Control"])
    review.get_by_role("button", name="Move to").click()
    review.get_by_role("menuitem", name="dog").click()
    expect(review.get_by_role("option", name="0.png, dog")).to_be_visible()
    wait_until(lambda: names(project, "dog") == ["0.png", "2.png", "4.png", "9.png"])
    review.get_by_role("button", name="Undo: Moved 2 photos to 'dog'").click()
    expect(review.get_by_role("option", name="0.png, cat")).to_be_visible()
    assert names(project, "dog") == ["4.png", "9.png"]  # undo is not guessed

    filters = review.get_by_role("navigation", name="Which photos to show")
    tile(review, 1).drag_to(filters.get_by_role("button", name="dog"))
    expect(review.get_by_role("option", name="1.png, dog")).to_be_visible()

    enlarge_and_remove_the_fifth(review)

    show(review, "dog")
    expect(tiles(review)).to_have_count(2)
    review.get_by_role("button", name="Choose all").click()
    review.get_by_role("button", name="Remove", exact=True).click()
    expect(review.get_by_text("No photos of this yet")).to_be_visible()
    wait_until(lambda: len(project.photos(state=PhotoState.BINNED)) == 3)
    show(review, "Bin")
    tile(review, 4).click()
    review.get_by_role("button", name="Put back").click()
    expect(tiles(review)).to_have_count(2)
    wait_until(lambda: names(project, "dog") == ["4.png"])


def enlarge_and_remove_the_fifth(review: Page) -> None:
    tile(review, 3).dblclick()
    dialog = review.get_by_role("dialog", name="Photo, enlarged")
    expect(dialog.get_by_role("img", name="3.png")).to_be_visible()
    review.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("img", name="4.png")).to_be_visible()
    dialog.get_by_role("button", name="Remove").click()
    expect(dialog.get_by_role("img", name="5.png")).to_be_visible()
    review.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(tile(review, 5)).to_be_focused()
    expect(tile(review, 4)).to_have_count(0)


def test_what_is_refused_is_seen_as_it_still_is(
    page: Page, app_home: Path, app_address: str, project: Project
) -> None:
    photo = project.photos()[5]
    library = Library(app_home)
    taken_down = library.take_down(given="a photo", sha256=photo.sha256).takedown
    opened(page, app_address, project)
    page.get_by_role("button", name=re.compile("^Bin")).click()
    expect(tiles(page)).to_have_count(1)
    tiles(page).click()
    page.get_by_role("button", name="Put back").click()
    expect(page.get_by_text("This photo was taken down.").first).to_be_visible()
    # Sooner than what is not heard of for long comes back by itself.
    expect(tiles(page)).to_have_count(1, timeout=5000)
    expect(page.get_by_role("button", name=re.compile("^Bin"))).to_have_text(re.compile("1$"))
    library.lift(taken_down.id)  # other tests draw the same photos


def test_choice_and_place_survive_a_change_in_another_window(
    page: Page, app_home: Path, app_address: str
) -> None:
    project = filled(app_home, 63)
    opened(page, app_address, project)
    for number in (60, 61, 62):
        tile(page, number).click(modifiers=["Control"])
    before = page.evaluate("scrollY")
    elsewhere = Library(app_home).open(project.id)
    photo = next(one for one in elsewhere.photos() if one.name == "61.png")
    elsewhere.apply([Decision(photo.id, state=PhotoState.BINNED)], "Removed 1 photo")
    expect(tile(page, 61)).to_have_count(0)
    chosen(page, 2)
    assert before > 0
    assert page.evaluate("scrollY") == before


def test_what_is_chosen_in_one_class_stays_chosen_in_others_and_after_a_reload(
    page: Page, app_home: Path, app_address: str
) -> None:
    project = filled(app_home, 30)
    opened(page, app_address, project)
    show(page, "cat")
    expect(tiles(page)).to_have_count(24)
    tiles(page).first.click()
    tiles(page).nth(19).click(modifiers=["Shift"])
    chosen(page, 20)
    show(page, "dog")
    expect(tiles(page)).to_have_count(6)
    expect(page.get_by_text("none shown here")).to_be_visible()
    tiles(page).first.click()
    chosen(page, 21)
    expect(page.get_by_text("20 of them not shown here")).to_be_visible()
    tiles(page).first.click()
    page.reload()
    chosen(page, 20)
    show(page, "dog")
    page.get_by_role("button", name="Show chosen").click()
    expect(tiles(page)).to_have_count(20)
    show(page, "cat")
    expect(tiles(page)).to_have_count(24)
    chosen(page, 20)
    page.get_by_role("button", name="Move to").click()
    page.get_by_role("menuitem", name="dog").click()
    expect(tiles(page)).to_have_count(4)
    expect(page.get_by_text("chosen")).to_have_count(0)
    expect(page.get_by_role("button", name="Undo: Moved 20 photos to 'dog'")).to_be_visible()
    assert len(names(project, "dog")) == 26


def doubt(project: Project, *numbers: int) -> None:
    """Let the project have a model that surely takes these cats for dogs."""
    answers = [
        HeldOutAnswer(photo.sha256, true, "dog", 0.9 - number / 100)
        if (number := int(photo.name.removesuffix(".png"))) in numbers
        else HeldOutAnswer(photo.sha256, true, true, 0.6)
        for photo, true in project.training_set().photos
    ]
    with project.models.new_folder() as folder:
        write_model(folder, card_of("cat", "dog"))
        project.models.adopt(folder, answers, revision_hash=project.models.fingerprint())


def test_a_photo_is_said_to_be_right_by_mouse_and_keys_and_asked_about_again_after_undo(
    review: Page, project: Project
) -> None:
    doubt(project, 0, 1, 2, 3)
    worth = review.get_by_role("group", name="Worth a look")
    worth.get_by_role("button", name="Wrong class? 4").click()
    expect(
        review.get_by_role("option", name="0.png, cat, looks like dog, 90% sure")
    ).to_be_visible()
    tile(review, 0).click()
    review.get_by_role("button", name="Right as it is").click()
    expect(tiles(review)).to_have_count(3)
    tile(review, 1).focus()
    review.keyboard.press(" ")
    review.keyboard.press("r")
    expect(tiles(review)).to_have_count(2)
    tile(review, 2).dblclick()
    dialog = review.get_by_role("dialog", name="Photo, enlarged")
    expect(dialog.get_by_text("The model says")).to_be_visible()
    review.keyboard.press("r")
    expect(dialog.get_by_role("img", name="3.png")).to_be_visible()
    review.keyboard.press("2")
    expect(dialog).to_be_hidden()
    expect(review.get_by_text("You have looked at all of them")).to_be_visible()
    show(review, "All")
    expect(review.get_by_role("option", name="you said this is right")).to_have_count(3)
    wait_until(lambda: names(project, "dog") == ["3.png", "4.png", "9.png"])
    review.keyboard.press("Control+z")
    worth.get_by_role("button", name="Wrong class? 1").click()
    expect(tile(review, 3)).to_be_visible()


def test_nothing_jumps_under_the_first_tap_on_a_phone_and_targets_are_large(
    chromium: Browser, app_address: str, project: Project
) -> None:
    with chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    ) as context:
        page = opened(context.new_page(), app_address, project)
        page.get_by_role("button", name="Choose all").wait_for()
        before = tile(page, 4).bounding_box()
        tile(page, 4).tap()
        chosen(page, 1)
        assert tile(page, 4).bounding_box() == before
        bar = page.get_by_role("toolbar", name="What to do with the photos")
        boxes = [
            button.bounding_box() for button in bar.locator("button:visible, summary:visible").all()
        ]
        assert len(boxes) >= 3
        assert all(box and min(box["width"], box["height"]) >= 44 for box in boxes)


@pytest.mark.slow
def test_what_the_model_looked_at_is_laid_over_the_enlarged_photo(
    page: Page, app_home: Path, app_address: str, new_shapes: NewShapes
) -> None:
    project = new_shapes(Library(app_home), "Heat")
    opened(page, app_address, project)
    tiles(page).first.dblclick()
    dialog = page.get_by_role("dialog", name="Photo, enlarged")
    page.keyboard.press("h")
    expect(dialog.get_by_text("What speaks for")).to_be_visible()
    expect(dialog.get_by_text("hot", exact=True)).to_be_visible()
    heat, photo = dialog.locator(".ph-heat"), dialog.get_by_role("img").first
    expect(heat).to_be_visible()
    assert heat.bounding_box() == photo.bounding_box()
    dialog.get_by_role("button", name="What it looked at").click()
    expect(heat).to_be_hidden()


@pytest.mark.parametrize("photos", [250, pytest.param(2000, marks=pytest.mark.gate)])
def test_many_photos_come_a_page_at_a_time(
    page: Page, app_home: Path, app_address: str, photos: int
) -> None:
    project = filled(app_home, photos)
    opened(page, app_address, project)
    expect(tiles(page)).to_have_count(120)
    page.get_by_role("button", name="Last page").click()
    expect(tile(page, photos - 1)).to_be_visible()
    expect(tiles(page)).to_have_count(photos % 120)
    page.get_by_role("button", name="Choose all on this page").click()
    page.get_by_role("button", name=f"Choose all {photos:,}").click()
    expect(page.get_by_text(f"{photos:,} photos chosen")).to_be_visible()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("Nothing to look through yet")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(tiles(page)).to_have_count(120)
