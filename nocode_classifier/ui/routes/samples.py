"""Where the page finds samples of one's own photos, varied as a network would learn from them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from nocode_classifier.errors import AppError, NotReady
from nocode_classifier.ui.training_choices import augmentation_of

if TYPE_CHECKING:
    from PIL import Image

    from nocode_classifier.learn.settings import Augmentation
    from nocode_classifier.project.project import Project
    from nocode_classifier.ui.state import Services

ROWS, MOST_COLUMNS = 4, 8
SIDE = 160
"""Pixels of each picture in the sheet; shown at up to half of that on a phone."""

KEPT_FOR = "private, max-age=600"


def add_samples_route(server: FastAPI, services: Services) -> None:
    """Serve `/samples/{project_id}?mirror=&turn=&zoom=&light=&columns=&seed=`."""

    @server.get("/samples/{project_id}")
    def samples(request: Request, project_id: str) -> Response:
        return _samples(services, project_id, dict(request.query_params))


def _samples(services: Services, project_id: str, asked: dict[str, str]) -> Response:
    from nocode_classifier.predict.predictor import PhotoError

    try:
        project = services.library.open(project_id)
        sheet = make_sheet(
            project,
            augmentation_of(asked),
            columns=_number(asked, "columns", 6, MOST_COLUMNS),
            seed=_number(asked, "seed", 0, 1_000_000),
        )
    except (AppError, PhotoError, OSError) as error:
        return PlainTextResponse(str(error), 404)
    out = BytesIO()
    sheet.save(out, "WEBP", quality=85)
    return Response(out.getvalue(), media_type="image/webp", headers={"Cache-Control": KEPT_FOR})


def make_sheet(
    project: Project, augmentation: Augmentation, *, columns: int, seed: int
) -> Image.Image:
    """A few photos of the project, each as it is and then varied.

    Args:
        project: whose photos.
        augmentation: how they vary.
        columns: pictures in a row.
        seed: another one gives other samples.

    Raises:
        NotReady: there are no photos.
        PhotoError, OSError: one can't be read.
    """
    from nocode_classifier.learn.augment import sheet
    from nocode_classifier.predict.predictor import read_photo

    paths = photos_of_each_class(project)
    if not paths:
        raise NotReady("Add photos first, then you see how they are varied.")
    photos = [read_photo(path, short_side=2 * SIDE) for path in paths]
    return sheet(photos, augmentation, columns=columns, side=SIDE, seed=seed)


def photos_of_each_class(project: Project) -> list[Path]:
    """A photo of each of the first classes, and then another, until there are enough rows."""
    with project.snapshot():
        of_class = [project.photos(label.id, limit=ROWS) for label in project.classes()]
    turns = [row[turn] for turn in range(ROWS) for row in of_class if turn < len(row)]
    return [project.path_of(photo) for photo in turns[:ROWS]]


def _number(asked: dict[str, str], name: str, usual: int, most: int) -> int:
    text = asked.get(name, "")
    return max(1, min(most, int(text))) if text.isascii() and text.isdecimal() else usual
