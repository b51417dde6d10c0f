"""Runs a part of this app in a process of its own, where what it loads or breaks stays."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from nocode_classifier.progress import ShouldStop, check_stop, never

PATIENCE = 600.0
PAUSE = 0.05


class Failed(Exception):
    """It did not end well; the message is the last line it wrote."""


def run_own(
    module: str,
    arguments: Sequence[str],
    *,
    settings: Mapping[str, str] | None = None,
    should_stop: ShouldStop = never,
) -> str:
    """Run a module of this app to its end.

    Args:
        module: its name, as after `python -m`.
        arguments: for it.
        settings: of the environment, besides the usual ones.
        should_stop: asked now and then; the process is ended then.

    Returns:
        What it wrote to standard output.

    Raises:
        Failed: it failed, or took too long.
        Cancelled: Stop was pressed.
    """
    # sys.path as it is here, so that a checkout that isn't installed works the same.
    paths = os.pathsep.join(os.path.abspath(path) for path in sys.path if path)  # noqa: PTH100
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        out, said = Path(folder, "out"), Path(folder, "said")
        with out.open("wb") as out_file, said.open("wb") as said_file:
            process = subprocess.Popen(
                [sys.executable, "-X", "utf8", "-m", module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out_file,
                stderr=said_file,
                env={**os.environ, "PYTHONPATH": paths, **(settings or {})},
            )
            _wait(process, should_stop)
        if process.returncode != 0:
            lines = said.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            raise Failed(lines[-1] if lines else "it said nothing")
        return out.read_text(encoding="utf-8")


def _wait(process: subprocess.Popen[bytes], should_stop: ShouldStop) -> None:
    """Wait for the end, or bring it about."""
    until = time.monotonic() + PATIENCE
    try:
        while process.poll() is None and time.monotonic() < until:
            check_stop(should_stop)
            time.sleep(PAUSE)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
