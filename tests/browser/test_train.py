"""Training in a real Chromium: what to choose, seeing it learn, going back to an earlier model."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from nocode_classifier.check.findings import is_current, mislabelled, stored_findings
from nocode_classifier.check.model_check import model_check
from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.ui import training_choices as choices
from tests.browser.conftest import TRAINING, RunningApp
from tests.drawing import draw_folder, save_photos
from tests.patience import wait_until

pytestmark = pytest.mark.browser

SHAPES = ("circle", "stripes")
KEEPING = re.compile("/component_server")


@pytest.fixture
def project(shared_app: RunningApp, tmp_path: Path) -> Project:
    project = Library(shared_app.home).create("Shapes")
    folder = draw_folder(tmp_path / "drawn", dict.fromkeys(SHAPES, 8))
    add_photos(project, from_folder(folder), class_id=None)
    return project


@pytest.fixture
def training(page: Page, shared_app: RunningApp, project: Project) -> Page:
    page.goto(f"{shared_app.address}/?project={project.id}&step=5")
    expect(page.get_by_role("button", name="Train now")).to_be_visible()
    return page


def finetuning(page: Page) -> Locator:
    return page.get_by_role("switch", name=re.compile("^Fine-tune the network"))


def unfold(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^More choices")).click()


def choose_finetuning(page: Page) -> None:
    unfold(page)
    finetuning(page).click()
    expect(finetuning(page)).to_be_checked()


def press(page: Page, label: str, value: str) -> None:
    """Fill in a field, and leave it."""
    page.get_by_label(label).fill(value)
    page.get_by_label(label).press("Tab")


def test_choices_are_kept_in_the_order_of_the_presses_and_training_takes_the_last(
    training: Page, project: Project
) -> None:
    page = training.get_by_role("tabpanel")
    assert page.get_by_role("button").all_inner_texts() == ["Train now", "More choices", "Download"]
    for word in ("Learning rate", "Network", "epochs"):
        expect(page.get_by_text(word).first).to_be_hidden()

    choose_finetuning(training)
    press(training, "Learning rate", "fast")
    said = training.get_by_role("alert")
    expect(said).to_contain_text("'fast' can't be read as a learning rate")
    press(training, "Learning rate", "0.01")
    expect(said).to_be_hidden()
    press(training, "Rounds", "7")
    expect(training.get_by_text("7 rounds")).to_be_visible()
    wait_until(lambda: choices.chosen(project).epochs == 7)
    training.reload()
    unfold(training)
    expect(finetuning(training)).to_be_checked()
    expect(training.get_by_label("Rounds")).to_have_value("7")
    training.get_by_role("button", name="Back to the usual choices").click()
    expect(finetuning(training)).not_to_be_checked()
    expect(training.get_by_label("Rounds")).to_be_hidden()
    train_while_a_choice_is_still_being_kept(training, project)


def train_while_a_choice_is_still_being_kept(training: Page, project: Project) -> None:
    """Neither a second choice nor the training overtakes the first."""
    finetuning(training).click()
    wait_until(lambda: choices.chosen(project).mode == "thorough")
    held: list[Route] = []
    asked: list[Request] = []
    order: list[str] = []

    def finished(one: Request) -> None:
        if one in asked:  # not one of before
            order.append("finished")

    def begun(one: Request) -> None:
        if KEEPING.search(one.url):
            asked.append(one)
            order.append("begun")

    training.route(KEEPING, lambda route: held.append(route), times=1)
    training.on("request", begun)
    training.on("requestfinished", finished)
    with training.expect_request(KEEPING):
        press(training, "Rounds", "5")
    finetuning(training).click()
    training.get_by_role("button", name="Train now").click()
    expect(training.get_by_role("button", name="Train now")).to_be_disabled()
    held[0].continue_()
    expect(training.locator(".accuracy")).to_be_visible(timeout=TRAINING)
    assert order == ["begun", "finished"] * 2
    assert choices.chosen(project).mode == project.models.runs()[0].settings["mode"] == "quick"


def test_a_choice_that_is_kept_when_another_window_trains_is_there_afterwards(
    training: Page, project: Project
) -> None:
    choose_finetuning(training)
    wait_until(lambda: choices.chosen(project).mode == "thorough")
    window = training.context.new_page()
    window.goto(training.url)
    training.get_by_label("Rounds").fill("7")
    held: list[Route] = []
    training.route(KEEPING, lambda route: held.append(route))
    with training.expect_request(KEEPING):
        training.get_by_label("Rounds").press("Tab")
    window.get_by_role("button", name="Train now").click()
    expect(training.locator(".training-now")).to_be_visible()
    expect(training.get_by_label("Rounds")).to_be_hidden()
    held[0].continue_()
    wait_until(lambda: choices.chosen(project).epochs == 7)
    window.close()  # it goes on, and whoever comes finds it
    window = training.context.new_page()
    window.goto(training.url)
    # (The bar at the top has a Stop, too, until the step itself shows the training.)
    now = window.locator(".training-now")
    expect(now.get_by_role("progressbar")).to_be_visible()
    now.get_by_role("button", name="Stop").click()
    for page in (training, window):
        expect(page.get_by_text("7 rounds")).to_be_visible(timeout=TRAINING)


@pytest.mark.gate
def test_a_network_is_measured_and_varied_copies_change_with_the_choice(training: Page) -> None:
    training.get_by_role("button", name="More choices").click()
    first = training.locator(".tc-network").first
    expect(first).to_contain_text("EfficientNet-Lite0")
    first.get_by_role("button", name=re.compile("^Measure")).click()
    expect(first.get_by_role("button", name="Measure again")).to_be_enabled(timeout=TRAINING)
    expect(first).to_contain_text("ms a photo")

    finetuning(training).click()
    sheet = training.get_by_role("img", name=re.compile("^Samples of your photos"))
    expect(sheet).to_have_js_property("naturalWidth", 6 * 164 - 4)
    before = sheet.get_attribute("src")
    training.get_by_label("Mirror left and right").click()
    expect(sheet).not_to_have_attribute("src", before or "")
    expect(training.get_by_text("As you chose.")).to_be_visible()
    expect(sheet).to_have_js_property("complete", value=True)
    training.get_by_role("button", name="Let the app choose").click()
    training.get_by_role("button", name="Find out now").click()
    found = re.compile(r"^(Mirror|Turn)\w+ .*(copies|recognised)")
    # The line at the top, which tells what was done, says it too.
    form = training.get_by_role("region", name="How to train")
    expect(form.get_by_text(found)).to_be_visible(timeout=TRAINING)


def test_an_earlier_model_is_used_again_and_learns_by_itself_what_is_changed_under_review(
    training: Page, project: Project
) -> None:
    training.get_by_role("button", name="Train now").click()
    expect(training.locator(".accuracy")).to_be_visible(timeout=TRAINING)
    expect(training.get_by_text("Past trainings")).to_be_hidden()
    first = project.models.folder()
    training.get_by_role("button", name="Train again").click()
    expect(training.get_by_role("heading", name="Past trainings")).to_be_visible(timeout=TRAINING)
    assert project.models.folder() != first
    rows = training.get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(3)
    rows.nth(2).get_by_role("button", name="Use this model").click()
    expect(rows.nth(2)).to_contain_text("In use")
    assert project.models.folder() == first

    switch = training.get_by_role("switch", name="Improve as I go")
    expect(switch).not_to_be_checked()
    switch.click()
    expect(switch).to_be_checked()
    assert project.models.improve_unasked()
    steps = training.get_by_role("navigation", name="Steps")
    steps.get_by_role("button", name="Review").click()
    training.get_by_role("option").first.click()
    training.get_by_role("button", name="Remove", exact=True).click()
    wait_until(lambda: project.models.folder() != first)
    assert not project.models.is_stale()
    steps.get_by_role("button", name="Train").click()
    expect(training.get_by_text(re.compile("of 15 photos it had not"))).to_be_visible()


def put_some_in_the_wrong_class(project: Project, folder: Path) -> None:
    """Twelve more right ones of each class, and three of each in the other."""
    for shape, other in zip(SHAPES, reversed(SHAPES), strict=True):
        for name, seeds in ((shape, range(20, 32)), (other, range(40, 43))):
            save_photos(folder / name, shape, seeds)
            add_photos(project, from_folder(folder / name), class_id=project.class_named(name).id)


@pytest.mark.gate
def test_advice_to_look_through_photos_shows_those_that_look_wrong(
    training: Page, project: Project, tmp_path: Path
) -> None:
    put_some_in_the_wrong_class(project, tmp_path)
    training.get_by_role("button", name="Train now").click()
    training.get_by_role("button", name="Next: check it").click(timeout=TRAINING)
    training.get_by_role("button", name="Look through the photos").click()
    filters = training.get_by_role("navigation", name="Which photos to show")
    doubtful = filters.get_by_role("button", name="Wrong class?")
    expect(doubtful).to_have_attribute("aria-pressed", "true")
    wait_until(lambda: is_current(project))  # the second look, in the background
    check = model_check(project)
    assert check is not None
    found = [answer.sha256 for answer in mislabelled(check, stored_findings(project))]
    tiles = training.get_by_role("listbox", name="Photos").get_by_role("option")
    images = "all => all.map(one => one.src.split('/').pop())"
    wait_until(lambda: tiles.locator("img").evaluate_all(images) == found)
    training.get_by_role("option", name="looks like circle").first.click()
    training.get_by_role("button", name="Move to").click()
    training.get_by_role("menuitem", name="circle").click()
    expect(tiles).to_have_count(len(found) - 1)
    filters.get_by_role("button", name="All").click()
    expect(tiles).to_have_count(46)


def few_rounds(page: Page) -> None:
    """Fine-tuning, but no longer than it takes to see how it goes."""
    choose_finetuning(page)
    page.get_by_label("Rounds").fill("2")
    press(page, "Picture size", "96")
    page.get_by_label("Mirror left and right").click()  # so that nothing has to be found out


@pytest.mark.gate
@pytest.mark.slow
def test_a_finetuning_is_seen_to_learn_and_stopped_changes_nothing(
    training: Page, project: Project
) -> None:
    few_rounds(training)
    training.get_by_role("button", name="Train now").click()
    charts = training.locator(".training-now ~ .curves").get_by_role("img")
    expect(charts.first).to_be_visible(timeout=TRAINING)
    live = re.compile(r"Loss after [12] of 2 rounds")
    expect(charts.first).to_have_attribute("aria-label", live, timeout=TRAINING)
    expect(training.locator(".accuracy")).to_be_visible(timeout=TRAINING)
    expect(training.get_by_text(re.compile("^Training the network"))).to_be_visible()
    expect(training.get_by_role("heading", name="How it learned")).to_be_visible()
    rows = training.get_by_role("table", name="How it learned").get_by_role("row")
    expect(rows).to_have_count(3)
    assert project.models.runs()[0].settings["mode"] == "thorough"

    before = project.models.folder()
    training.get_by_role("button", name="Train again", exact=True).click()
    now = training.locator(".training-now")
    expect(now).to_contain_text(re.compile("network|varied"), timeout=TRAINING)
    now.get_by_role("button", name="Stop").click()
    expect(training.locator(".accuracy")).to_be_visible()
    assert project.models.folder() == before
    history = training.get_by_role("table", name="Past trainings")
    expect(history.get_by_role("row").nth(1)).to_contain_text("Stopped")
    expect(history.get_by_role("row").nth(2)).to_contain_text("In use")
    training.get_by_role("button", name="Add more photos").click()
    expect(training.get_by_role("heading", name="Add photos")).to_be_visible()


@pytest.mark.gate
def test_a_whole_network_learns_before_the_eyes_of_who_asked_for_it(
    training: Page, project: Project
) -> None:
    few_rounds(training)
    training.get_by_label("Let the whole network learn").click()
    training.get_by_role("button", name="Train now").click()
    now = training.locator(".training-now")
    expect(now).to_contain_text("Finding its pace", timeout=TRAINING)
    charts = training.locator(".curves").get_by_role("img")
    expect(charts).to_have_count(2)  # what was seen of the first round stays
    expect(training.locator(".accuracy")).to_be_visible(timeout=TRAINING)
    expect(charts).to_have_count(3)
    chosen = re.compile(r"^It tried \d+ paces from 1e-05 to \S+ and took \S+\.$")
    expect(charts.nth(2)).to_have_attribute("aria-label", chosen)
    comparison = training.locator(".comparison")
    expect(comparison).to_contain_text("Whole network")
    expect(comparison).to_contain_text(project.models.runs()[0].sentence)
    before = project.models.folder()
    training.get_by_role("button", name="Train again").click()
    expect(now).to_contain_text("Finding its pace", timeout=TRAINING)
    now.get_by_role("button", name="Stop").click()
    rows = training.get_by_role("table", name="Past trainings").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Stopped")
    expect(rows.nth(2)).to_contain_text("EfficientNet-Lite0 · 96 pixels · 2 rounds · pace 0.0")
    expect(rows.nth(2)).to_contain_text("In use")
    assert project.models.folder() == before
