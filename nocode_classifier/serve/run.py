"""Serves a model folder: `python -m nocode_classifier.serve MODEL`."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from nocode_classifier.errors import AppError, InputError, Unavailable
from nocode_classifier.listening import address_of, listen
from nocode_classifier.own_pages import Names
from nocode_classifier.processes import end_with_parent
from nocode_classifier.serve.options import KEY_VARIABLE, add_options
from nocode_classifier.serve.settings import Settings

PREFIX = "nocode-classifier-"

Tell = Callable[[str, str], None]
"""Tells what happened: one of "ready", "shared", "failed" and "ended", and an address or a
sentence."""


def run(folder: Path, args: argparse.Namespace) -> None:
    """Serve a model until Ctrl-C, or with `--events` until standard input is closed.

    Raises:
        InputError: an option or the model can't be used.
        KeyboardInterrupt: Ctrl-C was pressed.
        SystemExit: a signal to end came.
    """
    from nocode_classifier.web_server import end_when_told

    settings = settings_of(args)
    folder = folder.resolve()
    tell = _tell_program if args.events else _tell_person
    # From now on there are files to be put away.
    end_when_told()
    with _workplace(), listen(args.host, args.port) as listener:
        serve(folder, listener, settings, tell, share=args.share, watched=args.events)


def settings_of(args: argparse.Namespace) -> Settings:
    """What is allowed, by the options.

    Raises:
        InputError: one of them makes no sense.
    """
    if args.per_minute < 0 or args.proxies < 0:
        raise InputError("--per-minute and --proxies take a number from 0 on.")
    for origin in args.cors:
        if origin != "*" and ("://" not in origin or origin.count("/") > 2):
            raise InputError(
                f"--cors takes a website such as https://example.org, without a path; not {origin}"
            )
    proxies = max(args.proxies, 1) if args.share else args.proxies
    names = Names.of(args.allowed_host, args.host)
    return Settings(
        key=args.key or os.environ.get(KEY_VARIABLE) or None,
        origins=tuple(args.cors),
        per_minute=args.per_minute,
        proxies=proxies,
        names=None if proxies else names,
    )


def serve(
    folder: Path,
    listener: socket.socket,
    settings: Settings,
    tell: Tell,
    *,
    share: bool = False,
    watched: bool = False,
) -> None:
    """Serve a model on a listening socket until Ctrl-C.

    Args:
        folder: of the model.
        settings: what is allowed.
        tell: hears when it is ready, and what becomes of the public link.
        share: open a public link.
        watched: stop as soon as standard input is closed, as it is when who started this dies.

    Raises:
        InputError: the model can't be used.
    """
    # Importing the web server makes many objects that stay; they need no looking after.
    import gc

    from nocode_classifier.predict.predictor import ModelError
    from nocode_classifier.serve.answering import Answering
    from nocode_classifier.serve.app import build_app
    from nocode_classifier.web_server import make_server

    try:
        answering = Answering(folder, settings)
    except ModelError as error:
        raise InputError(str(error)) from error
    app = build_app(answering, settings)
    gc.freeze()
    server = make_server(app, on_start=lambda: tell("ready", address_of(listener, for_others=True)))
    port = listener.getsockname()[1]
    if watched:
        end_with_parent(server.stop)
    if share:
        threading.Thread(target=_share, args=(port, tell), daemon=True).start()
    try:
        server.run(sockets=[listener])
    finally:
        answering.close()


def _share(port: int, tell: Tell) -> None:
    from nocode_classifier.serve.tunnel import open_tunnel

    try:
        tunnel = open_tunnel(port)
    except Unavailable as error:
        tell("failed", str(error))
        return
    _at_exit(tunnel.close)
    tell("shared", tunnel.address)
    tunnel.wait()
    tell("ended", "The public link was closed from the other side. Open it again for a new one.")


def _at_exit(close: Callable[[], None]) -> None:
    import atexit

    atexit.register(close)


@contextlib.contextmanager
def _workplace() -> Iterator[None]:
    """A folder of this process' own, gone afterwards: Gradio's uploads and its certificate."""
    before = Path.cwd()
    try:
        with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder:
            os.environ["GRADIO_TEMP_DIR"] = folder
            os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
            os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
            os.chdir(folder)
            try:
                yield
            finally:
                # Windows does not delete a folder that someone is in.
                os.chdir(before)
    finally:
        # The empty one that a link made for this process, and could not delete if it was killed.
        if before.name.startswith(PREFIX):
            with contextlib.suppress(OSError):
                before.rmdir()


def _tell_person(what: str, text: str) -> None:
    lines = {
        "ready": f"The classifier answers at {text}  (press Ctrl-C here to stop)\n"
        f"For programs: {text}/docs",
        "shared": f"For others, for some days at most, while this runs: {text}",
    }
    _print(lines.get(what, text))


def _tell_program(what: str, text: str) -> None:
    _print(json.dumps({what: text}))


def _print(line: str) -> None:
    if sys.stdout is not None:
        with contextlib.suppress(OSError):
            print(line, flush=True)  # noqa: T201


def main(argv: Sequence[str] | None = None) -> int:
    """The command of a server folder, which has no other commands."""
    parser = argparse.ArgumentParser("serve", description=__doc__)
    parser.add_argument("model", metavar="MODEL", help="a model folder")
    add_options(parser)
    args = parser.parse_args(argv)
    try:
        run(Path(args.model), args)
    except AppError as error:
        if args.events:
            _tell_program("failed", str(error))
        else:
            print(error, file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
