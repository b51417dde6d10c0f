"""Projects and the names of classes, in a real Chromium."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Browser, Locator, Page, Route, expect

from nocode_classifier.project.library import Library
from tests.browser.conftest import RunningApp

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


def test_a_first_start_invites_and_leads_from_a_name_to_the_photos(
    fresh_app: RunningApp, page: Page
) -> None:
    page.goto(fresh_app.address)
    expect(page.get_by_role("heading", name="Teach your computer")).to_be_visible()
    page.get_by_label("Name of the new project").fill("Pets")
    page.get_by_role("button", name="Create project").click()
    expect(page.get_by_text("Name at least two things")).to_be_visible()
    add_class(page, "cat")
    expect(page.get_by_text("One more is needed")).to_be_visible()
    add_class(page, "dog")
    page.get_by_role("button", name="Next: add photos").click()
    current = page.get_by_role("navigation", name="Steps").locator("[aria-current=step]")
    expect(current).to_contain_text("Collect")
    expect(page).to_have_url(re.compile("step=3"))


def test_a_name_that_was_typed_but_not_added_is_not_lost_by_going_on(
    page: Page, app_address: str, project: str
) -> None:
    page.goto(f"{app_address}/?project={project}&step=2")
    page.get_by_label("Name of a new class").fill("thrush")
    page.get_by_role("button", name="Next: add photos").click()
    expect(page.get_by_label("Name of the class thrush")).to_be_visible()


def test_a_double_click_makes_one_project(fresh_app: RunningApp, page: Page) -> None:
    page.goto(fresh_app.address)
    page.get_by_role("button", name="Create project").dblclick()
    expect(page.get_by_label("Name of a new class")).to_be_visible()
    page.get_by_role("button", name="Projects", exact=True).click()
    expect(page.get_by_role("article")).to_have_count(1)


def test_a_template_brings_its_classes_and_hints(page: Page, app_address: str) -> None:
    page.goto(app_address)
    page.get_by_role("button", name="Teddy, grizzly or black bear").click()
    expect(named(page)).to_have_count(3)
    expect(page.get_by_label("Hint 1 for teddy bear")).to_have_value("Safe to hug.")


def test_a_project_is_renamed_duplicated_binned_and_brought_back(
    page: Page, app_address: str, app_home: Path
) -> None:
    Library(app_home).create("Birds", ["robin"])
    page.goto(app_address)
    card(page, "Birds").get_by_label("More about Birds").click()
    page.get_by_label("New name for Birds").fill("Garden birds")
    page.keyboard.press("Enter")
    choose(page, "Garden birds", "Duplicate")
    expect(card(page, "Garden birds (copy)")).to_be_visible()
    choose(page, "Garden birds", "Delete")
    expect(card(page, "Garden birds")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(card(page, "Garden birds")).to_be_visible()


def test_an_exported_project_is_imported_again(
    page: Page, app_address: str, app_home: Path, tmp_path: Path
) -> None:
    Library(app_home).create("Travelling", ["near", "far"])
    page.goto(app_address)
    card(page, "Travelling").get_by_label("More about Travelling").click()
    with page.expect_download() as download:
        card(page, "Travelling").get_by_role("link", name="Export").click()
    assert download.value.suggested_filename == "Travelling.nocode"
    download.value.save_as(tmp_path / "travelling.nocode")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import a project").click()
    chooser.value.set_files(tmp_path / "travelling.nocode")
    expect(page).to_have_url(re.compile("project="))
    assert [info.name for info in Library(app_home).projects()].count("Travelling") == 2


def test_classes_are_renamed_removed_and_brought_back(
    page: Page, app_address: str, project: str
) -> None:
    page.goto(f"{app_address}/?project={project}&step=2")
    page.get_by_label("Name of the class robin").fill("red robin")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name of the class red robin")).to_be_visible()
    page.get_by_label("Remove the class wren").click()
    expect(named(page)).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Name of the class wren")).to_be_visible()


def test_a_name_that_is_taken_is_put_back_with_a_sentence(
    page: Page, app_address: str, project: str
) -> None:
    page.goto(f"{app_address}/?project={project}&step=2")
    field = page.get_by_label("Name of the class robin")
    field.fill("WREN")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("already a class 'wren'")
    expect(field).to_have_value("robin")


def test_a_sentence_survives_a_drawing_that_was_begun_before_it(
    page: Page, app_address: str, app_home: Path, project: str
) -> None:
    page.goto(f"{app_address}/?project={project}&step=2")
    expect(named(page)).to_have_count(2)
    page.wait_for_timeout(2_000)  # until the drawings of opening the page are all there
    drawings = re.compile("/run/predict")
    held: list[tuple[Route, APIResponse]] = []
    page.route(drawings, lambda route: held.append((route, route.fetch())))
    with page.expect_request(drawings):  # what is drawn now doesn't arrive yet
        Library(app_home).open(project).add_class("thrush")
    field = page.get_by_label("Name of the class robin")
    field.fill("WREN")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("already a class 'wren'")
    page.route(drawings, lambda route: route.continue_())
    for route, response in held:
        route.fulfill(response=response)
    page.wait_for_timeout(1_000)
    expect(page.get_by_role("alert")).to_contain_text("already a class 'wren'")
    expect(page.get_by_label("Name of the class thrush")).to_be_visible()


def test_a_reload_comes_back_to_the_same_step(page: Page, app_address: str, project: str) -> None:
    page.goto(f"{app_address}/?project={project}&step=2")
    expect(named(page)).to_have_count(2)
    expect(page).to_have_title("Name · Garden · No-code Classifier")
    page.reload()
    expect(named(page)).to_have_count(2)
    expect(page).to_have_url(re.compile(f"project={project}"))


def go(page: Page, step: str) -> None:
    page.get_by_role("navigation", name="Steps").get_by_role("button", name=step).click()
    expect(page).to_have_title(re.compile(f"^{step}"))


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["laptop", "phone"])
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


def test_two_windows_see_each_others_changes(
    new_page: Callable[..., Page], app_address: str, project: str
) -> None:
    first, second = new_page(), new_page(390, 844)
    for window in (first, second):
        window.goto(f"{app_address}/?project={project}&step=2")
        expect(named(window)).to_have_count(2)
    add_class(first, "thrush")
    expect(second.get_by_label("Name of the class thrush")).to_be_visible()


def test_a_project_deleted_in_another_window_is_told_calmly(
    page: Page, app_address: str, app_home: Path, project: str
) -> None:
    page.goto(f"{app_address}/?project={project}&step=2")
    expect(named(page)).to_have_count(2)
    Library(app_home).bin(project)
    expect(page.get_by_text("This project was deleted")).to_be_visible()
    expect(page.get_by_role("button", name="Create project")).to_be_visible()
    page.get_by_label("Close this message").click()
    expect(page.get_by_text("This project was deleted")).to_be_hidden()


def test_an_address_of_a_project_that_is_gone_leads_to_the_list(
    page: Page, app_address: str
) -> None:
    page.goto(f"{app_address}/?project=nothere&step=4")
    expect(page.get_by_text("not there any more")).to_be_visible()
    expect(page.get_by_role("button", name="Create project")).to_be_visible()


def test_names_are_shown_as_text_and_never_run(
    page: Page, app_address: str, app_home: Path
) -> None:
    name = "<img src=x onerror=document.title='run'> ${1} {{value}}"
    project = Library(app_home).create(name, [name])
    page.goto(f"{app_address}/?project={project.id}&step=2")
    expect(named(page)).to_have_value(name)
    expect(page.get_by_role("banner")).to_contain_text(name)
    expect(page).to_have_title(f"Name · {name} · No-code Classifier")


def test_ctrl_c_ends_the_app_at_once_though_a_page_is_open(
    fresh_app: RunningApp, chromium: Browser
) -> None:
    window = chromium.new_page()
    window.goto(fresh_app.address)
    expect(window.get_by_role("button", name="Create project")).to_be_visible()
    fresh_app.process.send_signal(signal.SIGINT)
    assert fresh_app.process.wait(30) in (0, -signal.SIGINT)
    window.close()
