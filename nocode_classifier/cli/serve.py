"""`nocode-classifier serve`: a page and REST calls for one model."""

from __future__ import annotations

import argparse

from nocode_classifier.cli.models import find_model
from nocode_classifier.serve.run import run as serve


def run(args: argparse.Namespace) -> None:
    """Serve `args.model` until Ctrl-C."""
    serve(find_model(args.model), args)
