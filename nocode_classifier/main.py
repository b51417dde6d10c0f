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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nocode_classifier import paths
from nocode_classifier.jobs import JobRunner
from nocode_classifier.listening import LOCAL, address_of, is_this_computer, listen
from nocode_classifier.project.library import Library

if TYPE_CHECKING:
    from nocode_classifier.collect.search import Finder
    from nocode_classifier.own_pages import Names
    from nocode_classifier.ui.state import Services

OPEN_TO_OTHERS = (
    "Careful: everyone in your network can open this app now and do all that you can: see, change "
    "and delete your projects. There is no password. Leave --host out to keep it to this computer."
)


def build_services(home: Path) -> Services:
    """The real parts, working on the projects in `home`."""
    from nocode_classifier.collect.contact import Contact
    from nocode_classifier.serve.link import LocalLink, PublicLink
    from nocode_classifier.serve.qr import qr_svg
    from nocode_classifier.ui.state import Predictors, Services

    finder = build_finder(contact=Contact(home).read)
    links = {"public": PublicLink, "local": LocalLink}
    return Services(Library(home), JobRunner(), Predictors(), finder, links, qr_svg)


def build_finder(*, contact: str | Callable[[], str] = "", respect_noai: bool = True) -> Finder:
    """The real services that photos are searched with, and the rules for fetching them.

    Args:
        contact: how whoever runs this app can be reached, for the services, or what tells it
            when they are asked; that of the environment if empty.
        respect_noai: leave out photos whose site does not want them used for AI.
    """
    from nocode_classifier.collect.download.rules import WebRules
    from nocode_classifier.collect.search import Finder
    from nocode_classifier.collect.sources import all_sources
    from nocode_classifier.collect.sources.api_client import RequestPolicy

    rules = WebRules(respect_noai=respect_noai)
    return Finder(all_sources(RequestPolicy(contact=contact)), rules)


def run(
    host: str = LOCAL,
    port: int | None = None,
    *,
    open_browser: bool = True,
    allowed_hosts: Sequence[str] = (),
) -> None:
    """Open the app and serve it until Ctrl-C.

    Args:
        host: an address of this computer. With one that others can reach, they can use the app.
        port: or None for the first free one from 7860 on.
        open_browser: show the page in the default browser.
        allowed_hosts: names, beside this computer's own, under which it may be opened.

    Raises:
        InputError: the port is taken, or an allowed host is no name.
    """
    from nocode_classifier.own_pages import Names

    keep_to_itself()
    names = Names.of(allowed_hosts, host)
    listener = listen(host, port)
    if not is_this_computer(host):
        warn(OPEN_TO_OTHERS)
    address = address_of(listener)
    # Whoever asks now is answered as soon as the page is ready, so the browser can start meanwhile.
    say(f"Opening {address}  (press Ctrl-C here to close the app)")
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    serve(build_services(paths.home()), listener, names)


def serve(services: Services, listener: socket.socket, names: Names | None = None) -> None:
    """Serve the page on a listening socket until Ctrl-C; running jobs are stopped then.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed.
        SystemExit: a signal to end came.
    """
    # Importing makes a hundred thousand objects that stay; looking for garbage among them costs a
    # tenth of the time until the page answers.
    gc.disable()
    from nocode_classifier.ui.server import build_server
    from nocode_classifier.web_server import make_server

    app = build_server(services, names)
    gc.freeze()
    gc.enable()
    try:
        make_server(app, proxy_headers=True).run(sockets=[listener])
    finally:
        services.jobs.stop_all()
        services.active_shares.close()


def keep_to_itself() -> None:
    """Switch off whatever the libraries would send elsewhere; has to come before their import."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ.setdefault("GRADIO_TEMP_DIR", str(paths.cache() / "gradio"))


def say(sentence: str) -> None:
    """Write a line to the console, if there is one."""
    if sys.stdout is not None:
        print(sentence, flush=True)  # noqa: T201


def warn(sentence: str) -> None:
    """Write a line to the console's standard error, if there is one."""
    if sys.stderr is not None:
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201


def set_up_log() -> None:
    """Send warnings and worse to the console if there is one, else nowhere."""
    handler = logging.StreamHandler() if sys.stderr is not None else logging.NullHandler()
    logging.basicConfig(
        level=logging.WARNING, handlers=[handler], format="%(asctime)s %(levelname)s %(message)s"
    )
