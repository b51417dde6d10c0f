"""What a model looked at in a photo, as a picture to lay over it."""

from __future__ import annotations

import hashlib
from io import BytesIO

import numpy as np
import numpy.typing as npt
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from PIL import Image

from nocode_classifier.errors import AppError, NotReady
from nocode_classifier.predict.predictor import ModelError, PhotoError, Predictor
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Photo
from nocode_classifier.ui.routes.photos import photo_there
from nocode_classifier.ui.state import Services

LONG_SIDE = 512
"""Pixels: what is drawn is smooth, so the browser may enlarge it further."""

INFERNO = (
    *("#000004", "#1f0c48", "#550f6d", "#88226a", "#ba3655"),
    *("#e35933", "#f98c0a", "#f9c932", "#fcffa4"),
)
"""Cold to hot, equally far apart to the eye: points of Matplotlib's "inferno", which is CC0. The
legend (kit/photo_grid/lightbox.css) shows the same."""

STRONGEST = 0.88
"""How opaque the hottest spot is: the photo still shows through."""


def add_heatmap_route(server: FastAPI, services: Services) -> None:
    """Serve `/heatmaps/{project_id}/{sha256}?class=<name>`, without a class for the answered one.

    A transparent PNG of the photo's aspect ratio, whose hottest spot is as strong as `X-Strongest`
    says, 0 to 1; 404 with a sentence where there is none.
    """

    @server.get("/heatmaps/{project_id}/{sha256}")
    def heatmap(request: Request, project_id: str, sha256: str) -> Response:
        class_name = request.query_params.get("class")
        try:
            project = services.library.open(project_id)
            folder = project.models.folder()
            if folder is None:
                raise NotReady("There is nothing to show yet: train first.")
            mark = hashlib.sha256(f"{folder.name} {sha256} {class_name}".encode()).hexdigest()
            headers = {"Cache-Control": "private, no-cache", "ETag": f'"{mark}"'}
            if request.headers.get("if-none-match") == headers["ETag"]:
                return Response(status_code=304, headers=headers)
            predictor = services.predictors.get(folder)
            photo = photo_there(project, sha256)
            evidence = evidence_in(predictor, project, photo, class_name)
        except (AppError, ModelError, PhotoError, OSError) as error:
            return PlainTextResponse(str(error), 404)
        headers["X-Strongest"] = f"{float(evidence.max()):.3f}"
        scale = LONG_SIDE / max(photo.width, photo.height)
        drawn = draw_heatmap(evidence, round(photo.width * scale), round(photo.height * scale))
        return Response(drawn, media_type="image/png", headers=headers)


def evidence_in(
    predictor: Predictor, project: Project, photo: Photo, class_name: str | None = None
) -> npt.NDArray[np.float32]:
    """As `Predictor.activation_map`, by what the class is called today.

    Raises:
        NotReady: the model does not know this class.
        PhotoError: the photo can't be read.
    """
    names = project.models.class_names()
    if class_name is not None and class_name not in names:
        raise NotReady(f"The model does not know '{class_name}' yet: train again.")
    # The model calls a class what it was called when it learnt it.
    learnt = None if class_name is None else predictor.classes[names.index(class_name)]
    return predictor.activation_map(project.path_of(photo), learnt)


def draw_heatmap(evidence: npt.NDArray[np.float32], width: int, height: int) -> bytes:
    """A PNG of this size in which what is stronger is hotter and less transparent.

    Args:
        evidence: float32 [rows, columns], 0 to 1.
        width, height: pixels; at least 1 is drawn.
    """
    small = Image.fromarray(np.asarray(evidence, np.float32))
    smooth = np.asarray(
        small.resize((max(1, width), max(1, height)), Image.Resampling.BICUBIC)
    ).clip(0, 1)
    points = np.array([[int(one[at : at + 2], 16) for at in (1, 3, 5)] for one in INFERNO])
    at = np.linspace(0, 1, len(points))
    colours = [np.interp(smooth, at, points[:, channel]) for channel in range(3)]
    # Half as strong is still well seen; where there is nothing, the photo is as it is.
    opacity = 255 * STRONGEST * smooth**0.7
    file = BytesIO()
    pixels = np.stack([*colours, opacity], axis=-1).round().astype(np.uint8)
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return file.getvalue()
