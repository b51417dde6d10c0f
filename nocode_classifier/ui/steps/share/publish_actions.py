"""A page at Hugging Face: what people do there."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from nocode_classifier import paths
from nocode_classifier.errors import InputError, NotReady
from nocode_classifier.jobs import About
from nocode_classifier.progress import Report, ShouldStop, part_of
from nocode_classifier.project.project import Project
from nocode_classifier.share.hub.account import (
    Account,
    sign_in,
    sign_in_with_browser,
    sign_out,
    signed_in,
)
from nocode_classifier.share.hub.kinds import Visibility, kind_of
from nocode_classifier.share.hub.last_time import remember
from nocode_classifier.share.hub.names import check_name
from nocode_classifier.share.hub.plan import PublishPlan, plan
from nocode_classifier.share.hub.publishing import Published, existing, publish
from nocode_classifier.share.hub.refusals import HubRefused, Reason
from nocode_classifier.share.subjects import subject_of
from nocode_classifier.ui.active_shares import Draft
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.share.publishing import draft_of
from nocode_classifier.ui.steps.share.showing import (
    PLAN,
    PUBLISH,
    SIGN_IN,
    Asked,
    model_mark,
    trained,
)
from nocode_classifier.ui.work import start_work

LOOKED = 0.1
"""Share of the planning after which it is known whether the name is free."""


def sign_in_here(services: Services, asked: dict[str, Any]) -> dict[str, Any]:
    """Sign in with a pasted token, or as whoever has a token on this computer already.

    Asked by the script itself, so that the token passes through no event of the page.

    Raises:
        InputError: it can't be a token, or there is none on this computer.
        HubRefused: Hugging Face does not take it, or can't be reached.
    """
    hub = services.active_shares.hub
    account: Account | None
    if asked.get("stored"):
        account = signed_in(hub)
        if account is None:
            raise InputError("There is no token on this computer. Paste one instead.")
    else:
        account = sign_in(hub, str(asked["token"]), keep=bool(asked["keep"]))
    services.active_shares.sign(account)
    return {"name": account.name}


def sign_in_by_browser(services: Services, project: Project, asked: Asked) -> None:
    """Start to sign in on a page of Hugging Face.

    Raises:
        Busy: the project has a job that still runs.
    """
    active_shares, keep = services.active_shares, bool(asked["keep"])

    def work(report: Report, should_stop: ShouldStop) -> Account:
        try:
            account = sign_in_with_browser(
                active_shares.hub,
                active_shares.show_code,
                keep=keep,
                report=report,
                should_stop=should_stop,
            )
        finally:
            active_shares.show_code(None)
        active_shares.sign(account)
        return account

    start_work(services, project, SIGN_IN, work, sentence=_hello)


def leave(services: Services, project: Project, asked: Asked) -> None:
    """Sign out; `forget` also removes the token that is kept on this computer."""
    services.active_shares.sign(None)
    services.active_shares.keep_draft(project.id, None)
    if asked.get("forget"):
        sign_out(services.active_shares.hub)


def put_away(services: Services, project: Project, asked: Asked) -> None:  # noqa: ARG001
    """Go back from what was ready to the form."""
    services.active_shares.keep_draft(project.id, None)


def start_plan(services: Services, project: Project, asked: Asked) -> None:
    """Start to make what would be published, and to see whether the name is free.

    Raises:
        InputError: the name is not allowed.
        NotReady: there is no model, or nobody is signed in.
        Busy: the project has a job that still runs.
    """
    account, folder = _account(services), trained(project)
    space = check_name(str(asked["name"]), str(asked["owner"]) or account.name)
    kind, visibility = kind_of(str(asked["kind"])), Visibility(str(asked["visibility"]))
    with_photos, mark = bool(asked["with_photos"]), model_mark(folder)

    def work(report: Report, should_stop: ShouldStop) -> PublishPlan:
        services.active_shares.keep_draft(project.id, None)
        updates, subject = _is_ours(account, space), subject_of(project)
        place = tempfile.TemporaryDirectory(
            prefix="publish-", dir=paths.cache(), ignore_cleanup_errors=True
        )
        try:
            planned = plan(
                subject,
                space,
                visibility,
                kind,
                make=services.active_shares.files_of(subject, kind),
                into=Path(place.name),
                with_photos=with_photos,
                report=part_of(report, LOOKED, 1.0),
                should_stop=should_stop,
            )
        except BaseException:
            place.cleanup()
            raise
        services.active_shares.keep_draft(project.id, Draft(planned, place, mark, updates))
        return planned

    start_work(services, project, PLAN, work, sentence=_ready, about=About(kind.key))


def start_publish(services: Services, project: Project, asked: Asked) -> None:  # noqa: ARG001
    """Start to publish what was looked at.

    Raises:
        NotReady: nothing is ready, or nobody is signed in.
        Busy: the project has a job that still runs.
    """
    account, draft = _account(services), draft_of(services, project)
    if draft is None:
        raise NotReady("The classifier has changed. Look at what will be public once more.")
    with_photos = draft.planned.photos > 0

    def work(report: Report, should_stop: ShouldStop) -> Published:
        published = publish(draft.planned, account, report=report, should_stop=should_stop)
        remember(project, published, with_photos=with_photos, of=draft.model)
        services.active_shares.keep_draft(project.id, None)
        return published

    about = About(draft.planned.kind.key)
    start_work(services, project, PUBLISH, work, sentence=_sentence, about=about)


def _account(services: Services) -> Account:
    account = services.active_shares.account
    if account is None:
        raise NotReady("Sign in at Hugging Face first.")
    return account


def _is_ours(account: Account, space: str) -> bool:
    """Whether something is there that this app may bring up to date.

    Raises:
        HubRefused: something else is there, or Hugging Face can't be reached.
    """
    there = existing(account, space)
    if there is not None and not there.ours:
        raise HubRefused(
            f"There is already a Space called {space} that this app did not make, and it must not "
            "be overwritten. Choose another name.",
            Reason.NAME_TAKEN,
        )
    return there is not None


def _hello(account: Account) -> str:
    return f"You are signed in as {account.name}."


def _ready(planned: PublishPlan) -> str:
    return f"Ready to be published as {planned.space}: look at it before you agree."


def _sentence(published: Published) -> str:
    return published.sentence
