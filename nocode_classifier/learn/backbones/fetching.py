"""Fetches one file of weights, run with `python -m` in a process of its own.

    python -m nocode_classifier.learn.backbones.fetching ORDER

ORDER is JSON, see `Order`. How far it is comes on standard output, a JSON object a line: `done` and
`total`, in bytes. At last comes an empty object, or one with `trouble` and `detail`.

What came before a connection broke, or before this process was ended, is kept beside the target and
gone on with the next time. The target is only ever there whole and checked.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import httpx2
from huggingface_hub import constants, get_hf_file_metadata, get_session, hf_hub_url
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled
from huggingface_hub.file_download import http_get
from huggingface_hub.utils._fixes import WeakFileLock

from nocode_classifier.learn.backbones.sealing import is_sealed, seal
from nocode_classifier.learn.backbones.weights import sha256_of
from nocode_classifier.placing import sweep
from nocode_classifier.processes import end_with_parent

PIECE = 1 << 18
SPARE = 16 << 20
"""Bytes that stay free on the disk."""

BETWEEN = 0.1
"""Seconds between two reports."""

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
SHA256 = re.compile("[0-9a-f]{64}")

Tell = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What to fetch.

    Attributes:
        target: the file to make.
        repository, file: where it is on the Hub; or else
        address: where it is on the web.
        sha256: what the file's SHA-256 is or begins with; what the Hub says of it if None.
    """

    target: str
    repository: str | None = None
    file: str | None = None
    address: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    address: str
    size: int
    sha256: str


class TroubleError(Exception):
    """It can't be had; the kind is one of those that `download.py` has a sentence for."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind)
        self.kind, self.detail = kind, detail


def fetch(order: Order, tell: Tell) -> None:
    """Fetch a file, or the rest of it.

    Raises:
        TroubleError: it can't be had.
    """
    try:
        _fetch(order, tell)
    except OfflineModeIsEnabled as error:
        raise TroubleError("unreachable") from error
    except HfHubHTTPError as error:
        raise TroubleError("refused", str(error.response.status_code)) from error
    except httpx2.HTTPError as error:
        raise TroubleError("unreachable", str(error)) from error
    except OSError as error:
        kind = "unwritable" if error.errno else "broken"  # huggingface_hub's own have no number
        raise TroubleError("full" if error.errno in NO_ROOM else kind, str(error)) from error


def _fetch(order: Order, tell: Tell) -> None:
    target = Path(order.target)
    target.parent.mkdir(parents=True, exist_ok=True)
    found = _on_the_hub(order) if order.repository else _on_the_web(order)
    part = target.with_name(f"{target.name}.{found.sha256[:8]}.part")
    # Two trainings may want the same network at the same time.
    with WeakFileLock(target.with_name(f"{target.name}.lock")):
        sweep(target.parent)
        if not is_sealed(target):
            # The part that was there may be damaged: then once more, from the beginning.
            if not (part.is_file() and _has_come(found, part, tell)) and not _has_come(
                found, part, tell
            ):
                raise TroubleError("wrong")
            part.replace(target)
            seal(target)


def _on_the_hub(order: Order) -> _Found:
    address = hf_hub_url(str(order.repository), str(order.file))
    told = get_hf_file_metadata(address, token=False)
    # For large files the Hub's "etag" is the SHA-256.
    if told.size is None or not SHA256.fullmatch(told.etag or ""):
        raise TroubleError("wrong")
    if order.sha256 not in (None, told.etag):
        raise TroubleError("wrong")
    return _Found(told.location, told.size, str(told.etag))


def _on_the_web(order: Order) -> _Found:
    answer = get_session().head(str(order.address), follow_redirects=True)
    size = answer.headers.get("Content-Length", "")
    if not answer.is_success or not size.isdecimal():
        raise TroubleError("refused", str(answer.status_code))
    return _Found(str(answer.url), int(size), str(order.sha256))


def _has_come(found: _Found, part: Path, tell: Tell) -> bool:
    """Whether the right file came; of another one nothing is kept."""
    _receive(found, part, tell)
    if sha256_of(part).startswith(found.sha256):
        return True
    part.unlink()
    return False


def _receive(found: _Found, part: Path, tell: Tell) -> None:
    """Add what is missing to the part that is there."""
    have = part.stat().st_size if part.is_file() else 0
    if have > found.size:
        part.unlink()
        have = 0
    if shutil.disk_usage(part.parent).free < found.size - have + SPARE:
        raise TroubleError("full")
    # Its own pieces are of 10 MB: too much to lose, and too long without a word.
    constants.DOWNLOAD_CHUNK_SIZE = PIECE
    try:
        with part.open("ab") as file:
            growing = cast("BinaryIO", _Growing(file, found.size, tell))
            http_get(found.address, growing, resume_size=have, expected_size=found.size)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno in NO_ROOM:
            part.unlink(missing_ok=True)
        raise


class _Growing:
    """A file that tells how large it is, and does not grow beyond what was announced."""

    def __init__(self, file: BinaryIO, total: int, tell: Tell) -> None:
        self._file, self._total, self._say = file, total, tell
        self._said = 0.0

    def write(self, data: bytes) -> int:
        """Add to the file."""
        written = self._file.write(data)
        size = self._file.tell()
        if size > self._total:
            self.truncate(0)
            raise TroubleError("wrong")
        if time.monotonic() - self._said > BETWEEN or size == self._total:
            self._said = time.monotonic()
            self._say({"done": size, "total": self._total})
        return written

    def seek(self, place: int, whence: int = 0) -> int:
        """Go elsewhere in it."""
        return self._file.seek(place, whence)

    def tell(self) -> int:
        """Where one is in it."""
        return self._file.tell()

    def truncate(self, size: int | None = None) -> int:
        """Cut it off."""
        return self._file.truncate(size)


def _say(event: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    end_with_parent()
    try:
        fetch(Order(**json.loads(sys.argv[1])), _say)
    except TroubleError as trouble:
        _say({"trouble": trouble.kind, "detail": trouble.detail})
    else:
        _say({})
