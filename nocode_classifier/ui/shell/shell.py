"""What stays around the steps: the header, the strip of the running job, and the news."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

import gradio as gr

from nocode_classifier.errors import AppError
from nocode_classifier.project.project import Project
from nocode_classifier.ui.errors import safely
from nocode_classifier.ui.kit.actions import action_of
from nocode_classifier.ui.shell.change_poll import news
from nocode_classifier.ui.shell.header import Place, header
from nocode_classifier.ui.shell.live_updates import StatusBar, act_on_status_bar, arrive, hear
from nocode_classifier.ui.shell.status_bar import Shown, status_bar
from nocode_classifier.ui.state import CHECK, COLLECT, NAME, PROJECTS, TRAIN, Services, Shared, Step

# These go through the queue: only then does the browser hear that a state changed.
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True, slots=True)
class Shell:
    """The widgets around the steps."""

    header: gr.HTML
    turn: gr.State
    status_bar: gr.HTML
    status_bar_shown: gr.State
    status_bar_state: gr.State
    news: gr.HTML


def lay_out_shell(steps: Sequence[Step]) -> Shell:
    """Make the widgets; they go above the steps."""
    return Shell(
        header=header(steps),
        turn=gr.State(0),
        status_bar=status_bar(),
        status_bar_shown=gr.State(None),
        status_bar_state=gr.State(StatusBar()),
        news=news(),
    )


def bind_shell(services: Services, shared: Shared, shell: Shell, steps: Sequence[Step]) -> None:
    """Bind loading, the news, the header and the strip. `steps` are those there are, in order.

    Who shows another step says so in `shared.step`, too. The panels' own "select" is no help: the
    first one also selects itself while the page loads, and may say so late.
    """
    known = frozenset(step.id for step in steps)
    _bind_window(services, shared, shell, known)
    gr.on(
        [
            shared.step.change,
            shared.project_id.change,
            shared.revision.change,
            shell.turn.change,
        ],
        safely(services, show_header),
        inputs=[shared.step, shared.project_id, shell.turn],
        outputs=[shell.header],
        trigger_mode="always_last",
        queue=False,
        **QUIET,
    )
    shell.header.action(
        safely(services, _going(known)),
        inputs=[shared.project_id, shell.turn],
        outputs=[*_window_of(shared, shell), shell.turn],
        trigger_mode="multiple",
        concurrency_limit=1,  # each hears of the one before
        **QUIET,
    )


def _window_of(shared: Shared, shell: Shell) -> list[Any]:
    """What `pulse` fills, in its order."""
    place = [shared.project_id, shared.revision, shared.step, shared.walkthrough]
    return [*place, shell.status_bar, shell.status_bar_shown, shell.status_bar_state]


def _bind_window(services: Services, shared: Shared, shell: Shell, known: frozenset[int]) -> None:
    # In place of the header's value goes what the address bar says.
    address: dict[str, Any] = {"inputs": [shell.header], "js": "() => [window.location.search]"}
    # The place is shown at once; that the states changed is only heard by way of the queue.
    shared.page.load(
        safely(services, _seeing(known)),
        outputs=[shell.header, shared.walkthrough],
        queue=False,
        **address,
        **QUIET,
    )
    window = _window_of(shared, shell)
    shared.page.load(safely(services, _arriving(known)), outputs=window, **address, **QUIET)
    shell.news.news(
        safely(services, _hearing(tuple(shared.work))),
        inputs=[
            *(shared.step, shared.project_id, shared.revision),
            *(shell.status_bar_shown, shell.status_bar_state),
        ],
        outputs=[*window, shell.news, *shared.work.values()],
        **QUIET,
    )
    shell.status_bar.action(
        safely(services, press_on_status_bar),
        inputs=[shared.project_id, shell.status_bar_state],
        outputs=window[4:],
        trigger_mode="multiple",
        **QUIET,
    )


def press_on_status_bar(
    services: Services, project_id: str | None, status_bar: StatusBar, event: gr.EventData
) -> tuple[Shown, Shown, StatusBar]:
    """Stop, or close the message."""
    return act_on_status_bar(services, project_id, status_bar, action_of(event)["action"])


def show_header(
    services: Services, step: int, project_id: str | None, turn: int = 0
) -> dict[str, Any]:
    """The header's value for this place."""
    place = Place(step, turn=turn)
    if project_id is not None:
        with suppress(AppError):  # the pulse says what became of it
            project = services.library.open(project_id)
            with project.snapshot():
                place = Place(step, project_id, project.name, finished_steps(project), turn)
    return asdict(place)


def finished_steps(project: Project) -> tuple[int, ...]:
    """The steps that have what the next ones need."""
    counts = project.counts()
    trained = project.models.folder() is not None and not project.models.is_stale()
    done = {
        NAME: len(counts) >= 2,
        COLLECT: len(counts) >= 2 and min(counts.values()) >= 2,
        TRAIN: trained,
        CHECK: trained,
    }
    return tuple(step for step, finished in done.items() if finished)


def go_to(wanted: int, known: frozenset[int], project_id: str | None) -> Any:
    """Go to a step; all but the first need an open project."""
    if wanted not in known or (project_id is None and wanted != PROJECTS):
        return gr.skip()
    unchanged = gr.skip()
    return *[unchanged] * 2, wanted, gr.Walkthrough(selected=wanted), *[unchanged] * 4


def travel(
    services: Services,
    known: frozenset[int],
    project_id: str | None,
    query: str,
    turn: int,
    followed: int = 0,
) -> Any:
    """Go where the address leads that the browser's Back or Forward brought back.

    What was said about the project that is open stays said, or put away. Of quick presses an
    earlier one may arrive last: it is not followed any more.
    """
    if turn < followed:
        return gr.skip()
    place = arrive(services, known, query)
    same = project_id is not None and place[0] == project_id
    return *place[:4], *([gr.skip()] * 3 if same else place[4:]), turn


def _seeing(known: frozenset[int]) -> Callable[..., Any]:
    def seen(services: Services, query: str) -> Any:
        project_id, _, step, walkthrough, *_ = arrive(services, known, query)
        return show_header(services, step, project_id), walkthrough

    return seen


def _arriving(known: frozenset[int]) -> Callable[..., Any]:
    def opened(services: Services, query: str) -> Any:
        return arrive(services, known, query)

    return opened


def _hearing(works: Sequence[int]) -> Callable[..., Any]:
    def hear_there(services: Services, *shown: Any) -> Any:
        return hear(services, works, *shown)

    return hear_there


def _going(known: frozenset[int]) -> Callable[..., Any]:
    def go(services: Services, project_id: str | None, followed: int, event: gr.EventData) -> Any:
        asked = action_of(event)
        if asked["action"] == "travel":
            turn = int(asked["turn"])
            return travel(services, known, project_id, asked["query"], turn, followed)
        return go_to(int(asked["step"]), known, project_id)

    return go
