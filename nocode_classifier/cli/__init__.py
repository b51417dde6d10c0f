"""The same abilities without a browser: `nocode-classifier` on the command line.

`arguments` says what can be typed, `run` carries it out and turns errors into exit codes, and each
command is a file of its own with one function `run(args, console)`.
"""

from nocode_classifier.cli.run import main

__all__ = ["main"]
