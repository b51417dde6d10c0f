"""How long from the command to a page one can use, in a real Chromium, and what it takes then."""

from __future__ import annotations

import os
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.machine import LONGEST, opened_app
from benchmarks.rows import Row, Section, at_most, told
from benchmarks.setting import Setting
from nocode_classifier.project.library import Library
from tests.check import find_chromium

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
    home = str(setting.work / f"home-{turn}")
    with browser.new_page() as page:
        began = time.perf_counter()
        with opened_app({**setting.environment, "NOCODE_CLASSIFIER_HOME": home}) as app:
            page.goto(app.address)
            page.get_by_role("button", name=MAIN_BUTTON).wait_for(timeout=1000 * LONGEST)
            return time.perf_counter() - began


def _leave_open(setting: Setting, browser: Any) -> Row:
    """The processor time of the app and of its page while a project is open and nothing happens."""
    seconds = 5.0 if setting.quick else 30.0
    home = setting.work / "idle"
    project = Library(home).create("Birds", ["robin", "wren"])
    environment = {**setting.environment, "NOCODE_CLASSIFIER_HOME": str(home)}
    with browser.new_page() as page, opened_app(environment) as app:
        page.goto(f"{app.address}/?project={project.id}&step=2")
        page.get_by_role("button", name="Next: add photos").wait_for(timeout=1000 * LONGEST)
        time.sleep(SECONDS_TO_SETTLE)
        before = _seconds_used(app.number), _seconds_used_by(browser)
        time.sleep(seconds)
        served, drawn = _seconds_used(app.number) - before[0], _seconds_used_by(browser) - before[1]
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
