"""A page at Hugging Face: what the page shows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nocode_classifier.jobs import Job
from nocode_classifier.project.project import Project
from nocode_classifier.share.hub.account import Account, can_sign_in_with_browser
from nocode_classifier.share.hub.kinds import KINDS, STATIC, Visibility
from nocode_classifier.share.hub.last_time import LastTime, last_time
from nocode_classifier.share.hub.names import space_name
from nocode_classifier.share.hub.plan import in_megabytes
from nocode_classifier.share.hub.refusals import HubRefused, Reason
from nocode_classifier.ui.active_shares import Draft
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.share.showing import (
    PLAN,
    PUBLISH,
    SIGN_IN,
    busy_sentence,
    failure_of,
    job_of,
    model_mark,
    work_value,
)

if TYPE_CHECKING:
    from nocode_classifier.share.hub.talk import Hub

SIGN_IN_AGAIN, RENAME, STATIC_INSTEAD, FILES_INSTEAD, AGAIN = (
    "sign-in",
    "rename",
    "static",
    "files",
    "again",
)
"""Ways on that the page offers as buttons."""


def publish_value(services: Services, project: Project) -> dict[str, Any]:
    """All there is to see: who is signed in, what to choose, what is ready, what is there."""
    active_shares, job = services.active_shares, job_of(services, project, SIGN_IN, PLAN, PUBLISH)
    account, last, draft = active_shares.account, last_time(project), draft_of(services, project)
    work, code = work_value(job), active_shares.code
    return {
        "project_id": project.id,
        "account": account and _account_value(account),
        "tokens": tokens_address(active_shares.hub),
        "browser": can_sign_in_with_browser(active_shares.hub),
        "code": {"code": code.code, "address": code.address} if code is not None and work else None,
        "settings": publish_settings_value(project, account, last),
        "kinds": [{"key": kind.key, "label": kind.label, "about": kind.about} for kind in KINDS],
        "photos": sum(project.counts().values()),
        "draft": draft and _draft_value(draft),
        "published": last and _published_value(services, project, last),
        "work": work and {**work, "kind": job.kind if job is not None else ""},
        "problem": problem_value(job),
        "busy": busy_sentence(services, project),
    }


def draft_of(services: Services, project: Project) -> Draft | None:
    """What is ready to be published, unless the classifier has changed since."""
    draft = services.active_shares.draft(project.id)
    if draft is not None and draft.model != model_mark(project.models.folder()):
        return None
    return draft


def tokens_address(hub: Hub) -> str:
    """Where someone who is signed in makes a token that may write."""
    return f"{hub.address}/settings/tokens/new?tokenType=write"


def publish_settings_value(
    project: Project, account: Account | None, last: LastTime | None
) -> dict[str, Any]:
    """What is chosen in the form unless someone chooses otherwise: the same as last time."""
    owner, name = account.name if account else "", space_name(project.name)
    chosen = {"visibility": Visibility.PUBLIC.value, "kind": STATIC.key, "with_photos": False}
    if last is not None:
        chosen = {
            "visibility": last.visibility,
            "kind": last.kind,
            "with_photos": last.with_photos,
        }
        before, _, name = last.space.partition("/")
        owner = before if account is None or before in account.owners else owner
    return {"owner": owner, "name": name, **chosen}


def problem_value(job: Job[Any] | None) -> dict[str, Any] | None:
    """What went wrong, and the ways on."""
    sentence = failure_of(job)
    if job is None or not sentence:
        return None
    details, ways = "", [AGAIN]
    if isinstance(job.error, HubRefused):
        details, ways = job.error.details, ways_on(job.error.reason, job.about.key)
    if job.kind == SIGN_IN:
        ways = []
    return {"id": job.id, "sentence": sentence, "details": details, "ways": ways}


def ways_on(reason: Reason, kind: str) -> list[str]:
    """What to offer after a refusal, the likeliest first.

    Args:
        reason: of the refusal.
        kind: how it was to be published.
    """
    other = [STATIC_INSTEAD] if kind != STATIC.key else [FILES_INSTEAD]
    match reason:
        case Reason.SIGN_IN | Reason.READ_ONLY | Reason.DENIED:
            return [SIGN_IN_AGAIN]
        case Reason.PAYMENT:
            return other
        case Reason.FORBIDDEN:
            return (
                [*other, RENAME, SIGN_IN_AGAIN] if kind != STATIC.key else [RENAME, SIGN_IN_AGAIN]
            )
        case Reason.NAME_TAKEN:
            return [RENAME]
        case Reason.NO_NETWORK | Reason.OFFLINE:
            return [AGAIN, FILES_INSTEAD]
        case Reason.BUILD:
            return [AGAIN, *other]
    return [AGAIN]


def _account_value(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "full_name": account.full_name,
        "owners": list(account.owners),
        "kept": account.token is None,
    }


def _draft_value(draft: Draft) -> dict[str, Any]:
    planned = draft.planned
    return {
        "space": planned.space,
        "title": planned.title,
        "private": planned.visibility is Visibility.PRIVATE,
        "kind": planned.kind.label,
        "size": in_megabytes(planned.size),
        "files": [
            {"path": file.path, "size": in_megabytes(file.size)}
            for file in sorted(planned.files, key=lambda file: -file.size)
        ],
        "classes": [{"name": name, "hints": list(hints)} for name, hints in planned.classes],
        "sentences": list(planned.sentences),
        "updates": draft.updates,
    }


def _published_value(services: Services, project: Project, last: LastTime) -> dict[str, Any]:
    shown = last.address or last.url
    return {
        "space": last.space,
        "url": last.url,
        "address": shown,
        "qr": services.draw_qr(shown),
        "private": last.visibility == Visibility.PRIVATE.value,
        "at": last.at,
        "changed": last.of != model_mark(project.models.folder()),
    }
