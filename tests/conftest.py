"""What every test shares: a home of its own, and photos to work with."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.file_locks import only_one
from nocode_classifier.learn.backbones.prepare import prepare
from nocode_classifier.learn.backbones.registry import DEFAULT, networks_of
from nocode_classifier.learn.from_project import train_project
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from tests.drawing import draw_folder
from tests.learning import NewShapes, drawn_photos, train_on
from tests.web_runtime import have_runtime

IN_PARALLEL = "PYTEST_XDIST_WORKER" in os.environ
SHARED_PHOTOS = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def pytest_configure() -> None:
    """One thread for each process, unless the environment says otherwise.

    Several test processes run side by side, and so do the apps they start. Threads of one process
    that wait for each other keep a core busy meanwhile, which the next process could have used.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # What a shell starts in the background ignores Ctrl-C, and whatever that starts does, too.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


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
        if not named and IN_PARALLEL:
            converted = made_once(tmp_path_factory, "converted", convert_usual)
            shutil.copytree(converted, folder, dirs_exist_ok=True)
        environment.setenv("NOCODE_CLASSIFIER_CACHE", str(folder))
        yield folder


def convert_usual(cache: Path) -> None:
    """Make ready what the app looks through when nothing else is chosen."""
    for network in networks_of(DEFAULT.key, combine=True):
        prepare(network, cache)


def made_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]
) -> Path:
    """A folder for all workers of a run, which the first of them makes: copy it, don't change it.

    Args:
        name: of the folder; another for everything that is made.
        make: fills a new folder.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if IN_PARALLEL else base
    folder, begun = shared / name, shared / f"{name}-begun"
    with only_one(shared / f"{name}.lock"):
        if not folder.exists():
            begun.mkdir()
            make(begun)
            begun.rename(folder)
    return folder


@pytest.fixture(scope="session")
def shapes_model(tmp_path_factory: pytest.TempPathFactory, backbone_cache: Path) -> Path:
    """A model called Shapes that tells circles, which roll, from stripes; twenty photos of each."""

    def make(folder: Path) -> None:
        photos = drawn_photos(folder / "photos", {"circle": 20, "stripes": 20})
        hints = {"circle": ["It rolls."]}
        train_on(photos, folder / "model", backbone_cache, name="Shapes", hints=hints)

    made = made_once(tmp_path_factory, "shapes-model", make)
    return Path(shutil.copytree(made / "model", tmp_path_factory.mktemp("shapes") / "model"))


@pytest.fixture(scope="session")
def new_shapes(tmp_path_factory: pytest.TempPathFactory, backbone_cache: Path) -> NewShapes:
    """Puts a trained project of circles and stripes into a library; twenty photos of each."""

    def make(folder: Path) -> None:
        project = Library(folder / "home").create("Shapes", ["circle", "stripes"])
        photos = draw_folder(folder / "photos", {"circle": 20, "stripes": 20})
        add_photos(project, from_folder(photos), class_id=None)
        train_project(project, backbone_cache)

    (trained,) = (made_once(tmp_path_factory, "shapes-project", make) / "home/projects").glob(
        "[!.]*"
    )

    def put(library: Library, name: str = "Shapes") -> Project:
        copy = library.home / "projects" / secrets.token_hex(5)
        shutil.copytree(trained, copy)
        library.rename(copy.name, name)
        return library.open(copy.name)

    return put


@pytest.fixture(scope="session")
def web_runtime(backbone_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the files of onnxruntime-web; the app finds them in its cache, too."""
    return have_runtime(backbone_cache, tmp_path_factory.mktemp("npm"))
