"""What can be typed after `nocode-classifier publish`."""

from __future__ import annotations

from nocode_classifier.cli.parsing import Commands, add_command, add_home, add_json, add_model

PUBLISH = """\
Publish a classifier at Hugging Face (https://huggingface.co), where everyone can try it.

What will be public is shown first, and nothing is sent before you agree. Your photos stay here
unless you say --with-photos. What is published under that name already is brought up to date, if
this program put it there.

You need an account and a token with the role 'write' (huggingface.co/settings/tokens). The one
that 'hf auth login' keeps is used, or the one in the variable HF_TOKEN; else you are asked for it.
A token is never written down, unless you say --keep-token."""

PUBLISH_END = """\
examples:
  nocode-classifier publish "Hot dog or not" ada/hot-dog-or-not
  nocode-classifier publish my-model ada/my-model --private
  nocode-classifier publish my-model ada/my-model --dry-run    only see what would be public

--json prints: space, url, address, visibility, kind, running, updated, commit, bytes,
files [{path, bytes}]; url, address, running, updated and commit are null after --dry-run"""


def add_publish(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands, "publish", "publish a classifier at Hugging Face", PUBLISH, PUBLISH_END
    )
    add_model(command)
    command.add_argument("space", metavar="USER/SPACE", help="where; USER/ is you if left out")
    command.add_argument(
        "--kind",
        choices=("static", "gradio", "zero-gpu"),
        default="static",
        help="a page that runs by itself (free), a Gradio app (needs PRO), or one on ZeroGPU",
    )
    command.add_argument(
        "--weights",
        choices=("full", "half", "light"),
        default="full",
        help="of a page that runs by itself: light ones load sooner and may answer a little "
        "differently",
    )
    command.add_argument("--private", action="store_true", help="only you can see it")
    command.add_argument(
        "--with-photos", action="store_true", help="publish the project's photos too"
    )
    command.add_argument(
        "--sign-in", action="store_true", help="ask for a token, also if there is one already"
    )
    command.add_argument(
        "--keep-token",
        action="store_true",
        help="keep the token that you are asked for on this computer, as 'hf auth login' does",
    )
    how = command.add_mutually_exclusive_group()
    how.add_argument("--yes", action="store_true", help="publish without asking")
    how.add_argument("--dry-run", action="store_true", help="only show what would be public")
    add_home(command)
    add_json(command)
