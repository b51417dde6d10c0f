"""DuckDuckGo and Bing as the unmodified ddgs library meets them.

The library goes to https://duckduckgo.com and https://www.bing.com, whatever it is told. So the
fake is a secure server whose certificate names both, and a proxy that leads every connection to
it: `DDGS(proxy=fake.proxy, verify=fake.certificates)`.
"""

from __future__ import annotations

import html
import json
import select
import socket
import socketserver
import ssl
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme

from tests.fakes.photos import PhotoHost
from tests.fakes.server import Asked, FakeServer, Reply, as_json, page

DUCKDUCKGO, BING = "duckduckgo.com", "www.bing.com"
KEY = "4-123456789012345678901234567890123456789"
DUCKDUCKGO_PAGE, BING_PAGE = 100, 35


class FakeWebSearch(FakeServer):
    """Finds `count` photos for any words but `nothing`.

    Requests are counted over both engines; a DuckDuckGo search is two of them.

    Attributes:
        proxy: address of the proxy that leads here.
        certificates: a PEM file with the authority to trust.
        hosts: which servers the proxy was asked for.
    """

    def __init__(self, photos: PhotoHost, folder: Path, count: int = 250) -> None:
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(DUCKDUCKGO, BING).configure_cert(context)
        super().__init__(context)
        self.certificates = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self.certificates))
        self._photos = photos
        self._count = count
        self._proxy = _Proxy(self.port)
        # What DuckDuckGo does to those it does not like; ddgs calls it "No results found."
        self.refusal = page("<h1>403 Forbidden</h1>", 403)

    @property
    def proxy(self) -> str:
        return f"http://127.0.0.1:{self._proxy.server_address[1]}"

    @property
    def hosts(self) -> list[str]:
        return self._proxy.hosts

    def answer(self, asked: Asked) -> Reply:
        host = asked.host.partition(":")[0]
        if host == DUCKDUCKGO and asked.path == "/":
            return page(f'<html><script>nrj("/d.js?q=x");vqd="{KEY}";</script></html>')
        if host == DUCKDUCKGO and asked.path == "/i.js":
            return self._duckduckgo(asked)
        if host == BING and asked.path == "/images/async":
            return self._bing(asked)
        return page("Not found", 404)

    def _duckduckgo(self, asked: Asked) -> Reply:
        if asked.query.get("vqd") != KEY or asked.headers.get("sec-fetch-mode") != "cors":
            return page("Forbidden", 403)
        words, first = asked.query["q"], int(asked.query.get("s", "0"))
        numbers = self._numbers(words, first, DUCKDUCKGO_PAGE)
        results = [
            {
                "title": f"{words.capitalize()} <b>no.</b> {number}",
                "image": self._photos.address_of("duckduckgo", words, number),
                "thumbnail": f"https://tse1.mm.bing.net/th?id=OIP.{number}",
                "url": f"https://example.org/page/{number}",
                "height": 240,
                "width": 320,
                "source": "Bing",
            }
            for number in numbers
        ]
        return as_json({"results": results, "next": f"i.js?q={words}&o=json&s={first + 100}"})

    def _bing(self, asked: Asked) -> Reply:
        words, first = asked.query["q"], int(asked.query["first"]) - 1
        count = int(asked.query["count"])
        items = "".join(self._bing_item(words, n) for n in self._numbers(words, first, count))
        return page(f'<div class="dgControl hover"><ul>{items}</ul></div>')

    def _bing_item(self, words: str, number: int) -> str:
        told = {
            "murl": self._photos.address_of("bing", words, number),
            "turl": f"https://tse1.mm.bing.net/th?id=OIP.{number}",
            "purl": f"https://example.com/page/{number}",
            "t": f"{words.capitalize()} {number}",
        }
        size = '<span class="nowrap">320 × 240 · jpeg</span>' if number % 2 else ""
        return (
            '<li><div class="iuscp isv"><div class="imgpt">'
            f'<a class="iusc" m="{html.escape(json.dumps(told))}" href="#"></a>'
            f'<div class="img_info hon">{size}</div></div><div class="infopt">'
            f'<div class="lnkw"><a href="#">example.com</a></div></div></div></li>'
        )

    def _numbers(self, words: str, first: int, most: int) -> range:
        count = 0 if words == "nothing" else self._count
        return range(first, min(first + most, count))

    def __enter__(self) -> Self:
        self._proxy.start()
        return super().__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._proxy.stop()
        super().__exit__(kind, error, trace)


class _Proxy(socketserver.ThreadingTCPServer):
    """Leads every connection it is asked for to one port of this computer."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Connect)
        self.port = port
        self.hosts: list[str] = []
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is nothing to write home about."""


class _Connect(socketserver.StreamRequestHandler):
    server: _Proxy

    def handle(self) -> None:
        method, target, _ = self.rfile.readline().decode().split(" ", 2)
        while self.rfile.readline().strip():
            pass
        if method != "CONNECT":
            self.wfile.write(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n")
            return
        self.server.hosts.append(target)
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as inner:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            _relay(self.connection, inner)


def _relay(one: socket.socket, other: socket.socket) -> None:
    """Pass on what comes from either side until one of them hangs up."""
    ways = {one: other, other: one}
    while True:
        ready, _, _ = select.select([one, other], [], [], 10)
        if not ready:
            return
        for side in ready:
            data = side.recv(65_536)
            if not data:
                return
            ways[side].sendall(data)
