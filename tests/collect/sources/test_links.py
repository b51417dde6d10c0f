from __future__ import annotations

from pathlib import Path

import pytest

from nocode_classifier.collect.sources import links
from nocode_classifier.collect.sources.links import ListedLink, read_link_file, read_links
from nocode_classifier.collect.sources.source import Found
from nocode_classifier.errors import InputError


def addresses(text: str) -> list[str]:
    return [link.found.address for link in read_links(text)]


def test_a_list_of_the_course_is_read() -> None:
    text = "http://a.org/1.jpg\r\n\r\nhttps://b.org/2.png?x=1&y=2\n  http://a.org/1.jpg\n"
    assert addresses(text) == ["http://a.org/1.jpg", "https://b.org/2.png?x=1&y=2"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("See (https://a.org/bear_(animal).jpg).", "https://a.org/bear_(animal).jpg"),
        ("![a bear](http://a.org/x.webp)", "http://a.org/x.webp"),
        ('<img src="https://a.org/z.jpg?a=1&amp;b=2">', "https://a.org/z.jpg?a=1&b=2"),
        ("https://a.org/w_200,h_100/x.jpg", "https://a.org/w_200,h_100/x.jpg"),
        ("https://a.org/x.jpg,bear", "https://a.org/x.jpg"),
        ("bear;HTTPS://a.org/X.JPEG;brown", "HTTPS://a.org/X.JPEG"),
        ("“https://a.org/bär.jpg”", "https://a.org/bär.jpg"),
        ("- **https://a.org/x**", "https://a.org/x"),
    ],
)
def test_an_address_is_found_in_the_text_around_it(text: str, address: str) -> None:
    assert addresses(text) == [address]


def test_several_addresses_may_stand_on_one_line() -> None:
    text = "https://a.org/1.jpg,https://a.org/2;https://a.org/3.jpg https://a.org/4.jpg"
    assert addresses(text) == [f"https://a.org/{end}" for end in ("1.jpg", "2", "3.jpg", "4.jpg")]


def test_a_table_says_what_is_what() -> None:
    table = (
        "\ufeffClass;Image URL;Licence address;License;Author;Page;Title;Width\n"
        'bears;"https://a.org/1,2.jpg";https://creativecommons.org/licenses/by/4.0/;CC BY;'
        '"Jane; and\nJim";https://a.org/p;unknown;640\n'
        "cats;https://a.org/2.jpg;;;;;;\n"
        "dogs;nowhere;;;;;;\n\n"
    )
    assert read_links(table) == (
        ListedLink(
            Found(
                address="https://a.org/1,2.jpg",
                source="link",
                page="https://a.org/p",
                width=640,
                licence="CC BY 4.0",
                licence_address="https://creativecommons.org/licenses/by/4.0/",
                creator="Jane; and Jim",
            ),
            "bears",
        ),
        ListedLink(Found("https://a.org/2.jpg", "link"), "cats"),
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_may_be_divided_in_any_usual_way(delimiter: str) -> None:
    rows = [["label", "url", "author"], ["bear", "https://a.org/1.jpg", "'=Jane"]]
    link = read_links("\n".join(delimiter.join(row) for row in rows))[0]
    assert (link.class_name, link.found.creator) == ("bear", "=Jane")


def test_a_table_of_a_spreadsheet_may_say_how_it_is_divided() -> None:
    link = read_links("sep=;\r\nurl;class\r\nhttps://a.org/1.jpg;bear\r\n")[0]
    assert link.class_name == "bear"


def test_the_same_address_may_be_in_two_classes_but_only_once_in_each() -> None:
    row = "https://a.org/1.jpg"
    links = read_links(f"url,class\n{row},bear\n{row},bear\n{row},cat\n")
    assert [link.class_name for link in links] == ["bear", "cat"]


@pytest.mark.parametrize(
    "text", ["", "no links here", "ftp://a.org/1.jpg", "url,class\n", "http://"]
)
def test_a_list_without_links_is_refused_in_words(text: str) -> None:
    with pytest.raises(InputError, match="http"):
        read_links(text)


def test_far_too_many_links_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "MOST_LINKS", 10)
    with pytest.raises(InputError, match="more than 10 links"):
        read_links("\n".join(f"https://a.org/{number}.jpg" for number in range(11)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_whichever_program_wrote_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "urls_bären.csv"
    path.write_text("url,class\nhttps://a.org/1.jpg,Bären\n", encoding=encoding)
    assert read_link_file(path)[0].class_name == "Bären"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff\x00https://a.org/1.jpg")
    with pytest.raises(InputError, match=r"photo\.jpg is no text"):
        read_link_file(path)
    with pytest.raises(InputError, match="can't be read"):
        read_link_file(tmp_path / "missing.txt")
    path.write_bytes(b" " * 20_000_001)
    with pytest.raises(InputError, match="too big"):
        read_link_file(path)
