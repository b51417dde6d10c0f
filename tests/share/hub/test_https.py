"""As the real Hub is: over https, where huggingface_hub takes some refusals for missing Spaces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from nocode_classifier.share.hub.account import sign_in
from nocode_classifier.share.hub.publishing import publish
from nocode_classifier.share.hub.refusals import HubRefused, Reason
from nocode_classifier.share.hub.talk import Hub
from tests.fakes.hub import FakeHub
from tests.share.hub.conftest import QUICK, Planner


@dataclass
class Secure:
    """A Hub with a certificate, and how the app sees it."""

    fake: FakeHub
    place: Hub


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Secure]:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "huggingface"))
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    pem = authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem
    pem.write_to_path(tmp_path / "hub.pem")
    settings = {"SSL_CERT_FILE": str(tmp_path / "authority.pem"), "HF_HUB_DISABLE_XET": "1"}
    with FakeHub(tmp_path / "hub.pem") as fake:
        yield Secure(fake, Hub(fake.address, None, QUICK, settings))
    assert (fake.unknown, fake.faults) == ([], [])


def test_publishing_over_https(secure: Secure, plans: Planner) -> None:
    account = sign_in(secure.place, secure.fake.add_person("ada"))
    assert publish(plans(), account).url.startswith("https://")


LATER = [
    pytest.param(path, marks=pytest.mark.gate)
    for path in ("/api/spaces/ada/dogs", ".*/preupload/main")
]


@pytest.mark.parametrize("path", [".*/whoami-v2", ".*/commit/main", *LATER])
def test_a_token_that_was_taken_back_is_said_wherever_it_is_noticed(
    secure: Secure, plans: Planner, path: str
) -> None:
    token = secure.fake.add_person("ada")
    for method in ("GET", "POST"):
        secure.fake.refuse(401, method, path, body={"error": "Invalid username or password."})
    with pytest.raises(HubRefused) as caught:
        publish(plans(), sign_in(secure.place, token))
    assert caught.value.reason is Reason.SIGN_IN


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(secure: Secure) -> None:
    token = secure.fake.add_person("ada")
    suspicious = Hub(secure.place.address, None, QUICK)
    with pytest.raises(HubRefused) as caught:
        sign_in(suspicious, token)
    assert caught.value.reason is Reason.NO_NETWORK
    assert secure.fake.calls == []
