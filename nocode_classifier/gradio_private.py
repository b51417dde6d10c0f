"""What this app needs of Gradio that Gradio does not offer: everything private stands here.

Written for Gradio 6.31; `tests/test_gradio_private.py` tries each with the one that is installed.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gradio as gr
    from gradio.components import Component
    from gradio.mcp import GradioMCPServer

LOOK_SECONDS = 0.02
"""How often Gradio's queue looks for something to do. By itself it does so every millisecond, for
which an idle app takes 6 % of a core."""


def let_queue_rest(blocks: gr.Blocks) -> None:
    """Let the queue of an app look for work every `LOOK_SECONDS` only."""
    blocks._queue.sleep_when_free = LOOK_SECONDS


def hide_progress(blocks: gr.Blocks, nowhere: gr.State) -> None:
    """Tell no component how far an event is that is bound with `show_progress="hidden"`.

    Gradio would tell all its outputs, and copy their properties and those of all that they contain
    each time; the walkthrough, an output of most, contains the whole page. That was half of what
    the browser computed after a press, and a third of opening the page.

    Args:
        blocks: with everything bound.
        nowhere: is told instead; a state is nothing that is seen.
    """
    for event in blocks.fns.values():
        if event.show_progress == "hidden":
            event.show_progress_on = [nowhere]


def data_of(event: gr.EventData) -> Mapping[str, Any]:
    """All that an event of the page carries; the public way gives one value, or raises."""
    data: Mapping[str, Any] = event._data or {}
    return data


def bind_first(call: Callable[..., Any], handler: Callable[..., Any]) -> None:
    """Give `call` the signature of `handler` without its first argument.

    Gradio looks at names and type hints to find a parameter for the event or the request.
    """
    signature = inspect.signature(handler)
    first, *others = signature.parameters.values()
    hints = typing.get_type_hints(handler)
    hints.pop(first.name, None)
    call.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
    call.__annotations__ = hints


def leave_as_sent(field: Component) -> None:
    """Hand a link or an upload on as it is.

    Gradio would download links by itself, without our limits. (A class of our own with this method
    would make Gradio write a file of types beside ours.)
    """
    field.async_move_resource_to_block_cache = _as_sent  # type: ignore[method-assign]


async def _as_sent(url_or_file_path: Any) -> str | None:
    return None if url_or_file_path is None else str(url_or_file_path)


def answer_in(words: Callable[[Any], str], tools: GradioMCPServer) -> None:
    """Let assistants read answers in these words; Gradio would write them as Python prints them."""
    as_before = tools.postprocess_output_data

    def in_words(data: Any, root_url: str) -> list[Any]:
        return as_before([words(answer) for answer in data], root_url)

    tools.postprocess_output_data = in_words  # type: ignore[method-assign]
