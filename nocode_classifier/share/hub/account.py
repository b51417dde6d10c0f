"""Who publishes: an account at Hugging Face, and the token that proves it.

A token is kept only where huggingface_hub keeps tokens, and only if the user says so; else it is
forgotten when the app closes. It is in no project, log or export.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nocode_classifier.errors import InputError
from nocode_classifier.processes import Event
from nocode_classifier.progress import Progress, Report, ShouldStop, ignore, never
from nocode_classifier.share.hub.refusals import HubRefused, Reason, broken
from nocode_classifier.share.hub.talk import Hub, Secret, ask

WRITERS = {"admin", "write", "contributor"}


@dataclass(frozen=True, slots=True)
class Account:
    """Someone who is signed in.

    Attributes:
        name: as it stands in addresses.
        owners: names under which this account may publish, its own first.
        token: None for the one that is kept on this computer.
    """

    hub: Hub
    name: str
    full_name: str
    owners: tuple[str, ...]
    token: Secret | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class BrowserCode:
    """What to show while someone signs in with the browser.

    Attributes:
        code: to compare, or to type in.
        address: to open.
        ends_at: seconds on the monotonic clock; afterwards the code is worth nothing.
    """

    code: str
    address: str
    ends_at: float


def sign_in(hub: Hub, token: str, *, keep: bool = False) -> Account:
    """Sign in with a token that was pasted.

    Args:
        hub: where.
        token: as it was pasted.
        keep: whether huggingface_hub may keep it on this computer, for this and its other
            programs.

    Raises:
        InputError: it can't be a token.
        HubRefused: it is not known, may only read, or Hugging Face can't be reached.
    """
    secret = Secret(_cleaned(token))
    who = ask(hub, "who", token=secret)
    account = _account(hub, who, secret)
    if not keep:
        return account
    ask(hub, "keep", token=secret)
    return _account(hub, who, None)


def signed_in(hub: Hub) -> Account | None:
    """The account whose token is on this computer already; None without one.

    Raises:
        HubRefused: it is not known any more, may only read, or Hugging Face can't be reached.
    """
    who = ask(hub, "stored")
    return _account(hub, who, None) if who else None


def sign_out(hub: Hub) -> bool:
    """Forget the token that is kept on this computer; says whether there was one."""
    return bool(ask(hub, "forget"))


def can_sign_in_with_browser(hub: Hub) -> bool:
    """Whether this app is registered for signing in with the browser."""
    return bool(hub.client_id)


def sign_in_with_browser(
    hub: Hub,
    show: Callable[[BrowserCode], None],
    *,
    keep: bool = False,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> Account:
    """Sign in on a page of Hugging Face, without pasting anything (RFC 8628).

    Args:
        hub: where; it knows the client id of this app.
        show: is given the code and the address, once.
        keep: as in `sign_in`.
        report: hears that it waits.
        should_stop: whether someone has had enough of waiting.

    Raises:
        InputError: the app is not registered for this.
        HubRefused: it was denied, took too long, or Hugging Face can't be reached.
        Cancelled: someone pressed Stop.
    """
    if not hub.client_id:
        raise InputError("Signing in with the browser is not set up here; paste a token instead.")

    def hear(event: Event) -> None:
        if event["event"] == "code":
            show(BrowserCode(event["code"], event["address"], time.monotonic() + event["lasts"]))
            report(Progress("Waiting for you to agree in the browser"))

    token: Secret = ask(hub, "device", heard=hear, should_stop=should_stop, client_id=hub.client_id)
    return sign_in(hub, token.reveal(), keep=keep)


def _cleaned(token: str) -> str:
    plain = "".join(token.split())
    if not plain:
        raise InputError("Paste a token; it begins with hf_.")
    if plain.startswith("api_org"):
        raise InputError("This token is of an organization; use one of your own account.")
    if not plain.isascii() or not plain.isprintable():
        raise InputError("This is not a token; tokens begin with hf_ and have letters and digits.")
    return plain


def _account(hub: Hub, who: Mapping[str, Any], token: Secret | None) -> Account:
    if "name" not in who:
        raise broken("the answer to whoami has no name")
    auth = who.get("auth") or {}
    access = auth.get("accessToken") or {}
    if not _may_write(access):
        raise HubRefused(
            "This token may only read. Make one with the role 'write' at "
            f"{hub.address}/settings/tokens and sign in with it.",
            Reason.READ_ONLY,
        )
    groups = [
        str(group["name"])
        for group in who.get("orgs") or ()
        if group.get("roleInOrg", "write") in WRITERS
    ]
    name = str(who["name"])
    full_name = str(who.get("fullname") or name)
    return Account(hub, name, full_name, (name, *groups), token)


def _may_write(access: Mapping[str, Any]) -> bool:
    """Whether a token may change anything; one of OAuth has no role and may what was agreed to."""
    match access.get("role"):
        case "read":
            return False
        case "fineGrained":
            return "repo.write" in set(_permissions(access.get("fineGrained") or {}))
    return True


def _permissions(fine: Mapping[str, Any]) -> Iterator[str]:
    yield from fine.get("global") or ()
    for scope in fine.get("scoped") or ():
        yield from scope.get("permissions") or ()
