"""An app behind the real web server, in a thread of this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp

from nocode_classifier.listening import listen
from nocode_classifier.web_server import make_server


@contextmanager
def in_thread(app: ASGIApp) -> Iterator[int]:
    """Serve an app until the block ends; gives the port."""
    listener = listen("127.0.0.1", 0)
    port = int(listener.getsockname()[1])
    server = make_server(app)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield port
    finally:
        server.stop()
        thread.join()
