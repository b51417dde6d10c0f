"""Starts the app: `python app.py`, with the same options as `nocode-classifier`."""

from __future__ import annotations

import sys

from nocode_classifier.cli import main

if __name__ == "__main__":
    sys.exit(main())
