from __future__ import annotations

from functools import partial
from pathlib import Path

import gradio as gr
import pytest

from nocode_classifier.collect.intake import Incoming, add_photos
from nocode_classifier.errors import InputError
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import PhotoState
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.projects import taking_down
from tests.collect.scenes import scene


@pytest.fixture
def project(services: Services) -> Project:
    project = services.library.create("Bears", ["grizzly", "teddy"])
    shots = [
        Incoming(name, partial(scene, name), None, "upload") for name in ("one.jpg", "two.jpg")
    ]
    add_photos(project, shots, class_id=project.classes()[0].id)
    return project


def uploaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes) -> Path:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    path = tmp_path / "uploads" / "1" / "a.jpg"
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    return path


def test_a_photo_is_taken_down_by_its_hash_and_lifted(services: Services, project: Project) -> None:
    sha256 = project.photos()[0].sha256
    asked = gr.EventData(None, {"named": sha256, "note": "by the maker"})
    value, tries = taking_down.take(services, 0, asked)
    assert tries == 1
    assert value["report"][0].startswith("Taken down: 1 photo in 'Bears'.")
    assert [(one["given"], one["note"]) for one in value["takedowns"]] == [(sha256, "by the maker")]
    assert len(project.photos(state=PhotoState.BINNED)) == 1
    lifted = taking_down.lift(services, 1, gr.EventData(None, {"id": value["takedowns"][0]["id"]}))
    assert lifted["takedowns"] == []
    assert "is lifted" in lifted["report"][0]


def test_a_photo_is_taken_down_by_its_file_which_goes_away(
    services: Services, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = uploaded(tmp_path, monkeypatch, scene("two.jpg"))
    asked = {"path": str(path), "name": "copy.jpg", "note": ""}
    report = taking_down.taken(services, asked)
    assert report.photos == {"Bears": 1}
    assert report.takedown.given == "the file copy.jpg"
    assert not path.exists()


def test_what_names_no_photo_is_refused(services: Services, project: Project) -> None:
    with pytest.raises(InputError, match="https://"):
        taking_down.taken(services, {"named": "that one", "note": ""})


def test_a_file_from_elsewhere_is_not_touched(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploaded(tmp_path, monkeypatch, b"")
    private = tmp_path / "private.jpg"
    private.write_bytes(scene("one.jpg"))
    with pytest.raises(InputError):
        taking_down.taken(services, {"path": str(private), "name": "x.jpg", "note": ""})
    assert private.exists()
