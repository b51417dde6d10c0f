"""The credits of a project as one page to read: it needs nothing from anywhere, and asks nothing.

What strangers wrote about their photos is on it, so every text is escaped, only addresses of the
web become links, and the page may run no script.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nocode_classifier.project.names import web_address

if TYPE_CHECKING:
    from nocode_classifier.project.credits.credits import Credit

UNKNOWN = "Licence unknown"
_NOBODY = "Creator unknown"

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: file:"

Picture = Callable[["Credit"], str | None]


def credits_page(
    project_name: str, credits: Sequence[Credit], picture: Picture | None = None
) -> str:
    """The page (HTML): photos by class and licence, each with its creator, source and record.

    Args:
        project_name: for the heading.
        credits: of all photos.
        picture: where a browser that shows the page finds the photo: an address beside the page,
            or a data address. Without, the page is words alone.
    """
    title = f"Photo credits · {project_name}"
    sections = [
        _class_section(number, name, members, picture)
        for number, (name, members) in enumerate(_by_class(credits).items(), 1)
    ]
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_text(_POLICY)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            '<meta name="robots" content="noindex">',
            f"<title>{_text(title)}</title>",
            f"<style>\n{_style()}</style>\n</head>\n<body>",
            _top(project_name, credits),
            "<main>",
            *sections,
            "</main>",
            _FOOT if credits else "",
            "</body>\n</html>\n",
        ]
    )


_FOOT = """<footer class="foot"><p>The SHA-256 names a file by its content, and the perceptual hash
says what it looks like; with them a photo can be found again, and taken down, wherever a copy of it
is. The same record as a table, for a spreadsheet, is in the file CREDITS.csv of every export.</p>
</footer>"""


def _style() -> str:
    return Path(__file__).with_name("credits.css").read_text(encoding="utf-8")


def _top(project_name: str, credits: Sequence[Credit]) -> str:
    return "\n".join(
        [
            '<header class="top"><p class="kind">Photo credits</p>',
            f"<h1><bdi>{_text(project_name)}</bdi></h1>",
            f'<p class="lead">{_text(_summary(credits))}</p>',
            '<p class="claim">Licences are what each source claims; nobody has checked them. Before'
            " you publish a photo, look at its page or ask whoever made it.</p>"
            if credits
            else "",
            _overview(credits),
            _classes(credits),
            "</header>",
        ]
    )


def _summary(credits: Sequence[Credit]) -> str:
    if not credits:
        return "There are no photos in this project yet."
    classes = len({credit.class_name for credit in credits})
    parts = [f"{_photos(len(credits))} in {_count(classes, 'class', 'classes')}."]
    web = sum(_is_from_the_web(credit) for credit in credits)
    if web == len(credits):
        parts.append("All come from the web." if web > 1 else "It comes from the web.")
    elif web:
        parts.append(f"{web:,} {'comes' if web == 1 else 'come'} from the web.")
    unknown = sum(credit.licence is None for credit in credits)
    if unknown == len(credits):
        parts.append("No licence is known.")
    elif unknown:
        parts.append(f"Of {unknown:,} the licence is unknown.")
    return " ".join(parts)


def _overview(credits: Sequence[Credit]) -> str:
    """How many photos there are under each licence, as bars."""
    if not credits:
        return ""
    rows = []
    for licence, number in _licences(credits):
        share = 100 * number / len(credits)
        rows.append(
            f'<li{_unknown_class(licence)}><bdi class="name">{_text(licence or UNKNOWN)}</bdi>'
            f'<span class="bar"><i style="width: {share:.1f}%"></i></span>'
            f'<span class="number">{number:,}</span></li>'
        )
    return f'<section class="overview"><h2>Licences</h2><ul>{"".join(rows)}</ul></section>'


def _classes(credits: Sequence[Credit]) -> str:
    by_class = _by_class(credits)
    if len(by_class) < 2:
        return ""
    links = "".join(
        f'<li><a href="#class-{number}"><bdi>{_text(name)}</bdi> <span>{len(members):,}</span></a>'
        "</li>"
        for number, (name, members) in enumerate(by_class.items(), 1)
    )
    return f'<nav aria-label="Classes"><ul class="classes">{links}</ul></nav>'


def _class_section(
    number: int, name: str, credits: Sequence[Credit], picture: Picture | None
) -> str:
    groups = []
    for licence, _ in _licences(credits):
        members = [credit for credit in credits if credit.licence == licence]
        told = [credit for credit in members if _says_something(credit)]
        silent = [credit for credit in members if not _says_something(credit)]
        groups.append(_group(licence, told, silent, picture))
    return (
        f'<section class="class" id="class-{number}" aria-labelledby="name-{number}">'
        f'<h2 id="name-{number}"><bdi>{_text(name)}</bdi> <span>{_photos(len(credits))}</span></h2>'
        f"{''.join(groups)}</section>"
    )


def _group(
    licence: str | None, told: Sequence[Credit], silent: Sequence[Credit], picture: Picture | None
) -> str:
    """The photos of a class under one licence; those of which nothing is known as a short list."""
    number = len(told) + len(silent)
    address = next((credit.licence_address for credit in told if credit.licence_address), None)
    heading = _link(address if licence else None, licence or UNKNOWN, "licence")
    parts = [
        f'<section class="{"group" if licence else "group unknown"}">'
        f'<h3>{heading} <span class="number">{_photos(number)}</span></h3>'
    ]
    if told:
        cards = "\n".join(_photo(credit, picture) for credit in told)
        parts.append(f'<ol class="photos">\n{cards}\n</ol>')
    if silent:
        parts.append(_plain_list(silent))
    return "".join([*parts, "</section>"])


def _photo(credit: Credit, picture: Picture | None) -> str:
    image = picture(credit) if picture else None
    shown = (
        f'<img class="picture" src="{_text(image)}" alt="" loading="lazy" decoding="async">'
        if image
        else ""
    )
    maker = f"by <b><bdi>{_text(credit.creator)}</bdi></b>" if credit.creator else _NOBODY
    heading = _link(credit.page or credit.address, credit.title or credit.name)
    return (
        f'<li class="photo">{shown}<div class="words"><p class="title">{heading}</p>'
        f'<p class="by">{maker}</p>'
        f'<p class="from"><span>{_text(credit.source)}</span>'
        f" <span>{credit.width} × {credit.height}</span>"
        f' <time datetime="{credit.added_at.date().isoformat()}">{_day(credit)}</time></p></div>'
        f"<details><summary>Record</summary><dl>{_record(credit)}</dl></details></li>"
    )


def _record(credit: Credit) -> str:
    lines = [
        ("Picture", _link(credit.address, credit.address) if credit.address else "unknown"),
        ("Page", _link(credit.page, credit.page) if credit.page else "unknown"),
    ]
    hashes = [("SHA-256", credit.sha256), ("Perceptual hash", credit.perceptual_hash)]
    return "".join(
        [
            *(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in lines),
            *(
                f'<dt class="hash">{name}</dt><dd class="hash"><code>{_text(value)}</code></dd>'
                for name, value in hashes
            ),
        ]
    )


def _plain_list(credits: Iterable[Credit]) -> str:
    lines = "".join(
        f'<li title="SHA-256 {_text(credit.sha256)}"><bdi>{_text(credit.name)}</bdi>'
        f" <span>· {_text(credit.source)}</span></li>"
        for credit in credits
    )
    return f'<ul class="plain">{lines}</ul>'


def _by_class(credits: Iterable[Credit]) -> dict[str, list[Credit]]:
    found: dict[str, list[Credit]] = {}
    for credit in credits:
        found.setdefault(credit.class_name, []).append(credit)
    return found


def _licences(credits: Iterable[Credit]) -> list[tuple[str | None, int]]:
    """Each licence with its number of photos, the most frequent first, the unknown one last."""
    counts = Counter(credit.licence for credit in credits)
    return sorted(counts.items(), key=lambda item: (item[0] is None, -item[1], item[0] or ""))


def _is_from_the_web(credit: Credit) -> bool:
    return credit.address is not None or credit.page is not None


def _says_something(credit: Credit) -> bool:
    return _is_from_the_web(credit) or any((credit.title, credit.creator, credit.licence))


def _unknown_class(licence: str | None) -> str:
    return ' class="unknown"' if licence is None else ""


def _day(credit: Credit) -> str:
    return f"{credit.added_at.day} {credit.added_at:%b %Y}"


def _photos(number: int) -> str:
    return _count(number, "photo", "photos")


def _count(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"


def _link(address: str | None, text: str, kind: str = "") -> str:
    attribute = f' class="{kind}"' if kind else ""
    place = web_address(address)
    if place is None:
        return f"<span{attribute}><bdi>{_text(text)}</bdi></span>"
    return (
        f'<a{attribute} href="{_text(place)}" rel="noopener noreferrer nofollow">'
        f"<bdi>{_text(text)}</bdi></a>"
    )


def _text(text: str) -> str:
    return html.escape(text, quote=True)
