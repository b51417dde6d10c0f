"""`nocode-classifier publish`, with a small page in place of the real one."""

from __future__ import annotations

import getpass
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from nocode_classifier.cli import publish
from nocode_classifier.cli.arguments import build_parser
from nocode_classifier.cli.console import Console
from nocode_classifier.errors import InputError, NotFound
from nocode_classifier.progress import never
from nocode_classifier.share.hub.refusals import HubRefused
from tests.fakes.hub import FakeHub
from tests.share.hub.conftest import make_page
from tests.share.hub.test_account import files_with


class Terminal(io.StringIO):
    """Someone who types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def small_page(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "maker", lambda subject, kind, weights: make_page)
    monkeypatch.setenv("HF_ENDPOINT", hub.address)
    monkeypatch.setenv("HF_HUB_DISABLE_XET", "1")


def call(*typed: str | Path) -> int:
    args = build_parser().parse_args(["publish", *map(str, typed)])
    return publish.run(args, Console(as_json=args.json, should_stop=never))


def typing(monkeypatch: pytest.MonkeyPatch, answers: Sequence[str], token: str = "") -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{answer}\n" for answer in answers)))
    monkeypatch.setattr(getpass, "getpass", lambda prompt: token)


def test_with_a_token_in_the_environment_nobody_is_asked(
    hub: FakeHub, model: Path, token: str, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    assert call(model, "dogs", "--yes", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["url"] == f"{hub.address}/spaces/ada/dogs"
    assert (told["running"], told["updated"]) == (True, False)
    assert {file["path"] for file in told["files"]} >= {"README.md", "index.html"}


def test_a_dry_run_shows_what_would_be_public_and_asks_nobody(
    hub: FakeHub, model: Path, capsys: Any
) -> None:
    assert call(model, "dogs", "--dry-run") == 0
    out = capsys.readouterr().out
    assert "YOUR-NAME/dogs, and everyone on the internet" in out
    assert "None of your photos" in out
    assert hub.calls == []


def test_a_pasted_token_and_a_yes_publish(
    hub: FakeHub,
    model: Path,
    token: str,
    capsys: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    typing(monkeypatch, ["y"], token)
    assert call(model, "ada/dogs", "--private") == 0
    assert hub.spaces["ada/dogs"].private
    told = capsys.readouterr()
    assert "index.html" in told.err
    assert "Published, for you alone" in told.out
    assert files_with(tmp_path, token) == []


def test_a_no_publishes_nothing(
    hub: FakeHub, model: Path, token: str, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch, ["n"], token)
    assert call(model, "ada/dogs") == 1
    assert hub.spaces == {}
    assert "Nothing was published." in capsys.readouterr().err


def test_without_anyone_to_ask_it_says_what_to_do(
    model: Path, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(InputError, match="--yes"):
        call(model, "ada/dogs")
    with pytest.raises(InputError, match="hf auth login"):
        call(model, "ada/dogs", "--yes")


def test_a_refusal_is_told_with_its_details(
    hub: FakeHub, model: Path, token: str, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    hub.refuse(402, "POST", "/api/repos/create", body={"error": "Please pay at the door"})
    with pytest.raises(HubRefused):
        call(model, "ada/dogs", "--yes")
    assert "Please pay at the door" in capsys.readouterr().err


def test_a_project_can_be_named_and_must_be_there(temporary_home: Path, token: str) -> None:
    with pytest.raises(NotFound, match="Bears"):
        call("Bears", "ada/dogs", "--dry-run")
