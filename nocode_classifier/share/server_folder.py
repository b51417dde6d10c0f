"""Folders that run the predict-only app by themselves: its modules, the model, what to install."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from nocode_classifier.progress import ShouldStop, check_stop, never
from nocode_classifier.share.asking_server import ask_server
from nocode_classifier.share.clean_process import Program
from nocode_classifier.share.exporter import ExportAnswer, Subject
from nocode_classifier.share.packages import pinned
from nocode_classifier.share.packing import copy_model, write_text
from nocode_classifier.share.shipping import PACKAGES, ship

APP, REQUIREMENTS = "app.py", "requirements.txt"

PROGRAM = """\
\"\"\"Starts the classifier's page and REST server. Made with nocode-classifier (Apache-2.0).

PORT     where to listen; 7860 if unset
PROXIES  how many servers stand in front of this one, as web hosts have; 1 if unset
\"\"\"

import os
import sys
from pathlib import Path

from nocode_classifier.serve.run import main

if __name__ == "__main__":
    port, proxies = os.environ.get("PORT", "7860"), os.environ.get("PROXIES", "1")
    everywhere = ["--host", "0.0.0.0", "--port", port, "--proxies", proxies, "--allowed-host", "*"]
    sys.exit(main([str(Path(__file__).parent / "model"), *everywhere]))
"""


def write_server_folder(subject: Subject, folder: Path, *, program: str = PROGRAM) -> None:
    """Write what the predict-only app needs to run, and nothing that trains.

    Args:
        subject: whose model.
        folder: to fill.
        program: what `app.py` says.

    Raises:
        NotReady: there is no model yet, or a package is missing here.
    """
    copy_model(subject, folder / "model")
    ship(folder)
    write_text(folder / APP, program)
    write_text(folder / REQUIREMENTS, "\n".join(pinned(sorted(PACKAGES.values()))) + "\n")


def ask_server_folder(
    made: Path, photos: Sequence[Path], place: Path, *, should_stop: ShouldStop = never
) -> list[ExportAnswer]:
    """Run a copy of the folder, elsewhere, with what its `requirements.txt` names alone.

    Raises:
        NotProven: it does not start or answer.
        Cancelled: Stop was pressed.
    """
    folder = place / "copy"
    shutil.copytree(made, folder)
    check_stop(should_stop)
    needs = tuple((folder / REQUIREMENTS).read_text(encoding="utf-8").split())
    return ask_server(Program(folder, ("file", APP), needs), photos, should_stop=should_stop)
