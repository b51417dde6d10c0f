"""Photos come in through the page, in a real Chromium."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from tests.patience import wait_until

pytestmark = pytest.mark.browser

SEEDS = itertools.count()
UPLOADS = "**/upload*"


def drawn() -> bytes:
    """A photo like no other."""
    pixels = np.random.default_rng(next(SEEDS)).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG")
    return buffer.getvalue()


def written(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(drawn())
    return paths


@pytest.fixture
def project(app_home: Path) -> Project:
    return Library(app_home).create("Pets", ["cat", "dog"])


@pytest.fixture
def collect(page: Page, app_address: str, project: Project) -> Page:
    page.goto(f"{app_address}/?project={project.id}&step=3")
    card(page, "cat").wait_for()
    return page


def card(page: Page, name: str, photos: str = "") -> Locator:
    """The card of a class; `photos` is a pattern of its count."""
    cards = page.get_by_role("radiogroup", name="Class to add photos to")
    return cards.get_by_role("radio", name=re.compile(rf"^{name}, {photos}"))


def way(page: Page, name: str) -> None:
    """Choose a way to add photos."""
    page.get_by_role("tab", name=name).click()


def choose(page: Page, *paths: Path) -> None:
    """Choose files of the disk."""
    page.get_by_label("Photos or archives").set_input_files(list(paths))


def expect_report(page: Page, sentence: str) -> None:
    """Wait for a report, and put it away so that the next one is not taken for it."""
    expect(page.get_by_text(sentence)).to_be_visible()
    page.get_by_label("Dismiss this report").click()
    expect(page.get_by_text(sentence)).to_have_count(0)


def counts(project: Project) -> dict[str, int]:
    numbers = project.counts()
    return {label.name: numbers[label.id] for label in project.classes()}


def drop(page: Page, target: Locator, paths: list[Path]) -> None:
    """Drop files and folders of the disk on an element, as from the file manager."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 40
    chromium = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        chromium.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})


def test_photos_are_chosen_from_the_disk_one_by_one_in_folders_and_in_archives(
    collect: Page, project: Project, tmp_path: Path
) -> None:
    collect.get_by_role("button", name="Look through them").click()
    expect(collect.get_by_text("Add some photos first")).to_be_visible()

    card(collect, "dog").click()
    choose(collect, *written(tmp_path, "1.jpg", "2.jpg", "3.jpg"))
    expect_report(collect, "Added 3 to 'dog'.")
    expect(card(collect, "dog", "3 photos")).to_be_visible()
    assert counts(project) == {"cat": 0, "dog": 3}

    written(tmp_path / "pets", "cat/4.jpg", "hen 🐔/5.jpg", "hen 🐔/.hidden.jpg")
    (tmp_path / "pets" / "hen 🐔" / "page.jpg").write_text("<html>not a photo</html>")
    collect.get_by_label("Folder of photos").set_input_files(tmp_path / "pets")
    collect.get_by_text("Not added: 1 file, and why").click()
    expect(collect.get_by_text("pets/hen 🐔/page.jpg")).to_be_visible()
    expect_report(collect, "Added 1 to 'cat' and 1 to 'hen 🐔'. 1 could not be used.")
    assert counts(project) == {"cat": 1, "dog": 3, "hen 🐔": 1}

    with zipfile.ZipFile(tmp_path / "pets.zip", "w") as archive:
        for name in ("cat/6.jpg", "cat/7.jpg", "dog/8.jpg"):
            archive.writestr(name, drawn())
    choose(collect, tmp_path / "pets.zip")
    expect_report(collect, "Added 2 to 'cat' and 1 to 'dog'.")

    collect.get_by_role("button", name="Look through them").click()
    expect(collect.get_by_role("option")).to_have_count(8)
    expect(collect.get_by_role("option", name="1.jpg, dog")).to_be_visible()


def paste_a_picture(page: Page) -> None:
    page.evaluate(
        """async () => {
            const canvas = Object.assign(document.createElement("canvas"), {width: 80, height: 60});
            canvas.getContext("2d").fillRect(5, 5, 40, 30);
            const picture = await new Promise((done) => canvas.toBlob(done, "image/png"));
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([picture], "image.png", {type: "image/png"}));
            const options = {clipboardData, bubbles: true, cancelable: true};
            document.body.dispatchEvent(new ClipboardEvent("paste", options));
        }"""
    )


def test_photos_are_pasted_and_dropped_on_a_card_in_a_folder_and_anywhere(
    collect: Page, project: Project, tmp_path: Path
) -> None:
    paste_a_picture(collect)
    expect_report(collect, "Added 1 to 'cat'.")
    assert [photo.name.startswith("pasted ") for photo in project.photos()] == [True]

    drop(collect, card(collect, "dog"), written(tmp_path, "1.jpg", "2.jpg"))
    expect_report(collect, "Added 2 to 'dog'.")
    expect(card(collect, "dog")).to_have_attribute("aria-checked", "true")

    written(tmp_path / "pets", "cat/1.jpg", "dog/DCIM/100APPLE/2.jpg")
    way(collect, "From this computer")
    drop(collect, collect.get_by_role("group", name="Add photos"), [tmp_path / "pets"])
    expect_report(collect, "Added 1 to 'cat' and 1 to 'dog'.")

    for count, name in enumerate(["Find on the web", "Links", "Camera"], start=4):
        way(collect, name)
        photos = written(tmp_path, f"while {name}.jpg")
        drop(collect, collect.get_by_role("heading", name="Add photos"), photos)
        expect(card(collect, "dog", f"{count} photos")).to_be_visible()
    assert counts(project) == {"cat": 2, "dog": 6}


def test_what_is_brought_over_can_be_cancelled_with_what_waits_behind_it(
    collect: Page, project: Project, tmp_path: Path
) -> None:
    held: list[Route] = []
    collect.route(UPLOADS, lambda route: held.append(route))
    choose(collect, *written(tmp_path, *[f"{number}.jpg" for number in range(10)]))
    expect(collect.get_by_text("Bringing over 1 of 10 files")).to_be_visible()
    while len(held) < 4:  # so many are on their way at once
        collect.wait_for_timeout(20)
    collect.get_by_role("button", name="Cancel").click()
    for route in held:
        route.continue_()
    expect_report(collect, "Cancelled. Nothing was added.")

    held.clear()
    first, second, third = written(tmp_path, "first.jpg", "second.jpg", "third.jpg")
    choose(collect, first)
    drop(collect, card(collect, "dog"), [second])
    expect(collect.get_by_text("Bringing over 1 of 2 files")).to_be_visible()
    collect.get_by_role("button", name="Cancel").click()
    held[0].continue_()
    expect_report(collect, "Cancelled. Nothing was added.")
    assert len(held) == 1
    assert counts(project) == {"cat": 0, "dog": 0}

    collect.unroute(UPLOADS)
    choose(collect, third)
    expect_report(collect, "Added 1 to 'dog'.")


def test_what_is_dropped_while_others_are_brought_over_waits_behind_them(
    collect: Page, project: Project, tmp_path: Path
) -> None:
    held: list[Route] = []
    collect.route(UPLOADS, lambda route: held.append(route), times=1)
    first, second, third = written(tmp_path, "1.jpg", "2.jpg", "3.jpg")
    choose(collect, first, second)
    expect(collect.get_by_text("Bringing over 2 of 2 files")).to_be_visible()
    drop(collect, card(collect, "dog"), [third])
    expect(collect.get_by_text("Bringing over 2 of 3 files")).to_be_visible()
    held[0].continue_()
    expect(card(collect, "cat", "2 photos")).to_be_visible()
    expect(card(collect, "dog", "1 photo")).to_be_visible()
    expect(collect.get_by_text("Added 2 to 'cat' and 1 to 'dog'.")).to_be_visible()
    assert counts(project) == {"cat": 2, "dog": 1}


def open_camera(page: Page) -> None:
    page.get_by_role("button", name="Use the camera").click()
    expect(page.get_by_label("What the camera sees")).to_have_js_property("videoWidth", 1280)


def test_the_camera_takes_one_photo_and_bursts_for_the_class_pressed_last(
    collect: Page, project: Project
) -> None:
    way(collect, "Camera")
    collect.reload()  # the way stays chosen
    expect(collect.get_by_role("button", name="Find photos of")).to_be_hidden()
    open_camera(collect)
    collect.get_by_role("button", name="Take photos").click()
    expect(card(collect, "cat", "1 photo")).to_be_visible()
    collect.get_by_role("button", name="Close the camera").click()
    open_camera(collect)

    take_one_before_the_app_has_heard_of_the_class(collect, project)

    collect.get_by_role("button", name="Take photos").hover()
    collect.mouse.down()
    expect(card(collect, "dog", r"([4-9]|\d\d) photos")).to_be_visible()
    collect.mouse.up()
    cat, dog, *burst = [photo.burst for photo in project.photos()]
    assert len({cat, dog, *burst}) == 3
    assert len(set(burst)) == 1
    assert {photo.source for photo in project.photos()} == {"camera"}


def test_the_space_bar_takes_a_photo_as_soon_as_the_camera_is_there(collect: Page) -> None:
    """Also right after the page came: without a class to take it for there is no camera to open."""
    way(collect, "Camera")
    collect.reload()
    open_camera(collect)
    expect(collect.get_by_role("button", name="Take photos")).to_be_focused()
    collect.keyboard.press(" ")
    expect(card(collect, "cat", "1 photo")).to_be_visible()


def take_one_before_the_app_has_heard_of_the_class(collect: Page, project: Project) -> None:
    held: list[Route] = []
    collect.route("**/queue/join*", lambda route: held.append(route))
    card(collect, "dog").click()
    shutter, told = (
        collect.get_by_role("button", name="Take photos"),
        collect.locator(".ph-counter"),
    )
    shutter.click()
    wait_until(lambda: counts(project)["dog"] == 1 or "already in" in told.inner_text())
    if counts(project)["dog"] == 0:  # Chromium's camera began anew: it showed the very frame again
        shutter.click()
    shots = collect.get_by_role("radiogroup", name="Class the shots go to")
    expect(shots.get_by_role("radio", name="dog 1")).to_be_checked()
    expect(collect.get_by_text(re.compile("photos? taken$"))).to_be_visible()
    wait_until(lambda: counts(project) == {"cat": 1, "dog": 1})
    for route in held:
        route.continue_()
    collect.unroute_all(behavior="ignoreErrors")
    expect(card(collect, "dog", "1 photo")).to_be_visible()
