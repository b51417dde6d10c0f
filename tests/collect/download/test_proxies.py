from __future__ import annotations

import base64

import pytest
import trustme

from nocode_classifier.collect.download.downloads import Fetched
from nocode_classifier.collect.download.proxies import Proxies
from nocode_classifier.collect.skips import Skip
from tests.collect.download.conftest import Fetch, skipped
from tests.collect.download.test_private import authority, secured
from tests.fakes.proxy import Proxy
from tests.fakes.web import Names, Web, photo, rules

__all__ = ["authority"]

HERE = "127.0.0.1"


def test_the_environment_says_which_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://one.example:3128")
    monkeypatch.setenv("all_proxy", "two.example:8080")
    proxies = Proxies.from_environment()
    assert proxies.address_for("https", "a.example", 443) == "http://one.example:3128"
    assert proxies.address_for("http", "a.example", 80) == "http://two.example:8080"


@pytest.mark.parametrize(
    ("entry", "host", "port", "direct"),
    [
        ("example.org", "example.org", 80, True),
        ("example.org", "WWW.example.org", 80, True),
        (".example.org", "a.example.org", 80, True),
        ("*.example.org", "a.example.org", 80, True),
        ("example.org", "notexample.org", 80, False),
        ("example.org:8080", "example.org", 8080, True),
        ("example.org:8080", "example.org", 80, False),
        ("10.0.0.0/8", "10.1.2.3", 80, True),
        ("10.0.0.0/8", "11.1.2.3", 80, False),
        ("10.1.2.3", "10.1.2.3", 80, True),
        ("::1", "::1", 80, True),
        ("[::1]:8080", "::1", 8080, True),
        ("*", "anything.example", 80, True),
        ("a.example, b.example", "b.example", 80, True),
        ("", "anything.example", 80, False),
    ],
)
def test_no_proxy_names_those_that_are_asked_directly(
    entry: str, host: str, port: int, direct: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example")
    monkeypatch.setenv("NO_PROXY", entry)
    found = Proxies.from_environment().address_for("http", host, port)
    assert found == (None if direct else "http://proxy.example")


def test_a_proxy_of_the_environment_is_used_and_its_password_sent(
    web: Web, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "Basic " + base64.b64encode(b"me:a b").decode()
    with Proxy(password=secret) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.address.replace("//", "//me:a%20b@"))
        link = web.link("photo/1")
        keep_to = rules(proxies=Proxies.from_environment())
        assert fetch([link], keep_to)[link] == Fetched(photo(1), link)
        assert proxy.tunnels == [f"{HERE}:{web.port}"]


def test_connections_through_a_proxy_are_used_again(web: Web, fetch: Fetch) -> None:
    with Proxy() as proxy:
        links = [web.link(f"photo/{number}") for number in range(20)]
        outcomes = fetch(links, rules(proxies=Proxies({"all": proxy.address}), per_host=2))
        assert all(isinstance(outcome, Fetched) for outcome in outcomes.values())
        assert len(proxy.tunnels) <= 3


@pytest.mark.parametrize(
    "wrong", ["socks5://127.0.0.1:9", "http://127.0.0.1:9", "nonsense://", "http://[::1"]
)
def test_a_proxy_that_does_not_work_is_said_so(wrong: str, web: Web, fetch: Fetch) -> None:
    link = web.link("photo/1")
    outcome = fetch([link], rules(proxies=Proxies({"all": wrong})))[link]
    assert skipped(outcome).reason is Skip.UNREACHABLE
    assert web.connections == 0


def test_a_proxy_that_wants_a_password_is_said_so(web: Web, fetch: Fetch) -> None:
    link = web.link("photo/1")
    with Proxy(password="Basic x") as proxy:
        outcome = skipped(fetch([link], rules(proxies=Proxies({"all": proxy.address})))[link])
    assert outcome.reason is Skip.UNREACHABLE
    assert "proxy" in outcome.detail
    assert "407" in outcome.detail


def test_where_only_the_proxy_can_look_names_up_it_is_asked_for_the_name(
    web: Web, fetch: Fetch
) -> None:
    link = web.link("photo/1", host="photos.example")
    with Proxy(names={"photos.example": HERE}) as proxy:
        keep_to = rules(proxies=Proxies({"all": proxy.address}), look_up=Names({}))
        assert fetch([link], keep_to)[link] == Fetched(photo(1), link)
        assert proxy.pages == [link]


def test_where_names_can_be_looked_up_the_proxy_is_not_asked_for_one_that_means_nothing_here(
    web: Web, fetch: Fetch
) -> None:
    names = Names({"example.com": ["93.184.215.14"]})
    link = web.link("photo/1", host="hidden.example")
    with Proxy(names={"hidden.example": HERE}) as proxy:
        keep_to = rules(proxies=Proxies({"all": proxy.address}), look_up=names)
        assert skipped(fetch([link], keep_to)[link]).reason is Skip.UNREACHABLE
        assert proxy.pages == proxy.tunnels == []


def test_https_goes_by_name_through_a_proxy_that_refuses_numbers(fetch: Fetch) -> None:
    site = Web()
    trusting = secured(site, trustme.CA(), "photos.example")
    link = site.link("photo/1", "photos.example", "https")
    names = Names({"photos.example": [HERE]})
    with (
        site,
        Proxy(names={"photos.example": HERE}, allows=lambda host, port: host != HERE) as proxy,
    ):
        through = Proxies({"https": proxy.address})
        keep_to = rules(proxies=through, look_up=names, certificates=trusting)
        assert fetch([link], keep_to)[link] == Fetched(photo(1), link)
        assert proxy.tunnels == [f"{HERE}:{site.port}", f"photos.example:{site.port}"]


def test_a_proxy_that_knows_another_place_by_the_name_can_not_give_its_certificate(
    fetch: Fetch,
) -> None:
    inner = Web()
    secured(inner, trustme.CA(), "photos.example")
    link = inner.link("photo/1", "photos.example", "https")
    with (
        inner,
        Proxy(names={"photos.example": HERE}, allows=lambda host, port: host != HERE) as proxy,
    ):
        keep_to = rules(
            proxies=Proxies({"https": proxy.address}), look_up=Names({"photos.example": [HERE]})
        )
        assert skipped(fetch([link], keep_to)[link]).reason is Skip.NOT_SECURE
        assert proxy.tunnels[-1] == f"photos.example:{inner.port}"
    assert inner.asked == []


def test_http_becomes_https_where_the_proxy_makes_tunnels_for_that_alone(fetch: Fetch) -> None:
    link = "http://photos.example/photo/1"
    names = Names({"photos.example": [HERE]})
    with Proxy(allows=lambda host, port: port == 443) as proxy:
        keep_to = rules(proxies=Proxies({"all": proxy.address}), look_up=names)
        assert skipped(fetch([link], keep_to)[link]).reason is Skip.UNREACHABLE
        # Nothing answers there on port 443; but it was tried, and http by name was not.
        assert proxy.tunnels[:2] == [f"{HERE}:80", f"{HERE}:443"]
        assert proxy.pages == []
