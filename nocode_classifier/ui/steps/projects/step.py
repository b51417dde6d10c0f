"""Projects: open one, make one, and keep house among them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr

from nocode_classifier.ui.errors import safely
from nocode_classifier.ui.kit.actions import action_of
from nocode_classifier.ui.state import (
    COLLECT,
    NAME,
    PROJECTS,
    TRAIN,
    TRY,
    Services,
    Shared,
    Step,
    open_project,
)
from nocode_classifier.ui.steps.projects import taking_down
from nocode_classifier.ui.steps.projects.project_cards import project_cards, project_value
from nocode_classifier.ui.steps.projects.takedown import takedown

STEP = Step(PROJECTS, "Projects")
UNNAMED = "My classifier"
SECONDS_TO_STOP = 10.0

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True, slots=True)
class View:
    """What this window sees of the list.

    Attributes:
        just_binned: the project that Undo brings back, or "".
        bin_open: whether the bin is shown.
        tries: how often something was pressed; one more makes the list be drawn again.
    """

    just_binned: str = ""
    bin_open: bool = False
    tries: int = 0


def build(services: Services, shared: Shared) -> None:
    """Lay out the list of projects and bind its events."""
    view = gr.State(View())
    page = project_cards()
    with gr.Row(elem_classes="below-cards"):
        import_button = gr.UploadButton(
            "Import a project", file_types=[".nocode"], size="sm", elem_classes="import-button"
        )
    _build_takedowns(services, shared)
    place = [shared.project_id, shared.revision, shared.step, shared.walkthrough]
    here = [*place, view]
    # As in `when_shown`, and at the load as well: most windows open here, and have the list before
    # they have found their place.
    gr.on(
        [shared.page.load, shared.step.change, shared.work[PROJECTS].change, view.change],
        safely(services, refresh),
        inputs=[shared.step, view],
        outputs=[page],
        trigger_mode="always_last",
        queue=False,
        **QUIET,
    )
    page.action(
        safely(services, act),
        inputs=[shared.project_id, view],
        outputs=here,
        trigger_mode="multiple",
        **QUIET,
    )
    import_button.upload(
        safely(services, import_project),
        inputs=[import_button, view],
        outputs=here,
        show_progress_on=import_button,
        api_visibility="private",
    )


def _build_takedowns(services: Services, shared: Shared) -> None:
    tries = gr.State(0)
    place = takedown()
    shown: dict[str, Any] = {"fn": safely(services, taking_down.forget), "inputs": [tries]}
    gr.on([shared.page.load, shared.step.change], outputs=[place], queue=False, **shown, **QUIET)
    place.forget(outputs=[place], **shown, **QUIET)
    place.take(safely(services, taking_down.take), [tries], [place, tries], **QUIET)
    place.lift(safely(services, taking_down.lift), [tries], [place], **QUIET)


# Handlers


def refresh(services: Services, step: int, view: View) -> Any:
    """Show the list as it is now, if it is seen or may be in a moment.

    It never writes the view: what was pressed while this looks must stay.
    """
    return page_value(services, view) if step in (0, PROJECTS) else gr.skip()


def act(
    services: Services, project_id: str | None, view: View, event: gr.EventData
) -> tuple[Any, ...]:
    """Do what was pressed in the list."""
    wanted = action_of(event)
    return press(services, project_id, view, wanted)


def press(
    services: Services, project_id: str | None, view: View, wanted: dict[str, str]
) -> tuple[Any, ...]:
    """Carry out one action of the list.

    Returns:
        Project, revision, step, walkthrough and the view.
    """
    view = replace(view, tries=view.tries + 1)
    library, chosen = services.library, wanted.get("project", "")
    match wanted["action"]:
        case "open":
            return enter(services, chosen, view)
        case "create":
            made = library.create(wanted.get("value", "").strip() or UNNAMED)
            return enter(services, made.id, view)
        case "template":
            made = library.create_from_template(wanted["template"])
            return enter(services, made.id, view, step=NAME)
        case "rename":
            library.rename(chosen, wanted["value"])
        case "duplicate":
            library.duplicate(chosen)
        case "delete":
            return delete(services, project_id, chosen, view)
        case "restore":
            library.restore(chosen)
            view = replace(view, just_binned="")
        case "empty-bin":
            library.empty_bin()
            view = replace(view, just_binned="", bin_open=False)
        case "bin":
            view = replace(view, bin_open=not view.bin_open)
    return stay(view)


def enter(
    services: Services, project_id: str, view: View, *, step: int | None = None
) -> tuple[Any, ...]:
    """Open a project, at the first step that still needs something if none is given."""
    project = open_project(services, project_id)
    step = step or next_step(project.counts(), trained=project.models.folder() is not None)
    view = replace(view, just_binned="")
    return project_id, project.revision(), step, gr.Walkthrough(selected=step), view


def next_step(counts: dict[int, int], *, trained: bool) -> int:
    """Where work on a project goes on. `counts` are photos by class."""
    if len(counts) < 2:
        return NAME
    if min(counts.values()) < 2:
        return COLLECT
    return TRY if trained else TRAIN


def delete(services: Services, opened: str | None, project_id: str, view: View) -> tuple[Any, ...]:
    """Put a project into the bin, from where Undo brings it back; its link closes."""
    services.jobs.stop(project_id, SECONDS_TO_STOP)
    services.library.bin(project_id)
    services.active_shares.serve(project_id, None)
    answer = stay(replace(view, just_binned=project_id))
    return (None, 0, *answer[2:]) if opened == project_id else answer


def import_project(services: Services, file: str, view: View) -> tuple[Any, ...]:
    """Take in a project that was exported, here or on another computer, and open it."""
    try:
        return enter(services, services.library.import_file(Path(file)).id, view)
    finally:
        Path(file).unlink(missing_ok=True)


def stay(view: View) -> tuple[Any, ...]:
    """Show the list again; nothing else changes."""
    return gr.skip(), gr.skip(), gr.skip(), gr.skip(), view


def page_value(services: Services, view: View) -> dict[str, Any]:
    """The list as it should be now."""
    binned = services.library.binned()
    undo = next((info for info in binned if info.id == view.just_binned), None)
    return {
        "projects": [project_value(info) for info in services.library.projects()],
        "binned": [project_value(info) for info in binned],
        "undo": undo and project_value(undo),
        "bin_open": view.bin_open and bool(binned),
    }
