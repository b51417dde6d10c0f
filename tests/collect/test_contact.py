from __future__ import annotations

from pathlib import Path

import pytest

from nocode_classifier.collect.contact import Contact
from nocode_classifier.collect.sources.api_client import ApiClient, RequestPolicy
from nocode_classifier.errors import InputError
from tests.fakes.server import Asked, FakeServer, Reply, as_json


class Echo(FakeServer):
    def answer(self, asked: Asked) -> Reply:
        return as_json({})


def test_a_contact_is_kept_beside_the_projects(tmp_path: Path) -> None:
    contact = Contact(tmp_path / "home")
    assert contact.read() == ""
    contact.save("  me@example.org ")
    assert Contact(tmp_path / "home").read() == "me@example.org"
    contact.save("")
    assert contact.read() == ""


def test_a_contact_that_is_no_address_is_refused_and_not_kept(tmp_path: Path) -> None:
    contact = Contact(tmp_path)
    with pytest.raises(InputError, match="e-mail"):
        contact.save("a name")
    assert contact.read() == ""


def test_a_file_that_someone_spoilt_counts_as_no_contact(tmp_path: Path) -> None:
    (tmp_path / "contact.txt").write_bytes(b"\xff\xfe not text")
    assert Contact(tmp_path).read() == ""


def test_services_hear_of_a_contact_that_is_given_later(tmp_path: Path) -> None:
    contact = Contact(tmp_path)
    with Echo() as service:
        client = ApiClient(
            "The Museum", service.address, RequestPolicy(contact=contact.read, spacing=0)
        )
        client.ask("/", {})
        contact.save("me@example.org")
        client.ask("/", {})
    agents = [asked.headers["user-agent"] for asked in service.asked]
    assert ["(me@example.org)" in agent for agent in agents] == [False, True]
