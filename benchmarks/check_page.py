"""How soon the step Check opens with many photos, and a move is seen, in a real Chromium."""

from __future__ import annotations

from statistics import median
from typing import Any

from benchmarks.machine import LONGEST, opened_app
from benchmarks.rows import Row, at_most, told
from benchmarks.setting import Setting
from nocode_classifier.project.project import Project
from tests.check import find_chromium

TRAIN, TIMES = 5, 5

# From what a person does to the frame that shows what came of it, by the page's own clock.
_WATCH = """() => {
  const frame = () => new Promise(requestAnimationFrame);
  const seen = (css, fits) => [...document.querySelectorAll(css)].some((one) =>
    one.checkVisibility() && fits(one));
  const until = async (began, there) => {
    while (!there()) await frame();
    await frame();
    return (performance.now() - began) / 1000;
  };
  window.timed = new Promise((heard) =>
    addEventListener("%s", ({ timeStamp }) => heard(timeStamp), { capture: true, once: true }),
  ).then((began) => Promise.all([%s].map((there) => until(began, there))));
}"""
_DRAWN = """() => seen(".verdict .accuracy", () => true) && seen("[role=gridcell]", () => true)
  && seen(".ph-tile img", (image) => image.naturalWidth > 0)"""
_LEFT = """() => !seen('.ph-tile[data-id="%s"]', () => true)"""
_KEPT = """() => !seen('.ph-chip[data-view="%s"] .ph-number', (one) => one.textContent === "%s")"""


def measure_page(setting: Setting, project: Project) -> list[Row]:
    """Open the step of a project whose findings are there a few times, then move photos in it."""
    from playwright.sync_api import sync_playwright

    times = setting.times(TIMES)
    with sync_playwright() as playwright, opened_app(setting.environment) as app:
        browser = playwright.chromium.launch(executable_path=find_chromium())
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        address = f"{app.address}/?project={project.id}&step={TRAIN}"
        opened = [_open(page, address) for _ in range(times)]
        moves = [_move(page, project) for _ in range(times)]
        browser.close()
    seen, kept = ([1000 * seconds for seconds in which] for which in zip(*moves, strict=True))
    photos = f"{sum(project.counts().values()):,} photos"
    first = f"the first time {opened[0]:.2f} s, the slowest {max(opened):.2f} s"
    slowest = f"median of {times}, the slowest {max(seen):.0f} ms"
    return [
        at_most(f"the step Check opens, {photos}", median(opened), 1, "s", first),
        at_most("a move is seen there", median(seen), 150, "ms", slowest),
        told("until it is kept and counted", f"{median(kept):.0f} ms"),
    ]


def _open(page: Any, address: str) -> float:
    """Seconds from pressing the step's name to its figures, its matrix and the first photo."""
    page.goto(address, timeout=1000 * LONGEST)
    page.get_by_role("button", name="Train again").wait_for(timeout=1000 * LONGEST)
    page.evaluate(_WATCH % ("click", _DRAWN))
    steps = page.get_by_role("navigation", name="Steps")
    steps.get_by_role("button", name="Check").click()
    (seconds,) = page.evaluate("window.timed")
    return float(seconds)


def _move(page: Any, project: Project) -> tuple[float, float]:
    """Seconds until the first photo has left those that are wrong, and until Python's answer."""
    tile = page.get_by_role("listbox", name="Photos").get_by_role("option").first
    number = int(tile.get_attribute("data-id"))
    classes = project.classes()
    (own,) = (photo.class_id for photo in project.photos() if photo.id == number)
    other = next(place for place, label in enumerate(classes) if label.id != own)
    chip = f'.ph-chip[data-view="{classes[other].id}"]:visible .ph-number'
    before = page.locator(chip).inner_text()
    tile.click()
    kept = _KEPT % (classes[other].id, before)
    page.evaluate(_WATCH % ("keydown", f"{_LEFT % number}, {kept}"))
    page.keyboard.press(str(other + 1))
    seen, done = page.evaluate("window.timed")
    return float(seen), float(done)
