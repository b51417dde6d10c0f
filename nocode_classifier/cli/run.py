"""Runs a command and turns whatever becomes of it into an exit code."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout

from nocode_classifier.cli.arguments import build_parser

DONE, FAILED, STOPPED = 0, 1, 130


def main(argv: Sequence[str] | None = None) -> int:
    """The command `nocode-classifier`; returns the exit code that its help explains."""
    args = argparse.Namespace(debug=False)
    try:
        build_parser().parse_args(argv, args)
        if args.home:
            from nocode_classifier.paths import HOME_VARIABLE

            os.environ[HOME_VARIABLE] = args.home
        match args.command:
            case None:
                return _open_app(args)
            case "serve":
                return _serve(args)
            case _:
                return _run_command(args)
    except KeyboardInterrupt:
        _tell("Stopped.")
        return STOPPED
    except BrokenPipeError:
        # Whoever was reading has read enough; Python must not complain about it at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # noqa: BLE001 - the last place that can put it into words
        return _explain(error, debug=args.debug)


def _run_command(args: argparse.Namespace) -> int:
    from nocode_classifier.cli.console import Console
    from nocode_classifier.cli.log import keep_log
    from nocode_classifier.cli.stopping import heard_interrupt

    keep_log()
    command: Callable[..., int] = args.run
    with heard_interrupt(_tell_at_once) as should_stop:
        console = Console(as_json=args.json, should_stop=should_stop)
        try:
            # A library that prints must not spoil what another program reads.
            with redirect_stdout(sys.stderr):
                return command(args, console)
        except Exception:
            if should_stop():
                console.note("Stopped.")
                return STOPPED
            raise
        finally:
            console.clear()


def _open_app(args: argparse.Namespace) -> int:
    from nocode_classifier import main
    from nocode_classifier.cli.log import keep_log

    main.set_up_log()
    keep_log()
    browser = not args.no_browser
    main.run(args.host, args.port, open_browser=browser, allowed_hosts=args.allowed_host)
    return DONE


def _serve(args: argparse.Namespace) -> int:
    from nocode_classifier.cli.log import keep_log

    keep_log()
    args.run(args)
    return DONE


def _explain(error: Exception, *, debug: bool) -> int:
    from nocode_classifier.disk_errors import in_sentence

    if debug:
        traceback.print_exception(error)
    if told := in_sentence(error):
        _tell(str(told))
        return FAILED
    from nocode_classifier.cli.log import take_down

    _tell(take_down(error))
    return FAILED


def _tell(sentence: str) -> None:
    if sys.stderr is not None:
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201


def _tell_at_once(sentence: str) -> None:
    """Tell something from a signal handler, where a buffered stream may be in the middle of it."""
    if sys.stderr is not None:
        line_of_its_own = "\n" if sys.stderr.isatty() else ""
        os.write(sys.stderr.fileno(), f"{line_of_its_own}{sentence}\n".encode())
