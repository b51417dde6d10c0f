"""Name: the things to tell apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from nocode_classifier.errors import InputError
from nocode_classifier.project.project import Project
from nocode_classifier.ui.errors import safely, when_shown
from nocode_classifier.ui.kit.actions import action_of
from nocode_classifier.ui.state import COLLECT, NAME, Services, Shared, Step, open_project
from nocode_classifier.ui.steps.name.class_rows import class_rows, row_value

STEP = Step(NAME, "Name")


@dataclass(frozen=True, slots=True)
class View:
    """What this window sees besides the classes.

    Attributes:
        removed: the undo step of the class that was removed a moment ago, or "".
        problem: what was wrong with what was typed last, or "".
        tries: grows with every action, so that a field that was refused is drawn anew.
    """

    removed: str = ""
    problem: str = ""
    tries: int = 0


def build(services: Services, shared: Shared) -> None:
    """Lay out the classes and bind their events."""
    view = gr.State(View())
    page = class_rows()
    when_shown(services, shared, STEP, refresh, [page], [view])
    page.action(
        safely(services, act),
        inputs=[shared.project_id, view],
        outputs=[shared.revision, shared.step, shared.walkthrough, view],
        show_progress="hidden",
        trigger_mode="multiple",
        api_visibility="private",
    )


# Handlers


def refresh(services: Services, project_id: str | None, view: View) -> dict[str, Any] | None:
    """The page as it is now. Nothing else draws it, so that no drawing comes late."""
    return page_value(open_project(services, project_id), view) if project_id else None


def act(
    services: Services, project_id: str | None, view: View, event: gr.EventData
) -> tuple[Any, ...]:
    """Do what was pressed or typed."""
    return press(services, project_id, view, action_of(event))


def press(
    services: Services, project_id: str | None, view: View, wanted: dict[str, str]
) -> tuple[Any, ...]:
    """Carry out one action of the page.

    Returns:
        Revision, step, walkthrough and the view, which is another one after every action.
    """
    project = open_project(services, project_id)
    view = replace(view, problem="", tries=view.tries + 1)
    step: Any = gr.skip()
    try:
        if wanted["action"] == "next":
            step = COLLECT if not missing(project) else step
        else:
            view = change(project, view, wanted)
    except InputError as error:
        view = replace(view, problem=str(error))
    go = gr.Walkthrough(selected=step) if step == COLLECT else gr.skip()
    return project.revision(), step, go, view


def change(project: Project, view: View, wanted: dict[str, str]) -> View:
    """Change the project as wanted; `InputError` when what was typed can't be used."""
    value, class_id = wanted.get("value", ""), int(wanted.get("class", 0))
    match wanted["action"]:
        case "rename-project":
            project.rename(value)
        case "add":
            for name in filter(None, (part.strip() for part in value.split(","))):
                project.add_class(name)
        case "rename":
            project.rename_class(class_id, value)
        case "hint" | "add-hint" | "drop-hint":
            change_hint(project, class_id, wanted.get("hint"), value)
        case "remove":
            project.remove_class(class_id)
            return replace(view, removed=project.can_undo() or "")
        case "undo" if view.removed and project.can_undo() == view.removed:
            project.undo()
            return replace(view, removed="")
    return view


def change_hint(project: Project, class_id: int, place: str | None, value: str) -> None:
    """Put another text in the place of a hint, or add one without a place; "" removes it."""
    hints = list(project.class_of(class_id).hints)
    at = len(hints) if place is None else int(place)
    hints[at : at + 1] = value.splitlines()
    project.set_hints(class_id, hints)


def missing(project: Project) -> str:
    """What is needed before photos can be added, as a sentence; empty when nothing is."""
    count = len(project.classes())
    if count == 0:
        return "Name at least two things to tell apart."
    if count == 1:
        return "One more is needed: a classifier tells at least two things apart."
    return ""


def page_value(project: Project, view: View) -> dict[str, Any]:
    """What the page shows."""
    with project.snapshot():
        counts = project.counts()
        undoable = view.removed and project.can_undo() == view.removed
        return {
            "project": project.name,
            "classes": [row_value(label, counts[label.id]) for label in project.classes()],
            "removed": view.removed if undoable else "",
            "problem": view.problem,
            "missing": missing(project),
            "tries": view.tries,
        }
