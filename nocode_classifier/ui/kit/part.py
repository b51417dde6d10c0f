"""A part of the page that an ES module draws."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import gradio as gr

from nocode_classifier.errors import AppError
from nocode_classifier.ui.kit.scripts import module_address, text_of

Answering = Callable[[dict[str, Any]], Any]
"""A function that a component's script calls with one object, and that answers with JSON."""

# A part takes no clicks before its module listens; one that can't be had is said, not left dead.
# Gradio looks for the names of a component's events in this text, in quotes: those of constants are
# escaped. (As props of Gradio's they would be missing in a step that is shown later.)
_START = """element.inert = true;
import(%(address)s).then(({ start }) => {
  const constants = JSON.parse(%(constants)s);
  start({ element, trigger, props, server, upload, watch, constants });
  element.inert = false;
}).catch((error) => {
  element.insertAdjacentHTML("beforebegin", '<p role="alert">This part of the page could not be \
loaded. <a href="">Load the page again</a></p>');
  throw error;
});
// Events: %(events)s"""


def part(
    module: str,
    *,
    events: Sequence[str],
    styles: Sequence[str] = (),
    answers: Mapping[str, Answering] | None = None,
    value: Any = None,
    constants: Mapping[str, Any] | None = None,
    template: str = "<div></div>",
    elem_classes: str | None = None,
) -> gr.HTML:
    """A component whose module exports `start({element, trigger, props, server, upload, watch,
    constants})`.

    `start` is called a moment after the component is there: it draws what `props.value` is by then,
    and watches it from then on.

    Args:
        module: a file of `ui`, such as "kit/photo_grid/grid.js".
        events: the names that it triggers.
        styles: files of `ui`, as in `text_of`.
        answers: functions that it calls as `server.<name>(…)`.
        value: the first one, of JSON.
        constants: what stays, also of JSON.
        template: Gradio's `html_template`; with no value in it, the module alone draws.
        elem_classes: for the style sheet of the page.
    """
    start = _START % {
        "address": json.dumps(module_address(module)),
        "constants": json.dumps(json.dumps(constants or {})),
        "events": json.dumps(events),
    }
    return gr.HTML(
        value,
        html_template=template,
        css_template=text_of(*styles),
        js_on_load=start,
        apply_default_css=False,
        server_functions=[named(name, answer) for name, answer in (answers or {}).items()],
        elem_classes=elem_classes,
    )


def named(name: str, answer: Answering) -> Answering:
    """Offer `answer` to a script as `server.<name>(…)`.

    What the core refuses arrives there as `{refused: sentence}`, since Gradio would turn an
    error in such a function into a bare "500".
    """

    def call(asked: dict[str, Any]) -> Any:
        try:
            return answer(asked)
        except AppError as error:
            return {"refused": str(error)}

    call.__name__ = name
    return call
