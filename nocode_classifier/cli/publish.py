"""`nocode-classifier publish`: a classifier where everyone can try it."""

from __future__ import annotations

import argparse
import getpass
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from nocode_classifier.cli.console import Console
from nocode_classifier.cli.parsing import add_home, add_json, add_model
from nocode_classifier.cli.subjects import find_subject
from nocode_classifier.errors import InputError
from nocode_classifier.progress import part_of
from nocode_classifier.share.hub.account import (
    Account,
    BrowserCode,
    can_sign_in_with_browser,
    sign_in,
    sign_in_with_browser,
    signed_in,
)
from nocode_classifier.share.hub.kinds import KINDS, STATIC, Visibility, kind_of
from nocode_classifier.share.hub.making import maker
from nocode_classifier.share.hub.names import check_name
from nocode_classifier.share.hub.plan import PublishPlan, in_megabytes, plan
from nocode_classifier.share.hub.publishing import Published, existing, publish
from nocode_classifier.share.hub.refusals import HubRefused
from nocode_classifier.share.hub.talk import Hub, usual_hub
from nocode_classifier.share.static.graph import Weights

DESCRIPTION = """\
Publish a classifier at Hugging Face (https://huggingface.co), where everyone can try it.

What will be public is shown first, and nothing is sent before you agree. Your photos stay here
unless you say --with-photos. What is published under that name already is brought up to date, if
this program put it there.

You need an account and a token with the role 'write' (huggingface.co/settings/tokens). The one
that 'hf auth login' keeps is used, or the one in the variable HF_TOKEN; else you are asked for it.
A token is never written down, unless you say --keep-token."""

EPILOG = """\
examples:
  nocode-classifier publish "Hot dog or not" ada/hot-dog-or-not
  nocode-classifier publish my-model ada/my-model --private
  nocode-classifier publish my-model ada/my-model --dry-run    only see what would be public

--json prints: space, url, address, visibility, kind, running, updated, commit, bytes,
files [{path, bytes}]; url, address, running, updated and commit are null after --dry-run"""

DONE, NOT_WANTED = 0, 1
PLANNING = 0.4
"""Share of the whole work that making the files takes."""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what can be typed after the command."""
    add_model(command)
    command.add_argument("space", metavar="USER/SPACE", help="where; USER/ is you if left out")
    command.add_argument(
        "--kind",
        choices=[kind.key for kind in KINDS],
        default=STATIC.key,
        help="a page that runs by itself (free), a Gradio app (needs PRO), or one on ZeroGPU",
    )
    command.add_argument(
        "--weights",
        choices=get_args(Weights),
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


def run(args: argparse.Namespace, console: Console) -> int:
    """Show what would be public, ask, publish."""
    subject = find_subject(args.model)
    visibility = Visibility.PRIVATE if args.private else Visibility.PUBLIC
    kind, account = kind_of(args.kind), None
    if not args.dry_run:
        _can_be_asked(args)
        account = find_account(usual_hub(), args, console)
    space = check_name(args.space, account.name if account else "YOUR-NAME")
    with tempfile.TemporaryDirectory(prefix="nocode-publish-") as folder:
        planned = plan(
            subject,
            space,
            visibility,
            kind,
            make=maker(subject, kind, args.weights),
            into=Path(folder),
            with_photos=args.with_photos,
            report=part_of(console.report, 0.0, PLANNING),
            should_stop=console.should_stop,
        )
        if account is None:
            console.end(_data(planned, None), planned.sentences)
            return DONE
        published = _publish(planned, account, args, console)
    if published is None:
        console.note("Nothing was published.")
        return NOT_WANTED
    console.end(_data(planned, published), [published.sentence])
    return DONE


def find_account(hub: Hub, args: argparse.Namespace, console: Console) -> Account:
    """Who publishes: whoever is signed in on this computer, else someone who is asked."""
    account = None if args.sign_in else signed_in(hub)
    if account is not None:
        return account
    if not _someone_is_there():
        raise InputError(
            "You are not signed in at Hugging Face. Put a token with the role 'write' into the "
            "variable HF_TOKEN, or sign in once with: hf auth login"
        )
    if can_sign_in_with_browser(hub):
        return sign_in_with_browser(
            hub,
            lambda code: console.note(_invitation(code)),
            keep=args.keep_token,
            should_stop=console.should_stop,
        )
    console.note(f"Paste a token with the role 'write', from {hub.address}/settings/tokens")
    return sign_in(hub, getpass.getpass("Token (it is not shown): "), keep=args.keep_token)


def _invitation(code: BrowserCode) -> str:
    return f"To sign in, open {code.address} and agree; the code is {code.code}"


def _can_be_asked(args: argparse.Namespace) -> None:
    if not args.yes and (args.json or not _someone_is_there()):
        raise InputError("Nobody can be asked here: say --yes to publish, or --dry-run to look.")


def _someone_is_there() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _publish(
    planned: PublishPlan, account: Account, args: argparse.Namespace, console: Console
) -> Published | None:
    """Publish if someone agrees; None if not."""
    if not args.yes and not _agrees(planned, account, console):
        return None
    try:
        return publish(
            planned,
            account,
            report=lambda progress: console.report(
                replace(progress, fraction=PLANNING + (1 - PLANNING) * progress.fraction)
            ),
            should_stop=console.should_stop,
        )
    except HubRefused as error:
        for line in error.details.splitlines()[-10:]:
            console.note(f"  {line}")
        raise


def _agrees(planned: PublishPlan, account: Account, console: Console) -> bool:
    for sentence in planned.sentences:
        console.note(sentence)
    for file in planned.files:
        console.note(f"  {in_megabytes(file.size):>9}  {file.path}")
    there = existing(account, planned.space)
    if there is not None and there.ours:
        console.note("What is there already is brought up to date.")
    answer = input("Publish this? [y/N] ")
    return answer.strip().lower() in ("y", "yes")


def _data(planned: PublishPlan, published: Published | None) -> dict[str, Any]:
    return {
        "space": planned.space,
        "url": published.url if published else None,
        "address": published.address if published else None,
        "visibility": planned.visibility.value,
        "kind": planned.kind.key,
        "running": published.running if published else None,
        "updated": published.updated if published else None,
        "commit": published.commit if published else None,
        "bytes": planned.size,
        "files": [{"path": file.path, "bytes": file.size} for file in planned.files],
    }
