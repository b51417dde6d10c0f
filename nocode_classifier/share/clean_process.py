"""Opens an export in a process that has only what the export asks for.

As in a fresh environment: what `requirements.txt` names can be imported, and what that needs, and
what lies in the folder; nothing else that happens to be installed, and nothing of this project.
Making a fresh environment takes a minute and a network; this takes no time and shuts out the same.
(A slow test makes a real one.)
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nocode_classifier.errors import NotProven
from nocode_classifier.progress import ShouldStop, check_stop, never
from nocode_classifier.share.packages import installed_with

START = Path(__file__).with_name("clean_start.py")
PATIENCE = 120.0
PAUSE = 0.03
OUT, SAID = "out", "said"

_LEFT_OUT = ("PYTHON", "NOCODE_CLASSIFIER_", "GRADIO_", "HF_", "HUGGING", "SPACE")
"""Settings of the app, and secrets, are none of an export's business."""

_ADDED = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "PYTHONIOENCODING": "utf-8",
    "NO_PROXY": "127.0.0.1,localhost",
}


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, where, and with what.

    Attributes:
        folder: the working folder; modules in it can be imported.
        run: ("file", path, ...) or ("module", name, ...), with arguments.
        requirements: packages that can be imported, as in a `requirements.txt`.
        settings: of the environment, besides the usual ones.
    """

    folder: Path
    run: tuple[str, ...]
    requirements: tuple[str, ...]
    settings: Mapping[str, str] | None = None


class Running:
    """A program that runs, and the files that hold what it says."""

    def __init__(self, process: subprocess.Popen[bytes], words: Path) -> None:
        self.process = process
        self._words = words

    def output(self) -> str:
        """What it wrote to standard output so far."""
        return (self._words / OUT).read_text(encoding="utf-8", errors="replace")

    def last_words(self) -> str:
        """The last line it wrote to standard error, where exceptions end up."""
        text = (self._words / SAID).read_text(encoding="utf-8", errors="replace")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return lines[-1][:500] if lines else "it said nothing"


@contextmanager
def started(program: Program) -> Iterator[Running]:
    """Start a program; it is ended with the block, and with this process in any case.

    Raises:
        NotReady: a package it asks for is not installed here.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        words = Path(folder)
        with (words / OUT).open("wb") as out, (words / SAID).open("wb") as said:
            process = subprocess.Popen(
                _command(program),
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=said,
                cwd=program.folder,
                env=_environment(program.settings or {}),
            )
        try:
            yield Running(process, words)
        finally:
            _end(process)


def run(program: Program, *, seconds: float = PATIENCE, should_stop: ShouldStop = never) -> str:
    """Run a program to its end.

    Returns:
        What it wrote to standard output.

    Raises:
        NotProven: it fails, or takes too long.
        NotReady: a package it asks for is not installed here.
        Cancelled: Stop was pressed.
    """
    with started(program) as running:
        until = time.monotonic() + seconds
        while running.process.poll() is None:
            check_stop(should_stop)
            if time.monotonic() > until:
                raise NotProven(f"The export gave no answer within {seconds:.0f} seconds.")
            time.sleep(PAUSE)
        if running.process.returncode != 0:
            raise NotProven(f"The export does not work: {running.last_words()}")
        return running.output()


def _command(program: Program) -> list[str]:
    allowed = installed_with(program.requirements)
    asked = {
        "path": [os.path.abspath(path) for path in sys.path if path],  # noqa: PTH100
        "folder": str(program.folder),
        "modules": sorted(allowed.modules),
        "distributions": sorted(allowed.distributions),
        "run": program.run,
    }
    # -I, -S: no settings and no start files; -B: nothing is written into the export.
    return [sys.executable, "-I", "-S", "-B", "-X", "utf8", str(START), json.dumps(asked)]


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(_LEFT_OUT) and not name.upper().endswith("_PROXY")
    }
    return {**kept, **_ADDED, **settings}


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdin is not None:
        process.stdin.close()
