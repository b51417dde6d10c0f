"""The composition root: the real parts are built here, and nowhere else.

Nothing heavy is imported before the page answers: torch, fastai, timm, scikit-learn and
onnxruntime wait until someone trains or asks.
"""

from __future__ import annotations

import gc
import logging
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nocode_classifier import paths
from nocode_classifier.jobs import JobRunner
from nocode_classifier.project.library import Library

if TYPE_CHECKING:
    from nocode_classifier.collect.hunt import Finder
    from nocode_classifier.ui.state import Services

LOCAL = "127.0.0.1"


def build_services(home: Path) -> Services:
    """The real parts, working on the projects in `home`."""
    from nocode_classifier.collect.contact import Contact
    from nocode_classifier.serve.link import LocalLink, PublicLink
    from nocode_classifier.serve.qr import qr_svg
    from nocode_classifier.ui.state import Predictors, Services

    finder = build_finder(contact=Contact(home).read)
    links = PublicLink(), LocalLink()
    return Services(Library(home), JobRunner(), Predictors(), finder, *links, qr_svg)


def build_finder(*, contact: str | Callable[[], str] = "", respect_noai: bool = True) -> Finder:
    """The real services that photos are searched with, and the rules for fetching them.

    Args:
        contact: how whoever runs this app can be reached, for the services, or what tells it
            when they are asked; that of the environment if empty.
        respect_noai: leave out photos whose site does not want them used for AI.
    """
    from nocode_classifier.collect.hunt import Finder
    from nocode_classifier.collect.sources import all_sources
    from nocode_classifier.collect.sources.asker import Manners
    from nocode_classifier.collect.web.rules import WebRules

    rules = WebRules(respect_noai=respect_noai)
    return Finder(all_sources(Manners(contact=contact)), rules)


def run(host: str = LOCAL, port: int | None = None, *, open_browser: bool = True) -> None:
    """Open the app and serve it until Ctrl-C.

    Args:
        host: an address of this computer. With one that others can reach, they can use the app.
        port: or None for the first free one from 7860 on.
        open_browser: show the page in the default browser.

    Raises:
        InputError: the port is taken.
    """
    from nocode_classifier.ui.port import listen

    keep_to_itself()
    listener = listen(host, port)
    address = address_of(listener)
    # Whoever asks now is answered as soon as the page is ready, so the browser can start meanwhile.
    say(f"Opening {address}  (press Ctrl-C here to close the app)")
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    serve(build_services(paths.home()), listener)


def serve(services: Services, listener: socket.socket) -> None:
    """Serve the page on a listening socket until Ctrl-C; running jobs are stopped then."""
    # Importing makes a hundred thousand objects that stay; looking for garbage among them costs a
    # tenth of the time until the page answers.
    gc.disable()
    from nocode_classifier.ui.own_pages import is_loopback
    from nocode_classifier.ui.server import build_server, serve_until_stopped

    app = build_server(services, own_pages_only=is_loopback(listener.getsockname()[0]))
    gc.freeze()
    gc.enable()
    try:
        serve_until_stopped(app, listener)
    except KeyboardInterrupt:
        say("Closed.")
    finally:
        services.jobs.stop_all()
        for link in (services.public_link, services.local_link):
            if link is not None:
                link.stop()
        services.desk.close()


def keep_to_itself() -> None:
    """Switch off whatever the libraries would send elsewhere; has to come before their import."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ.setdefault("GRADIO_TEMP_DIR", str(paths.cache() / "gradio"))


def address_of(listener: socket.socket) -> str:
    """The address to type into a browser on this computer."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104
        host = LOCAL
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def say(sentence: str) -> None:
    """Write a line to the console, if there is one."""
    if sys.stdout is not None:
        print(sentence, flush=True)  # noqa: T201


def set_up_log() -> None:
    """Send warnings and worse to the console if there is one, else nowhere."""
    handler = logging.StreamHandler() if sys.stderr is not None else logging.NullHandler()
    logging.basicConfig(
        level=logging.WARNING, handlers=[handler], format="%(asctime)s %(levelname)s %(message)s"
    )
