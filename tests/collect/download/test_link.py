from __future__ import annotations

import ipaddress
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme

from nocode_classifier.collect.download.addresses import is_public
from nocode_classifier.collect.download.link import fetch_photo
from nocode_classifier.collect.photo_check import Limits
from nocode_classifier.errors import InputError, PhotoRefused, Unavailable
from tests.elsewhere import run

PHOTO = b"\xff\xd8\xff" + b"a photo" * 1000


def anywhere(address: object) -> bool:
    return True


class Pages(BaseHTTPRequestHandler):
    """A small web site with all that can go wrong."""

    server: Site

    def do_GET(self) -> None:
        name = self.path.strip("/").replace("-", "_").split("?")[0]
        getattr(self, f"send_{name}", self.send_nothing)()

    def reply(self, code: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(code)
        for key, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def send_photo(self) -> None:
        self.server.hosts.append(self.headers["Host"])
        self.reply(200, PHOTO)

    def send_nothing(self) -> None:
        self.reply(404)

    def send_secret(self) -> None:
        self.reply(403)

    def send_moved(self) -> None:
        self.reply(302, Location="/photo")

    def send_round_and_round(self) -> None:
        self.reply(302, Location="/round-and-round")

    def send_inwards(self) -> None:
        self.reply(302, Location="http://192.168.0.1/photo")

    def send_to_a_file(self) -> None:
        self.reply(302, Location="file:///etc/hostname")

    def send_too_much(self) -> None:
        self.reply(200, b"", Content_Length="999999999")

    def send_without_end(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(PHOTO)
        while True:
            self.wfile.write(b"x" * 4096)

    def send_slowly(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"x")
            time.sleep(0.05)

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, ssl.SSLError):  # the client had enough
            self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Quiet."""


class Site(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.hosts: list[str] = []

    def handle_error(self, *args: object) -> None:
        """A refused handshake is what some tests are about."""

    @property
    def port(self) -> int:
        return self.server_address[1]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server
        server.shutdown()


@pytest.fixture
def link(site: Site) -> Callable[[str], str]:
    return lambda page: f"http://localhost:{site.port}/{page}"


def test_a_photo_is_fetched_as_it_is(link: Callable[[str], str]) -> None:
    assert fetch_photo(link("photo?size=big#top"), may_connect=anywhere) == PHOTO


def test_a_caller_may_be_running_an_event_loop(link: Callable[[str], str]) -> None:
    async def ask() -> bytes:
        return fetch_photo(link("photo"), may_connect=anywhere)

    assert run(ask()) == PHOTO


def test_a_redirect_is_followed(link: Callable[[str], str]) -> None:
    assert fetch_photo(link("moved"), may_connect=anywhere) == PHOTO


def test_the_server_is_told_the_name_although_the_connection_goes_to_a_number(
    site: Site, link: Callable[[str], str]
) -> None:
    fetch_photo(link("photo"), may_connect=anywhere)
    assert site.hosts == [f"localhost:{site.port}"]


def test_this_computer_is_refused_by_name_and_by_number(site: Site) -> None:
    for host in ("localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433"):
        with pytest.raises(InputError, match="inside this computer or its own network"):
            fetch_photo(f"http://{host}:{site.port}/photo")
    assert site.hosts == []


def test_a_redirect_into_the_own_network_is_refused(link: Callable[[str], str]) -> None:
    def loopback(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
        return address.is_loopback or is_public(address)

    with pytest.raises(InputError, match=r"192\.168\.0\.1 is a place inside"):
        fetch_photo(link("inwards"), may_connect=loopback)


def test_only_web_addresses_are_fetched(link: Callable[[str], str]) -> None:
    for address in ("file:///etc/passwd", "ftp://example.org/a.jpg", "http:///a.jpg", "photo.jpg"):
        with pytest.raises(InputError):
            fetch_photo(address, may_connect=anywhere)
    with pytest.raises(InputError, match="begins with http"):
        fetch_photo(link("to-a-file"), may_connect=anywhere)


def test_too_much_is_refused_whether_the_server_says_so_or_not(link: Callable[[str], str]) -> None:
    for page in ("too-much", "without-end"):
        with pytest.raises(PhotoRefused, match="too big"):
            fetch_photo(link(page), limits=Limits(max_bytes=100_000), may_connect=anywhere)


def test_a_server_that_drips_is_given_up(link: Callable[[str], str]) -> None:
    with pytest.raises(Unavailable, match="localhost takes too long"):
        fetch_photo(link("slowly"), seconds=0.5, may_connect=anywhere)


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("gone", "no photo at this address"),
        ("secret", "does not give this photo away"),
        ("round-and-round", "from one address to the next"),
    ],
)
def test_what_the_server_answers_is_said_in_a_sentence(
    link: Callable[[str], str], page: str, sentence: str
) -> None:
    with pytest.raises(Unavailable, match=sentence):
        fetch_photo(link(page), may_connect=anywhere)


def test_a_server_that_is_not_there_is_said_so() -> None:
    with pytest.raises(Unavailable, match="can't be reached"):
        fetch_photo("http://127.0.0.1:9/photo", may_connect=anywhere)
    with pytest.raises(Unavailable, match=r"no server called nowhere\.invalid"):
        fetch_photo("http://nowhere.invalid/photo")


def secured(site: Site, name: str) -> ssl.SSLContext:
    """Give a site a certificate for `name`; returns what trusts it."""
    authority = trustme.CA()
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(served)
    site.socket = served.wrap_socket(site.socket, server_side=True)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    return trusting


@pytest.mark.parametrize("name", ["localhost", "someone-else.example"])
def test_the_certificate_has_to_be_for_the_name(name: str) -> None:
    with Site() as site:
        trusting = secured(site, name)
        threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01}).start()
        address = f"https://localhost:{site.port}/photo"
        try:
            if name == "localhost":
                assert fetch_photo(address, may_connect=anywhere, certificates=trusting) == PHOTO
            else:
                with pytest.raises(Unavailable, match="its certificate is wrong"):
                    fetch_photo(address, may_connect=anywhere, certificates=trusting)
        finally:
            site.shutdown()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f::1", True),
        ("::ffff:93.184.215.14", True),
        ("64:ff9b::5db8:d70e", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b:1::a00:1", False),
        ("::7f00:1", False),
    ],
)
def test_only_addresses_out_on_the_internet_are_public(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public
