"""Photos are found on the web through the page, in a real Chromium, from services made up here."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import PhotoState
from tests.browser.conftest import RunningApp
from tests.fakes.server import Reply
from tests.fakes.services import FakeServices
from tests.patience import PATIENCE, wait_until

pytestmark = pytest.mark.browser


@pytest.fixture
def project(finding_app: RunningApp, fakes: FakeServices) -> Project:
    return Library(finding_app.home).create("Shapes", ["circle", "stripes"])


@pytest.fixture
def collect(finding_app: RunningApp, page: Page, project: Project) -> Page:
    page.goto(f"{finding_app.address}/?project={project.id}&step=3")
    page.get_by_role("button", name="Find photos of circle").wait_for()
    return page


def card(page: Page, name: str, photos: str = "") -> Locator:
    cards = page.get_by_role("radiogroup", name="Class to add photos to")
    return cards.get_by_role("radio", name=re.compile(rf"^{name}, {photos}"))


def ask_for(page: Page, count: int, *places: str) -> None:
    """Choose how many photos of each class, and switch places to search on or off."""
    page.get_by_text("Options", exact=True).click()
    page.get_by_label("Photos of each class").fill(str(count))
    page.get_by_label("Photos of each class").press("Tab")
    for place in places:
        page.get_by_label(place).click()
    page.get_by_text("Options", exact=True).click()
    expect(page.get_by_text(f"up to {count} photos")).to_be_visible()


def outcome(page: Page) -> Locator:
    return page.get_by_role("region", name="Photos from the web").get_by_role("status")


def of(project: Project, name: str) -> int:
    return project.counts()[project.class_named(name).id]


def wait_for_words(project: Project, name: str, count: int) -> None:
    """Wait until so many phrases are kept for a class."""
    label = project.class_named(name)
    wait_until(lambda: len(project.search_results.search_settings(label.id).words) == count)


def held_after(photos: int, go_on: threading.Event) -> Callable[[Reply], Reply]:
    """So many photos come; the others wait, however long the page takes."""
    asked = itertools.count()

    def held(reply: Reply) -> Reply:
        if next(asked) >= photos:
            go_on.wait(PATIENCE)
        return reply

    return held


def at_once(reply: Reply) -> Reply:
    return replace(reply, delay=0.0)


def test_two_classes_are_found_one_stopped_halfway_gone_on_with_and_ready_to_train(
    collect: Page, project: Project, fakes: FakeServices
) -> None:
    go_on = threading.Event()
    fakes.photos.change = held_after(8, go_on)
    ask_for(collect, 20)
    collect.get_by_role("button", name="Find photos of circle").click()
    arrived = collect.get_by_role("list", name="Newest photos").get_by_role("listitem")
    arrived.nth(4).wait_for()
    collect.get_by_role("button", name="Stop", exact=True).last.click()
    expect(outcome(collect)).to_have_text(re.compile(r"^Stopped\. Added \d+ photos to 'circle'"))
    kept = {urlsplit(photo.address or "").path for photo in project.photos()}
    assert 5 <= len(kept) <= 8

    go_on.set()
    fakes.photos.change = at_once
    collect.get_by_role("button", name="Go on with circle").click()
    expect(outcome(collect)).to_have_text(re.compile(r"'circle': it has 20 now\.$"))
    assert all(fakes.photos.fetched.count(path) == 1 for path in kept)

    collect.get_by_role("button", name="Find photos of stripes").click()
    expect(outcome(collect)).to_have_text(re.compile(r"'stripes': it has 20 now\.$"))
    expect(card(collect, "stripes", "20 photos")).to_be_visible()

    collect.get_by_role("button", name="Look through them").click()
    expect(collect.get_by_role("option")).to_have_count(40)
    collect.get_by_role("button", name="Go on to training").click()
    expect(collect.get_by_role("button", name="Train now")).to_be_enabled()


@pytest.mark.gate
def test_words_are_kept_all_classes_are_filled_and_a_credited_photo_is_taken_down(
    collect: Page, finding_app: RunningApp, project: Project, fakes: FakeServices
) -> None:
    ask_for(collect, 4)
    collect.get_by_label("Add search words").fill("circle on a wall")
    collect.get_by_role("button", name="Close-up").click()
    expect(collect.get_by_role("button", name="Close-up")).to_have_attribute("aria-pressed", "true")
    wait_for_words(project, "circle", 4)
    collect.reload()
    expect(collect.get_by_role("button", name="Don't search for circle on a wall")).to_be_visible()
    collect.get_by_role("button", name="Don't search for circle", exact=True).click()
    collect.get_by_role("button", name="Find photos of circle").click()
    expect(outcome(collect)).to_have_text("Added 4 photos to 'circle': it has 4 now.")
    saved = project.search_results.search_settings(project.class_named("circle").id)
    assert saved.words == ("circle on a wall", "circle on a wall close-up")
    assert all("circle%20on%20a%20wall" in path for path in fakes.photos.fetched)

    ask_for(collect, 6)
    collect.get_by_role("button", name="Find for all classes").click()
    expect(outcome(collect)).to_have_text("Added 8 photos.")
    rows = collect.get_by_role("list", name="Found for each class").get_by_role("listitem")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("6 of 6")
    collect.get_by_role("button", name="Put this message away").click()
    expect(outcome(collect)).to_have_count(0)
    take_a_credited_photo_down(collect, project)
    assert Library(finding_app.home).blocklist.all() == []


def take_a_credited_photo_down(collect: Page, project: Project) -> None:
    with collect.expect_popup() as opened:
        collect.get_by_role("link", name="Where these photos come from").click()
    expect(opened.value.get_by_role("heading", name="Shapes")).to_be_visible()
    photo = project.photos()[0]
    assert photo.page is not None
    assert opened.value.locator(f'a[href="{photo.page}"]').count() >= 1

    collect.get_by_role("button", name="Projects").click()
    collect.get_by_text("Take a photo down").click()
    collect.get_by_label("Address or SHA-256 of the photo").fill(str(photo.address))
    collect.get_by_role("button", name="Take down", exact=True).click()
    expect(collect.get_by_text("Taken down: 1 photo in 'Shapes'.")).to_be_visible()
    assert of(project, "circle") == 5
    assert project.photos(state=PhotoState.BINNED)[0].taken_down is not None
    collect.get_by_role("button", name=f"Lift the take-down of {photo.address}").click()
    expect(collect.get_by_text("is lifted; searches may find this again")).to_be_visible()


def test_a_list_of_links_is_fetched_and_a_blocked_search_says_so_with_another_place_to_ask(
    collect: Page, project: Project, fakes: FakeServices, tmp_path: Path
) -> None:
    collect.get_by_role("tab", name="Links").click()
    address = fakes.photos.address_of("mine", "circle", 1)
    collect.get_by_label("Addresses of photos").fill(f"see {address}, and nothing else")
    expect(collect.get_by_text("1 address. It goes to 'circle'.")).to_be_visible()
    rows = [f"stripes,{fakes.photos.address_of('mine', 'stripes', n)}" for n in range(3)]
    table = tmp_path / "urls.csv"
    table.write_text("\n".join(["class,url", *rows, "stripes,http://192.168.0.1/private.jpg"]))
    collect.get_by_label("List of addresses").set_input_files(table)
    expect(collect.get_by_text("4 addresses. All go to 'stripes'.")).to_be_visible()
    collect.get_by_role("button", name="Fetch 4 photos").click()
    expect(outcome(collect)).to_have_text(re.compile(r"^Added \d photos to 'stripes'\."))
    expect(card(collect, "stripes", "[3-4] photos")).to_be_visible()

    collect.get_by_role("tab", name="Find on the web").click()
    fakes.web.block(1)
    fakes.openverse.block(1)
    ask_for(collect, 5, "Wikimedia Commons")
    collect.get_by_role("button", name="Find photos of circle").click()
    expect(outcome(collect)).to_have_text("You wanted 5 photos of 'circle'; 0 are here now.")
    collect.get_by_text("3 places did not answer as they should. Why?").click()
    expect(collect.get_by_text(re.compile("^Bing "))).to_be_visible()
    collect.get_by_role("button", name="+ Wikimedia Commons").click()
    expect(outcome(collect)).to_have_text("Added 5 photos to 'circle': it has 5 now.")
    circles = project.photos(project.class_named("circle").id)
    assert {photo.source for photo in circles} == {"commons"}
