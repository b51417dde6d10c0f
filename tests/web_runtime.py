"""The files of onnxruntime-web for tests: from its npm package, checked like those of the app."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from nocode_classifier.errors import Unavailable
from nocode_classifier.share.runtime import FILES, VERSION, is_right, runtime_files

NEEDED = (
    f"This test needs the files of onnxruntime-web {VERSION}: install npm, or put them into the "
    f"folder onnxruntime-web-{VERSION} of a folder named in NOCODE_CLASSIFIER_CACHE. "
)


def have_runtime(cache: Path, work: Path) -> Path:
    """Put the files where the app looks for them, unless they are there.

    Args:
        cache: the app's cache folder; NOCODE_CLASSIFIER_CACHE names it.
        work: an empty folder.
    """
    folder = cache / f"onnxruntime-web-{VERSION}"
    if all(is_right(folder / file.name, file) for file in FILES):
        return folder
    npm = shutil.which("npm")
    try:
        if npm is None:  # as the app gets them
            return runtime_files()
        command = [npm, "pack", f"onnxruntime-web@{VERSION}", "--silent"]
        subprocess.run(command, cwd=work, check=True, capture_output=True)
    except (Unavailable, subprocess.CalledProcessError) as error:
        pytest.fail(f"{NEEDED}({error})")
    folder.mkdir(parents=True, exist_ok=True)
    _unpack(next(work.glob("*.tgz")), folder)
    return folder


def _unpack(archive: Path, folder: Path) -> None:
    """Tests that run side by side may share a cache, so each file appears whole."""
    with tarfile.open(archive) as packed:
        for file in FILES:
            data = packed.extractfile(f"package/dist/{file.name}")
            assert data is not None
            unfinished = folder / f".{file.name}.{os.getpid()}"
            unfinished.write_bytes(data.read())
            unfinished.replace(folder / file.name)
