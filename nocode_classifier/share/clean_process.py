"""Opens an export in a process that has only what the export asks for.

As in a fresh environment: what `requirements.txt` names can be imported, and what that needs, and
what lies in the folder; nothing else that happens to be installed, and nothing of this project.
Making a fresh environment takes a minute and a network; this takes no time and shuts out the same.
(A slow test makes a real one.)
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nocode_classifier.errors import NotProven
from nocode_classifier.processes import ChildProcess, ProcessFailed, TookTooLong
from nocode_classifier.progress import ShouldStop, never
from nocode_classifier.share.packages import installed_with

START = Path(__file__).with_name("clean_start.py")
PATIENCE = 120.0
SECONDS_TO_END = 5.0

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


def started(program: Program) -> ChildProcess:
    """Start a program, which ends with this process in any case.

    Raises:
        NotReady: a package it asks for is not installed here.
    """
    return ChildProcess(
        _command(program),
        settings=_settings(program),
        folder=program.folder,
        patience=SECONDS_TO_END,
    )


def run(program: Program, *, seconds: float = PATIENCE, should_stop: ShouldStop = never) -> str:
    """Run a program to its end.

    Returns:
        What it wrote to standard output.

    Raises:
        NotProven: it fails, or takes too long.
        NotReady: a package it asks for is not installed here.
        Cancelled: Stop was pressed.
    """
    with started(program) as process:
        try:
            return process.output(should_stop, seconds)
        except TookTooLong as error:
            sentence = f"The export gave no answer within {seconds:.0f} seconds."
            raise NotProven(sentence) from error
        except ProcessFailed as error:
            raise NotProven(f"The export does not work: {error}") from error


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


def _settings(program: Program) -> dict[str, str | None]:
    left_out = (
        name
        for name in (*os.environ, "PYTHONPATH")
        if name.upper().startswith(_LEFT_OUT) or name.upper().endswith("_PROXY")
    )
    return {**dict.fromkeys(left_out), **_ADDED, **(program.settings or {})}
