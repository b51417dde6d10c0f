"""The three files of onnxruntime-web that run a model in a browser: fetched once, then kept.

They are pinned by version and SHA-256, so every export of this version of the app runs the same
code, wherever the files were fetched from.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nocode_classifier import paths
from nocode_classifier.errors import InputError, Unavailable
from nocode_classifier.placing import sweep, write_whole
from nocode_classifier.progress import Progress, Report, ShouldStop, check_stop, ignore, never

VERSION = "1.30.0"
ADDRESS = f"https://cdn.jsdelivr.net/npm/onnxruntime-web@{VERSION}/dist/"
ADDRESS_VARIABLE = "NOCODE_CLASSIFIER_RUNTIME"
"""Names another web address, or a folder on this computer, that has the same files."""

STAGE = "Fetching what runs models in browsers (only this once)"
PATIENCE = 30.0
"""Seconds without a single byte after which fetching is given up."""


@dataclass(frozen=True, slots=True)
class RuntimeFile:
    """One file as it must be."""

    name: str
    size: int
    sha256: str


SCRIPT = RuntimeFile(
    "ort.wasm.min.mjs",
    50_126,
    "219e6a1fc8a9938268d18efca3c91d310bd2f4a59bbd13744df5b2b7fc6cee3b",
)
GLUE = RuntimeFile(
    "ort-wasm-simd-threaded.mjs",
    24_381,
    "e13f7f94fc51b4ca72b12faeb1ee95f4ace6dfbc8939bc718aabdc0a27c4299b",
)
PROGRAM = RuntimeFile(
    "ort-wasm-simd-threaded.wasm",
    14_239_897,
    "3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2",
)
FILES = (SCRIPT, GLUE, PROGRAM)


def runtime_files(
    source: str | Path | None = None, *, report: Report = ignore, should_stop: ShouldStop = never
) -> Path:
    """The folder with the three files, fetched now if they are not there yet.

    Args:
        source: a folder that has them, or a web address to fetch them from; taken from
            NOCODE_CLASSIFIER_RUNTIME, or else a public CDN, if None.

    Raises:
        InputError: the folder that was named does not have the right files.
        Unavailable: they could not be fetched, or are not the expected ones.
        Cancelled: Stop was pressed.
    """
    named = str(source or os.environ.get(ADDRESS_VARIABLE) or ADDRESS)
    if "://" not in named:
        return _checked_folder(Path(named).expanduser())
    folder = paths.cache() / f"onnxruntime-web-{VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    missing = [file for file in FILES if not is_right(folder / file.name, file)]
    total = sum(file.size for file in missing)
    done = 0

    def came(count: int) -> None:
        nonlocal done
        done += count
        report(Progress(STAGE, done, total, done / total))

    for file in missing:
        _fetch(named.rstrip("/") + "/", file, folder, came, should_stop)
    return folder


def is_right(path: Path, expected: RuntimeFile) -> bool:
    """Whether a file is there and is byte for byte the expected one."""
    if not path.is_file() or path.stat().st_size != expected.size:
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == expected.sha256


def _checked_folder(folder: Path) -> Path:
    wrong = [file.name for file in FILES if not is_right(folder / file.name, file)]
    if wrong:
        raise InputError(
            f"The folder {folder} does not have these files of onnxruntime-web {VERSION}: "
            f"{', '.join(wrong)}."
        )
    return folder


def _fetch(
    address: str,
    file: RuntimeFile,
    folder: Path,
    came: Callable[[int], None],
    should_stop: ShouldStop,
) -> None:
    """Fetch one file; it is kept only when it is whole and right."""
    import httpx

    data = bytearray()
    stream = httpx.stream("GET", address + file.name, timeout=PATIENCE, follow_redirects=True)
    try:
        with stream as response:
            response.raise_for_status()
            for chunk in response.iter_bytes(1 << 16):
                check_stop(should_stop)
                data += chunk
                if len(data) > file.size:
                    break
                came(len(chunk))
    except httpx.HTTPStatusError as error:
        raise _unavailable(address, f"it answered {error.response.status_code}") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _unavailable(address, str(error) or type(error).__name__) from error
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise Unavailable(
            f"What came from {address} is not {file.name} of onnxruntime-web {VERSION}; "
            f"nothing was kept. Try again, or name another address in {ADDRESS_VARIABLE}."
        )
    write_whole(folder / file.name, bytes(data))


def _unavailable(address: str, reason: str) -> Unavailable:
    return Unavailable(
        f"The part that runs models in browsers (14 MB, only this once) could not be fetched from "
        f"{address}: {reason}. Connect to the internet and try again, or name another address or "
        f"a folder that has it in {ADDRESS_VARIABLE}."
    )
