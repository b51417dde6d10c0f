"""A token is in no project, log, message or export, and not where other programs could see it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from nocode_classifier.share.hub.account import Account, sign_in
from nocode_classifier.share.hub.publishing import existing, publish
from nocode_classifier.share.hub.redacting import without_tokens
from nocode_classifier.share.hub.refusals import HubRefused
from nocode_classifier.share.hub.talk import Hub
from tests.fakes.hub import FakeHub
from tests.share.hub.conftest import Planner
from tests.share.hub.test_account import files_with


def test_publishing_leaves_the_token_nowhere(
    hub: FakeHub, ada: Account, plans: Planner, token: str, tmp_path: Path
) -> None:
    publish(plans(), ada)
    assert files_with(tmp_path, token) == []
    assert all(token.encode() not in data for data in hub.spaces["ada/dogs"].files.values())


def test_a_hub_that_repeats_the_token_is_not_repeated(
    hub: FakeHub, ada: Account, plans: Planner, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hub.refuse(400, "POST", "/api/repos/create", body={"error": f"strange token {token}"})
    with pytest.raises(HubRefused) as caught:
        publish(plans(), ada)
    assert "strange token ***" in str(caught.value)
    assert token not in caught.value.details + caplog.text


def test_a_program_that_breaks_does_not_log_the_token(
    hub: FakeHub, place: Hub, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    # An answer that no Hub gives makes huggingface_hub stumble, and its traceback is logged.
    hub.refuse(200, "GET", "/api/spaces/ada/dogs", body={"strange": token})
    with pytest.raises(HubRefused, match="unexpected way"):
        existing(sign_in(place, token), "ada/dogs")
    assert "Traceback" in caplog.text
    assert token not in caplog.text


def test_settings_that_would_log_requests_are_not_handed_on(
    hub: FakeHub,
    ada: Account,
    plans: Planner,
    token: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HF_DEBUG", "1")
    monkeypatch.setenv("HF_HUB_VERBOSITY", "debug")
    publish(plans(), ada)
    out, err = capfd.readouterr()
    assert token not in out + err


def test_only_the_hub_itself_gets_the_token(
    hub: FakeHub, ada: Account, plans: Planner, token: str
) -> None:
    publish(plans(), ada)
    stored = [call for call in hub.calls if call.path.startswith(("/storage/", "/cas/"))]
    assert stored
    for call in stored:
        assert call.path == "/storage/verify" or token not in str(call.headers)


@pytest.mark.parametrize(
    "text", ["hf_" + "a" * 34, "Bearer xet_abcDEF123456", "api_org_abcdefgh12"]
)
def test_tokens_are_recognised_by_how_they_begin(text: str) -> None:
    assert "***" in without_tokens(text)
    assert without_tokens("the file hf_hub stays") == "the file hf_hub stays"
