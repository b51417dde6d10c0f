"""The predict-only app in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 60.0


@dataclass(frozen=True)
class Served:
    """A served model.

    Attributes:
        files: the only place where the process may leave something.
    """

    address: str
    process: subprocess.Popen[str]
    files: Path


@contextmanager
def served(model: Path, place: Path, *options: str) -> Iterator[Served]:
    """Serve a model on a free port; the process ends with the block."""
    files = place / "files"
    files.mkdir(parents=True)
    folders = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(files))
    process = subprocess.Popen(
        [sys.executable, "-m", "nocode_classifier.serve", model, "--port=0", "--events", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT), **folders},
        text=True,
    )
    try:
        assert process.stdout is not None
        yield Served(json.loads(process.stdout.readline())["ready"], process, files)
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            stream.close()


def get(address: str, **options: Any) -> httpx.Response:
    """Ask, and be patient: a busy computer may need seconds for an answer."""
    return httpx.get(address, timeout=SECONDS, **options)


def post(address: str, **options: Any) -> httpx.Response:
    """Send, as patiently."""
    return httpx.post(address, timeout=SECONDS, **options)


def wait_for_gradio(address: str) -> None:
    """Gradio's calls come some seconds after the rest."""
    assert get(f"{address}/config").status_code == 200
