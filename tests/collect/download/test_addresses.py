from __future__ import annotations

import pytest

from nocode_classifier.collect.download.addresses import is_inside_name, is_link, parse_address


@pytest.mark.parametrize(
    ("given", "asked_for"),
    [
        (" http://example.org/a.jpg ", "http://example.org/a.jpg"),
        ("HTTPS://Example.ORG/A.jpg#top", "https://example.org/A.jpg"),
        (
            "http://bücher.example/ä b.jpg?q=ü",
            "http://xn--bcher-kva.example/%C3%A4%20b.jpg?q=%C3%BC",
        ),
        ("http://me:secret@example.org/", "http://example.org/"),
        ("http://example.org:8080/a%20b.jpg", "http://example.org:8080/a%20b.jpg"),
        ("http://my_site.example/a.jpg", "http://my_site.example/a.jpg"),
        ("http://[2606:2800:21f::1]/a.jpg", "http://[2606:2800:21f::1]/a.jpg"),
    ],
)
def test_an_address_is_asked_for_as_a_browser_would(given: str, asked_for: str) -> None:
    assert str(parse_address(given)) == asked_for


@pytest.mark.parametrize(
    "name", ["localhost", "router", "printer.local", "db.corp", "x.home.arpa.", "127.1", "a.0x7f"]
)
def test_some_names_say_that_they_are_inside(name: str) -> None:
    assert is_inside_name(name)


@pytest.mark.parametrize("name", ["example.org", "local.example", "xn--bcher-kva.example."])
def test_others_do_not(name: str) -> None:
    assert not is_inside_name(name)


def test_a_link_is_told_from_a_file() -> None:
    assert is_link("https://example.org/a.jpg")
    assert not is_link("photos/a.jpg")
