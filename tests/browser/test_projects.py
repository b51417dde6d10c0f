"""Projects and the names of classes, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from nocode_classifier.project.library import Library
from tests.patience import wait_until

pytestmark = pytest.mark.browser


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("article", name=name, exact=True)


def choose(page: Page, name: str, action: str) -> None:
    card(page, name).get_by_label(f"More about {name}").click()
    card(page, name).get_by_role("button", name=action).click()


def named(page: Page) -> Locator:
    return page.get_by_label(re.compile("^Name of the class"))


def add_class(page: Page, name: str) -> None:
    page.get_by_label("Name of a new class").fill(name)
    page.keyboard.press("Enter")
    expect(page.get_by_label(f"Name of the class {name}", exact=True)).to_be_visible()


@pytest.fixture
def project(app_home: Path) -> str:
    return Library(app_home).create("Garden", ["robin", "wren"]).id


def test_a_project_is_begun_renamed_duplicated_binned_brought_back_and_sent(
    page: Page, app_address: str, app_home: Path, tmp_path: Path
) -> None:
    before = len(Library(app_home).projects())
    page.goto(app_address)
    page.get_by_role("button", name="Create project").dblclick()
    expect(page.get_by_label("Name of a new class")).to_be_visible()
    page.get_by_role("button", name="Projects", exact=True).click()
    expect(page.get_by_role("article")).to_have_count(before + 1)

    page.get_by_role("button", name="Teddy, grizzly or black bear").click()
    expect(named(page)).to_have_count(3)
    expect(page.get_by_label("Hint 1 for teddy bear")).to_have_value("Safe to hug.")
    expect(page.get_by_label("Add a hint for teddy bear")).to_be_visible()
    expect(page).to_have_url(re.compile("project="))
    bears = Library(app_home).open(parse_qs(urlsplit(page.url).query)["project"][0]).name

    page.get_by_role("button", name="Projects", exact=True).click()
    card(page, bears).get_by_label(f"More about {bears}").click()
    page.get_by_label(f"New name for {bears}").fill("Garden bears")
    page.keyboard.press("Enter")
    choose(page, "Garden bears", "Duplicate")
    expect(card(page, "Garden bears (copy)")).to_be_visible()
    choose(page, "Garden bears", "Delete")
    expect(card(page, "Garden bears")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(card(page, "Garden bears")).to_be_visible()

    file = exported(page, "Garden bears", tmp_path)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import a project").click()
    chooser.value.set_files(file)
    expect(page).to_have_url(re.compile("project="))
    assert [info.name for info in Library(app_home).projects()].count("Garden bears") == 2


def exported(page: Page, name: str, folder: Path) -> Path:
    """Download a project as a file."""
    card(page, name).get_by_label(f"More about {name}").click()
    with page.expect_download() as download:
        card(page, name).get_by_role("link", name="Export").click()
    assert download.value.suggested_filename == f"{name}.nocode"
    download.value.save_as(folder / "project.nocode")
    return folder / "project.nocode"


def test_two_windows_name_classes_and_see_each_others_changes(
    new_page: Callable[..., Page], app_address: str, project: str
) -> None:
    page, other = new_page(), new_page(390, 844)
    for window in (page, other):
        window.goto(f"{app_address}/?project={project}&step=2")
        expect(named(window)).to_have_count(2)
    page.get_by_label("Name of the class robin").fill("red robin")
    page.keyboard.press("Enter")
    expect(other.get_by_label("Name of the class red robin")).to_be_visible()
    page.get_by_label("Remove the class wren").click()
    expect(named(other)).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(other.get_by_label("Name of the class wren")).to_be_visible()
    add_class(other, "thrush")
    expect(page.get_by_label("Name of the class thrush")).to_be_visible()
    other.get_by_label("Name of a new class").fill("magpie")  # typed, but not added
    other.get_by_role("button", name="Next: add photos").click()
    expect(page.get_by_label("Name of the class magpie")).to_be_visible()


def test_a_name_that_is_taken_is_put_back_with_a_sentence_that_outlives_a_drawing_begun_before(
    page: Page, app_address: str, app_home: Path, project: str
) -> None:
    page.goto(f"{app_address}/?project={project}&step=2")
    expect(named(page)).to_have_count(2)
    drawings = re.compile("/run/predict")
    held: list[tuple[Route, APIResponse]] = []
    page.route(drawings, lambda route: held.append((route, route.fetch())))
    Library(app_home).open(project).add_class("thrush")
    while not any("thrush" in response.text() for _, response in held):
        page.wait_for_timeout(20)  # what is drawn now doesn't arrive yet
    field = page.get_by_label("Name of the class robin")
    field.fill("WREN")
    page.keyboard.press("Enter")
    page.route(drawings, lambda route: route.continue_())
    for route, response in held:
        route.fulfill(response=response)
    expect(page.get_by_label("Name of the class thrush")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("already a class 'wren'")
    expect(field).to_have_value("robin")


@pytest.mark.gate
def test_a_list_that_was_drawn_before_a_press_never_comes_after_it(
    page: Page, app_address: str, app_home: Path
) -> None:
    library = Library(app_home)
    library.create("Ponds")
    page.goto(app_address)
    expect(card(page, "Ponds")).to_be_visible()
    drawings = re.compile("/run/predict")
    held: list[tuple[Route, APIResponse]] = []
    page.route(drawings, lambda route: held.append((route, route.fetch())))
    other = library.create("Lakes").id
    while not any(other in response.text() for _, response in held):
        page.wait_for_timeout(20)  # what is drawn now doesn't arrive yet
    page.evaluate("""() => {
      const place = document.querySelector(".projects-page");
      const there = () => !!place.querySelector('[aria-label="Ponds"]');
      window.seen = [there()];
      new MutationObserver(() => there() !== seen.at(-1) && seen.push(there()))
        .observe(place, { childList: true, subtree: true, attributes: true });
    }""")
    choose(page, "Ponds", "Delete")
    wait_until(lambda: "Ponds" in [info.name for info in library.binned()])
    page.route(drawings, lambda route: route.continue_())
    for route, response in held:
        route.fulfill(response=response)
    expect(page.get_by_text("“Ponds” is in the bin.")).to_be_visible()
    expect(card(page, "Ponds")).to_be_hidden()
    assert page.evaluate("window.seen") == [True, False]


def test_a_reload_and_an_address_come_to_what_is_there_and_a_deleted_project_is_told_calmly(
    page: Page, app_address: str, app_home: Path
) -> None:
    name = "<img src=x onerror=document.title='run'> ${1} {{value}}"  # shown as text, never run
    project = Library(app_home).create(name, [name])
    page.goto(f"{app_address}/?project={project.id}&step=2")
    for again in (True, False):
        expect(named(page)).to_have_value(name)
        expect(page.get_by_role("banner")).to_contain_text(name)
        expect(page).to_have_title(f"Name · {name} · No-code Classifier")
        expect(page).to_have_url(re.compile(f"project={project.id}"))
        if again:
            page.reload()

    Library(app_home).bin(project.id)
    expect(page.get_by_text("This project was deleted")).to_be_visible()
    expect(page.get_by_role("button", name="Create project")).to_be_visible()
    page.get_by_label("Close this message").click()
    expect(page.get_by_text("This project was deleted")).to_be_hidden()

    page.goto(f"{app_address}/?project=nothere&step=4")
    expect(page.get_by_text("not there any more")).to_be_visible()
    expect(page.get_by_role("button", name="Create project")).to_be_visible()


def go(page: Page, step: str) -> None:
    page.get_by_role("navigation", name="Steps").get_by_role("button", name=step).click()
    expect(page).to_have_title(re.compile(f"^{step}"))


@pytest.mark.parametrize(
    "size",
    [
        pytest.param((1280, 800), id="laptop"),
        pytest.param((390, 844), id="phone", marks=pytest.mark.gate),
    ],
)
def test_back_leads_to_the_step_before_and_forward_on_again(
    new_page: Callable[..., Page], app_address: str, app_home: Path, size: tuple[int, int]
) -> None:
    first, second = (
        Library(app_home).create(f"{name} {size[0]}", ["a"]) for name in ("1st", "2nd")
    )
    page = new_page(*size)
    page.goto(app_address)
    card(page, first.name).get_by_role("button", name=f"Open {first.name}").click()
    expect(page).to_have_title(re.compile(f"^Name · {first.name}"))
    go(page, "Train")
    go(page, "Name")
    entries = page.evaluate("history.length")
    first.add_class("b")  # what is drawn by itself is no place of its own
    expect(named(page)).to_have_count(2)
    assert page.evaluate("history.length") == entries
    page.go_back()
    expect(page).to_have_title(re.compile("^Train"))
    expect(page.get_by_role("heading", name="Almost there")).to_be_visible()
    page.reload()
    expect(page).to_have_title(re.compile("^Train"))
    page.evaluate("history.go(-2)")
    expect(page.get_by_role("heading", name="Your projects")).to_be_visible()
    card(page, second.name).get_by_role("button", name=f"Open {second.name}").click()
    expect(page).to_have_title(re.compile(f"^Name · {second.name}"))
    page.go_back()
    page.go_forward()
    expect(page).to_have_title(re.compile(f"^Name · {second.name}"))
    expect(page).to_have_url(re.compile(f"step=2&project={second.id}"))
