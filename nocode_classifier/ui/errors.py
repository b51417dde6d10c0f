"""The one place where errors of the core become words on the page.

Every handler is bound through `safely` (on an event) or `when_shown` (to keep a step up to date).
"""

from __future__ import annotations

import functools
import html
import logging
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from nocode_classifier.disk_errors import in_sentence
from nocode_classifier.errors import Cancelled, NotFound
from nocode_classifier.gradio_private import bind_first
from nocode_classifier.ui.state import Services, Shared, Step

log = logging.getLogger(__name__)

Handler = Callable[..., Any]


def safely(services: Services, handler: Handler) -> Handler:
    """Bind `services` as the first argument of a handler and turn what it raises into words.

    An `AppError` is shown as its sentence, as is what the disk said; `Cancelled` as a calm notice,
    leaving every output as it was; anything else goes to the log under a reference number, and the
    page shows the number.
    """

    @functools.wraps(handler)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return handler(services, *args, **kwargs)
        except Cancelled as stopped:
            gr.Info(_plain(str(stopped) or "Stopped."), title="Stopped")
            return gr.skip()
        except gr.Error:
            raise
        except Exception as error:
            told = in_sentence(error)
            raise _notice(str(told) if told else _surprise(handler, error)) from error

    bind_first(call, handler)
    return call


def when_shown(
    services: Services,
    shared: Shared,
    step: Step,
    handler: Handler,
    outputs: Sequence[gr.blocks.Block],
    inputs: Sequence[gr.components.Component] = (),
    *,
    shows_work: bool = False,
) -> None:
    """Keep a step up to date: call `handler(services, project_id, *inputs)` when it becomes
    visible, and while it is visible whenever the project, anything in it or one of the states
    among `inputs` changed; where it `shows_work`, also while work goes on.

    The handler returns values for `outputs`. It is not called while another step is visible, and
    a project that was deleted meanwhile leaves everything as it was (the shell says so).

    Nothing else draws these outputs, and one drawing waits for another, so that none that was begun
    before a press comes after it. What a press changes leads here: a revision, a mark of work, or a
    state, which a drawing that was begun before leaves as it is.
    """

    def refresh(services: Services, visible: int, project_id: str | None, *values: Any) -> Any:
        if visible != step.id:
            return gr.skip()
        try:
            drawn = handler(services, project_id, *values)
        except NotFound:
            return gr.skip()
        if len(outputs) == 1:
            return drawn
        given = dict(zip(inputs, values, strict=True))
        return tuple(
            gr.skip() if output in given and value == given[output] else value
            for output, value in zip(outputs, drawn, strict=True)
        )

    gr.on(
        [
            *(shared.step.change, shared.project_id.change, shared.revision.change),
            *((shared.work[step.id].change,) if shows_work else ()),
            *(state.change for state in inputs if isinstance(state, gr.State)),
        ],
        safely(services, refresh),
        inputs=[shared.step, shared.project_id, *inputs],
        outputs=list(outputs),
        show_progress="hidden",
        trigger_mode="always_last",
        queue=False,
        api_visibility="private",
    )


def _surprise(handler: Handler, error: Exception) -> str:
    number = uuid.uuid4().hex[:8]
    log.error("number %s: %s failed", number, handler.__qualname__, exc_info=error)
    return (
        "Something went wrong that should not have. Nothing of yours is lost. "
        f"(Number {number} in the log.)"
    )


def _notice(sentence: str) -> gr.Error:
    return gr.Error(_plain(sentence), title="", duration=8, print_exception=False)


def _plain(sentence: str) -> str:
    # Gradio shows these as HTML, and a sentence may quote the name of a class or a file.
    return html.escape(sentence)
