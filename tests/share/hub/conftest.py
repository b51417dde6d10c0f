"""A Hub on this computer, an account there, and something small to publish."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.share.exporter import Subject
from nocode_classifier.share.hub.account import Account
from nocode_classifier.share.hub.kinds import STATIC, SpaceKind, Visibility
from nocode_classifier.share.hub.plan import PublishPlan, plan
from nocode_classifier.share.hub.talk import Hub, Patience, Secret
from tests.fakes.hub import FakeHub

QUICK = Patience(poll=0.02, grace=5)

CARD: dict[str, Any] = {
    "format_version": 1,
    "name": "",
    "classes": [
        {"name": "hot dog", "hints": ["Ask him about the mustard"], "photos": 125},
        {"name": "no | <hot> dog", "hints": [], "photos": 125},
    ],
    "backbone": "efficientnet-lite0",
    "licence": "Apache-2.0",
    "accuracy": {
        "value": 0.94,
        "low": 0.903,
        "high": 0.963,
        "correct": 235,
        "photos": 250,
        "independent": 250,
        "method": "cross-validation",
    },
    "confusion": {
        "hot dog": {"hot dog": 118, "no | <hot> dog": 7},
        "no | <hot> dog": {"hot dog": 8, "no | <hot> dog": 117},
    },
    "sure": {"familiarity": 0.4, "probability": 0.5},
    "made_at": "2026-11-22T06:01:07+00:00",
    "app_version": "0.1.0",
}


def make_page(folder: Path, report: Report, should_stop: ShouldStop) -> None:
    """A small page with one file that is large for the Hub."""
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html><title>Dogs</title><h1>Woof</h1>")
    (folder / "model").mkdir()
    (folder / "model" / "graph.onnx").write_bytes(bytes(range(256)) * 6000)
    (folder / "tiny.bin").write_bytes(b"\0\1\2")


def make_app(folder: Path, report: Report, should_stop: ShouldStop) -> None:
    """A small app for a GPU."""
    folder.mkdir()
    (folder / "app.py").write_text("import spaces\n\n\n@spaces.GPU\ndef answer(): ...\n")
    (folder / "requirements.txt").write_text("onnxruntime\n")


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """The Hub. Whatever is asked of it has to be something that the real one answers."""
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_OFFLINE", "HF_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "huggingface"))
    with FakeHub() as running:
        yield running
    assert running.unknown == []
    assert running.faults == []


@pytest.fixture
def place(hub: FakeHub) -> Hub:
    """The Hub as the app sees it, without Xet."""
    return Hub(hub.address, None, QUICK, {"HF_HUB_DISABLE_XET": "1"})


@pytest.fixture
def token(hub: FakeHub) -> str:
    """A token of Ada, who may write."""
    return hub.add_person("ada", groups={"school": "write", "library": "read"})


@pytest.fixture
def ada(place: Hub, token: str) -> Account:
    """Ada, signed in for as long as the test lasts; test_account.py shows that this is she."""
    return Account(place, "ada", "Ada", ("ada", "school"), token=Secret(token))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model folder, as far as publishing looks into it."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "card.json").write_text(json.dumps(CARD), encoding="utf-8")
    return folder


@pytest.fixture
def plans(model: Path, tmp_path: Path) -> Planner:
    """Makes plans."""
    return Planner(model, tmp_path)


class Planner:
    """Makes plans for the model, each in a folder of its own."""

    def __init__(self, model: Path, root: Path) -> None:
        self.model, self._root, self._count = model, root, 0

    def __call__(
        self,
        space: str = "ada/dogs",
        kind: SpaceKind = STATIC,
        visibility: Visibility = Visibility.PUBLIC,
        **more: Any,
    ) -> PublishPlan:
        self._count += 1
        options = {"make": make_page if kind is STATIC else make_app, **more}
        subject = options.pop("subject", Subject("Hot dog or not", self.model, ()))
        into = self._root / f"plan-{self._count}"
        return plan(subject, space, visibility, kind, into=into, **options)
