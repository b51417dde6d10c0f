"""No request reaches a private address, in whatever way it is asked for."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from nocode_classifier.collect.download.downloads import Fetched
from nocode_classifier.collect.download.link import fetch_photo
from nocode_classifier.collect.download.proxies import Proxies
from nocode_classifier.collect.skips import Skip
from nocode_classifier.errors import InputError
from tests.collect.download.conftest import Fetch, skipped
from tests.fakes.proxy import Proxy
from tests.fakes.web import NO_PROXIES, Names, Pages, Web, at_home, photo, rules

HERE, INSIDE = "127.0.0.1", "127.0.0.2"


@pytest.fixture
def inside() -> Iterator[Web]:
    """A site on a private address; tests hold that nobody ever asks it."""
    try:
        site = Web(host=INSIDE)
    except OSError:
        pytest.skip(f"this computer has no {INSIDE}")
    with site:
        yield site
    assert site.connections == 0


def private(fetch: Fetch, link: str, **changes: Any) -> None:
    assert skipped(fetch([link], rules(**changes))[link]).reason is Skip.PRIVATE


@pytest.mark.parametrize("host", ["127.0.0.2", "127.2", "0x7f000002", "[::ffff:127.0.0.2]"])
def test_a_number_in_a_link_is_judged(host: str, inside: Web, fetch: Fetch) -> None:
    private(fetch, inside.link("photo/1", host=host))


def test_a_name_in_a_link_is_judged(inside: Web, fetch: Fetch) -> None:
    names = Names({"innocent.example": [INSIDE]})
    private(fetch, inside.link("photo/1", host="innocent.example"), look_up=names)


def test_a_redirect_is_judged(inside: Web, fetch: Fetch) -> None:
    pages = {"away": lambda page: page.reply(302, headers={"Location": inside.link("photo/1")})}
    with Web(extra=pages) as web:
        private(fetch, web.link("away"))


def test_a_redirect_to_a_name_is_judged(inside: Web, fetch: Fetch) -> None:
    there = inside.link("photo/1", host="inside.example")
    names = Names({"inside.example": [INSIDE], "outside.example": [HERE]})
    with Web(extra={"away": lambda page: page.reply(301, headers={"Location": there})}) as web:
        private(fetch, web.link("away", host="outside.example"), look_up=names)


def test_the_number_that_was_judged_is_the_one_connected_to(web: Web, fetch: Fetch) -> None:
    names = Names({"changing.example": [HERE, INSIDE]})
    link = web.link("photo/1", host="changing.example")
    assert fetch([link], rules(look_up=names))[link] == Fetched(photo(1), link)
    assert names.asked == ["changing.example"]


def test_a_name_that_changes_its_meaning_is_judged_for_every_connection(
    inside: Web, fetch: Fetch
) -> None:
    names = Names({"changing.example": [HERE, INSIDE]})

    def close(page: Pages) -> None:
        page.close_connection = True
        page.reply(200, photo(1), {"Connection": "close"})

    with Web(extra={"photos": close}, port=inside.port) as web:
        links = [web.link(f"photos/{n}", host="changing.example") for n in range(2)]
        first, second = fetch(links, rules(look_up=names, per_host=1)).values()
    assert isinstance(first, Fetched)
    assert skipped(second).reason is Skip.PRIVATE


def test_a_redirect_to_the_own_name_is_judged_again(inside: Web, fetch: Fetch) -> None:
    names = Names({"changing.example": [HERE, INSIDE]})
    again = inside.link("photo/1", host="changing.example")
    headers = {"Location": again, "Connection": "close"}
    with Web(extra={"a": lambda page: page.reply(302, headers=headers)}, port=inside.port) as web:
        private(fetch, web.link("a", host="changing.example"), look_up=names)


def test_a_single_link_is_judged_in_the_same_way(inside: Web) -> None:
    names = Names({"innocent.example": [INSIDE]})
    for host in (INSIDE, "innocent.example"):
        with pytest.raises(InputError, match="inside this computer or its own network"):
            fetch_photo(
                inside.link("photo/1", host=host),
                may_connect=at_home,
                proxies=NO_PROXIES,
                look_up=names,
            )


# Through a proxy


def test_a_proxy_is_not_asked_for_private_places(inside: Web, fetch: Fetch) -> None:
    names = Names({"innocent.example": [INSIDE]})
    with Proxy() as proxy:
        through = Proxies({"all": proxy.address})
        for host in (INSIDE, "127.2", "innocent.example"):
            for scheme in ("http", "https"):
                link = inside.link("photo/1", host, scheme)
                private(fetch, link, proxies=through, look_up=names)
        assert proxy.tunnels == proxy.pages == []


def test_a_redirect_behind_a_proxy_is_judged(inside: Web, fetch: Fetch) -> None:
    pages = {"away": lambda page: page.reply(302, headers={"Location": inside.link("photo/1")})}
    with Proxy() as proxy, Web(extra=pages) as web:
        private(fetch, web.link("away"), proxies=Proxies({"http": proxy.address}))
        assert proxy.tunnels == [f"{HERE}:{web.port}"]


def test_a_name_that_means_something_else_to_the_proxy_gains_nothing(
    web: Web, inside: Web, fetch: Fetch
) -> None:
    names = Names({"changing.example": [HERE]})
    link = web.link("photo/1", host="changing.example")
    with Proxy(names={"changing.example": INSIDE}) as proxy:
        through = Proxies({"http": proxy.address})
        assert fetch([link], rules(proxies=through, look_up=names))[link] == Fetched(photo(1), link)
        assert proxy.tunnels == [f"{HERE}:{web.port}"]
    assert web.hosts == [f"changing.example:{web.port}"]


@pytest.mark.parametrize("host", ["localhost", "router", "printer.local", "db.internal", "a.lan"])
def test_a_proxy_that_alone_knows_names_is_not_asked_for_inner_ones(
    host: str, fetch: Fetch
) -> None:
    with Proxy() as proxy:
        nothing = Names({})
        private(
            fetch,
            f"http://{host}/photo/1",
            proxies=Proxies({"http": proxy.address}),
            look_up=nothing,
        )
        assert proxy.tunnels == proxy.pages == []


# Certificates


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def secured(web: Web, authority: trustme.CA, name: str) -> ssl.SSLContext:
    """Give a site a certificate for a name; returns what trusts it."""
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(served)
    web.secure(served)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    return trusting


@pytest.mark.parametrize("through_proxy", [False, True])
def test_the_certificate_is_for_the_name_while_the_connection_goes_to_the_number(
    authority: trustme.CA, fetch: Fetch, *, through_proxy: bool
) -> None:
    names = Names({"good.example": [HERE], "bad.example": [HERE]})
    site = Web()
    trusting = secured(site, authority, "good.example")
    with site, Proxy() as proxy:
        proxies = Proxies({"https": proxy.address}) if through_proxy else NO_PROXIES
        keep_to = rules(certificates=trusting, look_up=names, proxies=proxies)
        good, bad = (site.link("photo/1", f"{kind}.example", "https") for kind in ("good", "bad"))
        outcomes = fetch([good, bad], keep_to)
        assert outcomes[good] == Fetched(photo(1), good)
        assert skipped(outcomes[bad]).reason is Skip.NOT_SECURE
        assert set(proxy.tunnels) == ({f"{HERE}:{site.port}"} if through_proxy else set())


def test_a_certificate_of_nobody_known_is_an_error(authority: trustme.CA, fetch: Fetch) -> None:
    site = Web()
    secured(site, authority, "localhost")
    with site:
        link = site.link("photo/1", "localhost", "https")
        assert skipped(fetch([link])[link]).reason is Skip.NOT_SECURE


def test_certificates_of_the_operator_are_trusted(
    authority: trustme.CA, fetch: Fetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    site = Web()
    secured(site, authority, "localhost")
    with site:
        link = site.link("photo/1", "localhost", "https")
        assert fetch([link])[link] == Fetched(photo(1), link)
