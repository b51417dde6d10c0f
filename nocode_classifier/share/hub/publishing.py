"""Publishes what was planned, and waits until it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nocode_classifier import __version__
from nocode_classifier.errors import InputError
from nocode_classifier.processes import Event
from nocode_classifier.progress import Progress, Report, ShouldStop, ignore, never
from nocode_classifier.share.hub.account import Account
from nocode_classifier.share.hub.kinds import STATIC, SpaceKind, Visibility
from nocode_classifier.share.hub.plan import PublishPlan, in_megabytes
from nocode_classifier.share.hub.refusals import failed_build
from nocode_classifier.share.hub.talk import ask

UPLOAD_FROM, UPLOAD_TO, BUILD_TO = 0.05, 0.75, 0.95
"""Shares of the whole work."""

RUNS = {"RUNNING", "SLEEPING"}
BUILDING = {
    "BUILDING": "Hugging Face is building it",
    "RUNNING_BUILDING": "Hugging Face is building it",
    "APP_STARTING": "It is starting",
    "RUNNING_APP_STARTING": "It is starting",
}


@dataclass(frozen=True, slots=True)
class Published:
    """What is there now.

    Attributes:
        url: the page at Hugging Face.
        address: of the classifier alone, without the frame around it; None if it is not known.
        running: False while it is still being built.
        updated: whether something was there before.
        commit: the hash of what was published.
    """

    space: str
    url: str
    address: str | None
    visibility: Visibility
    kind: SpaceKind
    running: bool
    updated: bool
    commit: str

    @property
    def sentence(self) -> str:
        """What came of it, for people."""
        done = "Published again" if self.updated else "Published"
        if not self.running:
            return f"{done}. Hugging Face is still building it; it will be at {self.url}"
        who = "" if self.visibility is Visibility.PUBLIC else ", for you alone"
        return f"{done}{who}: {self.url}"


@dataclass(frozen=True, slots=True)
class Existing:
    """What is at a name already.

    Attributes:
        ours: whether this app made it and may write it anew.
    """

    ours: bool
    visibility: Visibility


def existing(account: Account, space: str) -> Existing | None:
    """What is published at a name; None if the name is free as far as this account can see.

    Raises:
        HubRefused: Hugging Face said no, or can't be reached.
    """
    seen = ask(account.hub, "look", token=account.token, space=space)
    if seen is None:
        return None
    visibility = Visibility.PRIVATE if seen["private"] else Visibility.PUBLIC
    return Existing(bool(seen["ours"] or seen["fresh"]), visibility)


def publish(
    planned: PublishPlan,
    account: Account,
    *,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> Published:
    """Put what was planned where everyone can find it; what is there already is brought up to date.

    Stopped before all files are there, it leaves the Space as it was, or empty where it is new;
    publishing again fills it.

    Args:
        planned: from `plan`.
        account: whose Space it is.
        report: hears how far it is.
        should_stop: whether someone pressed Stop.

    Raises:
        InputError: the account may not publish under this name.
        HubRefused: Hugging Face said no, can't be reached, or could not run it; the sentence says
            what to do.
        Cancelled: someone pressed Stop.
    """
    owner = planned.space.partition("/")[0]
    if owner not in account.owners:
        raise InputError(
            f"You are signed in as {account.name} and can't publish under '{owner}'. "
            f"Choose one of: {', '.join(account.owners)}."
        )
    report(Progress("Asking Hugging Face"))
    end: dict[str, Any] = ask(
        account.hub,
        "publish",
        token=account.token,
        heard=lambda event: _hear(event, report),
        should_stop=should_stop,
        **_settings(planned, account),
    )
    if end["stage"] not in RUNS | BUILDING.keys():
        raise failed_build(end, static=planned.kind is STATIC)
    report(Progress("Published", fraction=1.0))
    return _published(planned, end)


def _settings(planned: PublishPlan, account: Account) -> dict[str, Any]:
    patience = account.hub.patience
    return {
        "space": planned.space,
        "sdk": planned.kind.sdk,
        "hardware": planned.kind.hardware,
        "visibility": planned.visibility.value,
        "folder": str(planned.folder),
        "message": f"Publish with nocode-classifier {__version__}",
        "poll": patience.poll,
        "grace": patience.grace,
        "patience": patience.build or planned.kind.seconds,
    }


def _hear(event: Event, report: Report) -> None:
    match event["event"]:
        case "upload":
            share = event["done"] / max(event["total"], 1)
            sizes = f"{in_megabytes(event['done'])} of {in_megabytes(event['total'])}"
            fraction = UPLOAD_FROM + (UPLOAD_TO - UPLOAD_FROM) * share
            report(Progress(f"Uploading, {sizes}", fraction=fraction))
        case "stage":
            words = BUILDING.get(event["stage"], "Waiting until it runs")
            report(Progress(words, fraction=BUILD_TO if event["stage"] in BUILDING else UPLOAD_TO))
        case "busy":
            report(Progress("Hugging Face is busy, trying again", fraction=UPLOAD_FROM))


def _published(planned: PublishPlan, end: Mapping[str, Any]) -> Published:
    return Published(
        space=planned.space,
        url=end["url"],
        address=end["host"],
        visibility=planned.visibility,
        kind=planned.kind,
        running=end["stage"] in RUNS,
        updated=end["updated"],
        commit=end["commit"],
    )
