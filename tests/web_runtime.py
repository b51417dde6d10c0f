"""The files of onnxruntime-web for tests: from its npm package, checked like those of the app."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from nocode_classifier.share.runtime import FILES, VERSION, is_right

NEEDS_NPM = (
    f"This test needs the files of onnxruntime-web {VERSION}. Install npm, or put the files into "
    f"the folder onnxruntime-web-{VERSION} of a folder named in NOCODE_CLASSIFIER_CACHE."
)


def have_runtime(cache: Path, work: Path) -> Path:
    """Put the files where the app looks for them, unless they are there."""
    folder = cache / f"onnxruntime-web-{VERSION}"
    if not all(is_right(folder / file.name, file) for file in FILES):
        npm = shutil.which("npm")
        if npm is None:
            pytest.fail(NEEDS_NPM)
        command = [npm, "pack", f"onnxruntime-web@{VERSION}", "--silent"]
        subprocess.run(command, cwd=work, check=True, capture_output=True)
        folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(next(work.glob("*.tgz"))) as packed:
            for file in FILES:
                data = packed.extractfile(f"package/dist/{file.name}")
                assert data is not None
                (folder / file.name).write_bytes(data.read())
    return folder
