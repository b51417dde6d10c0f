"""Photos from the web on the command line: found, credited, taken down."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nocode_classifier import paths
from nocode_classifier.cli import collect, main
from nocode_classifier.cli.arguments import build_parser
from nocode_classifier.cli.console import Console
from nocode_classifier.collect.download.rules import WebRules
from nocode_classifier.collect.search import Finder
from nocode_classifier.progress import never
from nocode_classifier.project.library import Library
from tests.collect.scenes import scene
from tests.fakes.listed import ListedSource
from tests.fakes.photos import PhotoHost

RULES = WebRules(may_connect=lambda address: True)
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def host() -> Iterator[PhotoHost]:
    with PhotoHost(lambda words, number: scene(f"{words} {number}")) as photos:
        yield photos


@pytest.fixture
def library() -> Library:
    library = Library(paths.home())
    library.create("Bears", ["grizzly bear", "teddy bear"])
    return library


def found_by(host: PhotoHost, count: int = 30) -> Finder:
    addresses = [host.address_of("listed", "bear", number) for number in range(count)]
    return Finder((ListedSource(addresses, page_size=50),), RULES)


def run_collect(finder: Finder, *typed: str) -> int:
    args = build_parser().parse_args(["collect", "Bears", *typed])
    return collect.run(args, Console(as_json=args.json, should_stop=never), finder)


def result_of(capsys: Captured) -> dict[str, Any]:
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    return json.loads(lines[0])


def test_collect_fills_a_class_and_prints_what_its_help_says(
    host: PhotoHost, library: Library, capsys: Captured
) -> None:
    typed = ["--class", "grizzly bear", "--count", "7", "--source", "listed", "--json"]
    assert run_collect(found_by(host), *typed) == 0
    result = result_of(capsys)
    assert list(result) == ["project", "stopped", "classes"]
    (line,) = result["classes"]
    assert list(line) == [
        "class", "wanted", "photos", "found", "added", "waiting", "skipped", "troubles",
    ]  # fmt: skip
    assert (line["class"], line["wanted"], line["photos"]) == ("grizzly bear", 7, 7)


def test_what_was_typed_is_what_the_app_shows_later(host: PhotoHost, library: Library) -> None:
    words = ["--words", "grizzly in the snow", "--words", "grizzly at a river"]
    run_collect(found_by(host), "--class", "grizzly bear", "--count", "3", *words)
    project = library.open(library.projects()[0].id)
    search_settings = project.search_results.search_settings(project.class_named("grizzly bear").id)
    assert search_settings.words == ("grizzly in the snow", "grizzly at a river")
    assert search_settings.count == 3


def test_a_class_for_which_nothing_was_found_is_an_exit_code_and_a_sentence(
    host: PhotoHost, library: Library, capsys: Captured
) -> None:
    assert run_collect(found_by(host, 0), "--class", "teddy bear", "--count", "5") == 1
    assert capsys.readouterr().out.startswith(
        "You wanted 5 photos of 'teddy bear'; 0 are here now. Try other words"
    )


def test_a_list_of_links_is_fetched_and_what_is_left_out_is_told(
    host: PhotoHost, library: Library, tmp_path: Path, capsys: Captured
) -> None:
    file = tmp_path / "urls_teddys.txt"
    file.write_text(f"{host.address_of('x', 'teddy', 1)}\n{host.address}/x/teddy/gone.png\n")
    assert run_collect(found_by(host), "--class", "teddy bear", "--links", str(file)) == 0
    assert capsys.readouterr().out == (
        "Added 1 photo to 'teddy bear'.\n  left out: 1 no longer there\n"
    )


def test_a_link_into_this_computer_is_refused(
    host: PhotoHost, library: Library, tmp_path: Path, capsys: Captured
) -> None:
    file = tmp_path / "links.txt"
    file.write_text(host.address_of("x", "teddy", 1))
    assert main(["collect", "Bears", "--class", "teddy bear", "--links", str(file)]) == 1
    assert "left out: 1 inside a private network" in capsys.readouterr().out
    assert not host.fetched


def test_an_unknown_source_is_told_and_nothing_is_changed(
    library: Library, capsys: Captured
) -> None:
    assert main(["collect", "Bears", "--source", "gopher"]) == 1
    assert "duckduckgo" in capsys.readouterr().err


def test_credits_are_shown_and_written(
    host: PhotoHost, library: Library, tmp_path: Path, capsys: Captured
) -> None:
    run_collect(found_by(host), "--class", "grizzly bear", "--count", "2")
    capsys.readouterr()
    assert main(["credits", "Bears", "-o", str(tmp_path / "credits.html"), "--json"]) == 0
    first = result_of(capsys)["credits"][0]
    assert (first["class"], first["creator"], first["source"]) == (
        "grizzly bear", "Someone", "listed",
    )  # fmt: skip
    assert "Someone" in (tmp_path / "credits.html").read_text("utf-8")
    assert main(["credits", "Bears", "-o", str(tmp_path / "credits.csv")]) == 0
    assert (tmp_path / "credits.csv").read_text("utf-8-sig").count("Someone") == 2
    assert main(["credits", "Bears", "-o", str(tmp_path / "credits.pdf")]) == 1


def test_a_photo_is_taken_down_by_its_file_listed_and_lifted(
    host: PhotoHost, library: Library, tmp_path: Path, capsys: Captured
) -> None:
    run_collect(found_by(host), "--class", "grizzly bear", "--count", "2")
    project = library.open(library.projects()[0].id)
    copy = tmp_path / "mine.jpg"
    copy.write_bytes(project.path_of(project.photos()[0]).read_bytes())
    capsys.readouterr()
    assert main(["takedown", str(copy), "--note", "mine", "--json"]) == 0
    result = result_of(capsys)
    assert (result["photos"], result["train_again"]) == ({"Bears": 1}, [])
    assert len(project.photos()) == 1
    main(["takedown", "--json"])
    (takedown,) = result_of(capsys)["takedowns"]
    assert takedown["note"] == "mine"
    assert main(["takedown", "--lift", takedown["id"]]) == 0
    main(["takedown"])
    assert capsys.readouterr().out.endswith("Nothing was taken down.\n")


def test_a_photo_is_taken_down_by_its_address_or_its_hash(
    host: PhotoHost, library: Library, capsys: Captured
) -> None:
    run_collect(found_by(host), "--class", "grizzly bear", "--count", "3")
    project = library.open(library.projects()[0].id)
    first, second, _ = project.photos()
    assert main(["takedown", str(first.address)]) == 0
    assert main(["takedown", second.sha256]) == 0
    assert len(project.photos()) == 1
    assert main(["takedown", "no-such-file.jpg"]) == 1
    assert "There is no file no-such-file.jpg" in capsys.readouterr().err
