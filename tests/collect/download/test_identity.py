from __future__ import annotations

import re

import pytest

from nocode_classifier import __version__
from nocode_classifier.collect.download.identity import CONTACT_VARIABLE, user_agent
from nocode_classifier.errors import InputError


@pytest.fixture(autouse=True)
def no_contact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CONTACT_VARIABLE, raising=False)


def test_without_a_contact_none_is_made_up() -> None:
    said = re.escape(f"nocode-classifier/{__version__} httpx/") + r"[\d.]+"
    assert re.fullmatch(said, user_agent())


def test_the_contact_is_taken_from_the_environment_unless_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(CONTACT_VARIABLE, " me@example.org ")
    assert f"/{__version__} (me@example.org) httpx/" in user_agent()
    assert " (https://example.org/me) " in user_agent("https://example.org/me")


@pytest.mark.parametrize(
    "contact",
    ["me", "a b@c.d", "me@example.org\r\nX: y", "me@exämple.org", "ftp://a.b", "a@b.c) (", "x@y"],
)
def test_a_contact_that_no_one_can_use_is_refused(contact: str) -> None:
    with pytest.raises(InputError, match="e-mail address or a web address"):
        user_agent(contact)
