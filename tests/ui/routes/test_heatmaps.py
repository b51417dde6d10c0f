"""What a model looked at, as a picture to lay over the photo."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import numpy.typing as npt
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from nocode_classifier.collect.intake import Incoming, add_photos
from nocode_classifier.project.project import Project
from nocode_classifier.ui.routes.heatmaps import add_heatmap_route, draw_heatmap
from nocode_classifier.ui.state import Services
from tests.drawing import draw_image
from tests.learning import NewShapes
from tests.undecoded import new_photo


@pytest.fixture
def client(services: Services) -> TestClient:
    server = FastAPI()
    add_heatmap_route(server, services)
    return TestClient(server)


@pytest.fixture
def project(services: Services, new_shapes: NewShapes) -> Project:
    return new_shapes(services.library, "Shapes")


def with_stripes_at(project: Project, corner: tuple[int, int]) -> str:
    """Put a photo into the project that shows stripes at this corner and nothing elsewhere."""
    photo = Image.new("RGB", (320, 240), (60, 70, 60))
    photo.paste(draw_image("stripes", 7, (130, 100)), corner)
    file = BytesIO()
    photo.save(file, "PNG")
    add_photos(project, [Incoming("corner.png", file.getvalue, "stripes", "upload")], class_id=None)
    return project.photos()[-1].sha256


def strength(data: bytes) -> npt.NDArray[np.float64]:
    """How strong a heatmap is, from its alpha, [rows, columns]."""
    return np.asarray(Image.open(BytesIO(data)).getchannel("A"), np.float64)


@pytest.mark.slow
def test_it_is_warmest_where_the_thing_is_and_has_the_shape_of_the_photo(
    client: TestClient, project: Project
) -> None:
    sha256 = with_stripes_at(project, (180, 130))
    answer = client.get(f"/heatmaps/{project.id}/{sha256}", params={"class": "stripes"})
    assert answer.headers["content-type"] == "image/png"
    heat = strength(answer.content)
    assert heat.shape == (384, 512)
    low = heat[192:, 256:].mean()
    others = [heat[:192, :256], heat[:192, 256:], heat[192:, :256]]
    assert low > 2 * max(float(other.mean()) for other in others)
    assert heat.max() > 200, "strong enough to be seen"
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    assert row > 192
    assert column > 256


@pytest.mark.slow
def test_without_a_class_it_is_of_the_answer_and_asked_for_again_it_is_not_drawn_again(
    client: TestClient, project: Project
) -> None:
    sha256 = with_stripes_at(project, (0, 0))
    address = f"/heatmaps/{project.id}/{sha256}"
    answered, other = client.get(address), client.get(address, params={"class": "circle"})
    named = client.get(address, params={"class": "stripes"})
    assert {named.content, other.content} > {answered.content}
    project.rename_class(project.class_named("stripes").id, "lines")
    assert client.get(address, params={"class": "lines"}).content == named.content
    headers = {"If-None-Match": answered.headers["etag"]}
    assert client.get(address, headers=headers).status_code == 304
    assert client.get(address, params={"class": "circle"}, headers=headers).status_code == 200


@pytest.mark.slow
def test_what_can_not_be_drawn_is_said_in_a_sentence(
    client: TestClient, project: Project, services: Services
) -> None:
    first = project.photos()[0].sha256
    untrained = services.library.create("Pets", ["cat"])
    pet = untrained.add_photo(new_photo(1), untrained.classes()[0].id).sha256

    def said(address: str) -> tuple[int, str]:
        answer = client.get(f"/heatmaps/{address}")
        return answer.status_code, answer.text

    assert said(f"{untrained.id}/{pet}") == (404, "There is nothing to show yet: train first.")
    assert said(f"{project.id}/{'0' * 64}") == (404, "This photo is not there any more.")
    assert said(f"{project.id}/nonsense") == (404, "This photo is not there any more.")
    assert said(f"{project.id}/{first}?class=cow") == (
        404,
        "The model does not know 'cow' yet: train again.",
    )
    assert said(f"nowhere/{first}")[0] == 404


def test_a_coarse_map_becomes_smooth_hot_where_it_is_strong_and_clear_where_there_is_nothing() -> (
    None
):
    evidence = np.zeros((7, 7), np.float32)
    evidence[1, 5] = 1
    image = Image.open(BytesIO(draw_heatmap(evidence, 400, 300)))
    assert (image.mode, image.size) == ("RGBA", (400, 300))
    pixels = np.asarray(image).astype(int)
    assert pixels[200, 100, 3] == 0
    hot = pixels[64, 314]
    assert hot[0] > 200
    assert hot[3] > 180
    assert np.abs(np.diff(pixels[..., 3], axis=1)).max() < 40
