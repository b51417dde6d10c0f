"""A real app in a process of its own, and a real Chromium to look at it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.check import find_chromium
from tests.fakes.app import told
from tests.fakes.services import FakeServices

try:
    from playwright.sync_api import (
        Browser,
        BrowserContext,
        BrowserType,
        ConsoleMessage,
        Error,
        Page,
        expect,
        sync_playwright,
    )
except ImportError as error:
    raise ImportError(
        "The browser tests need Playwright. Install what the tests need, as the README says."
    ) from error

PAGE_PATIENCE = 120_000
"""Milliseconds that a page may take: room on a busy machine, as this finds what hangs."""
TRAINING = 240_000
"""Milliseconds that a training may take, converting the network included."""
ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
START = "from nocode_classifier.main import run; run({host!r}, {port}, open_browser=False)"


@dataclass(frozen=True)
class RunningApp:
    """An app that runs in a process of its own."""

    address: str
    home: Path
    process: subprocess.Popen[bytes]


@contextmanager
def running_app(
    home: Path, fakes: FakeServices | None = None, host: str = "127.0.0.1"
) -> Iterator[RunningApp]:
    """Start the app on a free port, with its projects in `home`; end it afterwards.

    Args:
        home: where it keeps its projects.
        fakes: services that it asks instead of the real ones.
        host: where it listens.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # The cache is that of the whole session (tests/conftest.py): the network is converted once.
    environment = {**os.environ, "NOCODE_CLASSIFIER_HOME": str(home)}
    start = ["-c", START.format(host=host, port=port)]
    if fakes is not None:
        start = ["-m", "tests.fakes.app", str(port), told(fakes)]
    process = subprocess.Popen([sys.executable, *start], env=environment, cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process)
        yield RunningApp(address, home, process)
    finally:
        process.terminate()
        process.wait(30)


def wait_for(address: str, app: subprocess.Popen[bytes], seconds: float = 120) -> None:
    """Wait until the page answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert app.poll() is None, "the app ended while it was starting"
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the app did not answer within {seconds} seconds")


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """One app for all tests that don't mind the projects of others."""
    with running_app(tmp_path_factory.mktemp("app") / "home") as app:
        yield app


@pytest.fixture(scope="session")
def app_home(shared_app: RunningApp) -> Path:
    """Where the shared app keeps its projects; a test may put some there itself."""
    return shared_app.home


@pytest.fixture(scope="session")
def app_address(shared_app: RunningApp) -> str:
    """The address of the shared app."""
    return shared_app.address


@pytest.fixture
def fresh_app(tmp_path: Path) -> Iterator[RunningApp]:
    """An app of the test's own, started for the first time: it has no project yet.

    Ask for it before `page`, so that the page is closed before the app is.
    """
    with running_app(tmp_path / "fresh" / "home") as app:
        yield app


@pytest.fixture(scope="session")
def fake_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeServices]:
    """Services that find photos, made up here; the photos take a moment each."""
    with FakeServices(tmp_path_factory.mktemp("fakes"), delay=0.1) as services:
        yield services


@pytest.fixture(scope="session")
def finding_app(
    tmp_path_factory: pytest.TempPathFactory, fake_services: FakeServices
) -> Iterator[RunningApp]:
    """One app that searches the fake services, for all tests that search."""
    with running_app(tmp_path_factory.mktemp("finding") / "home", fake_services) as app:
        yield app


@pytest.fixture
def fakes(fake_services: FakeServices) -> Iterator[FakeServices]:
    """The services of `finding_app`, as if nobody had asked them yet."""
    fake_services.photos.asked.clear()
    yield fake_services
    fake_services.photos.change = lambda reply: reply
    fake_services.web.unblock()
    fake_services.openverse.unblock()


def launch(kind: BrowserType, *options: str) -> Browser:
    """Start a Chromium, with options of its command line."""
    return kind.launch(executable_path=find_chromium(), args=[*CHROMIUM, *options])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of the system where there is one, else the one Playwright installed."""
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright.chromium)
        except Error as error:
            pytest.fail(
                "The browser tests need a Chromium, and none could be started. Install one with "
                f"the system's package manager, or with `playwright install chromium`. ({error})"
            )
        expect.set_options(timeout=PAGE_PATIENCE)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def everyday(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that was here before: it has the page's scripts, and has compiled them.

    That halves what opening the app takes. The app itself keeps nothing but what is kept for one
    window, until that is closed.
    """
    with chromium.new_context() as context:
        context.set_default_timeout(PAGE_PATIENCE)
        yield context


@pytest.fixture
def new_page(chromium: Browser, everyday: BrowserContext) -> Iterator[Callable[..., Page]]:
    """Opens windows; an error in a script of any of them, or on its console, fails the test.

    The first one is of the everyday browser, unless a `stranger` is asked for, who was never here;
    each of the others is of another browser.
    """
    contexts, errors = [everyday], []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    def opened(width: int = 1280, height: int = 800, *, stranger: bool = False) -> Page:
        if stranger or everyday.pages:
            contexts.append(chromium.new_context())
            contexts[-1].set_default_timeout(PAGE_PATIENCE)
        window = contexts[-1].new_page()
        window.set_viewport_size({"width": width, "height": height})
        window.on("pageerror", lambda error: errors.append(str(error)))
        window.on("console", heard)
        return window

    yield opened
    for window in everyday.pages:
        window.close()
    everyday.clear_cookies()
    for context in contexts[1:]:
        context.close()
    assert not without_leaving(errors)


def without_leaving(errors: list[str]) -> list[str]:
    """Errors but those that Gradio logs when a page is left or reloaded while it asks."""
    if not any(error.startswith("AbortError") for error in errors):
        return errors
    return [e for e in errors if "AbortError" not in e and "Connection errored out" not in e]


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One window, as wide as a laptop's screen."""
    return new_page()
