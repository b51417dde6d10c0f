"""A stronger network in a real Chromium: offered in a sentence, stopped, fetched when agreed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.learn.backbones.availability import stronger_network
from nocode_classifier.project.library import Library
from tests.browser.conftest import RunningApp
from tests.drawing import draw_folder
from tests.fakes.hub import FakeHub

pytestmark = [pytest.mark.browser, pytest.mark.gate]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """What there is to download; nothing of it is here yet."""
    offered = stronger_network(tmp_path)
    assert offered is not None
    with FakeHub() as hub:
        hub.shelf.models[f"timm/{offered.architecture}", "model.safetensors"] = bytes(200_000)
        hub.shelf.pace = 1_000
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        monkeypatch.setenv("NOCODE_CLASSIFIER_CACHE", str(tmp_path / "cache"))
        yield hub


def test_a_stronger_network_is_stopped_and_then_fetched_after_all(
    hub: FakeHub, fresh_app: RunningApp, page: Page, tmp_path: Path
) -> None:
    project = Library(fresh_app.home).create("Shapes")
    folder = draw_folder(tmp_path / "drawn", {"circle": 2, "stripes": 2})
    add_photos(project, from_folder(folder), class_id=None)
    page.goto(f"{fresh_app.address}/?project={project.id}&step=5")
    offer = page.get_by_role("region", name="A stronger network")
    expect(offer).to_contain_text("44 MB to download, once")
    strip = page.locator(".strip")
    offer.get_by_role("button", name="Download").click()
    expect(strip).to_contain_text("Downloading TinyViT-11M")
    expect(page.get_by_role("button", name="Train now")).to_be_disabled()
    strip.get_by_role("button", name="Stop").click()
    expect(strip).to_contain_text("Stopped")
    expect(page.get_by_role("button", name="Train now")).to_be_enabled()

    hub.shelf.pace = None
    offer.get_by_role("button", name="Download").click()
    expect(strip).to_contain_text("TinyViT-11M is here now")
    expect(offer).to_be_hidden()
    page.get_by_role("button", name="More choices").click()
    networks = page.get_by_role("radiogroup", name="Network")
    networks.get_by_text("TinyViT-11M", exact=True).click()
    expect(networks).to_contain_text("Downloaded already.")
    expect(networks).to_contain_text("As in the fastai course")
