"""Make the pictures of the README anew: `python assets/make_screenshots.py`.

Drives the real app through the whole way in Chromium, on pictures drawn here from the emoji of the
font Noto Color Emoji (SIL Open Font License), so that no one's photos are published.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from playwright.sync_api import Page, sync_playwright

ASSETS = Path(__file__).resolve().parent
FONT = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
GLYPH = 109  # the one size this font has
SIZE = (480, 360)
PHOTOS = 48
MISPLACED = (11, 29)
CLASSES = {
    "fruit": "🍎🍐🍊🍋🍌🍉🍇🍓🍒🍑🍍🥝",
    "vegetable": "🥕🌽🥦🥒🍆🥔🥬🍅🌶🥑",
    "cake": "🍰🎂🧁🍩🍪🥧🍮",
}
WANTED = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
START = "from nocode_classifier.main import run; run(port={port}, open_browser=False)"


def draw(emoji: str, random: np.random.Generator) -> Image.Image:
    """One or two emoji on a soft table, turned and lit a little differently each time."""
    low, high = random.integers(120, 200, 3), random.integers(180, 256, 3)
    ramp = np.linspace(0, 1, SIZE[1])[:, None, None] * np.ones((1, SIZE[0], 1))
    table = low + (high - low) * ramp + random.normal(0, 5, (SIZE[1], SIZE[0], 1))
    picture = Image.fromarray(np.clip(table, 0, 255).astype(np.uint8))
    for _ in range(int(random.integers(1, 3))):
        side = int(random.integers(170, 300))
        glyph = Image.new("RGBA", (136, 128))
        font = ImageFont.truetype(FONT, GLYPH)
        ImageDraw.Draw(glyph).text((0, 0), emoji, font=font, embedded_color=True)
        glyph = glyph.resize((side, side), Image.Resampling.LANCZOS)
        glyph = glyph.rotate(float(random.uniform(-35, 35)), expand=True)
        place = tuple(int(random.integers(0, max(1, SIZE[i] - glyph.size[i]))) for i in (0, 1))
        shadow = Image.new("RGBA", glyph.size, (30, 20, 10, 90))
        shadow.putalpha(glyph.getchannel("A").point(lambda value: value // 3))
        blurred = shadow.filter(ImageFilter.GaussianBlur(7))
        picture.paste(blurred, (place[0] + 9, place[1] + 13), blurred)
        picture.paste(glyph, place, glyph)
    return picture


def draw_all(folder: Path) -> dict[str, list[Path]]:
    """Pictures by class, one file each."""
    random = np.random.default_rng(7)
    found: dict[str, list[Path]] = {}
    for name, emojis in CLASSES.items():
        for number in range(PHOTOS + 1):
            path = folder / f"{name} {number}.jpg"
            draw(emojis[number % len(emojis)], random).save(path, quality=90)
            found.setdefault(name, []).append(path)
    # As in real life, a few photos are in the wrong place; the app finds them.
    for number in MISPLACED:
        found["fruit"][number], found["cake"][number] = (
            found["cake"][number],
            found["fruit"][number],
        )
    return found


def walk(page: Page, address: str, photos: dict[str, list[Path]], odd: Path) -> None:
    """Go the whole way and take a picture of each step."""
    page.goto(address)
    page.get_by_label("Name of the new project").fill("What is for dessert?")
    page.get_by_role("button", name="Create project").click()
    for name in photos:
        page.get_by_label("Name of a new class").fill(name)
        page.keyboard.press("Enter")
        page.get_by_label(f"Name of the class {name}", exact=True).wait_for()
    take(page, "step-2-name")
    page.get_by_role("button", name="Next: add photos").click()
    cards = page.get_by_role("radiogroup", name="Class to add photos to")
    for name, paths in photos.items():
        cards.get_by_role("radio", name=name).click()
        page.get_by_label("Photos or archives").set_input_files(paths[:PHOTOS])
        cards.get_by_text(str(PHOTOS), exact=True).nth(list(photos).index(name)).wait_for()
    take(page, "step-3-collect")
    page.get_by_role("button", name="Look through them").click()
    page.get_by_role("option").nth(20).wait_for()
    for number in (3, 4, 8):
        page.get_by_role("option").nth(number).click(modifiers=["Control"])
    take(page, "step-4-review")
    page.get_by_role("button", name="Choose none").click()
    page.get_by_role("button", name="Go on to training").click()
    page.get_by_role("button", name="Train now").click()
    page.locator(".accuracy").wait_for(timeout=120_000)
    take(page, "step-5-train", full=True)
    page.get_by_role("button", name="Next: try it").click()
    page.get_by_role("button", name="Close this message").click()
    page.get_by_label("Photo to try", exact=True).last.set_input_files(odd)
    page.locator(".ty-verdict").wait_for()
    page.get_by_label("Show what it looked at").check()
    take(page, "step-6-try")
    page.get_by_role("button", name="Projects").click()
    page.get_by_role("heading", name="Your projects").wait_for()
    take(page, "step-1-projects")


def take(page: Page, name: str, *, full: bool = False) -> None:
    """A picture of the page once it stands still."""
    page.mouse.move(0, 0)
    page.wait_for_timeout(1200)
    page.screenshot(path=ASSETS / f"{name}.png", full_page=full)


def main() -> None:
    """Start the app with a home of its own and walk through it."""
    with tempfile.TemporaryDirectory() as temporary, socket.socket() as free:
        folder = Path(temporary)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        photos = draw_all(folder)
        environment = {**os.environ, "NOCODE_CLASSIFIER_HOME": str(folder / "home")}
        app = subprocess.Popen([sys.executable, "-c", START.format(port=port)], env=environment)
        try:
            with sync_playwright() as playwright:
                found = shutil.which("chromium") or shutil.which("google-chrome")
                browser = playwright.chromium.launch(executable_path=found, args=WANTED)
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                wait_for(port)
                walk(page, f"http://127.0.0.1:{port}", photos, photos["cake"][-1])
                browser.close()
        finally:
            app.terminate()
            app.wait(10)


def wait_for(port: int) -> None:
    """Wait until the app listens."""
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the app did not start within 30 seconds")


if __name__ == "__main__":
    main()
