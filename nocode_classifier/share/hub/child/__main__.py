"""Does what the line on standard input asks for."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx2
from huggingface_hub import HfApi, constants, get_token, login, set_client_factory

from nocode_classifier.processes import end_with_parent
from nocode_classifier.share.hub.child.publishing import look_at, publish
from nocode_classifier.share.hub.child.signing_in import device, forget, who, with_token
from nocode_classifier.share.hub.child.telling import (
    Messenger,
    Refused,
    seconds_to_wait,
    tell_error,
)

CONNECT_SECONDS, READ_SECONDS = 15, 120
LONGEST_WAIT = 60
"""Seconds that huggingface_hub may wait by itself when it is told to; longer is said instead."""


def main() -> None:
    """Do what the line on standard input asks for."""
    told = Messenger()
    asked = json.loads(sys.stdin.readline())
    told.token = asked.get("token")
    end_with_parent()
    # Progress bars are drawn for nobody: only their numbers are read.
    sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end
    set_client_factory(lambda: _client(told))
    try:
        _answer(asked, told)
    except BaseException as error:  # noqa: BLE001 - everything has to be told to the other side
        tell_error(error, told)
    # Threads of libraries that still wait for something must not keep the process.
    os._exit(0)


def _client(told: Messenger) -> httpx2.Client:
    timeout = httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)

    def notice(response: httpx2.Response) -> None:
        if response.status_code == 429 or response.status_code >= 500:
            wait = seconds_to_wait(response)
            if wait is not None and wait > LONGEST_WAIT:
                raise Refused(response.status_code, "asked to wait", wait)
            told.tell("busy", status=response.status_code)

    return httpx2.Client(follow_redirects=True, timeout=timeout, event_hooks={"response": [notice]})


def _answer(asked: dict[str, Any], told: Messenger) -> None:
    if constants.is_offline_mode():
        raise Refused(0, "HF_HUB_OFFLINE")
    api = HfApi(
        endpoint=asked["endpoint"],
        token=asked.get("token") or False,
        library_name="nocode-classifier",
        library_version=asked["version"],
    )
    match asked["task"]:
        case "who":
            told.tell("result", value=who(api, told, asked["token"]))
        case "stored":
            told.token = get_token()
            value = who(api, told, told.token) if told.token else None
            told.tell("result", value=value)
        case "keep":
            login(asked["token"], add_to_git_credential=False)
            told.tell("result", value=True)
        case "forget":
            told.tell("result", value=forget())
        case "device":
            device(api.endpoint, asked, told)
        case "look":
            told.tell("result", value=look_at(with_token(api, told), asked["space"]))
        case "publish":
            told.tell("result", value=publish(with_token(api, told), asked, told))


if __name__ == "__main__":
    main()
