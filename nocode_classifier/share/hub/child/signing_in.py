"""Signing in: whose token it is, and the way through the browser."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx2
import huggingface_hub
from huggingface_hub import HfApi, constants, get_session
from huggingface_hub.utils import get_stored_tokens  # type: ignore[attr-defined]

from nocode_classifier.share.hub.child.telling import Messenger, Refused

GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def with_token(api: HfApi, told: Messenger) -> HfApi:
    """Use the token that is kept on this computer where none was given."""
    if not api.token:
        told.token = huggingface_hub.get_token()
        if told.token is None:
            raise Refused(401, "no token")
        api.token = told.token
    return api


def who(api: HfApi, told: Messenger, token: str) -> dict[str, Any]:
    """Whose token it is."""
    told.step = "sign in"
    return api.whoami(token=token)


def forget() -> bool:
    """Forget the token in use, and leave others that are kept beside it."""
    kept = Path(constants.HF_TOKEN_PATH)
    token = kept.read_text(encoding="utf-8").strip() if kept.exists() else None
    for name, value in get_stored_tokens().items():
        if value == token:
            huggingface_hub.logout(name)
    kept.unlink(missing_ok=True)
    return token is not None


def device(endpoint: str, asked: dict[str, Any], told: Messenger) -> None:
    """Sign in with the browser (RFC 8628): show a code, wait until someone agrees."""
    told.step = "sign in"
    client = {"client_id": asked["client_id"]}
    answer = get_session().post(f"{endpoint}/oauth/device", data=client)
    if answer.status_code >= 400:
        raise Refused(answer.status_code, _words_of(answer))
    info = answer.json()
    interval, lasts = float(info.get("interval", 5)), float(info.get("expires_in", 900))
    address = info.get("verification_uri_complete") or info["verification_uri"]
    told.tell("code", code=info["user_code"], address=address, lasts=lasts)
    end = time.monotonic() + lasts
    form = client | {"grant_type": GRANT, "device_code": info["device_code"]}
    while time.monotonic() < end:
        time.sleep(interval)
        error, token = _ask_for_token(endpoint, form)
        if token:
            told.tell_token(token)
            return
        if error == "slow_down":
            interval += 5
        elif error not in (None, "authorization_pending"):
            raise Refused(403, error)
    raise Refused(403, "expired_token")


def _ask_for_token(endpoint: str, form: dict[str, str]) -> tuple[str | None, str | None]:
    """An OAuth error or a token. A hitch on the way is neither: one asks again."""
    try:
        answer = get_session().post(f"{endpoint}/oauth/token", data=form)
        content = answer.json() if answer.status_code < 500 else {}
    except (httpx2.HTTPError, ValueError):
        return None, None
    return content.get("error"), content.get("access_token")


def _words_of(answer: httpx2.Response) -> str:
    try:
        return str(answer.json().get("error") or answer.text)[:500]
    except ValueError:
        return ""
