"""Sharing a trained classifier in a real Chromium: by link, as files, at a Hub on this computer."""

from __future__ import annotations

import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from gradio.tunneling import BINARY_FILENAME
from playwright.sync_api import Page, expect

from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from tests.browser.conftest import RunningApp, running_app
from tests.drawing import draw_photo
from tests.fakes.hub import FakeHub
from tests.learning import NewShapes
from tests.patience import wait_until

pytestmark = pytest.mark.browser

SLOW = 240_000
SHAPES = ("circle", "stripes")
TUNNEL = Path(__file__).parent.parent / "serve" / "stand_in_tunnel.py"


@pytest.fixture(scope="module")
def hub() -> Iterator[FakeHub]:
    with FakeHub() as hub:
        yield hub


@pytest.fixture(scope="module")
def blocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """While this file is there, the tunnel is refused."""
    return tmp_path_factory.mktemp("tunnel") / "blocked"


@pytest.fixture(scope="module")
def app(
    hub: FakeHub, blocked: Path, backbone_cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningApp]:
    """An app whose Hub and whose tunnel are on this computer."""
    home = tmp_path_factory.mktemp("hf")
    program = home / "gradio" / "frpc" / BINARY_FILENAME
    program.parent.mkdir(parents=True)
    program.write_text(
        f'#!/bin/sh\nif [ -e "{blocked}" ]; then echo "[E] refused"; exit 1; fi\n'
        f'exec {sys.executable} {TUNNEL} "$@"\n'
    )
    program.chmod(0o755)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HF_HOME", str(home))
        environment.setenv("HF_ENDPOINT", hub.address)
        environment.setenv("GRADIO_SHARE_SERVER_ADDRESS", "127.0.0.1:7000")
        environment.delenv("HF_TOKEN", raising=False)
        with running_app(tmp_path_factory.mktemp("app") / "home") as app:
            yield app


@pytest.fixture(scope="module")
def trained(app: RunningApp, new_shapes: NewShapes) -> Project:
    return new_shapes(Library(app.home), "Round or straight?")


def go_to(page: Page, app: RunningApp, project: Project, step: int) -> Page:
    page.goto(f"{app.address}/?project={project.id}&step={step}")
    return page


@pytest.fixture
def sharing(page: Page, app: RunningApp, trained: Project) -> Page:
    go_to(page, app, trained, 8)
    expect(page.get_by_role("tab", name="A link for friends")).to_be_visible()
    return page


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", timeout=60).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.skipif(os.name == "nt", reason="the stand-in tunnel is a script")
def test_a_link_is_open_until_it_is_stopped(sharing: Page) -> None:
    sharing.get_by_role("button", name="Open a link").click()
    field = sharing.get_by_label("Address for others")
    expect(field).to_be_visible(timeout=SLOW)
    address = field.input_value()
    assert answers(address)
    expect(sharing.locator(".sp-code svg").first).to_be_visible()
    expect(sharing.get_by_text("while this app is open on this computer")).to_be_visible()
    sharing.reload()
    expect(sharing.get_by_label("Address for others")).to_have_value(address)
    sharing.get_by_role("button", name="Stop sharing").click()
    expect(sharing.get_by_role("button", name="Open a link")).to_be_visible()
    wait_until(lambda: not answers(address))  # what is being answered is answered yet


@pytest.mark.gate  # Gradio waits half a minute for a tunnel that does not open
@pytest.mark.skipif(os.name == "nt", reason="the stand-in tunnel is a script")
def test_a_tunnel_that_is_blocked_says_so_and_offers_other_ways(
    sharing: Page, blocked: Path
) -> None:
    blocked.touch()
    try:
        sharing.get_by_role("button", name="Open a link").click()
        expect(sharing.get_by_role("alert")).to_contain_text("tunnel", timeout=SLOW)
    finally:
        blocked.unlink()
    sharing.get_by_role("button", name="publish a page", exact=True).click()
    publishing = sharing.get_by_role("tab", name="Publish a page")
    expect(publishing).to_have_attribute("aria-selected", "true")
    sharing.get_by_role("tab", name="A link for friends").click()
    sharing.get_by_role("button", name="Share in my own network").click()
    expect(sharing.get_by_text("Open in your network")).to_be_visible(timeout=SLOW)
    sharing.get_by_role("button", name="Stop sharing").click()
    expect(sharing.get_by_role("button", name="Open a link")).to_be_visible()


def test_a_model_is_exported_and_downloaded(sharing: Page, tmp_path: Path) -> None:
    sharing.get_by_role("tab", name="Take it with you").click()
    with sharing.expect_popup() as report:
        sharing.get_by_role("link", name="Report of how good it is").click()
    expect(report.value.get_by_role("heading", name="Round or straight?")).to_be_visible()
    expect(report.value.get_by_role("heading", name="Confusion matrix")).to_be_visible()
    report.value.close()
    sharing.get_by_role("button", name="Export Model").click()
    expect(sharing.get_by_text("Same answers: 20 of 20", exact=True)).to_be_visible(timeout=SLOW)
    with sharing.expect_download() as download:
        sharing.get_by_role("link", name="Download Model").click()
    assert download.value.suggested_filename == "Round or straight.zip"
    download.value.save_as(tmp_path / "model.zip")
    assert zipfile.ZipFile(tmp_path / "model.zip").testzip() is None


@pytest.mark.gate
@pytest.mark.usefixtures("web_runtime")
def test_a_page_is_looked_at_published_and_published_again(sharing: Page, hub: FakeHub) -> None:
    sharing.get_by_role("tab", name="Publish a page").click()
    sign_in(sharing, hub.add_person("ada"))
    expect(sharing.get_by_label("Name of the page")).to_have_value("round-or-straight")
    sharing.get_by_role("button", name="See what will be public").click()
    expect(sharing.get_by_text("None of your photos will be there.")).to_be_visible(timeout=SLOW)
    assert "ada/round-or-straight" not in hub.spaces
    sharing.get_by_role("button", name="Publish now").click()
    expect(sharing.get_by_text("Your page is on the web")).to_be_visible(timeout=SLOW)
    assert "index.html" in hub.spaces["ada/round-or-straight"].files
    sharing.get_by_role("button", name="Publish again").click()
    sharing.get_by_role("button", name="See what will be public").click()
    expect(sharing.get_by_text("is brought up to date")).to_be_visible(timeout=SLOW)


def sign_in(sharing: Page, token: str) -> None:
    """At the second attempt."""
    sharing.get_by_label("Token", exact=True).fill("hf_wrong")
    sharing.get_by_role("button", name="Sign in", exact=True).click()
    expect(sharing.get_by_role("alert")).to_contain_text("does not know this token")
    sharing.get_by_label("Token", exact=True).fill(token)
    sharing.get_by_role("button", name="Sign in", exact=True).click()
    expect(sharing.get_by_text("Signed in as ada")).to_be_visible()


@pytest.mark.gate
def test_a_hint_is_shown_by_the_next_answer_without_training_again(
    page: Page, app: RunningApp, trained: Project, tmp_path: Path
) -> None:
    copy = Library(app.home).duplicate(trained.id)
    go_to(page, app, copy, 2)
    for name in SHAPES:
        page.get_by_label(f"Add a hint for {name}").fill(f"A remark on {name}.")
        page.get_by_label(f"Add a hint for {name}").press("Enter")
        expect(page.get_by_label(f"Hint 1 for {name}")).to_have_value(f"A remark on {name}.")
    go_to(page, app, copy, 7)
    page.get_by_text("Drop a photo here").wait_for()
    path = tmp_path / "new.jpg"
    for seed in range(900, 910):
        path.write_bytes(draw_photo("stripes", seed))
        page.get_by_label("Photo to try", exact=True).last.set_input_files(path)
        expect(page.locator(".ty-verdict")).to_be_visible()
        if page.get_by_text("A remark on").count():
            break
    expect(page.get_by_text("A remark on")).to_be_visible()
    page.get_by_role("button", name="Next: share it").click()
    expect(page.get_by_role("tab", name="A link for friends")).to_be_visible()
