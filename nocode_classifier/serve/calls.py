"""The model through Gradio's own calls: for gradio_client, and as tools over MCP.

from gradio_client import Client, handle_file

Client("http://127.0.0.1:7860").predict(handle_file("photo.jpg"), api_name="/predict")
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio.utils import get_upload_folder
from pydantic import TypeAdapter

from nocode_classifier.errors import AppError, InputError
from nocode_classifier.gradio_private import answer_in, leave_as_sent, let_queue_rest
from nocode_classifier.predict.predictor import Answer
from nocode_classifier.serve.answering import Answering
from nocode_classifier.serve.lazy_app import WITH_TOOLS
from nocode_classifier.serve.schemas import answered
from nocode_classifier.serve.settings import Settings

MOMENT = 10
"""Seconds until an upload is deleted that was asked about."""

EVERY, OLD = 30, 120
"""Uploads that nobody asked about are looked for every so many seconds, and deleted at this age."""


def make_calls(answering: Answering, settings: Settings) -> FastAPI:
    """A Gradio app without a page of its own, ready to be served at `/`."""
    host = FastAPI(openapi_url=None)
    blocks = build_blocks(answering)
    gr.mount_gradio_app(
        host,
        blocks,
        path="/",
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        show_error=True,
        max_file_size=settings.limits.max_bytes,
        mcp_server=WITH_TOOLS,
    )
    if blocks.mcp_server_obj is not None:
        as_json = TypeAdapter(Any)
        answer_in(lambda answer: as_json.dump_json(answer).decode(), blocks.mcp_server_obj)
    return host


def build_blocks(answering: Answering) -> gr.Blocks:
    """The calls `/predict` (a photo) and `/predict_link` (an address)."""

    async def classify_photo(photo: dict[str, Any]) -> dict[str, Any]:
        with _in_words():
            return answered(await _answer_file(answering, photo))

    async def classify_link(link: str) -> dict[str, Any]:
        with _in_words():
            return answered(await answering.answer_link(str(link or "")))

    about = f"which of these is in it: {', '.join(answering.classes)}"
    returns = "Returns the likeliest class, whether that is sure, a hint, and all probabilities."
    classify_photo.__doc__ = f"Say of a photo {about}. {returns}\n\nArgs:\n    photo: the photo"
    classify_link.__doc__ = (
        f"Say of a photo on the web {about}. {returns}\n\nArgs:\n"
        "    link: address of the photo, begins with http:// or https://"
    )
    blocks: gr.Blocks
    with gr.Blocks(
        title=answering.name, analytics_enabled=False, delete_cache=(EVERY, OLD)
    ) as blocks:
        for field, ask, name in (
            (gr.File(label="Photo", visible=False), classify_photo, "predict"),
            (gr.Textbox(label="Link", visible=False), classify_link, "predict_link"),
        ):
            leave_as_sent(field)
            # Not queued: how many are answered at once is decided in `Answering` for all calls.
            asked = gr.Button(visible=False)
            asked.click(
                ask, field, gr.JSON(label="Answer", visible=False), api_name=name,
                queue=False, preprocess=False,
            )  # fmt: skip
    let_queue_rest(blocks)
    return blocks


async def _answer_file(answering: Answering, photo: dict[str, Any] | None) -> Answer:
    path = str((photo or {}).get("path") or "")
    # The address of an upload, as assistants give it, is no link for us to follow inwards.
    _, _, sent = path.partition("/gradio_api/file=")
    path = sent or path
    if path.startswith(("http://", "https://")):
        return await answering.answer_link(path)
    file = _upload(path)
    try:
        data = await asyncio.to_thread(file.read_bytes)
    except OSError as error:
        raise InputError("This photo is not here any more: send it again.") from error
    asyncio.get_running_loop().call_later(MOMENT, _forget, file)
    return await answering.answer(data)


def _upload(path: str) -> Path:
    """A file, if it is one that was sent here.

    Raises:
        InputError: it isn't, so nobody here has any business with it.
    """
    folder = Path(get_upload_folder()).resolve()
    file = Path(path).resolve()
    if not path or folder not in file.parents:
        raise InputError("This file was not sent here: send the photo itself.")
    return file


def _forget(file: Path) -> None:
    """Delete an upload, unless somebody has just sent the same one again: it has the same name."""
    with contextlib.suppress(OSError):
        if time.time() - file.stat().st_mtime >= MOMENT - 1:
            file.unlink()
            file.parent.rmdir()


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except AppError as error:
        raise _Told(str(error), print_exception=False) from error


class _Told(gr.Error):
    """A sentence that assistants get as it is; Gradio would put it into quotes."""

    def __str__(self) -> str:
        return str(self.message)
