"""A plain web host for static files, as there are many: it sends what lies in a folder."""

from __future__ import annotations

import functools
import gzip
import threading
from collections import Counter
from collections.abc import Mapping
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ISOLATED = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
"""Headers with which a browser lets a page use several processor cores."""


class StaticHost:
    """Serves a folder; use it in a with statement.

    Attributes:
        asked: how often each path was asked for.
        lost: paths that are answered with 404 as long as they are in here.
    """

    def __init__(
        self, folder: Path, headers: Mapping[str, str] | None = None, *, packs: bool = False
    ) -> None:
        """Args: headers to send, too; `packs`: files that are packed are packed in its own way."""
        self.asked: Counter[str] = Counter()
        self.lost: set[str] = set()
        self.packs = packs
        handler = functools.partial(_Handler, host=self, headers_too=headers or {}, folder=folder)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._open = True

    @property
    def address(self) -> str:
        """Of the folder, ending in a slash."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def close(self) -> None:
        """Answer nothing any more."""
        if self._open:
            self._open = False
            self._server.shutdown()
            self._server.server_close()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Handler(SimpleHTTPRequestHandler):
    # Plain on purpose: hosts differ in what they know of, and many send .wasm or .gz as bytes.
    extensions_map = {  # noqa: RUF012
        ".html": "text/html",
        ".css": "text/css",
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".json": "application/json",
        ".png": "image/png",
    }

    def __init__(
        self, *args: Any, host: StaticHost, headers_too: Mapping[str, str], folder: Path
    ) -> None:
        self._host, self._headers_too = host, headers_too
        super().__init__(*args, directory=str(folder))

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self._host.asked[path] += 1
        if path in self._host.lost:
            self.send_error(404)
        elif self._host.packs and path.endswith(".gz"):
            data = gzip.compress(gzip.decompress(Path(self.translate_path(path)).read_bytes()), 1)
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        else:
            super().do_GET()

    def end_headers(self) -> None:
        for name, value in self._headers_too.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass
