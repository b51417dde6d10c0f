"""Asks the process that talks to Hugging Face, listens to it, and ends it when someone stops."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nocode_classifier import __version__
from nocode_classifier.processes import MODULE, ChildProcess, Event
from nocode_classifier.progress import ShouldStop, never
from nocode_classifier.share.hub.redacting import without_tokens
from nocode_classifier.share.hub.refusals import broken, refusal, unreachable

CLIENT_ID_VARIABLE = "HF_DEVICE_CODE_OAUTH_CLIENT_ID"
USUAL_ADDRESS = "https://huggingface.co"
CHILD = "nocode_classifier.share.hub.child"

log = logging.getLogger(__name__)


class Secret:
    """A token that no `print`, log or traceback shows."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The token itself, for whoever must send it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written anywhere")


@dataclass(frozen=True, slots=True)
class Patience:
    """How to wait for a Space.

    Attributes:
        poll: seconds between two questions.
        grace: seconds for which an answer may still be about what was there before.
        build: seconds until waiting is given up; None for what the way of publishing needs.
    """

    poll: float = 2.0
    grace: float = 30.0
    build: float | None = None


@dataclass(frozen=True, slots=True)
class Hub:
    """Which Hub, and how to talk to it.

    Attributes:
        address: without a slash at the end.
        client_id: of this app, for signing in with the browser; None where there is none.
        environment: more variables for the process that talks to it.
    """

    address: str = USUAL_ADDRESS
    client_id: str | None = None
    patience: Patience = Patience()
    environment: Mapping[str, str] = field(default_factory=dict)


def usual_hub() -> Hub:
    """The Hub that this computer is set up for: `HF_ENDPOINT`, else huggingface.co."""
    address = (os.environ.get("HF_ENDPOINT") or USUAL_ADDRESS).rstrip("/")
    return Hub(address, os.environ.get(CLIENT_ID_VARIABLE) or None)


def nobody(event: Event) -> None:
    """The usual `heard`: nobody is interested."""


def ask(
    hub: Hub,
    task: str,
    *,
    token: Secret | None = None,
    heard: Callable[[Event], None] = nobody,
    should_stop: ShouldStop = never,
    **details: Any,
) -> Any:
    """Have something done at Hugging Face.

    Args:
        hub: which one.
        task: "who", "stored", "forget", "device", "look" or "publish"; see `child.py`.
        token: who asks; without one, whoever is signed in on this computer.
        heard: is told of everything that happens on the way.
        should_stop: once it says so, the process is ended.
        details: what the task needs.

    Returns:
        What came of it; for "device" a `Secret`.

    Raises:
        HubRefused: Hugging Face said no, or can't be reached.
        Cancelled: someone pressed Stop.
    """
    asked = {"task": task, "endpoint": hub.address, "version": __version__, **details}
    with (
        tempfile.TemporaryDirectory(prefix="nocode-hub-") as folder,
        ChildProcess([*MODULE, CHILD], settings=_settings(hub, folder)) as process,
    ):
        process.send(json.dumps(asked | {"token": token.reveal() if token else None}) + "\n")
        for event in process.events(should_stop):
            match event["event"]:
                case "result":
                    return event["value"]
                case "token":
                    return Secret(event["token"])
                case "refused":
                    raise refusal(event, asked, hub.address)
                case "unreachable":
                    raise unreachable(hub.address, event["message"])
                case "broken":
                    log.error("talking to Hugging Face broke off: %s", event["message"])
                    raise broken(event["message"])
                case _:
                    heard(event)
        said = without_tokens(process.errors())
        log.error("the process that talks to Hugging Face ended: %s", said)
        raise broken(said)


def _settings(hub: Hub, folder: str) -> dict[str, str | None]:
    return {
        "HF_ENDPOINT": hub.address,
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
        "HF_XET_CACHE": str(Path(folder) / "xet"),
        # Where Xet can't be reached there is the older way, and no use in trying for six minutes.
        "HF_XET_CLIENT_RETRY_MAX_ATTEMPTS": "2",
        "HF_XET_CLIENT_RETRY_MAX_DURATION": "20s",
        **hub.environment,
        # These would write requests, with their tokens, to a log, or hide how far an upload is.
        **dict.fromkeys(("HF_DEBUG", "HF_HUB_VERBOSITY", "HF_HUB_DISABLE_PROGRESS_BARS")),
    }
