"""A grid of a project's photos in a step: what it shows, and what people do in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import gradio as gr

from nocode_classifier.check.model_check import model_check
from nocode_classifier.errors import InputError
from nocode_classifier.gradio_private import data_of
from nocode_classifier.plurals import counted
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, PhotoState
from nocode_classifier.ui.errors import safely, when_shown
from nocode_classifier.ui.improving import improve_soon
from nocode_classifier.ui.kit.photo_grid.grid import REFUSED, photo_grid
from nocode_classifier.ui.kit.photo_grid.values import photo_value, with_answer
from nocode_classifier.ui.kit.scripts import class_value
from nocode_classifier.ui.photo_views import (
    ALL,
    PAGE_SIZE,
    FurtherViews,
    View,
    contents,
    existing,
    ids_in,
    pages_of,
)
from nocode_classifier.ui.state import Services, Shared, Step, open_project
from nocode_classifier.ui.worth_a_look import views_of


def lay_out_photos(
    services: Services, shared: Shared, step: Step, look_at: gr.State, first: str = ALL
) -> gr.HTML:
    """Put a grid of the project's photos into a step, and bind its events.

    Args:
        services: the real parts.
        shared: how the steps hear of each other.
        step: the one that it is laid out in.
        look_at: the name of a view put there is shown next; None for the one that is shown.
        first: the view that a project begins with.
    """
    view = gr.State(View())
    grid = photo_grid(
        every_id=partial(every_id, services), still_there=partial(still_there, services)
    )
    drawing = partial(arrive, first=first)
    when_shown(services, shared, step, drawing, [grid, view, look_at], [view, look_at])
    quiet: dict[str, Any] = {
        "show_progress": "hidden",
        "trigger_mode": "multiple",
        "api_visibility": "private",
    }
    # What these give leads to a drawing; they go through the queue: only then does the browser
    # hear that a state changed.
    grid.look(safely(services, look), [shared.project_id], [view], **quiet)
    # In the order of the presses: an undo right after a decision takes back that decision.
    in_turn = {**quiet, "concurrency_limit": 1, "concurrency_id": f"photos of step {step.id}"}
    decided = grid.decide(
        safely(services, decide), [shared.project_id], [shared.revision], **in_turn
    )
    decided.failure(None, js=REFUSED)
    grid.undo(safely(services, undo), [shared.project_id], [shared.revision], **in_turn)
    return grid


# What is shown


def arrive(
    services: Services,
    project_id: str | None,
    view: View,
    look_at: str | None,
    *,
    first: str = ALL,
) -> tuple[dict[str, Any] | None, View, None]:
    """As `show`, with another view if one was asked for; that is asked for only once."""
    if look_at is not None:
        view = View(project_id, shown(look_at))
    elif view.project_id != project_id:
        view = View(project_id, first)
    return *show(services, project_id, view), None


def show(
    services: Services, project_id: str | None, view: View
) -> tuple[dict[str, Any] | None, View]:
    """The page of photos that a window looks at, and the view it turned out to be."""
    if project_id is None:
        return None, View()
    project = open_project(services, project_id)
    with project.snapshot():
        return page_value(project, view if view.project_id == project_id else View(project_id))


def page_value(project: Project, view: View) -> tuple[dict[str, Any], View]:
    """One page for the grid; a page beyond the last becomes the last, a view that is gone all."""
    labels, check = project.classes(), model_check(project)
    further = views_of(project, check, view.shown)
    view, photos, total = contents(project, existing(project, view, further), further)
    kept, binned = project.counts(), project.counts(PhotoState.BINNED)
    ids = {label.name: label.id for label in labels}
    answers = {answer.sha256: answer for answer in (check.answers if check else ())}
    shown_classes = {photo.class_id for photo, _ in photos}
    shown_classes |= {note.twin.class_id for _, note in photos if note.twin is not None}
    gone = shown_classes - {label.id for label in labels}
    return {
        "project_id": project.id,
        "revision": project.revision(),
        "view": view.shown,
        "further": further_value(further, view),
        "chosen": list(view.chosen),
        "page": view.page,
        "pages": pages_of(total),
        "page_size": PAGE_SIZE,
        "total": total,
        "kept_count": sum(kept.values()),
        "bin_count": sum(binned.values()),
        "undo": project.can_undo(),
        "learnt": [one for one in (check.class_ids if check else ()) if one is not None],
        "classes": [class_value(label, kept[label.id]) for label in labels],
        "gone_classes": [class_value(project.class_of(class_id)) for class_id in sorted(gone)],
        "photos": [
            photo_value(photo, with_answer(note, answers.get(photo.sha256), ids))
            for photo, note in photos
        ],
    }, view


def further_value(further: FurtherViews, view: View) -> list[dict[str, Any]]:
    """The further views that are offered: those with photos, and the one that is looked at."""
    counts = {name: len(one.unsettled) for name, one in further.items()}
    return [
        {
            "name": name,
            "label": one.label,
            "sentence": one.sentence,
            "empty": one.empty,
            "count": counts[name],
        }
        for name, one in further.items()
        if name == view.shown or (one.listed and counts[name])
    ]


# What people do


def look(_services: Services, project_id: str | None, event: gr.EventData) -> View:
    """Look at another view or another page."""
    asked = data_of(event)
    chosen = tuple(int(one) for one in asked.get("photo_ids") or ())
    return View(project_id, shown(asked["view"]), int(asked["page"]), chosen)


def shown(asked: str | int) -> str | int:
    """The view that a page asked for: the number of a class, or a name."""
    return int(asked) if str(asked).isdecimal() else str(asked)


def decide(services: Services, project_id: str | None, event: gr.EventData) -> int:
    """Carry out what was decided about some photos, as one step; returns the new revision."""
    project = open_project(services, project_id)
    asked = data_of(event)
    class_id = None if asked.get("class_id") is None else int(asked["class_id"])
    decisions = plan(str(asked["action"]), [int(one) for one in asked["photo_ids"]], class_id)
    project.apply(decisions, summary_of(project, decisions))
    improve_soon(services, project)
    return project.revision()


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
    if action == "confirm":
        return [Decision(photo_id, confirmed=True) for photo_id in photo_ids]
    raise InputError("Choose what to do: move the photos to a class, remove or put them back.")


def summary_of(project: Project, decisions: Sequence[Decision]) -> str:
    """What undo will say it takes back."""
    photos = counted(len(decisions), "photo")
    first = decisions[0] if decisions else Decision(0)
    if first.confirmed:
        return f"Said {photos} {'is' if len(decisions) == 1 else 'are'} right"
    if first.state is PhotoState.BINNED:
        return f"Removed {photos}"
    verb = "Put back" if first.state is PhotoState.KEPT else "Moved"
    if first.class_id is None:
        return f"{verb} {photos}"
    return f"{verb} {photos} to '{project.class_of(first.class_id).name}'"


def undo(services: Services, project_id: str | None) -> int:
    """Take back the last step; returns the new revision."""
    project = open_project(services, project_id)
    project.undo()
    improve_soon(services, project)
    return project.revision()


def every_id(services: Services, asked: Mapping[str, Any]) -> list[int]:
    """Ids of all photos in a view."""
    view = View(str(asked["project_id"]), shown(asked["view"]))
    project = open_project(services, view.project_id)
    with project.snapshot():
        return ids_in(project, view, views_of(project, model_check(project), view.shown))


def still_there(services: Services, asked: Mapping[str, Any]) -> list[int]:
    """Those of some photos that are still in use, or still in the bin."""
    project = open_project(services, str(asked["project_id"]))
    state = PhotoState.BINNED if asked["binned"] else PhotoState.KEPT
    there = {photo.id for photo in project.photos(state=state)}
    return [photo_id for photo_id in asked["photo_ids"] if photo_id in there]
