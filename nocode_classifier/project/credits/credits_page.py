"""The credits of a project as one page to read: it needs nothing from anywhere, and asks nothing.

What strangers wrote about their photos is on it, so the page may run no script.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from nocode_classifier.plurals import counted
from nocode_classifier.project.credits.credits import Credit
from nocode_classifier.project.pages.html_template import html_template

UNKNOWN = "Licence unknown"

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
    by_class: dict[str, list[Credit]] = {}
    for credit in credits:
        by_class.setdefault(credit.class_name, []).append(credit)
    return html_template(Path(__file__).with_name("credits.html")).render(
        project_name=project_name,
        summary=_summary(credits),
        unknown=UNKNOWN,
        total=len(credits),
        licences=_licences(credits),
        classes=[
            {"name": name, "total": len(members), "groups": _groups(members, picture)}
            for name, members in by_class.items()
        ],
    )


def _summary(credits: Sequence[Credit]) -> str:
    if not credits:
        return "There are no photos in this project yet."
    photos, classes = len(credits), len({credit.class_name for credit in credits})
    parts = [f"{counted(photos, 'photo')} in {counted(classes, 'class', 'classes')}."]
    web = sum(credit.is_from_the_web for credit in credits)
    if web == photos:
        parts.append("All come from the web." if web > 1 else "It comes from the web.")
    elif web:
        parts.append(f"{counted(web, 'comes', 'come')} from the web.")
    unknown = sum(credit.licence is None for credit in credits)
    if unknown == photos:
        parts.append("No licence is known.")
    elif unknown:
        parts.append(f"Of {unknown:,} the licence is unknown.")
    return " ".join(parts)


def _groups(credits: Sequence[Credit], picture: Picture | None) -> list[dict[str, Any]]:
    """The photos of a class by licence; those of which nothing is known apart."""
    groups = []
    for licence, number in _licences(credits):
        members = [credit for credit in credits if credit.licence == licence]
        described = [credit for credit in members if _says_something(credit)]
        addresses = (credit.licence_address for credit in described if licence)
        groups.append(
            {
                "licence": licence,
                "licence_address": next(filter(None, addresses), None),
                "total": number,
                "described": [(each, picture(each) if picture else None) for each in described],
                "bare": [credit for credit in members if not _says_something(credit)],
            }
        )
    return groups


def _licences(credits: Iterable[Credit]) -> list[tuple[str | None, int]]:
    """Each licence with its number of photos, the most frequent first, the unknown one last."""
    counts = Counter(credit.licence for credit in credits)
    return sorted(counts.items(), key=lambda item: (item[0] is None, -item[1], item[0] or ""))


def _says_something(credit: Credit) -> bool:
    return credit.is_from_the_web or any((credit.title, credit.creator, credit.licence))
