"""`nocode-classifier serve`: a page and REST calls for one model."""

from __future__ import annotations

import argparse

from nocode_classifier.cli.models import find_model
from nocode_classifier.cli.parsing import add_home, add_model
from nocode_classifier.serve.options import add_options
from nocode_classifier.serve.run import run as serve

DESCRIPTION = """\
Let others ask a model, and nothing else: a page with a photo, the camera or a link, and calls for
programs. It needs no torch, stores no photo, and shows nothing of your projects.

  /               the page
  /docs           how programs ask
  POST /image     what is in this photo?
  POST /batch     ... in each of these photos?
  GET /classify-url?url=...

Only this computer can ask, unless you say otherwise with --host or --share."""

EPILOG = """\
examples:
  nocode-classifier serve my-model
  nocode-classifier serve "Our birds"                  a project of the app, by its name
  nocode-classifier serve my-model --host 0.0.0.0      for everyone in your network
  nocode-classifier serve my-model --share             for everyone, for some days"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what can be typed after the command."""
    add_model(command)
    add_home(command)
    add_options(command)


def run(args: argparse.Namespace) -> None:
    """Serve `args.model` until Ctrl-C."""
    serve(find_model(args.model), args)
