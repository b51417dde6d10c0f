"""The same abilities without a browser: `nocode-classifier` on the command line.

`arguments` knows the commands, and each is a file of its own: its help, `add_arguments(command)`
and `run(args, console)`. `run` carries out what was typed and turns errors into exit codes.
"""

from nocode_classifier.cli.run import main

__all__ = ["main"]
