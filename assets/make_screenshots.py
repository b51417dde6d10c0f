"""Make the pictures of the README anew: `python -m assets.make_screenshots`, in the folder above.

Drives the real app through the whole way in Chromium. The photos it finds "on the web" come from
services on this computer and are drawn here from the emoji of the font Noto Color Emoji (SIL Open
Font License), so that nobody is asked and no one's photos are published.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from playwright.sync_api import Page, sync_playwright

from tests.fakes.app import told
from tests.fakes.services import FakeServices

ASSETS = Path(__file__).resolve().parent
FONT = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
GLYPH = 109  # the one size this font has
SIZE = (480, 360)
WIDTH, HEIGHT = 1280, 800
CHECK_HEIGHT = 1560
"""Down to the confusion matrix; below it are the photos, those it was most wrong about first."""

PHOTOS = 48
MISPLACED = 0.04
"""As in real life, a few photos are not of what was searched for; the app finds them."""
SECONDS_A_PHOTO = 0.6
CLASSES = {
    "fruit": "🍎🍐🍊🍋🍌🍉🍇🍓🍒🍑🍍🥝",
    "vegetable": "🥕🌽🥦🥒🍆🥔🥬🍅🌶🥑",
    "cake": "🍰🎂🧁🍩🍪🥧🍮",
}
WANTED = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


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


def photo(words: str, number: int) -> bytes:
    """The photo that a service finds at a place in its results."""
    random = np.random.default_rng([zlib.crc32(words.encode()), number])
    name = next((name for name in CLASSES if words.startswith(name)), "cake")
    if random.random() < MISPLACED:
        name = {"fruit": "cake", "cake": "fruit"}.get(name, name)
    emojis = CLASSES[name]
    out = BytesIO()
    draw(emojis[number % len(emojis)], random).save(out, "JPEG", quality=90)
    return out.getvalue()


def walk(page: Page, address: str, odd: Path) -> None:
    """Go the whole way and take a picture of each step."""
    page.goto(address)
    page.get_by_label("Name of the new project").fill("What is for dessert?")
    page.get_by_role("button", name="Create project").click()
    for name in CLASSES:
        page.get_by_label("Name of a new class").fill(name)
        page.keyboard.press("Enter")
        page.get_by_label(f"Name of the class {name}", exact=True).wait_for()
    take(page, "step-2-name")
    page.get_by_role("button", name="Next: add photos").click()
    page.get_by_text("Options", exact=True).click()
    page.get_by_label("Photos of each class").fill(str(PHOTOS))
    page.get_by_text("Options", exact=True).click()
    page.get_by_role("button", name="Find photos of fruit").wait_for()
    page.get_by_role("button", name="Find photos of fruit").click()
    cards = page.get_by_role("radiogroup", name="Class to add photos to")
    cards.get_by_role("radio", name=re.compile(r"^fruit, (1\d|2\d|3\d) photos")).wait_for()
    take(page, "step-3-collect")
    cards.get_by_role("radio", name=f"fruit, {PHOTOS} photos").wait_for(timeout=120_000)
    page.get_by_role("button", name="Find for all classes").click()
    cards.get_by_role("radio", name=f"cake, {PHOTOS} photos").wait_for(timeout=120_000)
    page.get_by_role("button", name="Look through them").click()
    page.get_by_role("option").nth(20).wait_for()
    for number in (3, 4, 8):
        page.get_by_role("option").nth(number).click(modifiers=["Control"])
    take(page, "step-4-review")
    page.get_by_role("button", name="Choose none").click()
    page.get_by_role("button", name="Go on to training").click()
    page.get_by_role("button", name="Train now").click()
    page.locator(".accuracy").wait_for(timeout=120_000)
    take(page, "step-5-train")
    page.get_by_role("button", name="Next: check it").click()
    page.get_by_text("Are there enough photos?").wait_for(timeout=120_000)
    take(page, "step-6-check", height=CHECK_HEIGHT)
    page.get_by_role("button", name="Next: try it").click()
    page.get_by_text("Drop a photo here").wait_for()
    page.get_by_label("Photo to try", exact=True).last.set_input_files(odd)
    page.locator(".ty-verdict").wait_for()
    page.get_by_label("Show what it looked at").check()
    take(page, "step-7-try")
    page.get_by_role("button", name="Projects").click()
    page.get_by_role("heading", name="Your projects").wait_for()
    take(page, "step-1-projects")


def take(page: Page, name: str, *, height: int = HEIGHT) -> None:
    """A picture of the top of the page once it stands still."""
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(1200)
    page.screenshot(
        path=ASSETS / f"{name}.png",
        full_page=height > HEIGHT,
        clip={"x": 0, "y": 0, "width": WIDTH, "height": height},
        animations="disabled",
    )


def main() -> None:
    """Start the app with a home of its own and walk through it."""
    with tempfile.TemporaryDirectory() as temporary, socket.socket() as free:
        folder = Path(temporary)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        odd = folder / "odd.jpg"
        odd.write_bytes(photo("cake", 90_000))
        environment = {**os.environ, "NOCODE_CLASSIFIER_HOME": str(folder / "home")}
        with FakeServices(folder, photo, delay=SECONDS_A_PHOTO) as fakes:
            start = [sys.executable, "-m", "tests.fakes.app", str(port), told(fakes)]
            app = subprocess.Popen(start, env=environment, cwd=ASSETS.parent)
            try:
                show(port, odd)
            finally:
                app.terminate()
                app.wait(10)


def show(port: int, odd: Path) -> None:
    """Walk through the app in Chromium."""
    with sync_playwright() as playwright:
        names = ("chromium", "google-chrome", "chromium-headless-shell")
        found = next(filter(None, map(shutil.which, names)), None)
        browser = playwright.chromium.launch(executable_path=found, args=WANTED)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        wait_for(port)
        walk(page, f"http://127.0.0.1:{port}", odd)
        browser.close()


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
