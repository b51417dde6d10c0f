"""`python -m nocode_classifier.serve MODEL` serves a model and needs nothing else of this app."""

from __future__ import annotations

import sys

from nocode_classifier.serve.run import main

if __name__ == "__main__":
    sys.exit(main())
