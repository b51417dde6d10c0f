"""What can be typed after `nocode-classifier serve`."""

from __future__ import annotations

from nocode_classifier.cli.parsing import Commands, add_command, add_home, add_model
from nocode_classifier.serve.options import add_options

SERVE = """\
Let others ask a model, and nothing else: a page with a photo, the camera or a link, and calls for
programs. It needs no torch, stores no photo, and shows nothing of your projects.

  /               the page
  /docs           how programs ask
  POST /image     what is in this photo?
  POST /batch     ... in each of these photos?
  GET /classify-url?url=...

Only this computer can ask, unless you say otherwise with --host or --share."""

SERVE_END = """\
examples:
  nocode-classifier serve my-model
  nocode-classifier serve "Our birds"                  a project of the app, by its name
  nocode-classifier serve my-model --host 0.0.0.0      for everyone in your network
  nocode-classifier serve my-model --share             for everyone, for some days"""


def add_serve(commands: Commands) -> None:
    """The command and its options."""
    command = add_command(
        commands, "serve", "let others ask a model: a page and REST calls", SERVE, SERVE_END
    )
    add_model(command)
    add_home(command)
    add_options(command)
