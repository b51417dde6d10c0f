"""The one check command: `python3 tests/check.py`, and `--all` before a release.

On a fresh machine with only Python it makes `.venv`, installs the app and what the tests need into
it, gets a Chromium for the browser tests if there is none, and then runs the formatter, the linter,
the type checker and the tests, stopping at the first that fails. Run again, it uses what is there.
With `--all` it runs the tests marked `gate`, too: random kills, long fuzzing, a full disk, real
photos, further networks, and more cases of what the others test once; all of them in an order of
chance (a failure says by which seed).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
INSTALLED = VENV / "installed.txt"
OLDEST = (3, 11)

HEADLESS = "chromium-headless-shell"
"""Chromium without windows: opening the app in it takes half the processor time."""
CHROMIUM_NAMES = (HEADLESS, "chromium", "chromium-browser", "google-chrome")
PACKAGE_MANAGERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "apt-get": (
        ("update",),
        ("install", "-y", "--no-install-recommends", HEADLESS),
        ("install", "-y", "--no-install-recommends", "chromium"),
    ),
    "dnf": (("install", "-y", "chromium"),),
    "pacman": (("-Sy", "--noconfirm", "chromium"),),
    "zypper": (("--non-interactive", "install", "chromium"),),
    "apk": (("add", "chromium"),),
}
OWN_CHROMIUM = """
from pathlib import Path
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    raise SystemExit(not Path(playwright.chromium.executable_path).exists())
"""

CHECKS: tuple[tuple[str, ...], ...] = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("biome", "check", "--error-on-warnings", "nocode_classifier"),  # JavaScript
    ("mypy",),
    # Several at a time, one more than there are cores: most tests wait for a browser, a server or
    # another process. Those of one file stay together, so that they share what was trained or
    # opened for them, and those of the browser, which take longest, come first.
    (
        "pytest",
        *("-n", str(min(4, 1 + (os.cpu_count() or 2)))),
        *("--dist", "loadfile", "--no-loadscope-reorder", "--durations", "25"),
    ),
)
WITHOUT_GATE = ("-m", "not gate", "-p", "no:randomly")
"""In the order above, which is the quickest."""
SHUFFLED = ("--randomly-dont-reset-seed",)
"""In an order of chance, as no test may need another; what tests draw stays chance, too."""


def main(everything: bool) -> int:
    if sys.version_info < OLDEST:
        say(f"This needs Python {'.'.join(map(str, OLDEST))} or newer; this is {sys.version}.")
        return 1
    os.chdir(ROOT)
    if not (install() and get_chromium()):
        return 1
    *others, tests = CHECKS
    for check in (*others, (*tests, *(SHUFFLED if everything else WITHOUT_GATE))):
        if code := run(check):
            return code
    return 0


def run(check: Sequence[str]) -> int:
    """Run one of the checks, say how long it took, and give its status."""
    say(f"== {' '.join(check)}")
    began = time.monotonic()
    # A module of Python, but for Biome, which is a program beside it.
    biome = PYTHON.with_stem("biome")
    command = [str(biome), *check[1:]] if check[0] == "biome" else [str(PYTHON), "-m", *check]
    if shutil.which(command[0]) is None:  # pyproject.toml says where there is Biome
        say("   skipped: there is none for this system")
        return 0
    code = subprocess.run(command, check=False).returncode
    if code:
        say(f"== {check[0]} failed after {time.monotonic() - began:.1f} s")
    elif check[0] != "pytest":  # which says itself how long it took, and has the last word
        say(f"   {time.monotonic() - began:.1f} s")
    return code


def install() -> bool:
    """Make the environment and install into it, unless that was done with this pyproject.toml."""
    state = f"{sys.version}\n{hashlib.sha256(Path('pyproject.toml').read_bytes()).hexdigest()}\n"
    if PYTHON.exists() and INSTALLED.exists() and INSTALLED.read_text() == state:
        say(f"== using what is installed in {VENV.name}")
        return True
    if not has_environment() and not call(sys.executable, "-m", "venv", "--clear", str(VENV)):
        say("Python can't make environments here. On Debian and Ubuntu, install python3-venv.")
        return False
    say(f"== installing the app and what its tests need into {VENV.name} (this takes minutes)")
    began = time.monotonic()
    pip = (str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install")
    if not call(*pip, "--progress-bar", "off", "--editable", ".[dev]"):
        say("Installing failed; the lines above say why.")
        return False
    INSTALLED.write_text(state)
    say(f"   {time.monotonic() - began:.1f} s")
    return True


def has_environment() -> bool:
    """Whether there is one that works, perhaps made to use the app."""
    usable = f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"
    return PYTHON.exists() and call(str(PYTHON), "-c", usable, quiet=True)


def get_chromium() -> bool:
    """Find a browser for the tests or get one: from the system's packages, else Playwright's."""
    if has_chromium() and not could_be_quicker():
        return True
    manager = next((name for name in PACKAGE_MANAGERS if shutil.which(name)), None)
    allowed = as_root()
    if manager and allowed is not None:
        say(f"== installing Chromium with {manager}")
        for arguments in PACKAGE_MANAGERS[manager]:
            call(*allowed, manager, *arguments)
            if arguments[-1] != "update" and has_chromium():
                return True
    if has_chromium():
        return True
    say("== installing Chromium with Playwright")
    call(str(PYTHON), "-m", "playwright", "install", "chromium")
    if has_chromium():
        return True
    say("The browser tests need Chromium or Google Chrome. Install one, then run this again.")
    return False


def find_chromium() -> str | None:
    """The system's Chromium; None for the one that Playwright installs."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def has_chromium() -> bool:
    found = filter(None, map(shutil.which, CHROMIUM_NAMES))
    # Ubuntu has a stand-in under this name, which can do no more than ask for the real one.
    if any(call(path, "--version", quiet=True) for path in found):
        return True
    return call(str(PYTHON), "-c", OWN_CHROMIUM, quiet=True)


def could_be_quicker() -> bool:
    """Whether this is a container or the like, where one more package is nobody's concern."""
    return as_root() == () and shutil.which("apt-get") is not None and not shutil.which(HEADLESS)


def as_root() -> Sequence[str] | None:
    """What to put in front of a command that changes the system; None if that isn't allowed."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return ()
    if shutil.which("sudo") and call("sudo", "-n", "true", quiet=True):
        return ("sudo", "-n")
    return None


def call(*command: str, quiet: bool = False) -> bool:
    """Run a command; whether it went well."""
    output = subprocess.DEVNULL if quiet else None
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
    )
    return done.returncode == 0


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(everything="--all" in sys.argv[1:]))
