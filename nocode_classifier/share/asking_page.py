"""Asks a page that runs by itself: serves it on this computer, opens it in a browser, and reads
what it answers about photos."""

from __future__ import annotations

import json
import logging
import mimetypes
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from nocode_classifier.errors import NotProven
from nocode_classifier.progress import ShouldStop, check_stop, never
from nocode_classifier.share.browser import BROWSER_VARIABLE, find_browser, opened
from nocode_classifier.share.exporter import CantAsk, ExportAnswer

log = logging.getLogger(__name__)

SCRIPT = Path(__file__).with_name("proof.js")
SECONDS_TO_START = 60.0
SECONDS = 240.0
PAUSE = 0.05
LARGEST_RESULT = 50_000_000

NO_BROWSER = (
    "It could not be tried out here, because there is no Chrome, Chromium or Edge on this "
    f"computer. Install one, or name one in {BROWSER_VARIABLE}, and export it again."
)

KINDS = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm"}


def ask_page(
    folder: Path, photos: Sequence[Path], *, should_stop: ShouldStop = never
) -> list[ExportAnswer]:
    """Ask a page about photos.

    Args:
        folder: of the page, with its `index.html`; left as it is.
        photos: in formats that browsers show.
        should_stop: asked now and then.

    Raises:
        CantAsk: there is no browser here, or none that starts.
        NotProven: the page does not get ready, or does not answer.
        Cancelled: Stop was pressed.
    """
    browser = find_browser()
    if browser is None:
        raise CantAsk(NO_BROWSER)
    served = _Served(folder, tuple(photos))
    try:
        with _serving(served) as address, opened(browser, address) as process:
            began = time.monotonic()
            while not served.told.wait(PAUSE):
                check_stop(should_stop)
                passed = time.monotonic() - began
                lost = process.status is not None or passed > SECONDS_TO_START
                if lost and not served.visited.is_set():
                    raise CantAsk(f"It could not be tried out here: {browser.name} does not start.")
                if passed > SECONDS or process.status is not None:
                    raise NotProven("The page did not answer in the browser.")
    except OSError as error:
        raise CantAsk(f"It could not be tried out here: {browser.name} does not start.") from error
    return _read(served.result)


@dataclass
class _Served:
    """A page and photos to ask it about, and what it says.

    Attributes:
        visited: the browser asked for the page.
        told: the result is here.
    """

    folder: Path
    photos: tuple[Path, ...]
    visited: threading.Event = field(default_factory=threading.Event)
    told: threading.Event = field(default_factory=threading.Event)
    result: Any = None

    def file(self, path: str, *, as_page: bool) -> tuple[bytes, str] | None:
        """What stands at a path, and its type; `as_page`: to be shown, not fetched by a script."""
        if path == "proof.js":
            return SCRIPT.read_bytes(), KINDS[".js"]
        if path == "photos.json":
            names = [f"../photos/{index}" for index in range(len(self.photos))]
            return json.dumps({"photos": names}).encode(), "application/json"
        place, _, name = path.partition("/")
        if place == "photos" and name.isdecimal() and int(name) < len(self.photos):
            return self.photos[int(name)].read_bytes(), "application/octet-stream"
        if place != "page":
            return None
        file = (self.folder / (name or "index.html")).resolve()
        if not file.is_file() or self.folder.resolve() not in file.parents:
            return None
        data = file.read_bytes()
        if as_page and file.name == "index.html":
            self.visited.set()
            data = data.replace(
                b"</head>", b'<script type="module" src="../proof.js"></script></head>'
            )
        return data, KINDS.get(file.suffix) or mimetypes.guess_type(file.name)[0] or ""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that is ended hangs up in the middle of an answer: that is no trouble."""
        log.debug("an answer to the browser broke off", exc_info=True)


@contextmanager
def _serving(served: _Served) -> Iterator[str]:
    """Serve for as long as the block lasts, at an address that nobody can guess."""
    secret = f"/{secrets.token_urlsafe(16)}/"

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            as_page = self.headers.get("Sec-Fetch-Dest", "document") == "document"
            found = (
                served.file(path.removeprefix(secret), as_page=as_page)
                if path.startswith(secret)
                else None
            )
            data, kind = found or (b"", "text/plain")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind or "application/octet-stream")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if self.path == f"{secret}result" and length <= LARGEST_RESULT:
                served.result = json.loads(self.rfile.read(length))
                served.told.set()
            self.send_response(204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{secret}page/"
    finally:
        server.shutdown()
        server.server_close()


def _read(result: Any) -> list[ExportAnswer]:
    try:
        if "failed" in result:
            raise NotProven(f"The page does not work in the browser: {result['failed']}")
        return [
            ExportAnswer(one["label"], one["sure"], dict(one["probabilities"]))
            for one in result["answers"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise NotProven("The page does not answer as it should.") from error
