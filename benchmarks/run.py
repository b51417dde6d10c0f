"""Measures everything and writes the table: `python benchmarks/run.py`. See README.md beside it."""

import sys
from pathlib import Path

if __name__ == "__main__":
    # So that a checkout measures itself, whatever is installed.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from benchmarks.command import main

    sys.exit(main())
