"""Signing in to the fake Hub: who a token belongs to, and the device flow (RFC 8628)."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.hub_people import who_am_i
from tests.fakes.hub_space import RefusedError

if TYPE_CHECKING:
    from tests.fakes.hub import FakeHub

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
WHOAMI_A_MINUTE = 10


@dataclass
class Devices:
    """The device flow.

    Attributes:
        client_ids: programs that may use it.
        agreed: codes that a person agreed to, and whose name.
        denied: whether the person pressed Deny.
        interval: seconds between two questions.
        lasts: seconds for which a code is good.
        codes: device codes, the code shown to the person, and when they were made.
    """

    client_ids: set[str] = field(default_factory=set)
    agreed: dict[str, str] = field(default_factory=dict)
    denied: bool = False
    interval: float = 0.05
    lasts: float = 60
    codes: dict[str, tuple[str, float]] = field(default_factory=dict)
    last_asked: float = 0.0
    who_asked: list[float] = field(default_factory=list)


def sign_in_routes(hub: FakeHub) -> list[Route]:
    """Where one says who one is."""
    return [
        hub.route("/api/whoami-v2", _whoami, ["GET"]),
        hub.route("/oauth/device", _device, ["POST"]),
        hub.route("/oauth/token", _token, ["POST"]),
    ]


async def _whoami(hub: FakeHub, request: Request) -> Response:
    asked, now = hub.devices.who_asked, time.monotonic()
    asked.append(now)
    if len([at for at in asked if now - at < 60]) > WHOAMI_A_MINUTE:
        raise RefusedError(429, "You have been rate limited")
    return JSONResponse(who_am_i(hub.token_of(request)))


async def _device(hub: FakeHub, request: Request) -> Response:
    form = await request.form()
    if form.get("client_id") not in hub.devices.client_ids:
        return JSONResponse({"error": "invalid_client", "error_description": "unknown"}, 400)
    code, shown = secrets.token_urlsafe(20), secrets.token_hex(4).upper()
    hub.devices.codes[code] = (shown, time.monotonic())
    place = f"{hub.address}/device"
    return JSONResponse(
        {
            "device_code": code,
            "user_code": shown,
            "verification_uri": place,
            "verification_uri_complete": f"{place}?user_code={shown}",
            "interval": hub.devices.interval,
            "expires_in": hub.devices.lasts,
        }
    )


async def _token(hub: FakeHub, request: Request) -> Response:
    form, devices = await request.form(), hub.devices
    known = devices.codes.get(str(form.get("device_code")))
    if form.get("grant_type") != GRANT or form.get("client_id") not in devices.client_ids:
        return _no("invalid_client")
    if known is None:
        return _no("invalid_grant")
    shown, made = known
    now = time.monotonic()
    too_soon, devices.last_asked = now - devices.last_asked < devices.interval * 0.9, now
    if now - made > devices.lasts:
        return _no("expired_token")
    if devices.denied:
        return _no("access_denied")
    if too_soon:
        return _no("slow_down")
    if shown not in devices.agreed:
        return _no("authorization_pending")
    token = hub.add_token(devices.agreed[shown], oauth=True)
    return JSONResponse({"access_token": token, "token_type": "bearer", "expires_in": 28800})


def _no(error: str) -> Response:
    return JSONResponse({"error": error, "error_description": error}, 400)
