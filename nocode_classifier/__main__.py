"""`python -m nocode_classifier` is the same as the command `nocode-classifier`."""

from __future__ import annotations

import sys

from nocode_classifier.cli import main

if __name__ == "__main__":
    sys.exit(main())
