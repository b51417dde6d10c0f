"""Downloads a network's weights, once, into the cache folder.

A process of its own fetches them (`fetching.py`): the app starts without what it takes to fetch,
and Stop ends it at once, whatever a server is doing.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from urllib.parse import urlsplit

from nocode_classifier.errors import WeightsUnavailable
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.sealing import is_sealed
from nocode_classifier.learn.backbones.weights import Bundled, FromHub, kept_weights
from nocode_classifier.processes import MODULE, ChildProcess, Event
from nocode_classifier.progress import Progress, Report, ShouldStop, ignore, never

FETCHER = "nocode_classifier.learn.backbones.fetching"
HUB_VARIABLE = "HF_ENDPOINT"
HUB = "https://huggingface.co"
MEGABYTE = 1e6

SETTINGS = {
    # No account is needed, so none is named; and one way of fetching, the one that can be resumed.
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_XET": "1",
}

BROKEN: Event = {"trouble": "broken", "detail": ""}


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
    event = _fetched(backbone, cache, _Watched(backbone, report), should_stop)
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


def _fetched(backbone: Backbone, cache: Path, watched: _Watched, should_stop: ShouldStop) -> Event:
    """What came of fetching."""
    command = [*MODULE, FETCHER, json.dumps(_order(backbone, cache))]
    with ChildProcess(command, settings=SETTINGS) as process:
        for event in process.events(should_stop):
            if "done" not in event:
                return event
            watched.tell(event["done"], event["total"])
    return BROKEN


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
