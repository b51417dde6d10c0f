"""Finds a browser on this computer and opens a page in it, unseen, for a while.

Chrome, Chromium, Edge and their kin are driven alike; nearly every computer has one of them.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nocode_classifier.processes import ChildProcess

BROWSER_VARIABLE = "NOCODE_CLASSIFIER_BROWSER"
"""Names the program of a browser, where it is not found by itself."""

NAMES = (
    "chromium-headless-shell",
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "microsoft-edge",
    "microsoft-edge-stable",
    "brave-browser",
)
IN_APPLICATIONS = ("Google Chrome", "Chromium", "Microsoft Edge", "Brave Browser")
IN_PROGRAM_FILES = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "BraveSoftware/Brave-Browser/Application/brave.exe",
)

OPTIONS = (
    "--headless=new",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--mute-audio",
    "--password-store=basic",
    "--use-mock-keychain",
)
"""A browser of nobody's: no window, no profile of the user, no calls of its own."""

SECONDS_TO_END = 0.0 if sys.platform == "win32" else 5.0
"""Windows knows no way to ask a browser."""


def find_browser(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The program of a browser that can be driven, or None."""
    named = environment.get(BROWSER_VARIABLE)
    if named:
        return Path(named)
    for name in NAMES:
        if found := shutil.which(name, path=environment.get("PATH")):
            return Path(found)
    return next((path for path in _usual_places(environment) if path.is_file()), None)


def _usual_places(environment: Mapping[str, str]) -> Iterator[Path]:
    if sys.platform == "darwin":
        for folder in (Path("/Applications"), Path.home() / "Applications"):
            yield from (folder / f"{it}.app/Contents/MacOS/{it}" for it in IN_APPLICATIONS)
    for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if folder_name := environment.get(name):
            yield from (Path(folder_name) / program for program in IN_PROGRAM_FILES)


@contextmanager
def opened(browser: Path, address: str) -> Iterator[ChildProcess]:
    """Open an address in a browser without a window; it is ended with the block.

    Raises:
        OSError: it can't be started.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # As root, Chromium runs only without the walls that it puts around its parts.
        walls = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
        command = [str(browser), *OPTIONS, *walls, f"--user-data-dir={profile}", address]
        with ChildProcess(command, patience=SECONDS_TO_END) as process:
            yield process
