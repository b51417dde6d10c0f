"""What every test shares: a home of its own, and photos to work with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from nocode_classifier.learn.backbones.backbone import DEFAULT
from nocode_classifier.learn.backbones.prepare import prepare
from nocode_classifier.placing import only_one
from tests.web_runtime import have_runtime

SHARED_PHOTOS = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def pytest_configure() -> None:
    """One thread for each process, unless the environment says otherwise.

    Several test processes run side by side, and so do the apps they start. Threads of one process
    that wait for each other keep a core busy meanwhile, which the next process could have used.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(autouse=True)
def temporary_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test ever touches a real person's projects."""
    folder = tmp_path / "home"
    monkeypatch.setenv("NOCODE_CLASSIFIER_HOME", str(folder))
    monkeypatch.setenv("NOCODE_CLASSIFIER_LOGS", str(tmp_path / "logs"))
    return folder


@pytest.fixture(scope="session", autouse=True)
def backbone_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One cache for the whole session, so that the backbone is converted once.

    A cache named in the environment is used as it is, which makes running single tests quicker.
    """
    with pytest.MonkeyPatch.context() as environment:
        named = os.environ.get("NOCODE_CLASSIFIER_CACHE")
        folder = Path(named) if named else tmp_path_factory.mktemp("cache")
        if not named and "PYTEST_XDIST_WORKER" in os.environ:
            convert_once(tmp_path_factory.getbasetemp().parent / "converted", folder)
        environment.setenv("NOCODE_CLASSIFIER_CACHE", str(folder))
        yield folder


def convert_once(shared: Path, cache: Path) -> None:
    """Give a worker the converted backbone, which the first of all workers makes."""
    shared.mkdir(exist_ok=True)
    with only_one(shared / "lock"):
        path = prepare(DEFAULT, shared)
    shutil.copytree(path.parent, cache / path.parent.name)


@pytest.fixture(scope="session")
def web_runtime(backbone_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the files of onnxruntime-web; the app finds them in its cache, too."""
    return have_runtime(backbone_cache, tmp_path_factory.mktemp("npm"))
