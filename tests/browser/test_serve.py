"""The page that is served to others, in a real Chromium."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.test_try import PASTE
from tests.drawing import draw_photo
from tests.serve.running import Served, served

pytestmark = pytest.mark.browser

CLASSES = ("circle", "stripes")


@pytest.fixture(scope="module")
def app(shapes_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(shapes_model, tmp_path_factory.mktemp("served")) as app:
        yield app


@pytest.fixture
def asking(page: Page, app: Served) -> Page:
    page.goto(app.address)
    return page


def answer(page: Page) -> Locator:
    return page.get_by_role("region", name="Answer")


def likeliest(page: Page) -> Locator:
    return page.get_by_role("list", name="How likely each one is").get_by_role("listitem").first


def choose(page: Page, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    page.get_by_label("Photo to ask about").set_input_files(path)


def test_the_page_says_what_it_knows_and_answers_what_is_chosen_and_pasted(
    asking: Page, tmp_path: Path
) -> None:
    expect(asking.get_by_role("heading", name="Shapes")).to_be_visible()
    known = asking.get_by_role("list", name="What it knows").get_by_role("listitem")
    expect(known).to_have_text(list(CLASSES))
    expect(asking.get_by_text("photos it had not seen")).to_be_visible()

    choose(asking, tmp_path / "new.jpg", draw_photo("circle", 950))
    expect(likeliest(asking)).to_contain_text("circle")
    expect(asking.get_by_alt_text("The photo that was asked about")).to_be_visible()
    if asking.get_by_text("Not sure").count() == 0:
        expect(answer(asking)).to_contain_text("It rolls.")

    asking.evaluate(PASTE, [base64.b64encode(draw_photo("stripes", 951)).decode()])
    expect(likeliest(asking)).to_contain_text("stripes")

    asking.get_by_role("link", name="For programs").click()
    expect(asking.get_by_role("heading", name="POST /image")).to_be_visible()
    expect(asking.get_by_text("curl -F file=@photo.jpg")).to_be_visible()


def test_the_live_camera_is_answered_again_and_again_until_it_is_stopped(asking: Page) -> None:
    asking.get_by_role("button", name="Live camera").click()
    expect(asking.get_by_text("a second")).to_be_visible()
    asking.get_by_role("button", name="Stop the camera").click()
    expect(asking.get_by_text("Drop a photo here")).to_be_visible()
    expect(answer(asking)).to_contain_text("What will it say?")
    asking.get_by_role("button", name="Live camera").click()
    expect(asking.get_by_text("a second")).to_be_visible()
    asking.get_by_role("button", name="Take this one").click()
    expect(asking.get_by_role("button", name="Live camera")).to_be_visible()
    expect(asking.get_by_alt_text("The photo that was asked about")).to_be_visible()


def test_what_can_not_be_answered_is_a_sentence_and_the_next_photo_works(
    chromium_page: Page, app: Served, tmp_path: Path
) -> None:
    page = chromium_page
    page.goto(app.address)
    choose(page, tmp_path / "page.jpg", b"<!doctype html><title>no photo</title>")
    expect(page.get_by_role("alert")).to_contain_text("web page")
    choose(page, tmp_path / "good.jpg", draw_photo("circle", 952))
    expect(likeliest(page)).to_contain_text("circle")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_label("Link to a photo").fill(f"{app.address}/page/icon.svg")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("links may not lead to")


@pytest.fixture
def chromium_page(chromium: Browser) -> Iterator[Page]:
    """A window whose console may say that a request was refused: that is what the test is about."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def test_on_a_phone_the_answer_is_seen_without_scrolling(
    new_page: Callable[..., Page], app: Served, tmp_path: Path
) -> None:
    page = new_page(390, 844)
    page.goto(app.address)
    choose(page, tmp_path / "new.jpg", draw_photo("circle", 955))
    expect(likeliest(page)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_key_is_asked_for_once_and_the_longest_names_make_nothing_wider_than_the_screen(
    chromium_page: Page, shapes_model: Path, tmp_path: Path
) -> None:
    model = Path(shutil.copytree(shapes_model, tmp_path / "model"))
    card = json.loads((model / "card.json").read_text())
    for entry in card["classes"]:
        entry["name"], entry["hints"] = "W" * 60 + entry["name"], ["x" * 200]
    (model / "card.json").write_text(json.dumps(card | {"name": "W" * 60}))
    page = chromium_page
    page.set_viewport_size({"width": 320, "height": 640})
    with served(model, tmp_path / "app", "--key", "secret") as app:
        page.goto(app.address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        choose(page, tmp_path / "one.jpg", draw_photo("circle", 953))
        for key in ("wrong", "secret"):
            page.get_by_label("asks for a key").fill(key)
            page.get_by_role("button", name="Go on").click()
        expect(likeliest(page)).to_contain_text("circle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        choose(page, tmp_path / "two.jpg", draw_photo("stripes", 954))
        expect(likeliest(page)).to_contain_text("stripes")
