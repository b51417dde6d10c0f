"""Try: ask the classifier about a photo and see what it says."""

from __future__ import annotations

import base64
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import gradio as gr

from nocode_classifier.collect.camera import read_shot
from nocode_classifier.collect.folders import read_file
from nocode_classifier.collect.photo_check import LIMITS, check_photo
from nocode_classifier.errors import InputError, NotReady
from nocode_classifier.predict.predictor import (
    UNLIKE,
    Answer,
    ModelError,
    PhotoError,
    Predictor,
    read_photo,
)
from nocode_classifier.project.project import Project
from nocode_classifier.ui.errors import safely, when_shown
from nocode_classifier.ui.kit.scripts import class_value
from nocode_classifier.ui.state import SHARE, TRAIN, TRY, Services, Shared, Step, open_project
from nocode_classifier.ui.steps.try_out.tryout import tryout
from nocode_classifier.ui.uploads import discard, inside_uploads

STEP = Step(TRY, "Try")

PREVIEW_SIDE = 960
"""Longest side, in pixels, of the picture that is sent back where the browser has none."""

SHOWN_BY_BROWSERS = frozenset({".jpg", ".png", ".webp", ".gif", ".avif", ".bmp"})


def build(services: Services, shared: Shared) -> None:
    """Lay out the step and bind its events."""
    gr.HTML(
        '<h1 class="page-title">Try it</h1><p class="page-lead">Ask about a photo it has never '
        "seen, or hold things up to the camera.</p>",
        apply_default_css=False,
        elem_classes="step-head",
    )
    place = tryout(answer=partial(answer, services))
    onwards = gr.Button("Next: share it", size="lg", visible=False, elem_classes="main-button")
    when_shown(services, shared, STEP, show, [place])
    when_shown(services, shared, STEP, show_onwards, [onwards])
    onwards.click(
        safely(services, go_to_sharing),
        outputs=[shared.walkthrough, shared.step],
        show_progress="hidden",
        api_visibility="private",
    )
    place.go(
        safely(services, go_to_training),
        outputs=[shared.walkthrough, shared.step],
        show_progress="hidden",
        api_visibility="private",
    )


# Handlers


def show(services: Services, project_id: str | None) -> dict[str, Any] | None:
    """What the place to try on needs to know."""
    if project_id is None:
        return None
    project = open_project(services, project_id)
    with project.snapshot():
        folder = project.models.folder()
        return {
            "project_id": project.id,
            "model": folder.name if folder is not None else "",
            "missing": "" if folder is not None else NOT_TRAINED,
            "note": OUT_OF_DATE if project.models.is_stale() else "",
            "classes": [class_value(label) for label in project.classes()],
        }


NOT_TRAINED = "Train your classifier first; it takes seconds."
OUT_OF_DATE = (
    "Your photos or classes have changed since it was trained. It answers as it was; train again "
    "to take the changes in."
)


def go_to_training(_: Services) -> tuple[gr.Walkthrough, int]:
    """Go where it is trained."""
    return gr.Walkthrough(selected=TRAIN), TRAIN


def show_onwards(services: Services, project_id: str | None) -> gr.Button:
    """The way on, once there is something to share."""
    ready = (
        project_id is not None and open_project(services, project_id).models.folder() is not None
    )
    return gr.Button(visible=ready)


def go_to_sharing(_: Services) -> tuple[gr.Walkthrough, int]:
    """Go where it is shared."""
    return gr.Walkthrough(selected=SHARE), SHARE


def answer(services: Services, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer about an upload (`path`), a camera picture (`photo`) or an address (`link`).

    Raises:
        NotReady: there is no model.
        InputError: the photo can't be had or read; the sentence says why.
    """
    project = open_project(services, asked["project_id"])
    predictor = predictor_of(services, project)
    if "photo" in asked:
        data, picture = read_shot(str(asked["photo"]), LIMITS), None
    elif "link" in asked:
        data = _fetched(str(asked["link"]))
        picture = _picture(data)
    else:
        data, suffix = _uploaded(str(asked["path"]))
        picture = None if suffix in SHOWN_BY_BROWSERS else _picture(data)
    try:
        found = predictor.predict(data)
    except PhotoError as error:
        raise InputError(str(error)) from error
    return answer_value(found) | {"picture": picture}


# What they use


def predictor_of(services: Services, project: Project) -> Predictor:
    """The loaded model of a project.

    Raises:
        NotReady: there is none, or it can't be used.
    """
    folder = project.models.folder()
    if folder is None:
        raise NotReady(NOT_TRAINED)
    try:
        return services.predictors.get(folder)
    except ModelError as error:
        raise NotReady(f"{error} Train again.") from error


def answer_value(found: Answer) -> dict[str, Any]:
    """An answer as the page draws it."""
    return {
        "label": found.label,
        "sure": found.sure,
        "headline": found.label if found.sure else "Not sure",
        "words": words_for(found),
        "hint": found.hint if found.sure else None,
        "bars": [
            {"name": name, "probability": round(share, 4)}
            for name, share in found.probabilities.items()
        ],
        "map": [[round(float(value), 3) for value in row] for row in found.activation_map],
    }


def words_for(found: Answer) -> str:
    """The answer as a sentence, with the reason when it is not sure."""
    share = found.probabilities[found.label]
    if found.sure:
        # Rounding must not turn a share into certainty: no model knows that much.
        percent = f"{share:.0%}" if share < 0.995 else "More than 99%"
        return f"{percent} sure that this is “{found.label}”."
    if found.why == UNLIKE:
        return (
            f"None of these, probably: it looks {found.why}. If it had to choose: “{found.label}”."
        )
    first, second = list(found.probabilities)[:2]
    return f"Too close to call between “{first}” and “{second}”."


def _uploaded(path: str) -> tuple[bytes, str]:
    """An upload, checked: its bytes and its real file ending; the upload goes away."""
    upload: Path = inside_uploads(path)
    try:
        data = read_file(upload, LIMITS)
        return data, check_photo(data, upload.name, thumbnail=False).suffix
    finally:
        discard([upload])


def _fetched(link: str) -> bytes:
    from nocode_classifier.collect.download.link import fetch_photo

    data = fetch_photo(link)
    check_photo(data, link, thumbnail=False)
    return data


def _picture(data: bytes) -> str:
    """A small JPEG of a photo as a data URL."""
    from PIL import Image

    try:
        picture = Image.fromarray(read_photo(data, short_side=PREVIEW_SIDE // 2))
    except PhotoError as error:
        raise InputError(str(error)) from error
    picture.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    out = BytesIO()
    picture.save(out, "JPEG", quality=85)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()
