"""What is private in Gradio still does what this app needs of it (written for Gradio 6.31)."""

from __future__ import annotations

from typing import Any

import gradio as gr
import pytest
from gradio.helpers import special_args
from gradio.mcp import GradioMCPServer

from nocode_classifier.gradio_private import (
    LOOK_SECONDS,
    bind_first,
    data_of,
    hide_progress,
    leave_as_sent,
    let_queue_rest,
)
from tests.elsewhere import run


def test_the_queue_of_an_app_looks_less_often() -> None:
    async def waits() -> tuple[float, float]:
        with gr.Blocks(analytics_enabled=False) as blocks:
            gr.Button()
        blocks.queue()
        before = blocks._queue.sleep_when_free
        let_queue_rest(blocks)
        return before, blocks._queue.sleep_when_free

    before, after = run(waits())
    assert 0 < before < after == LOOK_SECONDS


def test_events_without_progress_tell_only_a_state_that_they_run() -> None:
    async def told() -> tuple[int, Any]:
        with gr.Blocks(analytics_enabled=False) as blocks:
            nowhere, button, place = gr.State(0), gr.Button(), gr.HTML()
            button.click(str, button, place, show_progress="hidden")
            button.click(str, button, place)
        hide_progress(blocks, nowhere)
        return nowhere._id, blocks.get_config_file()["dependencies"]

    nowhere, events = run(told())
    assert [event["show_progress_on"] for event in events] == [[nowhere], None]


@pytest.mark.parametrize("sent", [{"more": 2}, {}, None])
def test_an_event_carries_what_the_page_sent(sent: dict[str, int] | None) -> None:
    assert data_of(gr.EventData(None, sent)) == (sent or {})


def test_a_handler_without_its_first_argument_gets_its_event() -> None:
    def handler(services: str, number: int, event: gr.EventData) -> tuple[str, int, Any]:
        return services, number, data_of(event)["more"]

    def call(*inputs: Any) -> tuple[str, int, Any]:
        return handler("bound", *inputs)

    bind_first(call, handler)
    inputs, *_ = special_args(call, [1], None, gr.EventData(None, {"more": 2}))
    assert call(*inputs) == ("bound", 1, 2)


def test_a_link_is_not_downloaded() -> None:
    field = gr.File()
    assert callable(field.async_move_resource_to_block_cache)
    leave_as_sent(field)
    link = "http://127.0.0.1:9/photo.jpg"
    assert run(field.async_move_resource_to_block_cache(link)) == link
    assert run(field.async_move_resource_to_block_cache(None)) is None


def test_answers_to_assistants_pass_through_one_method() -> None:
    assert callable(GradioMCPServer.postprocess_output_data)
