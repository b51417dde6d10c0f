"""How long from the command to a page one can use, in a real Chromium."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from statistics import median
from typing import Any

from benchmarks.machine import start_app
from benchmarks.rows import Section, at_most
from benchmarks.setting import Setting

LONGEST = 60.0
PAUSE = 0.02
MAIN_BUTTON = "Create project"


def measure(setting: Setting) -> Section:
    """Start the app a few times, each with a new home, and wait for the main button."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # The system's Chromium where there is one; else the one Playwright installed.
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        seconds = [_open_once(setting, browser, turn) for turn in range(setting.times(3))]
        browser.close()
    note = f"median of {len(seconds)}, the slowest {max(seconds):.1f} s; browser already running"
    return Section((at_most("command to a usable first page", median(seconds), 5, "s", note),))


def _open_once(setting: Setting, browser: Any, turn: int) -> float:
    port = _free_port()
    home = str(setting.work / f"home-{turn}")
    page = browser.new_page()
    began = time.perf_counter()
    app = start_app(
        ["--no-browser", "--port", str(port)],
        {**setting.environment, "NOCODE_CLASSIFIER_HOME": home},
    )
    try:
        _wait_for(port, app)
        page.goto(f"http://127.0.0.1:{port}/")
        page.get_by_role("button", name=MAIN_BUTTON).wait_for(timeout=1000 * LONGEST)
        return time.perf_counter() - began
    finally:
        page.close()
        app.terminate()
        app.wait(LONGEST)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, app: subprocess.Popen[str]) -> None:
    """Until something listens, as a person sees the address printed."""
    until = time.perf_counter() + LONGEST
    while time.perf_counter() < until:
        if app.poll() is not None:
            raise RuntimeError(f"the app ended with {app.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(PAUSE)
    raise RuntimeError("the app did not open")
