"""Tells requests of an app's own page from those of other websites.

A page of another website, open in the same browser, could ask as well: straight from its own
origin, or under a name of its own that was made to lead here (DNS rebinding). A browser tells truly
which name was asked for (`Host`), which page asks (`Origin`), and how the two belong together
(`Sec-Fetch-Site`; only over https and on this computer).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nocode_classifier.errors import InputError
from nocode_classifier.listening import is_this_computer, own_names

AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+?)\.?(?::(\d{1,5}))?")
PORTS = {"http": 80, "https": 443}
ANY = "*"

FOREIGN = "This app answers its own page only, none of another website."
FOR_A_PROXY = "This request is written for a proxy: ask for a path such as /."

HEADERS = {
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""No other website may show the app, or one of its photos, as a part of itself: clicks meant for
the website would be clicks in the app."""


@dataclass(frozen=True, slots=True)
class Names:
    """Under which names an app answers.

    Attributes:
        given: by the person who started it; "*" for any.
        only_here: it listens on this computer alone, so another computer's number is no name of it.
    """

    given: frozenset[str] = frozenset()
    only_here: bool = True

    @classmethod
    def of(cls, allowed: Iterable[str], host: str) -> Names:
        """Those for an app that listens on `host`.

        Raises:
            InputError: what is allowed is no name.
        """
        names = set()
        for name in allowed:
            found = AUTHORITY.fullmatch(name.lower())
            if name != ANY and (found is None or found[2] or not re.search("[a-z]", found[1])):
                raise InputError(
                    "--allowed-host takes a name such as birds.example.org, without http:// and "
                    f"without a port; not {name}"
                )
            names.add(found[1] if found else ANY)
        only_here = is_this_computer(host)
        return cls(frozenset(names) | (frozenset() if only_here else own_names()), only_here)

    def has(self, host: str) -> bool:
        """Whether a `Host` header names the app, by a name of it or by a number.

        A number is what no website can make its own, so it is always right, but for an app that
        answers on this computer alone.
        """
        asked = _authority(host)
        if asked is None:
            return False
        name = asked[0].strip("[]")
        if is_this_computer(name) or not self.given.isdisjoint({name, ANY}):
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return not self.only_here


def header_texts(scope: Scope, *names: str) -> list[str]:
    """Some headers of a request, "" where it has none; of repeated ones all, with commas."""
    found: dict[bytes, list[str]] = {name.encode(): [] for name in names}
    for name, value in scope["headers"]:
        if name in found:
            found[name].append(value.decode("latin-1"))
    return [",".join(texts) for texts in found.values()]


def is_foreign(scope: Scope, *, origins: Collection[str] = (), proxied: bool = False) -> bool:
    """Whether a page of another website asks; following a link to here is no asking.

    Args:
        scope: of the request.
        origins: websites whose pages may, such as "https://example.org"; "*" for all.
        proxied: a server in front of this one may have asked for another name than the browser did,
            so only what the browser says of both can be relied on.
    """
    host, origin, site, goal = header_texts(
        scope, "host", "origin", "sec-fetch-site", "sec-fetch-dest"
    )
    if origin and (origin in origins or ANY in origins):
        return False
    if origin and not proxied and not _is_same(origin, scope.get("scheme", "http"), host):
        return True
    reading = scope.get("method") in ("GET", "HEAD")
    return site not in ("", "same-origin", "none") and not (reading and goal == "document")


def _is_same(origin: str, scheme: str, host: str) -> bool:
    """Whether an `Origin` is where a request went to."""
    kind, _, place = origin.lower().partition("://")
    asked, page = _authority(host), _authority(place)
    if asked is None or page is None:
        return False
    usual = PORTS.get(scheme)
    return (kind, page[0], page[1] or usual) == (scheme, asked[0], asked[1] or usual)


def _authority(text: str) -> tuple[str, int | None] | None:
    """The name and the port in a `Host` header, or None where it is none."""
    found = AUTHORITY.fullmatch(text.lower())
    return (found[1], int(found[2]) if found[2] else None) if found else None


class OwnPagesOnly:
    """Middleware that answers 403 to requests a page of another website could make."""

    def __init__(self, app: ASGIApp, names: Names | None = None) -> None:
        self._app = app
        self._names = names or Names()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return

        async def shut(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.append(name, value)
            await send(message)

        why = self._why_not(scope)
        app = PlainTextResponse(why, 403) if why else self._app
        await app(scope, receive, shut)

    def _why_not(self, scope: Scope) -> str:
        [host] = header_texts(scope, "host")
        if not scope["path"].startswith("/"):
            return FOR_A_PROXY
        if not self._names.has(host):
            return unknown_host(host)
        return FOREIGN if is_foreign(scope) else ""


def unknown_host(host: str) -> str:
    """What to do about a name that is none of the app's."""
    return (
        f"This app does not go by the name '{host[:100]}': ask for its number, such as 127.0.0.1, "
        "or start it with --allowed-host and the name."
    )
