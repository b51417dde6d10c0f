"""Keeps pages of other websites out.

The app answers this computer only unless told otherwise. But a page of another website, open in
the same browser, could ask too: by a name that leads to this computer (DNS rebinding), or straight
from its own origin. Both are refused.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class OwnPagesOnly:
    """Middleware that answers 403 to requests a page of another website could make."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] in ("http", "websocket"):
            headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
            if not is_own(headers.get(b"host", ""), headers.get(b"origin")) or is_embedded(headers):
                refusal = PlainTextResponse("This app answers its own page only.", 403)
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def is_own(host: str, origin: str | None) -> bool:
    """Whether a request is for this computer by name, and from the app's own page or none.

    Args:
        host: the `Host` header, such as "127.0.0.1:7860".
        origin: the `Origin` header, or None when there is none.
    """
    try:
        name = urlsplit(f"//{host}").hostname
        return is_loopback(name or "") and (origin is None or urlsplit(origin).netloc == host)
    except ValueError:
        return False


def is_embedded(headers: Mapping[bytes, str]) -> bool:
    """Whether another website shows this as part of its page; following a link is no part."""
    from_elsewhere = headers.get(b"sec-fetch-site") in ("cross-site", "same-site")
    return from_elsewhere and headers.get(b"sec-fetch-dest") != "document"


def is_loopback(host: str) -> bool:
    """Whether a host's name or address can only mean this computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
