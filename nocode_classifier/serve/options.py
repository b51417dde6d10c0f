"""What can be typed after `serve MODEL`."""

from __future__ import annotations

import argparse

from nocode_classifier.listening import LOCAL

KEY_VARIABLE = "NOCODE_CLASSIFIER_KEY"
PER_MINUTE = 600
"""Photos a client may ask about in a minute: a live camera of ten pictures a second."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be typed after `serve MODEL`."""
    parser.add_argument(
        "--port", type=int, metavar="N", help="where to listen; the first free one from 7860 on"
    )
    parser.add_argument(
        "--host",
        default=LOCAL,
        metavar="ADDRESS",
        help="0.0.0.0 lets others in your network ask; %(default)s only this computer",
    )
    parser.add_argument(
        "--allowed-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name under which others may ask, beside this computer's own and its numbers; "
        "* for any; can be repeated",
    )
    parser.add_argument(
        "--key",
        help=f"ask callers for this key; better put into the environment as {KEY_VARIABLE}",
    )
    parser.add_argument(
        "--cors",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="a website whose pages may ask, such as https://example.org; can be repeated",
    )
    parser.add_argument(
        "--per-minute",
        type=int,
        default=PER_MINUTE,
        metavar="N",
        help="photos each client may ask about in a minute, 0 for any number (%(default)s); "
        "this computer itself always may",
    )
    parser.add_argument(
        "--proxies",
        type=int,
        default=0,
        metavar="N",
        help="how many servers stand in front of this one and name the client (X-Forwarded-For)",
    )
    parser.add_argument(
        "--share",
        action="store_true",
        help="open a public link for some days, through Gradio's servers",
    )
    # For programs that start this one.
    parser.add_argument("--events", action="store_true", help=argparse.SUPPRESS)
