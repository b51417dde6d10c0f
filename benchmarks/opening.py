"""How long from the command to a page one can use, in a real Chromium, and what it takes then."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.machine import start_app
from benchmarks.rows import Row, Section, at_most, told
from benchmarks.setting import Setting
from nocode_classifier.project.library import Library
from tests.check import find_chromium

LONGEST = 60.0
PAUSE = 0.02
SECONDS_TO_SETTLE = 5.0
MAIN_BUTTON = "Create project"


def measure(setting: Setting) -> Section:
    """Start the app a few times, each with a new home, and wait for the main button; then leave
    a project open in it and look what that takes while nobody does anything."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium())
        seconds = [_open_once(setting, browser, turn) for turn in range(setting.times(3))]
        idle = _leave_open(setting, browser)
        browser.close()
    note = f"median of {len(seconds)}, the slowest {max(seconds):.1f} s; browser already running"
    return Section((at_most("command to a usable first page", median(seconds), 5, "s", note), idle))


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


def _leave_open(setting: Setting, browser: Any) -> Row:
    """The processor time of the app and of its page while a project is open and nothing happens."""
    port, seconds = _free_port(), 5.0 if setting.quick else 30.0
    home = setting.work / "idle"
    project = Library(home).create("Birds", ["robin", "wren"])
    app = start_app(
        ["--no-browser", "--port", str(port)],
        {**setting.environment, "NOCODE_CLASSIFIER_HOME": str(home)},
    )
    page = browser.new_page()
    try:
        _wait_for(port, app)
        page.goto(f"http://127.0.0.1:{port}/?project={project.id}&step=2")
        page.get_by_role("button", name="Next: add photos").wait_for(timeout=1000 * LONGEST)
        time.sleep(SECONDS_TO_SETTLE)
        before = _seconds_used(app.pid), _seconds_used_by(browser)
        time.sleep(seconds)
        served, drawn = _seconds_used(app.pid) - before[0], _seconds_used_by(browser) - before[1]
    finally:
        page.close()
        app.terminate()
        app.wait(LONGEST)
    found = f"{served / seconds:.1%} of a core, its page {drawn / seconds:.1%}"
    return told("the app open and idle", found, f"a project open for {seconds:.0f} s")


def _seconds_used(number: int) -> float:
    """Of the processor, by a process (Linux only)."""
    words = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _seconds_used_by(browser: Any) -> float:
    """Of the processor, by all processes of a browser."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return float(sum(process["cpuTime"] for process in processes))


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
