"""What the process tells whoever started it: lines of JSON, without tokens."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Iterator
from typing import Any

import httpx2
from huggingface_hub.errors import HfHubHTTPError, LocalTokenNotFoundError
from huggingface_hub.utils import parse_ratelimit_headers  # type: ignore[attr-defined]

from nocode_classifier.share.hub.redacting import without_tokens


class Refused(Exception):
    """Hugging Face said no.

    Attributes:
        status: of HTTP; 0 where nothing was asked.
        wait: seconds that it wants to be left alone.
    """

    def __init__(self, status: int, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.wait = status, message, wait


class Messenger:
    """Where everything is told.

    Attributes:
        step: what is being done, for the sentence about a refusal.
        token: the one in use, which must not be told.
    """

    def __init__(self) -> None:
        # Whatever libraries print must not get between the lines.
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        self.step = "start"
        self.token: str | None = None

    def tell(self, event: str, **more: Any) -> None:
        """Tell something."""
        line = json.dumps({"event": event, "step": self.step, **more})
        self._write(without_tokens(line, self.token))

    def tell_token(self, token: str) -> None:
        """Tell the token that someone signed in for."""
        self.token = token
        self._write(json.dumps({"event": "token", "token": token}))

    def _write(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()


def seconds_to_wait(response: httpx2.Response) -> float | None:
    """How long the Hub wants to be left alone; None where it doesn't say."""
    told = parse_ratelimit_headers(response.headers)
    if told is not None and told.remaining == 0:
        return float(told.reset_in_seconds)
    after = response.headers.get("retry-after", "").strip()
    return float(after) if after.isdigit() else None


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error, what caused it, and so on."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def tell_error(error: BaseException, told: Messenger) -> None:
    """Tell why it did not work."""
    for each in chain(error):
        if isinstance(each, Refused):
            told.tell("refused", status=each.status, message=each.message, wait=each.wait)
            return
        if isinstance(each, LocalTokenNotFoundError):
            told.tell("refused", status=401, message="no token", wait=None)
            return
        if isinstance(each, HfHubHTTPError):
            response = each.response
            message, wait = each.server_message or "", seconds_to_wait(response)
            told.tell("refused", status=response.status_code, message=message, wait=wait)
            return
        # What is no JSON comes from something in between: the page of a hotel, of a school.
        if isinstance(each, httpx2.TransportError | json.JSONDecodeError):
            told.tell("unreachable", message=f"{type(each).__name__}: {each}")
            return
    if isinstance(error, ValueError) and "README.md" in str(error):
        told.tell("refused", status=400, message=str(error), wait=None)
        return
    told.tell("broken", message="".join(traceback.format_exception(error)))
