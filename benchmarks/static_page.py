"""The page that runs by itself, in a real Chromium: sizes, first answer, live camera, agreement.

Answers are compared on every test photo of two sets. The page is asked by its own `engine.js`,
which is what its buttons ask, too.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.machine import MEGABYTE, alone
from benchmarks.photos import in_folder, make_views
from benchmarks.rows import Row, Section, at_most, share, told
from benchmarks.setting import Setting
from nocode_classifier.learn.from_folder import train_folder
from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.share.static.graph import CHOICES, Weights
from nocode_classifier.share.static.static_page import StaticPage, write_static_page
from tests.check import find_chromium
from tests.fakes.static_host import ISOLATED, StaticHost
from tests.web_runtime import have_runtime

SETS = ("hotdog", "sign-digits")
MOST: dict[Weights, float] = {"full": 36, "half": 20, "light": 20}
TOLERANCE: dict[Weights, float] = {"full": 0.001, "half": 0.05, "light": 0.05}
SAME: dict[Weights, float] = {"full": 1, "half": 0.99, "light": 0.99}
LONGEST = 120_000
LIVE_SECONDS = 20.0
OPTIONS = (
    "--disable-gpu",
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
ASK = """async (input) => {
  const { lookAtFile } = await import(new URL("engine.js", location.href));
  const found = [];
  for (const file of input.files) {
    const began = performance.now();
    const { probabilities } = await lookAtFile(file);
    found.push([performance.now() - began, ...probabilities]);
  }
  return found;
}"""
PROBE = """() => document.body.append(
  Object.assign(document.createElement("input"), { type: "file", multiple: true, id: "probe" }))"""


@dataclass(frozen=True)
class Pages:
    """One model, its pages by weights, and how long each took to write, in seconds."""

    model: Path
    pages: dict[Weights, StaticPage]
    seconds: list[float]


def measure(setting: Setting) -> Section:
    """All of it, with the models of two sets."""
    work = setting.work
    (work / "npm").mkdir()
    runtime = have_runtime(setting.cache, work / "npm")
    made = {which: alone(_make, setting, which, runtime) for which in SETS}
    rows = _sizes(made)
    with _chromium() as browser:
        rows += _first_answer(browser, setting, made["hotdog"].pages["full"])
        rows += _live(browser, made["hotdog"].pages["full"], setting)
        for which in SETS:
            photos = in_folder(setting.photos / which / "test")
            rows += _agreement(browser, made[which], photos[: 40 if setting.quick else None], which)
    return Section(tuple(rows))


def _make(setting: Setting, which: str, runtime: Path) -> Pages:
    work = setting.work / which
    model = train_folder(setting.photos / which / "train", work / "model", setting.cache).trained
    pages: dict[Weights, StaticPage] = {}
    seconds = []
    for choice in CHOICES:
        began = time.perf_counter()
        pages[choice.key] = write_static_page(
            model.folder, work / choice.key, weights=choice.key, title=which, runtime=runtime
        )
        seconds.append(time.perf_counter() - began)
    return Pages(model.folder, pages, seconds)


def _sizes(made: dict[str, Pages]) -> list[Row]:
    rows = []
    for choice in CHOICES:
        biggest = max(one.pages[choice.key].bytes for one in made.values()) / MEGABYTE
        what = f"page, {choice.key} weights, all files"
        rows.append(at_most(what, biggest, MOST[choice.key], "MB", "the larger of two models"))
    seconds = [each for one in made.values() for each in one.seconds]
    return [*rows, told("writing a page", f"{median(seconds):.1f} s", "not proven yet")]


@contextmanager
def _chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*OPTIONS])
        yield browser
        browser.close()


def _first_answer(browser: Any, setting: Setting, page: StaticPage) -> list[Row]:
    """From the address to the answer about a photo that was chosen as soon as that is possible."""
    (photo,) = make_views(in_folder(setting.photos / "hotdog" / "test"), setting.work / "one", 1)
    first, second = [], []
    for _ in range(setting.times(3)):
        context = browser.new_context()
        with StaticHost(page.folder) as host:
            first.append(_answer_once(context.new_page(), host.address, photo))
            window = context.pages[0]
            window.get_by_text("Works without a connection, too.").wait_for(timeout=LONGEST)
            second.append(_answer_once(context.new_page(), host.address, photo))
        context.close()
    what = "page, first answer from loopback"
    note = f"median of {len(first)}; an empty browser cache, a photo chosen at once"
    return [
        at_most(f"{what}, first visit", median(first), 4, "s", note),
        told(f"{what}, later visits", f"{median(second):.2f} s", "files kept by the browser"),
    ]


def _answer_once(window: Any, address: str, photo: Path) -> float:
    began = time.perf_counter()
    window.goto(address)
    window.get_by_role("button", name="Choose a photo").wait_for(timeout=LONGEST)
    window.get_by_label("Photos to look at").set_input_files(photo)
    window.locator(".verdict").wait_for(timeout=LONGEST)
    return time.perf_counter() - began


def _live(browser: Any, page: StaticPage, setting: Setting) -> list[Row]:
    """Looks a second, on a host without and with the headers for several cores."""
    plain, memory = _looks_a_second(browser, page, None, setting)
    isolated, _ = _looks_a_second(browser, page, ISOLATED, setting)
    least = "≥ 10 a second"
    what = "page, live camera (Chromium's fake device, 640×480)"
    note = "from a first visit to a plain host; drawn without a graphics card"
    return [
        Row(what, least, f"{plain:.1f} a second", plain >= 10, note),
        Row("the same, host that isolates", least, f"{isolated:.1f} a second", isolated >= 10, ""),
        told("page, memory of its process while live", f"{memory:.0f} MB"),
    ]


def _looks_a_second(
    browser: Any, page: StaticPage, headers: dict[str, str] | None, setting: Setting
) -> tuple[float, float]:
    context = browser.new_context()
    with StaticHost(page.folder, headers) as host:
        window = context.new_page()
        window.goto(host.address)
        window.locator("html[data-ready]").wait_for(timeout=LONGEST, state="attached")
        window.get_by_role("button", name="Camera").click()
        stage = window.locator("#stage[data-looks]")
        stage.wait_for(timeout=LONGEST)
        window.wait_for_timeout(3000)
        before, began = int(stage.get_attribute("data-looks")), time.perf_counter()
        window.wait_for_timeout(1000 * (4.0 if setting.quick else LIVE_SECONDS))
        looks = int(stage.get_attribute("data-looks")) - before
        passed = time.perf_counter() - began
        memory = _biggest_renderer()
    context.close()
    return looks / passed, memory


def _biggest_renderer() -> float:
    """Memory that the largest page process of this machine's Chromiums has for itself, MB."""
    sizes = [0.0]
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"--type=renderer" in (folder / "cmdline").read_bytes():
                pages = (folder / "statm").read_text().split()
                own = int(pages[1]) - int(pages[2])
                sizes.append(own * os.sysconf("SC_PAGE_SIZE") / MEGABYTE)
        except OSError:
            continue
    return max(sizes)


def _agreement(browser: Any, made: Pages, photos: Sequence[Path], which: str) -> list[Row]:
    predictor = Predictor(made.model)
    answers = [predictor.predict(photo).probabilities for photo in photos]
    own = np.array([[one[name] for name in predictor.classes] for one in answers])
    rows = []
    for choice in CHOICES:
        took, found = _ask(browser, made.pages[choice.key], photos)
        same = int((found.argmax(axis=1) == own.argmax(axis=1)).sum())
        worst = float(np.abs(found - own).max())
        what = f"page against the app, {which}/test, {choice.key} weights"
        limit = TOLERANCE[choice.key]
        rows += [
            share(f"{what}: same label", same, len(photos), SAME[choice.key]),
            Row(f"{what}: largest difference", f"≤ {limit:g}", f"{worst:.6f}", worst <= limit),
        ]
        if choice.key == "full":
            rows.append(told(f"page, a photo of {which}/test", f"{took:.0f} ms", "one thread"))
    return rows


def _ask(
    browser: Any, page: StaticPage, photos: Sequence[Path]
) -> tuple[float, npt.NDArray[np.float64]]:
    """Milliseconds a photo, and probabilities [photos, classes]."""
    context = browser.new_context()
    with StaticHost(page.folder) as host:
        window = context.new_page()
        window.set_default_timeout(10 * LONGEST)
        window.goto(host.address)
        window.locator("html[data-ready]").wait_for(state="attached")
        window.evaluate(PROBE)
        window.locator("#probe").set_input_files(list(photos))
        found = np.array(window.locator("#probe").evaluate(ASK, timeout=10 * LONGEST))
    context.close()
    return float(np.median(found[:, 0])), found[:, 1:]
