"""A web site with everything that can go wrong, on this computer.

`Web()` serves photos at `/photo/<number>` and the pages of `HOSTILE`, each of which says in what
way it is bad. `at_home` lets downloads connect to 127.0.0.1 as if that were out on the internet,
and to nothing else that is not; so 127.0.0.2 is a private address like any other.
"""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from itertools import chain, repeat
from types import MappingProxyType
from typing import Any

import numpy as np
from PIL import Image

from nocode_classifier.collect.download.addresses import Address, is_public
from nocode_classifier.collect.download.proxies import Proxies
from nocode_classifier.collect.download.rules import WebRules
from nocode_classifier.collect.skips import Skip

HOME = ipaddress.ip_address("127.0.0.1")
NO_PROXIES = Proxies()

HOSTILE: Mapping[str, Skip] = MappingProxyType(
    {
        "never-ends": Skip.TOO_BIG,
        "ten-gigabytes": Skip.TOO_BIG,
        "bomb": Skip.TOO_BIG,
        "drips": Skip.TOO_SLOW,
        "slow-headers": Skip.TOO_SLOW,
        "says-nothing": Skip.TOO_SLOW,
        "stalls": Skip.TOO_SLOW,
        "round-and-round": Skip.REDIRECTS,
        "ever-new": Skip.REDIRECTS,
        "inwards": Skip.PRIVATE,
        "to-a-file": Skip.BAD_ADDRESS,
        "cut-off": Skip.DAMAGED,
        "longer-than-told": Skip.DAMAGED,
        "broken-gzip": Skip.DAMAGED,
        "half-a-gzip": Skip.DAMAGED,
        "empty": Skip.DAMAGED,
        "page": Skip.NOT_A_PHOTO,
        "page-called-photo": Skip.NOT_A_PHOTO,
        "pixel": Skip.TOO_SMALL,
        "no-ai": Skip.NO_AI,
        "forbidden": Skip.REFUSED,
        "not-found": Skip.GONE,
        "gone": Skip.GONE,
        "too-many": Skip.BUSY,
        "server-error": Skip.SERVER_ERROR,
        "endless-headers": Skip.SERVER_ERROR,
        "nonsense": Skip.SERVER_ERROR,
        "resets": Skip.UNREACHABLE,
        "hangs-up": Skip.UNREACHABLE,
    }
)
"""The bad pages, and the reason for which each is to be left out."""

KIND_ONES: Mapping[str, str] = MappingProxyType(
    {"moved": "/photo/1", "packed": "/photo/1", "called-a-page": "/photo/1"}
)
"""Pages that are unusual and still give the photo of another page."""


def at_home(address: Address) -> bool:
    """Whether downloads in tests may connect there."""
    return address == HOME or is_public(address)


def rules(**changes: Any) -> WebRules:
    """The usual rules, but for a site on this computer."""
    return WebRules(**{"may_connect": at_home, "proxies": NO_PROXIES, **changes})


@lru_cache(maxsize=512)
def photo(number: int, size: int = 0) -> bytes:
    """A JPEG unlike all those of other numbers, of `size` bytes if that is enough for it."""
    random = np.random.default_rng(number)
    coarse = Image.fromarray(random.integers(0, 256, (6, 8, 3), np.uint8))
    values = np.asarray(coarse.resize((640, 480), Image.Resampling.BICUBIC), np.float32)
    grain = random.normal(0, 8, values.shape)
    target = BytesIO()
    Image.fromarray((values + grain).clip(0, 255).astype(np.uint8)).save(target, "JPEG")
    return _filled_up(target.getvalue(), size)


def _filled_up(jpeg: bytes, size: int) -> bytes:
    """Put comments into a JPEG until it has `size` bytes."""
    while (missing := size - len(jpeg)) >= 4:
        length = min(missing - 2, 0xFFFF)
        jpeg = jpeg[:2] + b"\xff\xfe" + struct.pack(">H", length) + bytes(length - 2) + jpeg[2:]
    return jpeg


@lru_cache(maxsize=1)
def packed_zeros() -> bytes:
    """A small file that unpacks into 100 MB."""
    return gzip.compress(photo(0) + bytes(100_000_000), 1)


class Names:
    """Looks names up in a table; a name may change what it means from look-up to look-up."""

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        self._table: Mapping[str, Iterator[str]] = {
            name: chain(numbers, repeat(numbers[-1])) for name, numbers in table.items()
        }
        self.asked: list[str] = []

    def __call__(self, name: str, port: int) -> list[str]:
        """One number; what is no name is passed to the system."""
        self.asked.append(name)
        if name in self._table:
            return [next(self._table[name])]
        with suppress(ValueError):
            return [str(ipaddress.ip_address(name))]
        raise socket.gaierror(socket.EAI_NONAME, f"no name {name}")


class Pages(BaseHTTPRequestHandler):
    """Answers requests; a method for each page."""

    protocol_version = "HTTP/1.1"
    server: Web

    def do_GET(self) -> None:
        self.server.begin(self)
        try:
            kind, _, rest = self.path.partition("?")[0].strip("/").partition("/")
            if kind in self.server.extra:
                self.server.extra[kind](self)
            else:
                getattr(self, f"send_{kind.replace('-', '_')}", self.send_not_found)(rest)
        finally:
            self.server.end()

    def reply(self, code: int, body: bytes = b"", headers: Mapping[str, str] = {}) -> None:
        """An answer as it should be."""
        self.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def begin_photo(self, headers: Mapping[str, str] = {}, size: int = 5000) -> None:
        """The headers of a photo and its first bytes."""
        self.send_response(200)
        for name, value in {"Content-Type": "image/jpeg", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(photo(0)[:size])
        self.close_connection = True

    def wait(self, seconds: float) -> bool:
        """Wait; says whether to go on."""
        return not self.server.over.wait(seconds)

    # Photos

    def send_photo(self, rest: str) -> None:
        self.wait(self.server.delay)
        number = int(rest.partition(".")[0])
        self.reply(200, photo(number, self.server.size), {"Content-Type": "image/jpeg"})

    def send_moved(self, rest: str) -> None:
        self.reply(302, headers={"Location": "/photo/1"})

    def send_packed(self, rest: str) -> None:
        self.reply(200, gzip.compress(photo(1, self.server.size)), {"Content-Encoding": "gzip"})

    def send_called_a_page(self, rest: str) -> None:
        self.reply(200, photo(1, self.server.size), {"Content-Type": "text/html"})

    # Too big

    def send_never_ends(self, rest: str) -> None:
        self.begin_photo()
        while self.wait(0):
            self.wfile.write(bytes(65536))

    def send_ten_gigabytes(self, rest: str) -> None:
        self.begin_photo({"Content-Length": str(10_000_000_000)})
        while self.wait(0):
            self.wfile.write(bytes(65536))

    def send_bomb(self, rest: str) -> None:
        headers = {"Content-Encoding": "gzip", "Content-Type": "image/jpeg"}
        self.reply(200, packed_zeros(), headers)

    # Too slow

    def send_drips(self, rest: str) -> None:
        self.begin_photo({"Content-Length": "100000"}, size=10)
        while self.wait(1):
            self.wfile.write(b"x")

    def send_slow_headers(self, rest: str) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while self.wait(0.5):
            self.wfile.write(b"x")

    def send_says_nothing(self, rest: str) -> None:
        while self.wait(1):
            pass

    def send_stalls(self, rest: str) -> None:
        self.begin_photo({"Content-Length": "100000"})
        self.send_says_nothing(rest)

    # Elsewhere

    def send_round_and_round(self, rest: str) -> None:
        self.reply(302, headers={"Location": "/round-and-round"})

    def send_ever_new(self, rest: str) -> None:
        self.reply(307, headers={"Location": f"/ever-new/{len(rest)}{rest}"})

    def send_inwards(self, rest: str) -> None:
        self.reply(302, headers={"Location": f"http://127.0.0.2:{self.server.port}/photo/1"})

    def send_to_a_file(self, rest: str) -> None:
        self.reply(302, headers={"Location": "file:///etc/hostname"})

    # Damaged

    def send_cut_off(self, rest: str) -> None:
        self.begin_photo({"Content-Length": "100000"})

    def send_longer_than_told(self, rest: str) -> None:
        self.begin_photo({"Content-Length": "4500"})

    def send_broken_gzip(self, rest: str) -> None:
        packed = bytearray(gzip.compress(photo(0)))
        packed[200:300] = bytes(100)
        self.reply(200, bytes(packed), {"Content-Encoding": "gzip"})

    def send_half_a_gzip(self, rest: str) -> None:
        packed = gzip.compress(photo(0))
        self.reply(200, packed[: len(packed) // 2], {"Content-Encoding": "gzip"})

    def send_empty(self, rest: str) -> None:
        self.reply(200, b"", {"Content-Type": "image/jpeg"})

    # No photos

    def send_page(self, rest: str) -> None:
        page = b"<!doctype html><html><title>Not found</title>" + b"<p>Sorry.</p>" * 1000
        self.reply(200, page, {"Content-Type": "text/html"})

    def send_page_called_photo(self, rest: str) -> None:
        self.reply(200, b"<!doctype html><html></html>", {"Content-Type": "image/jpeg"})

    def send_pixel(self, rest: str) -> None:
        target = BytesIO()
        Image.new("RGB", (1, 1)).save(target, "GIF")
        self.reply(200, target.getvalue(), {"Content-Type": "image/gif"})

    # No

    def send_no_ai(self, rest: str) -> None:
        self.reply(200, photo(0), {"X-Robots-Tag": "noindex, noai"})

    def send_forbidden(self, rest: str) -> None:
        self.reply(403)

    def send_not_found(self, rest: str) -> None:
        self.reply(404, b"<html>Not found</html>")

    def send_gone(self, rest: str) -> None:
        self.reply(410)

    def send_too_many(self, rest: str) -> None:
        self.reply(429, headers={"Retry-After": rest} if rest else {})

    def send_server_error(self, rest: str) -> None:
        self.reply(500, b"<html>Oops</html>")

    def send_endless_headers(self, rest: str) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while self.wait(0):
            self.wfile.write(b"X-More: and more\r\n" * 1000)

    def send_nonsense(self, rest: str) -> None:
        self.wfile.write(b"220 mail.example ESMTP\r\n\r\n")
        self.close_connection = True

    def send_resets(self, rest: str) -> None:
        # To linger for no time means to break off instead of closing.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def send_hangs_up(self, rest: str) -> None:
        self.close_connection = True

    def handle(self) -> None:
        with suppress(OSError, ssl.SSLError, ValueError):  # the client had enough
            super().handle()

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()

    def log_message(self, *args: object) -> None:
        """Quiet."""


class Web(ThreadingHTTPServer):
    """The site; serves within a `with` block.

    Attributes:
        delay: seconds before a photo is sent.
        size: bytes of a photo.
        extra: more pages, by the first part of their path.
        asked: the path of every request.
        hosts: the Host header of every request.
        agents: the User-Agent of every request.
        at_once: the most requests at the same time so far.
        connections: how many were made.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self,
        *,
        delay: float = 0.0,
        size: int = 0,
        extra: Mapping[str, Callable[[Pages], None]] = {},
        host: str = str(HOME),
        port: int = 0,
    ) -> None:
        super().__init__((host, port), Pages)
        self.host = host
        self.delay = delay
        self.size = size
        self.extra = extra
        self.over = threading.Event()
        self.asked: list[str] = []
        self.hosts: list[str] = []
        self.agents: list[str] = []
        self.at_once = 0
        self.connections = 0
        self._running = 0
        self._lock = threading.Lock()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def link(self, page: str, host: str = "", scheme: str = "http") -> str:
        """The address of a page."""
        return f"{scheme}://{host or self.host}:{self.port}/{page}"

    def secure(self, served: ssl.SSLContext) -> None:
        """Speak https."""
        self.socket = served.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )

    def begin(self, page: Pages) -> None:
        """A request begins."""
        with self._lock:
            self.asked.append(page.path)
            self.hosts.append(page.headers.get("Host", ""))
            self.agents.append(page.headers.get("User-Agent", ""))
            self._running += 1
            self.at_once = max(self.at_once, self._running)

    def end(self) -> None:
        """A request is over."""
        with self._lock:
            self._running -= 1

    def process_request(self, request: Any, client_address: Any) -> None:
        """Count connections."""
        with self._lock:
            self.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, *args: object) -> None:
        """A refused handshake is what some tests are about."""

    def __enter__(self) -> Web:
        threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.over.set()
        self.shutdown()
        self.server_close()


@contextmanager
def closed_port() -> Iterator[int]:
    """A port on which nothing answers."""
    with socket.socket() as taken:
        taken.bind((str(HOME), 0))
        yield int(taken.getsockname()[1])
