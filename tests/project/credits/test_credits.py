"""Credits: who made each photo, under which licence, found where."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from nocode_classifier.collect.sources.links import read_links
from nocode_classifier.project.credits.credits import Credit, credits, credits_csv
from nocode_classifier.project.credits.credits_page import credits_page
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, NewPhoto, PhotoState

BY = "https://creativecommons.org/licenses/by/4.0/"
FROM_THE_WEB = {
    "source": "openverse",
    "address": "https://example.org/cat.jpg?a=1&b=2",
    "page": "https://example.org/cat",
    "title": "A cat, “resting”",
    "licence": "CC BY 4.0",
    "licence_address": BY,
    "creator": "Zoë Müller",
}
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


@pytest.fixture
def credited(project: Project, new_photo: Callable[..., NewPhoto]) -> Project:
    """A dog, then a cat from the web and one from a file, and one in the bin."""
    project.add_photo(new_photo(1, name="C:\\Users\\me\\dog.jpg"), 2)
    project.add_photo(new_photo(2, **FROM_THE_WEB), 1)
    project.add_photo(new_photo(3, name="cat.jpg"), 1)
    project.add_photo(new_photo(4), 1)
    project.apply([Decision(4, state=PhotoState.BINNED)], "Removed 1 photo")
    return project


class Page(HTMLParser):
    """What a browser makes of a page: its elements, and the text one sees."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def table(credits: list[Credit]) -> list[dict[str, str]]:
    text = credits_csv(credits)
    assert text.startswith("\ufeffclass,name,title,")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def test_kept_photos_are_credited_by_class_with_what_is_known(credited: Project) -> None:
    first, second, third = credits(credited)
    assert [first.class_name, second.name, third.name] == ["cats", "cat.jpg", "dog.jpg"]
    assert (first.source, first.creator, first.licence) == ("Openverse", "Zoë Müller", "CC BY 4.0")
    assert (first.address, first.title) == (FROM_THE_WEB["address"], FROM_THE_WEB["title"])
    assert (second.source, second.licence, second.page) == ("File from this computer", None, None)
    assert first.sha256 == credited.photos(1)[0].sha256
    assert first.added_at == credited.photos(1)[0].added_at


def test_a_source_that_is_not_known_keeps_its_key(
    project: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    project.add_photo(new_photo(1, source="flickr"), 1)
    assert credits(project)[0].source == "flickr"


def test_the_table_holds_everything_and_leaves_empty_what_is_unknown(credited: Project) -> None:
    first, second, _ = table(credits(credited))
    photo = credited.photos(1)[0]
    assert first == {
        "class": "cats",
        "name": "photo 2.jpg",
        "title": "A cat, “resting”",
        "address": "https://example.org/cat.jpg?a=1&b=2",
        "page": "https://example.org/cat",
        "source": "Openverse",
        "licence": "CC BY 4.0",
        "licence_address": BY,
        "creator": "Zoë Müller",
        "added_at": photo.added_at.isoformat(timespec="seconds"),
        "sha256": photo.sha256,
        "perceptual_hash": f"{2:016x}",
        "width": "48",
        "height": "32",
    }
    assert (second["licence"], second["creator"], second["page"]) == ("", "", "")


def test_the_table_can_be_read_back_as_a_list_of_links(credited: Project) -> None:
    (link,) = read_links(credits_csv(credits(credited)))
    assert link.class_name == "cats"
    assert {key: getattr(link.found, key) for key in FROM_THE_WEB if key != "source"} == {
        key: value for key, value in FROM_THE_WEB.items() if key != "source"
    }


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", '=HYPERLINK("x")'])
def test_no_cell_is_a_formula(
    project: Project, new_photo: Callable[..., NewPhoto], evil: str
) -> None:
    birds = project.add_class(evil.strip())
    project.add_photo(new_photo(1, title=evil, creator=evil, name=evil), birds.id)
    (row,) = table(credits(project))
    for column in ("class", "name", "title", "creator"):
        assert row[column] == f"'{evil.strip()}"


def test_quotes_commas_and_line_breaks_stay_in_their_cell(
    project: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    project.add_photo(new_photo(1, title='a "b", c\r\nd', name="x\ny.jpg"), 1)
    (row,) = table(credits(project))
    assert (row["title"], row["name"]) == ('a "b", c d', "x y.jpg")
    assert credits_csv([]).count("\r\n") == 1


def test_the_page_tells_who_made_each_photo_and_what_is_not_known(credited: Project) -> None:
    page = Page(credits_page("Pets", credits(credited)))
    for words in (
        "3 photos in 2 classes. 1 comes from the web. Of 2 the licence is unknown.",
        "CC BY 4.0",
        "Licence unknown",
        "A cat, “resting”",
        "Zoë Müller",
        "dog.jpg",
    ):
        assert words in page.text
    for link in ("page", "address", "licence_address"):
        assert FROM_THE_WEB[link] in page.links


def test_nothing_that_strangers_wrote_becomes_markup_or_a_script(
    project: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    evil = dict.fromkeys(("title", "creator", "licence", "name"), EVIL)
    birds = project.add_class(EVIL[:200])
    project.rename(EVIL)
    project.add_photo(new_photo(1, page="https://example.org/'\"><b>", **evil), birds.id)
    (credit,) = credits(project)
    page = Page(credits_page(project.name, [credit], lambda each: f'x" onload="{each.name}'))
    assert "script" not in page.tags
    assert page.tags.count("img") == 1
    assert page.text.count("<script>alert(1)</script>") >= 5
    harmless = [link for link in page.links if link.startswith(("https://", "#", "x"))]
    assert page.links == harmless


def test_only_addresses_of_the_web_are_links() -> None:
    credit = Credit(
        "cats", "a", "T", None, None, "Link", "CC0", None, "C", datetime.now(UTC), "", "", 1, 1
    )
    bad = replace(
        credit,
        address="javascript:alert(1)",
        page="data:text/html,x",
        licence_address="file:///etc/passwd",
    )
    assert Page(credits_page("Pets", [bad])).links == []


def test_the_page_asks_nothing_of_anyone(credited: Project) -> None:
    source = credits_page("Pets", credits(credited))
    assert "default-src 'none'" in html.unescape(source)
    for word in ("<script", "<link", "@import", "url(", "<iframe", "<img"):
        assert word not in source


def test_a_project_without_photos_has_a_page_too(project: Project) -> None:
    page = Page(credits_page(project.name, credits(project)))
    assert "There are no photos in this project yet." in page.text


def test_photos_without_a_record_are_listed_briefly(
    project: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    for seed in range(40):
        project.add_photo(new_photo(seed), 1)
    source = credits_page("Pets", credits(project))
    assert "No licence is known." in source
    assert source.count("<details>") == 0
    assert source.count('<ul class="plain">') == 1
