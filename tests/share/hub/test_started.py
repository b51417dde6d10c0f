"""What the Hub stored is started and asked: it answers as the app does."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.project.library import Library
from nocode_classifier.share.browser import find_browser
from nocode_classifier.share.exporter import ExportAnswer, Subject
from nocode_classifier.share.hub.account import Account
from nocode_classifier.share.hub.kinds import GRADIO, STATIC, ZERO_GPU, SpaceKind, Visibility
from nocode_classifier.share.hub.making import exporter_for, maker
from nocode_classifier.share.hub.plan import plan
from nocode_classifier.share.hub.publishing import publish
from nocode_classifier.share.subjects import subject_of
from tests.drawing import draw_folder
from tests.elsewhere import elsewhere
from tests.fakes.hub import FakeHub
from tests.learning import NewShapes


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, new_shapes: NewShapes) -> Subject:
    """Circles and stripes."""
    library = Library(tmp_path_factory.mktemp("published") / "home")
    return subject_of(new_shapes(library, "Round or straight"))


def stored(kind: SpaceKind, subject: Subject, hub: FakeHub, account: Account, place: Path) -> Path:
    """Publish it, and take out what the Hub has of it."""
    hub.people["ada"].pro = True
    place.mkdir()
    make = maker(subject, kind)
    planned = plan(subject, "ada/shapes", Visibility.PUBLIC, kind, make=make, into=place / "plan")
    assert publish(planned, account).running
    return hub.check_out("ada/shapes", place / "stored")


def answers_of(subject: Subject, photos: list[Path]) -> list[tuple[str, bool]]:
    predictor = Predictor(subject.trained())
    return [(answer.label, answer.sure) for answer in map(predictor.predict, photos)]


@pytest.mark.gate
@pytest.mark.usefixtures("web_runtime")
@pytest.mark.parametrize(
    "kind",
    [pytest.param(STATIC, marks=pytest.mark.browser), GRADIO],
    ids=lambda kind: kind.key,
)
def test_what_was_stored_answers_as_the_app(
    kind: SpaceKind, trained: Subject, hub: FakeHub, ada: Account, tmp_path: Path
) -> None:
    folder = stored(kind, trained, hub, ada, tmp_path / "publishing")
    photos = sorted(draw_folder(tmp_path / "new", {"circle": 3, "stripes": 3}).rglob("*.jpg"))
    place = tmp_path / "asking"
    place.mkdir()
    asked = exporter_for(kind).ask(folder, trained, photos, place, should_stop=lambda: False)
    answers = [answer for answer in asked if isinstance(answer, ExportAnswer)]
    assert [(each.label, each.sure) for each in answers] == answers_of(trained, photos)


def visit(browser: Path, address: str, photo: Path) -> tuple[bool, str]:
    """Whether the page may use several threads, and what it says of a photo."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page()
        page.goto(address)
        isolated = bool(page.evaluate("crossOriginIsolated"))
        page.locator("input[type=file]").first.set_input_files(photo)
        answer = page.get_by_text("sure that this is")
        answer.wait_for()
        said = answer.inner_text()
        chromium.close()
    return isolated, said


@pytest.mark.gate
@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.usefixtures("web_runtime")
def test_a_visitor_asks_the_published_page(
    trained: Subject, hub: FakeHub, ada: Account, tmp_path: Path
) -> None:
    folder = stored(STATIC, trained, hub, ada, tmp_path / "publishing")
    photo = next(draw_folder(tmp_path / "new", {"stripes": 1}).rglob("*.jpg"))
    browser = find_browser()
    assert browser is not None
    isolated, said = elsewhere(lambda: visit(browser, hub.served("ada/shapes"), photo))
    # The README asked for the headers that allow several threads.
    assert isolated
    assert "stripes" in said
    assert (folder / "README.md").read_text(encoding="utf-8").startswith("---\ntitle: ")


@pytest.mark.gate
def test_on_zero_gpu_the_hub_finds_the_function_it_demands(
    trained: Subject, hub: FakeHub, ada: Account, tmp_path: Path
) -> None:
    folder = stored(ZERO_GPU, trained, hub, ada, tmp_path / "publishing")
    assert "@spaces.GPU" in (folder / "app.py").read_text()
    assert hub.spaces["ada/shapes"].hardware == "zero-a10g"
