"""Each no of Hugging Face as a sentence that says what to do now."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from nocode_classifier.errors import Unavailable


class Reason(StrEnum):
    """Why publishing did not work, for pages that offer a button for the way on."""

    SIGN_IN = "sign-in"
    READ_ONLY = "read-only"
    PAYMENT = "payment"
    FORBIDDEN = "forbidden"
    NAME_TAKEN = "name-taken"
    FILES = "files"
    CHANGED = "changed"
    GONE = "gone"
    TOO_FAST = "too-fast"
    TROUBLE = "trouble"
    NO_NETWORK = "no-network"
    OFFLINE = "offline"
    DENIED = "denied"
    BUILD = "build"
    BROKEN = "broken"


class HubRefused(Unavailable):
    """Hugging Face said no, or couldn't be reached; `str(error)` says what to do now.

    Attributes:
        reason: what kind of no it is.
        status: the HTTP status, where there was one.
        details: what Hugging Face itself said, or the end of a log; for those who want to know.
    """

    def __init__(
        self, sentence: str, reason: Reason, status: int | None = None, details: str = ""
    ) -> None:
        super().__init__(sentence)
        self.reason, self.status, self.details = reason, status, details


def refusal(told: Mapping[str, Any], asked: Mapping[str, Any], address: str) -> HubRefused:
    """The error for a refusal.

    Args:
        told: status, message, wait (seconds or None) and the step at which it happened.
        asked: what was asked for: the space and the sdk and hardware it is to have.
        address: of the Hub.
    """
    status, message = int(told["status"]), str(told.get("message") or "")
    reason, sentence = _words(status, message, told, asked, address)
    return HubRefused(sentence, reason, status or None, message)


def _words(
    status: int, message: str, told: Mapping[str, Any], asked: Mapping[str, Any], address: str
) -> tuple[Reason, str]:
    match status:
        case 0:
            return Reason.OFFLINE, OFFLINE
        case 400 if told.get("step") == "sign in":
            return Reason.DENIED, (
                "Signing in with the browser is not set up rightly here; paste a token instead."
            )
        case 400 | 413 | 415 | 422:
            return Reason.FILES, f"Hugging Face did not take the files: {_said(message)}"
        case 401:
            return Reason.SIGN_IN, (
                "Hugging Face does not know this token, or not any more. Make a new one with the "
                f"role 'write' at {address}/settings/tokens and sign in with it."
            )
        case 402:
            return Reason.PAYMENT, _payment(asked)
        case 403 if told.get("step") == "sign in":
            return Reason.DENIED, _denied(message)
        case 403:
            return Reason.FORBIDDEN, _forbidden(message, asked, address)
        case 404:
            return Reason.GONE, (
                "What was to be changed is not there any more, or this account may not see it. "
                "Publish again."
            )
        case 409:
            return Reason.NAME_TAKEN, (
                f"There is already a Space called {asked.get('space')} that this app did not make, "
                "and it must not be overwritten. Choose another name."
            )
        case 412:
            return Reason.CHANGED, (
                "The Space was changed by someone else while it was being published. Publish again."
            )
        case 429:
            return Reason.TOO_FAST, (
                "Hugging Face was asked too much from here and wants a pause. Publish again "
                f"{_later(told.get('wait'))}; what was uploaded already needn't be sent again."
            )
    return Reason.TROUBLE, (
        f"Hugging Face has trouble of its own right now (error {status}). Nothing of yours is "
        f"lost: publish again {_later(told.get('wait'))}."
    )


OFFLINE = (
    "The variable HF_HUB_OFFLINE tells this computer to leave Hugging Face alone. Unset it, and "
    "open the app again."
)


def unreachable(address: str, details: str) -> HubRefused:
    """The error for no network."""
    return HubRefused(
        f"Hugging Face ({address}) can't be reached from here. Check the internet connection, and "
        "whether a firewall or proxy keeps it away; then publish again. Exporting the page as a "
        "folder works without the internet.",
        Reason.NO_NETWORK,
        details=details,
    )


def broken(details: str) -> HubRefused:
    """The error for an end that nobody foresaw."""
    return HubRefused(
        "Talking to Hugging Face broke off in an unexpected way. Try again; exporting the page as "
        "a folder works as well.",
        Reason.BROKEN,
        details=details,
    )


def failed_build(end: Mapping[str, Any], *, static: bool) -> HubRefused:
    """The error for a Space that has its files but does not run."""
    said = _said(str(end.get("error") or "")) if end.get("error") else _STAGES.get(end["stage"], "")
    other = ", or choose the page that runs by itself: nothing has to be built for it"
    return HubRefused(
        f"The files are at {end['url']}, but the Space does not run. {said} "
        f"Publish again{'' if static else other}.",
        Reason.BUILD,
        details="\n".join(end.get("log") or ()),
    )


_STAGES = {
    "PAUSED": "It is paused: restart it in its settings.",
    "STOPPED": "It is stopped: restart it in its settings.",
    "NO_APP_FILE": "Hugging Face finds nothing in it to run.",
    "CONFIG_ERROR": "Hugging Face does not understand its settings.",
    "BUILD_ERROR": "Building it failed.",
    "RUNTIME_ERROR": "It stopped with an error when it started.",
    "DELETING": "It is being deleted.",
}


def _payment(asked: Mapping[str, Any]) -> str:
    if asked.get("sdk") == "static":
        return (
            "Hugging Face wants a payment before it takes more from this account; its billing "
            "settings say what for."
        )
    if asked.get("hardware"):
        return (
            "This account can't have another ZeroGPU Space: free accounts may have two. Delete one "
            "of them, or publish as a page that runs by itself, which is free."
        )
    return (
        "Hugging Face runs Gradio Spaces only for accounts with a PRO subscription. Publish as a "
        "page that runs by itself, which is free, or on ZeroGPU."
    )


def _forbidden(message: str, asked: Mapping[str, Any], address: str) -> str:
    if asked.get("hardware") and "ZeroGPU" in message:
        return (
            "ZeroGPU is for accounts with a confirmed address that are older than 30 days. Publish "
            "as a page that runs by itself, which has no such rule."
        )
    owner = str(asked.get("space") or "").partition("/")[0]
    whose = f" under the name '{owner}'" if owner else ""
    return (
        f"This token may not publish{whose}. Choose a name of your own, or make a token with the "
        f"role 'write' at {address}/settings/tokens."
    )


def _denied(message: str) -> str:
    if message == "expired_token":
        return "The code was not used in time. Start signing in again."
    return "Signing in was denied in the browser. Start again, or paste a token instead."


def _later(wait: float | None) -> str:
    if not wait:
        return "in a few minutes"
    if wait < 90:
        return f"in {round(wait)} seconds"
    return f"in {round(wait / 60)} minutes" if wait < 5400 else f"in {round(wait / 3600)} hours"


def _said(message: str) -> str:
    line = " ".join(message.split())[:300] or "it does not say why"
    return line if line.endswith((".", "!", "?")) else f"{line}."
