"""Photos come in through the page, in a real Chromium."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project

pytestmark = pytest.mark.browser

SECONDS = 1000


def drawn(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG")
    return buffer.getvalue()


def written(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for number, path in enumerate(paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(drawn(number))
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


def test_chosen_files_go_to_the_chosen_class(
    collect: Page, project: Project, tmp_path: Path
) -> None:
    card(collect, "dog").click()
    collect.get_by_label("Photos or archives").set_input_files(
        written(tmp_path, "1.jpg", "2.jpg", "3.jpg")
    )
    expect(collect.get_by_text("Added 3 to 'dog'.")).to_be_visible()
    expect(card(collect, "dog", "3 photos")).to_be_visible()
    collect.get_by_label("Dismiss this report").click()
    expect(collect.get_by_text("Added 3 to 'dog'.")).to_have_count(0)
    assert counts(project) == {"cat": 0, "dog": 3}


def test_a_folder_with_a_sub_folder_a_class_makes_its_classes(
    collect: Page, project: Project, tmp_path: Path
) -> None:
    written(tmp_path / "pets", "cat/1.jpg", "hen 🐔/2.jpg", "hen 🐔/.hidden.jpg")
    (tmp_path / "pets" / "hen 🐔" / "page.jpg").write_text("<html>not a photo</html>")
    collect.get_by_label("Folder of photos").set_input_files(tmp_path / "pets")
    report = collect.get_by_text("Added 1 to 'cat' and 1 to 'hen 🐔'. 1 could not be used.")
    expect(report).to_be_visible()
    collect.get_by_text("Not added: 1 file, and why").click()
    expect(collect.get_by_text("pets/hen 🐔/page.jpg")).to_be_visible()
    assert counts(project) == {"cat": 1, "dog": 0, "hen 🐔": 1}


def test_a_dropped_folder_is_walked(collect: Page, project: Project, tmp_path: Path) -> None:
    written(tmp_path / "pets", "cat/1.jpg", "dog/DCIM/100APPLE/2.jpg")
    way(collect, "From this computer")
    drop(collect, collect.get_by_role("group", name="Add photos"), [tmp_path / "pets"])
    expect(collect.get_by_text("Added 1 to 'cat' and 1 to 'dog'.")).to_be_visible()


def test_photos_can_be_dropped_anywhere_whatever_way_is_shown(
    collect: Page, project: Project, tmp_path: Path
) -> None:
    card(collect, "dog").click()
    for number, name in enumerate(["Find on the web", "Links", "Camera"]):
        way(collect, name)
        paths = [tmp_path / f"{number}.jpg"]
        paths[0].write_bytes(drawn(number))
        drop(collect, collect.get_by_role("heading", name="Add photos"), paths)
        added = f"{number + 1} photos?"
        expect(card(collect, "dog", added)).to_be_visible()
    assert counts(project) == {"cat": 0, "dog": 3}


def test_the_chosen_way_stays_chosen_after_a_reload(collect: Page) -> None:
    way(collect, "Camera")
    collect.reload()
    expect(collect.get_by_role("button", name="Use the camera")).to_be_visible()
    expect(collect.get_by_role("button", name="Find photos of")).to_be_hidden()


def test_what_is_dropped_on_a_card_goes_to_that_class(
    collect: Page, project: Project, tmp_path: Path
) -> None:
    drop(collect, card(collect, "dog"), written(tmp_path, "1.jpg", "2.jpg"))
    expect(collect.get_by_text("Added 2 to 'dog'.")).to_be_visible()
    expect(card(collect, "dog")).to_have_attribute("aria-checked", "true")


def test_an_archive_brings_its_classes(collect: Page, project: Project, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "pets.zip", "w") as archive:
        for number, name in enumerate(["cat/1.jpg", "cat/2.jpg", "dog/3.jpg"]):
            archive.writestr(name, drawn(number))
    collect.get_by_label("Photos or archives").set_input_files(tmp_path / "pets.zip")
    expect(collect.get_by_text("Added 2 to 'cat' and 1 to 'dog'.")).to_be_visible()


def test_a_pasted_picture_is_added(collect: Page, project: Project) -> None:
    collect.evaluate(
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
    expect(collect.get_by_text("Added 1 to 'cat'.")).to_be_visible()
    assert [photo.name.startswith("pasted ") for photo in project.photos()] == [True]


def test_a_drop_can_be_cancelled(collect: Page, project: Project, tmp_path: Path) -> None:
    held = []
    collect.route("**/upload*", lambda route: held.append(route))
    files = written(tmp_path, *[f"{number}.jpg" for number in range(10)])
    collect.get_by_label("Photos or archives").set_input_files(files)
    expect(collect.get_by_text("Bringing over 1 of 10 files")).to_be_visible()
    while len(held) < 4:  # so many are on their way at once
        collect.wait_for_timeout(20)
    collect.get_by_role("button", name="Cancel").click()
    for route in held:
        route.continue_()
    expect(collect.get_by_text("Cancelled. Nothing was added.")).to_be_visible()
    assert counts(project) == {"cat": 0, "dog": 0}


def test_what_is_dropped_while_others_are_brought_over_waits_behind_them(
    collect: Page, project: Project, tmp_path: Path
) -> None:
    held: list[Route] = []
    collect.route("**/upload*", lambda route: held.append(route), times=1)
    first, second, third = written(tmp_path, "1.jpg", "2.jpg", "3.jpg")
    collect.get_by_label("Photos or archives").set_input_files([first, second])
    expect(collect.get_by_text("Bringing over 2 of 2 files")).to_be_visible()
    drop(collect, card(collect, "dog"), [third])
    expect(collect.get_by_text("Bringing over 2 of 3 files")).to_be_visible()
    held[0].continue_()
    expect(card(collect, "cat", "2 photos")).to_be_visible()
    expect(card(collect, "dog", "1 photo")).to_be_visible()
    expect(collect.get_by_text("Added 2 to 'cat' and 1 to 'dog'.")).to_be_visible()
    assert counts(project) == {"cat": 2, "dog": 1}


def test_cancel_is_for_what_waits_too(collect: Page, project: Project, tmp_path: Path) -> None:
    held: list[Route] = []
    first, second = written(tmp_path, "1.jpg", "2.jpg")
    collect.route("**/upload*", lambda route: held.append(route))
    collect.get_by_label("Photos or archives").set_input_files([first])
    drop(collect, card(collect, "dog"), [second])
    expect(collect.get_by_text("Bringing over 1 of 2 files")).to_be_visible()
    collect.get_by_role("button", name="Cancel").click()
    held[0].continue_()
    expect(collect.get_by_text("Cancelled. Nothing was added.")).to_be_visible()
    assert len(held) == 1
    assert counts(project) == {"cat": 0, "dog": 0}


def test_holding_the_button_takes_a_burst(collect: Page, project: Project) -> None:
    card(collect, "dog").click()
    way(collect, "Camera")
    collect.get_by_role("button", name="Use the camera").click()
    button = collect.get_by_role("button", name="Take photos")
    expect(collect.get_by_label("What the camera sees")).to_have_js_property("videoWidth", 1280)
    button.click()
    expect(card(collect, "dog", "1 photo")).to_be_visible()
    button.hover()
    collect.mouse.down()
    collect.wait_for_timeout(1.5 * SECONDS)
    collect.mouse.up()
    expect(card(collect, "dog", "([3-9]|10) photos")).to_be_visible()
    photos = project.photos()
    assert {photo.source for photo in photos} == {"camera"}
    assert len({photo.burst for photo in photos}) == 2
    assert len({photo.burst for photo in photos[1:]}) == 1


def test_a_shot_goes_to_the_class_that_was_pressed_before_the_app_has_heard_of_it(
    collect: Page, project: Project
) -> None:
    way(collect, "Camera")
    collect.get_by_role("button", name="Use the camera").click()
    view = collect.get_by_label("What the camera sees")
    expect(view).to_have_js_property("videoWidth", 1280)
    held = []
    collect.route("**/queue/join*", lambda route: held.append(route))
    card(collect, "dog").click()
    collect.get_by_role("button", name="Take photos").click()
    shots = collect.get_by_role("radiogroup", name="Class the shots go to")
    expect(shots.get_by_role("radio", name="dog 1")).to_be_checked()
    expect(collect.get_by_text("1 photo taken")).to_be_visible()
    assert counts(project) == {"cat": 0, "dog": 1}
    for route in held:
        route.continue_()
    collect.unroute_all(behavior="ignoreErrors")
    expect(card(collect, "dog", "1 photo")).to_be_visible()


def test_the_space_bar_takes_a_photo(collect: Page, project: Project) -> None:
    way(collect, "Camera")
    collect.get_by_role("button", name="Use the camera").click()
    view = collect.get_by_label("What the camera sees")
    expect(view).to_have_js_property("videoWidth", 1280)
    collect.keyboard.press(" ")
    expect(card(collect, "cat", "1 photo")).to_be_visible()
    collect.get_by_role("button", name="Close the camera").click()
    expect(collect.get_by_role("button", name="Use the camera")).to_be_visible()


def test_the_next_step_waits_for_photos(collect: Page, project: Project, tmp_path: Path) -> None:
    collect.get_by_role("button", name="Look through them").click()
    expect(collect.get_by_text("Add some photos first")).to_be_visible()
    collect.get_by_label("Photos or archives").set_input_files(written(tmp_path, "1.jpg"))
    expect(card(collect, "cat", "1 photo")).to_be_visible()
    collect.get_by_role("button", name="Look through them").click()
    expect(collect.get_by_role("option", name="1.jpg, cat")).to_be_visible()
