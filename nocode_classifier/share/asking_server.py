"""Asks an export that is a server: starts it, sends it photos as any program would, ends it."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nocode_classifier.errors import NotProven
from nocode_classifier.processes import ChildProcess, TookTooLong
from nocode_classifier.progress import ShouldStop, check_stop, never
from nocode_classifier.share.clean_process import Program, started
from nocode_classifier.share.exporter import ExportAnswer

if TYPE_CHECKING:
    import httpx

LOCAL = "127.0.0.1"
SECONDS_TO_START = 90.0
SECONDS_TO_ANSWER = 90.0
GRADIO = "/gradio_api/info"
"""Says what Gradio's own clients can call; answered as soon as Gradio is loaded."""


def ask_server(
    program: Program, photos: Sequence[Path], *, should_stop: ShouldStop = never
) -> list[ExportAnswer]:
    """Start a server with `PORT` in its environment and ask it by REST.

    Args:
        program: what to start.
        photos: what to ask about.
        should_stop: asked now and then.

    Raises:
        NotProven: it does not start, shows no page, or does not answer; nor to Gradio's clients.
        Cancelled: Stop was pressed.
    """
    import httpx

    port = free_port()
    program = replace(program, settings={**(program.settings or {}), "PORT": str(port)})
    address = f"http://{LOCAL}:{port}"
    with (
        started(program) as process,
        # No proxy of this computer stands between two of its own programs.
        httpx.Client(base_url=address, timeout=SECONDS_TO_ANSWER, trust_env=False) as client,
    ):
        _wait(client, process, should_stop)
        ask = partial(_answered, client, process, should_stop)
        if "text/html" not in ask("GET", "/").headers.get("content-type", ""):
            raise NotProven("The export shows no page.")
        answers = []
        for photo in photos:
            check_stop(should_stop)
            sent = {"file": (photo.name, photo.read_bytes())}
            answers.append(_read(ask("POST", "/image", files=sent)))
        ask("GET", GRADIO)
        return answers


def free_port() -> int:
    """A port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind((LOCAL, 0))
        return int(probe.getsockname()[1])


def _wait(client: httpx.Client, process: ChildProcess, should_stop: ShouldStop) -> None:
    import httpx

    try:
        for _ in process.lines(should_stop, SECONDS_TO_START):
            with suppress(httpx.TransportError):
                if client.get("/health").status_code == httpx.codes.OK:
                    return
    except TookTooLong as error:
        sentence = f"The export did not start within {SECONDS_TO_START:.0f} seconds."
        raise NotProven(sentence) from error
    raise NotProven(f"The export does not start: {process.last_words()}")


def _answered(
    client: httpx.Client,
    process: ChildProcess,
    should_stop: ShouldStop,
    method: str,
    path: str,
    **options: Any,
) -> httpx.Response:
    """What is answered, asked again where a busy server says to come later."""
    import httpx

    try:
        for _ in process.lines(should_stop, SECONDS_TO_ANSWER):
            response = client.request(method, path, **options)
            if response.status_code == httpx.codes.OK:
                return response
            if response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                raise NotProven(f"The export answered {response.status_code} to {path}.")
    except TookTooLong as error:
        raise NotProven(f"The export stayed too busy to answer {path}.") from error
    except httpx.TransportError as error:
        raise NotProven(f"The export stopped answering: {error}") from error
    raise NotProven(f"The export stopped answering: {process.last_words()}")


def _read(response: httpx.Response) -> ExportAnswer:
    try:
        found = response.json()
        probabilities = {one["label"]: one["probability"] for one in found["predictions"]}
        return ExportAnswer(found["guess"], found["sure"], probabilities)
    except (ValueError, KeyError, TypeError) as error:
        raise NotProven("The export does not answer as it should.") from error
