"""Signing in: with a pasted token, with the one on this computer, with the browser."""

from __future__ import annotations

import pickle
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nocode_classifier.errors import Cancelled, InputError
from nocode_classifier.share.hub.account import (
    Account,
    BrowserCode,
    can_sign_in_with_browser,
    sign_in,
    sign_in_with_browser,
    sign_out,
    signed_in,
)
from nocode_classifier.share.hub.refusals import HubRefused, Reason
from nocode_classifier.share.hub.talk import Hub, usual_hub
from tests.fakes.hub import FakeHub
from tests.fakes.hub_people import Role


def test_a_pasted_token_signs_in_is_asked_about_once_and_is_not_kept(
    hub: FakeHub, place: Hub, token: str, ada: Account, tmp_path: Path
) -> None:
    account = sign_in(place, f"  {token}\n")
    assert replace(account, token=None) == replace(ada, token=None)
    assert account.token is not None
    assert account.token.reveal() == token
    assert len(hub.asked("GET", "/api/whoami-v2")) == 1
    assert files_with(tmp_path, token) == []
    assert signed_in(place) is None


def test_a_token_is_kept_where_hugging_face_keeps_tokens(
    place: Hub, token: str, tmp_path: Path
) -> None:
    account = sign_in(place, token, keep=True)
    assert account.token is None
    home = tmp_path / "huggingface"
    assert files_with(tmp_path, token) == [home / "stored_tokens", home / "token"]
    assert stat.S_IMODE((home / "token").stat().st_mode) == 0o600
    again = signed_in(place)
    assert again is not None
    assert again.name == "ada"


def test_a_token_in_the_environment_signs_in(
    place: Hub, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    account = signed_in(place)
    assert account is not None
    assert (account.name, account.token) == ("ada", None)


def test_signing_out_forgets_this_token_and_no_other(
    hub: FakeHub, place: Hub, token: str, tmp_path: Path
) -> None:
    sign_in(place, hub.add_token("ada", title="other computer"), keep=True)
    sign_in(place, token, keep=True)
    assert sign_out(place)
    assert files_with(tmp_path, token) == []
    assert "other computer" in (tmp_path / "huggingface" / "stored_tokens").read_text()
    assert not sign_out(place)


@pytest.mark.parametrize("role", ["read", "fineGrained"])
def test_a_token_that_may_only_read_is_refused_at_once(
    hub: FakeHub, place: Hub, token: str, role: Role
) -> None:
    weak = hub.add_token("ada", role)
    with pytest.raises(HubRefused, match="may only read") as caught:
        sign_in(place, weak)
    assert caught.value.reason is Reason.READ_ONLY


def test_a_fine_grained_token_that_may_write_signs_in(hub: FakeHub, place: Hub, token: str) -> None:
    assert sign_in(place, hub.add_token("ada", "fineGrained", writes_to=("ada",))).name == "ada"


@pytest.mark.parametrize("pasted", ["", "  \n", "api_org_123", "hf_schlüssel"])
def test_what_is_no_token_is_refused_without_asking(hub: FakeHub, place: Hub, pasted: str) -> None:
    with pytest.raises(InputError):
        sign_in(place, pasted)
    assert hub.calls == []


def test_an_unknown_token_is_refused(place: Hub) -> None:
    with pytest.raises(HubRefused, match="does not know this token") as caught:
        sign_in(place, "hf_" + "x" * 34)
    assert caught.value.reason is Reason.SIGN_IN


def test_asking_too_often_is_said(hub: FakeHub, place: Hub, token: str) -> None:
    hub.refuse(429, "GET", "/api/whoami-v2")
    with pytest.raises(HubRefused) as caught:
        sign_in(place, token)
    assert caught.value.reason is Reason.TOO_FAST


def test_nothing_shows_a_token(ada: Account, token: str) -> None:
    assert ada.token is not None
    assert token not in f"{ada} {ada!r} {ada.token} {ada.token!r}"
    with pytest.raises(TypeError):
        pickle.dumps(ada)


def test_the_browser_way_is_offered_only_to_a_registered_app(
    place: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not can_sign_in_with_browser(place)
    with pytest.raises(InputError, match="paste a token"):
        sign_in_with_browser(place, print)
    monkeypatch.setenv("HF_DEVICE_CODE_OAUTH_CLIENT_ID", "our-app")
    assert can_sign_in_with_browser(usual_hub())


def agree(hub: FakeHub) -> Callable[[BrowserCode], None]:
    """Someone who agrees as soon as the code is shown."""

    def show(code: BrowserCode) -> None:
        assert code.address.endswith(code.code)
        hub.devices.agreed[code.code] = "ada"

    return show


def with_browser(hub: FakeHub, place: Hub) -> Hub:
    hub.devices.client_ids.add("our-app")
    return replace(place, client_id="our-app")


def test_signing_in_with_the_browser(hub: FakeHub, place: Hub, token: str) -> None:
    account = sign_in_with_browser(with_browser(hub, place), agree(hub))
    assert account.name == "ada"
    assert account.token is not None


def test_the_browser_token_can_be_kept(
    hub: FakeHub, place: Hub, token: str, tmp_path: Path
) -> None:
    account = sign_in_with_browser(with_browser(hub, place), agree(hub), keep=True)
    assert account.token is None
    assert (tmp_path / "huggingface" / "token").exists()


def test_saying_no_in_the_browser(hub: FakeHub, place: Hub, token: str) -> None:
    hub.devices.denied = True
    with pytest.raises(HubRefused, match="denied") as caught:
        sign_in_with_browser(with_browser(hub, place), print)
    assert caught.value.reason is Reason.DENIED


def test_a_code_that_is_not_used_in_time(hub: FakeHub, place: Hub, token: str) -> None:
    hub.devices.lasts = 0.3
    with pytest.raises(HubRefused, match="not used in time"):
        sign_in_with_browser(with_browser(hub, place), print)


def test_waiting_for_the_browser_can_be_stopped(hub: FakeHub, place: Hub, token: str) -> None:
    seen: list[BrowserCode] = []
    with pytest.raises(Cancelled):
        sign_in_with_browser(with_browser(hub, place), seen.append, should_stop=lambda: bool(seen))


def test_a_wrong_client_id_is_said(hub: FakeHub, place: Hub) -> None:
    with pytest.raises(HubRefused, match="not set up rightly"):
        sign_in_with_browser(replace(place, client_id="stranger"), print)


def files_with(folder: Path, text: str) -> list[Path]:
    """Files below a folder that hold a text."""
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()
    )
