"""ONNX Runtime reports to its maker by default; here it must not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = "import sys; from nocode_classifier import load_model; load_model(sys.argv[1])"


def test_answering_leaves_no_trace_of_reports(model_folder: Path, tmp_path: Path) -> None:
    """The reporter keeps a number for this computer in the home, and its session in a file."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    folders = dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP"), str(tmp_path))
    subprocess.run(
        [sys.executable, "-c", PROGRAM, str(model_folder)],
        env={**kept, **folders, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert not list(tmp_path.rglob("*"))
