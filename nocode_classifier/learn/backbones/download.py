"""Downloads a network's weights, once, into the cache folder.

A process of its own fetches them (`fetching.py`): the app starts without what it takes to fetch,
and Stop ends it at once, whatever a server is doing.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from nocode_classifier.errors import Cancelled, WeightsUnavailable
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.sealing import is_sealed
from nocode_classifier.learn.backbones.weights import Bundled, FromHub, kept_weights
from nocode_classifier.progress import Progress, Report, ShouldStop, ignore, never

FETCHER = "nocode_classifier.learn.backbones.fetching"
HUB_VARIABLE = "HF_ENDPOINT"
HUB = "https://huggingface.co"
LISTEN_SECONDS = 0.1
MEGABYTE = 1e6

SETTINGS = {
    # No account is needed, so none is named; and one way of fetching, the one that can be resumed.
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_XET": "1",
}

Event = Mapping[str, Any]


def download(
    backbone: Backbone, cache: Path, *, report: Report = ignore, should_stop: ShouldStop = never
) -> Path:
    """A network's weights, downloaded now if they are not there yet.

    What came is kept when it is stopped or a connection breaks; the next time goes on from there.

    Args:
        backbone: which network.
        cache: the user's cache folder.

    Returns:
        Path of the weights.

    Raises:
        WeightsUnavailable: they could not be had, or are not the expected ones.
        Cancelled: Stop was pressed.
    """
    weights = backbone.weights
    if isinstance(weights, Bundled) or is_sealed(kept_weights(cache) / weights.kept_as):
        return backbone.weights_path(cache)
    watched = _Watched(backbone, report)
    with _running(backbone, cache) as events:
        while True:
            if should_stop():
                raise Cancelled("Stopped.")
            try:
                event = events.get(timeout=LISTEN_SECONDS)
            except queue.Empty:
                continue
            if "done" not in event:
                break
            watched.tell(event["done"], event["total"])
    if "trouble" in event:
        raise WeightsUnavailable(_sentence(event["trouble"], event["detail"], backbone, cache))
    return backbone.weights_path(cache)


class _Watched:
    """Reports how far it is, in megabytes."""

    def __init__(self, backbone: Backbone, report: Report) -> None:
        self._stage = f"Downloading {backbone.label} ({backbone.megabytes:.0f} MB, only this once)"
        self._report = report
        self._began: tuple[float, int] | None = None
        report(Progress(self._stage, 0, round(backbone.megabytes)))

    def tell(self, done: int, total: int) -> None:
        """So many bytes of so many are there."""
        if self._began is None:
            self._began = (time.monotonic(), done)
        began, had = self._began
        came, passed = done - had, time.monotonic() - began
        left = passed / came * (total - done) if came else None
        self._report(
            Progress(
                self._stage,
                int(done / MEGABYTE),
                round(total / MEGABYTE),
                done / max(total, 1),
                left,
            )
        )


@contextmanager
def _running(backbone: Backbone, cache: Path) -> Iterator[queue.Queue[Event]]:
    """The process that fetches, and what it says; it is ended with the block."""
    # sys.path as it is here, so that a checkout that isn't installed works the same.
    paths = os.pathsep.join(os.path.abspath(path) for path in sys.path if path)  # noqa: PTH100
    with tempfile.TemporaryFile("w+") as messages:
        process = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-m", FETCHER, json.dumps(_order(backbone, cache))],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=messages,
            text=True,
            encoding="utf-8",
            env={**os.environ, **SETTINGS, "PYTHONPATH": paths},
        )
        events: queue.Queue[Event] = queue.Queue()
        assert process.stdout is not None
        listener = threading.Thread(target=_listen, args=(process.stdout, events), daemon=True)
        listener.start()
        try:
            yield events
        finally:
            process.kill()
            process.wait()
            listener.join()
            process.stdout.close()


def _listen(stream: IO[str], events: queue.Queue[Event]) -> None:
    for line in stream:
        events.put(json.loads(line))
    events.put({"trouble": "broken", "detail": ""})  # it ended without a word, unless it said one


def _order(backbone: Backbone, cache: Path) -> dict[str, str | None]:
    weights = backbone.weights
    assert not isinstance(weights, Bundled)
    target = str(kept_weights(cache) / weights.kept_as)
    if isinstance(weights, FromHub):
        return {
            "target": target,
            "repository": weights.repository,
            "file": weights.file,
            "sha256": weights.sha256,
        }
    return {"target": target, "address": weights.address, "sha256": weights.mark}


def _sentence(trouble: str, detail: str, backbone: Backbone, cache: Path) -> str:
    name, host = f"{backbone.label} ({backbone.megabytes:.0f} MB)", _host(backbone)
    failed = f"{name} could not be downloaded:"
    others = "or choose one of the networks that come with the app"
    sentences = {
        "unreachable": (
            f"{failed} {host} can't be reached. Connect to the internet and try again, {others}."
        ),
        "refused": f"{failed} {host} answered {detail}. Try again later, {others}.",
        "wrong": (
            f"What came from {host} is not {backbone.label} as it was published (its SHA-256 "
            f"differs); nothing of it was kept. Try again later, {others}."
        ),
        "full": (
            f"{failed} there is no room for it on the disk that holds {cache}. Make room and try "
            f"again, {others}."
        ),
        "unwritable": f"{failed} it can't be written to {cache} ({detail}).",
    }
    broken = (
        f"{failed} the connection broke. Try again: what came so far is kept, and it goes on from "
        "there."
    )
    return sentences.get(trouble, broken)


def _host(backbone: Backbone) -> str:
    weights = backbone.weights
    if isinstance(weights, FromHub):
        return urlsplit(os.environ.get(HUB_VARIABLE) or HUB).netloc
    assert not isinstance(weights, Bundled)
    return urlsplit(weights.address).netloc
