"""The Try step, asked directly."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from gradio.utils import get_upload_folder
from PIL import Image

from nocode_classifier.errors import InputError, NotReady
from nocode_classifier.main import build_services
from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.project.project import Project
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.try_out import step as try_out
from tests.drawing import draw_photo
from tests.learning import NewShapes

SHAPES = ("circle", "stripes")


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return build_services(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def project(services: Services, new_shapes: NewShapes) -> Project:
    project = new_shapes(services.library, "Shapes")
    project.set_hints(project.classes()[0].id, ["It rolls."])
    return project


def uploaded(data: bytes, name: str = "photo.jpg") -> str:
    """The data as Gradio keeps an upload."""
    folder = Path(get_upload_folder()) / name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    return str(path)


def ask(services: Services, project: Project, **question: str) -> dict[str, Any]:
    return try_out.answer(services, {"project_id": project.id, **question})


def test_an_uploaded_photo_gets_the_answer_of_the_model_folder(
    services: Services, project: Project
) -> None:
    data, folder = draw_photo("circle", 900), project.models.folder()
    assert folder is not None
    path = uploaded(data)
    said, expected = ask(services, project, path=path), Predictor(folder).predict(data)
    assert (said["label"], said["sure"]) == (expected.label, expected.sure)
    assert said["bars"] == [
        {"name": name, "probability": round(share, 4)}
        for name, share in expected.probabilities.items()
    ]
    assert not Path(path).exists()


def test_a_sure_answer_brings_its_hint_and_a_map(services: Services, project: Project) -> None:
    said = next(
        answer
        for answer in (
            ask(services, project, path=uploaded(draw_photo("circle", seed)))
            for seed in range(900, 920)
        )
        if answer["sure"]
    )
    assert said["hint"] == "It rolls."
    assert max(max(row) for row in said["map"]) == 1.0


def test_a_camera_picture_is_answered(services: Services, project: Project) -> None:
    shot = "data:image/jpeg;base64," + base64.b64encode(draw_photo("stripes", 901)).decode()
    assert ask(services, project, photo=shot)["label"] == "stripes"


def test_a_stranger_is_not_sure_and_the_words_say_why(services: Services, project: Project) -> None:
    out = BytesIO()
    Image.effect_mandelbrot((300, 300), (-2, -1.5, 1, 1.5), 100).save(out, "PNG")
    said = ask(services, project, path=uploaded(out.getvalue()))
    assert not said["sure"]
    assert "None of these, probably: it looks unlike anything it has seen." in str(said["words"])


def test_a_format_browsers_do_not_show_comes_back_as_a_picture(
    services: Services, project: Project
) -> None:
    out = BytesIO()
    Image.open(BytesIO(draw_photo("circle", 902))).save(out, "TIFF")
    said = ask(services, project, path=uploaded(out.getvalue(), "photo.tif"))
    assert str(said["picture"]).startswith("data:image/jpeg;base64,")


def test_what_is_no_photo_is_refused_in_words(services: Services, project: Project) -> None:
    with pytest.raises(InputError, match="web page"):
        ask(services, project, path=uploaded(b"<!doctype html><html></html>"))
    with pytest.raises(InputError, match="did not come from this page"):
        ask(services, project, path=str(project.folder / "project.sqlite3"))


def test_without_a_model_the_step_says_to_train(services: Services) -> None:
    project = services.library.create("Empty", SHAPES)
    shown = try_out.show(services, project.id)
    assert shown is not None
    assert shown["missing"]
    with pytest.raises(NotReady, match="Train"):
        ask(services, project, photo="data:image/jpeg;base64,")
