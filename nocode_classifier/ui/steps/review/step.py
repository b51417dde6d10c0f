"""Review: look through the photos, move, remove and put back; everything can be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import gradio as gr

from nocode_classifier.errors import InputError
from nocode_classifier.gradio_private import data_of
from nocode_classifier.project.credits.credits import SOURCE_LABELS
from nocode_classifier.project.names import web_address
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, Photo, PhotoState
from nocode_classifier.ui.doubtful import DOUBTFUL, doubtful_photos
from nocode_classifier.ui.errors import safely, when_shown
from nocode_classifier.ui.improving import improve_soon
from nocode_classifier.ui.kit.photo_grid import photo_grid
from nocode_classifier.ui.kit.scripts import class_value
from nocode_classifier.ui.state import REVIEW, TRAIN, Services, Shared, Step, open_project

STEP = Step(REVIEW, "Review")

PAGE_SIZE = 120
ALL, BIN = "all", "bin"


@dataclass(frozen=True, slots=True)
class View:
    """What one window looks at.

    Attributes:
        project_id: the view is forgotten when another project is opened.
        shown: "all", "doubtful", "bin" or the number of a class.
        page: from 0.
    """

    project_id: str | None = None
    shown: str | int = ALL
    page: int = 0

    @property
    def class_id(self) -> int | None:
        """The class that is shown, or None for all."""
        return self.shown if isinstance(self.shown, int) else None

    @property
    def state(self) -> PhotoState:
        """Which photos are meant."""
        return PhotoState.BINNED if self.shown == BIN else PhotoState.KEPT


def build(services: Services, shared: Shared) -> None:
    """Lay out the step and bind its events."""
    view = gr.State(View())
    gr.HTML(
        '<h1 class="page-title">Look through them</h1><p class="page-lead">Remove what doesn\'t '
        "belong, and move what is in the wrong class. A few wrong photos cost more than a few "
        "missing ones.</p>",
        apply_default_css=False,
    )
    grid = photo_grid(
        every_id=partial(every_id, services), still_there=partial(still_there, services)
    )
    go_on = gr.Button("Go on to training", variant="primary", size="lg", elem_classes="main-button")

    inputs, outputs = [shared.project_id, view], [grid, view]
    quiet: dict[str, Any] = {
        "show_progress": "hidden",
        "trigger_mode": "multiple",
        "api_visibility": "private",
    }
    look_at = shared.look_at
    when_shown(services, shared, STEP, arrive, [*outputs, look_at], [view, look_at])
    grid.look(safely(services, look), [shared.project_id], outputs, queue=False, **quiet)
    grid.decide(safely(services, decide), inputs, [*outputs, shared.revision], **quiet)
    grid.undo(safely(services, undo), inputs, [*outputs, shared.revision], **quiet)
    go_on.click(
        safely(services, go_on_to_training),
        [shared.project_id],
        [shared.walkthrough, shared.step],
        **quiet,
    )


# What the step shows


def arrive(services: Services, project_id: str | None, view: View, look_at: str | None) -> Any:
    """As `show`, with another view if one was asked for; that is asked for only once."""
    wanted = view if look_at is None else View(project_id, look_at)
    return *show(services, project_id, wanted), None


def show(services: Services, project_id: str | None, view: View) -> Any:
    """The page of photos that a window looks at, and the view it turned out to be."""
    if project_id is None:
        return None, View()
    if view.project_id != project_id:
        view = View(project_id)
    project = open_project(services, project_id)
    with project.snapshot():
        return page_value(project, view)


def page_value(project: Project, view: View) -> tuple[dict[str, Any], View]:
    """One page for the grid; a page beyond the last becomes the last, a class that is gone all."""
    labels = project.classes()
    if view.class_id is not None and view.class_id not in {label.id for label in labels}:
        view = View(project.id)
    kept, binned = project.counts(), project.counts(PhotoState.BINNED)
    doubtful = doubtful_photos(project)
    view, photos, total = contents(project, view, [photo for photo, _ in doubtful])
    gone = {photo.class_id for photo in photos} - {label.id for label in labels}
    return {
        "project_id": project.id,
        "revision": project.revision(),
        "view": view.shown,
        "page": view.page,
        "pages": pages_of(total),
        "page_size": PAGE_SIZE,
        "total": total,
        "kept_count": sum(kept.values()),
        "bin_count": sum(binned.values()),
        "doubtful_count": len(doubtful),
        "undo": project.can_undo(),
        "classes": [class_value(label, kept[label.id]) for label in labels],
        "gone_classes": [class_value(project.class_of(class_id)) for class_id in sorted(gone)],
        "photos": [photo_value(photo) for photo in photos],
        "looks_like": {str(photo.id): name for photo, name in doubtful},
    }, view


def contents(
    project: Project, view: View, doubtful: Sequence[Photo]
) -> tuple[View, Sequence[Photo], int]:
    """The view on a page that there is, the photos of that page, and how many there are in all."""
    if view.shown == DOUBTFUL:
        total = len(doubtful)
    else:
        counts = project.counts(view.state)
        total = sum(counts.values()) if view.class_id is None else counts[view.class_id]
    view = replace(view, page=min(max(view.page, 0), pages_of(total) - 1))
    first = view.page * PAGE_SIZE
    if view.shown == DOUBTFUL:
        return view, doubtful[first : first + PAGE_SIZE], total
    return view, project.photos(view.class_id, view.state, first, PAGE_SIZE), total


def pages_of(total: int) -> int:
    """How many pages so many photos take; an empty view has one too."""
    return max(1, -(-total // PAGE_SIZE))


def photo_value(photo: Photo) -> dict[str, Any]:
    """A photo as the grid knows it."""
    return {
        "id": photo.id,
        "sha256": photo.sha256,
        "name": photo.name,
        "class_id": photo.class_id,
        "width": photo.width,
        "height": photo.height,
        "binned": photo.state is PhotoState.BINNED,
        "origin": origin_of(photo),
        "page": web_address(photo.page or photo.address),
    }


def origin_of(photo: Photo) -> str | None:
    """Whom a photo from the web is from, in words; None for one of the user's own."""
    if photo.address is None:
        return None
    source = SOURCE_LABELS.get(photo.source, photo.source)
    maker = f"by {photo.creator}" if photo.creator else "maker unknown"
    return f"{source} · {maker} · {photo.licence or 'licence unknown'}"


# What people do


def look(services: Services, project_id: str | None, event: gr.EventData) -> Any:
    """Look at another class, the bin or another page."""
    asked = data_of(event)
    return show(services, project_id, View(project_id, shown(asked["view"]), int(asked["page"])))


def shown(asked: Any) -> str | int:
    """What a page asked to see: "all", "doubtful", "bin" or the number of a class."""
    return asked if asked in (ALL, DOUBTFUL, BIN) else int(asked)


def decide(services: Services, project_id: str | None, view: View, event: gr.EventData) -> Any:
    """Carry out what was decided about some photos, as one step."""
    project = open_project(services, project_id)
    asked = data_of(event)
    class_id = None if asked.get("class_id") is None else int(asked["class_id"])
    decisions = plan(str(asked["action"]), [int(one) for one in asked["photo_ids"]], class_id)
    project.apply(decisions, summary_of(project, decisions))
    improve_soon(services, project)
    return *show(services, project_id, view), project.revision()


def plan(action: str, photo_ids: Sequence[int], class_id: int | None) -> list[Decision]:
    """What an action on some photos means for each of them.

    Raises:
        InputError: there is no such action, or no class to move to.
    """
    if action == "move" and class_id is not None:
        return [Decision(photo_id, class_id=class_id) for photo_id in photo_ids]
    if action == "bin":
        return [Decision(photo_id, state=PhotoState.BINNED) for photo_id in photo_ids]
    if action == "restore":
        return [Decision(photo_id, class_id, PhotoState.KEPT) for photo_id in photo_ids]
    raise InputError("Choose what to do: move the photos to a class, remove or put them back.")


def summary_of(project: Project, decisions: Sequence[Decision]) -> str:
    """What undo will say it takes back."""
    photos = "1 photo" if len(decisions) == 1 else f"{len(decisions):,} photos"
    first = decisions[0] if decisions else Decision(0)
    if first.state is PhotoState.BINNED:
        return f"Removed {photos}"
    verb = "Put back" if first.state is PhotoState.KEPT else "Moved"
    if first.class_id is None:
        return f"{verb} {photos}"
    return f"{verb} {photos} to '{project.class_of(first.class_id).name}'"


def undo(services: Services, project_id: str | None, view: View) -> Any:
    """Take back the last step."""
    project = open_project(services, project_id)
    project.undo()
    improve_soon(services, project)
    return *show(services, project_id, view), project.revision()


def every_id(services: Services, asked: Mapping[str, Any]) -> list[int]:
    """Ids of all photos in a view."""
    view = View(str(asked["project_id"]), shown(asked["view"]))
    project = open_project(services, view.project_id)
    if view.shown == DOUBTFUL:
        with project.snapshot():
            return [photo.id for photo, _ in doubtful_photos(project)]
    return [photo.id for photo in project.photos(view.class_id, view.state)]


def still_there(services: Services, asked: Mapping[str, Any]) -> list[int]:
    """Those of some photos that are still in a view."""
    there = set(every_id(services, asked))
    return [photo_id for photo_id in asked["photo_ids"] if photo_id in there]


def go_on_to_training(services: Services, project_id: str | None) -> Any:
    """Go to the next step; it says itself what may still be missing."""
    open_project(services, project_id)
    return gr.Walkthrough(selected=TRAIN), TRAIN
