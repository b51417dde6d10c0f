"""The page that runs by itself converts colours number by number as the app does."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, Route

from nocode_classifier.predict.matrix_profiles import read_matrix_profile
from nocode_classifier.share.static import static_page
from tests.predict.profiles import DAMAGED, PROFILES

pytestmark = pytest.mark.browser

MODULE = Path(static_page.__file__).with_name("page") / "colours.js"
ADDRESS = "http://page.test/colours.js"
CONVERTED = f"""async (asked) => {{
  const {{ converterOf }} = await import("{ADDRESS}");
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const pixels = bytes(asked.pixels);
  const text = (data) => {{
    let letters = "";
    for (let at = 0; at < data.length; at += 6000)
      letters += String.fromCharCode(...data.subarray(at, at + 6000));
    return btoa(letters);
  }};
  return asked.profiles.map((profile) => {{
    const found = pixels.slice(), convert = converterOf(bytes(profile));
    return convert && (convert(found), text(found));
  }});
}}"""


def answer(route: Route) -> None:
    if route.request.url == ADDRESS:
        route.fulfill(body=MODULE.read_bytes(), content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html>", content_type="text/html")


def coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_every_pixel_is_the_one_of_the_app(page: Page) -> None:
    page.route("http://page.test/**", answer)
    page.goto("http://page.test/")
    pixels = np.random.default_rng(5).integers(0, 256, (20_000, 3), dtype=np.uint8)
    profiles = [coded(profile) for profile in [*PROFILES.values(), *DAMAGED]]
    asked = {"pixels": coded(pixels.tobytes()), "profiles": profiles}
    found = page.evaluate(CONVERTED, asked)
    assert found[len(PROFILES) :] == [None] * len(DAMAGED)
    for name, seen in zip(PROFILES, found, strict=False):
        known = read_matrix_profile(PROFILES[name])
        assert known is not None
        own = pixels if name == "srgb" else known.to_srgb(pixels)
        found_here = np.frombuffer(base64.b64decode(seen), np.uint8).reshape(-1, 3)
        np.testing.assert_array_equal(found_here, own, name)
