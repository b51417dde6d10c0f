"""What is to be searched for, as the page shows and changes it.

Words belong to one class. Where to look, the licence, how many and what kind are asked once and
hold for all classes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nocode_classifier.collect.licences import LicenceChoice
from nocode_classifier.collect.sources import default_sources
from nocode_classifier.collect.sources.source import Source
from nocode_classifier.collect.variety import parse_phrases, phrases, suggestions
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import ClassLabel
from nocode_classifier.project.tables.search_settings import MOST_WORDS, SearchSettings

FIRST = frozenset(
    {"close-up", "from-afar", "from-the-side", "indoors", "in-the-wild", "at-night", "in-snow"}
)
"""Suggestions that are shown before the others are unfolded: those that help most classes."""

LICENCES = {
    LicenceChoice.ANY: "Everything that is found. What may be done with it is up to its makers.",
    LicenceChoice.REUSE: "You may show and share them. Photos without a known licence stay out.",
    LicenceChoice.CHANGE: "You may also crop and edit them. The others stay out.",
    LicenceChoice.COMMERCIAL: "You may also earn money with them. The others stay out.",
}

_USUAL = SearchSettings()


def search_settings_of(project: Project, label: ClassLabel) -> SearchSettings:
    """What is wanted for a class; a new one is wanted like the others."""
    search_settings = project.search_results.search_settings(label.id)
    if _choices(search_settings) != _choices(_USUAL):
        return search_settings
    others = (project.search_results.search_settings(other.id) for other in project.classes())
    given = next((each for each in others if _choices(each) != _choices(_USUAL)), _USUAL)
    return replace(
        search_settings, sources=given.sources, licence=given.licence, photos_only=given.photos_only
    )


def _choices(search_settings: SearchSettings) -> tuple[object, ...]:
    return search_settings.sources, search_settings.licence, search_settings.photos_only


def search_settings_value(
    sources: Sequence[Source], label: ClassLabel, search_settings: SearchSettings
) -> dict[str, Any]:
    """Settings as the form shows them."""
    parts = parse_phrases(search_settings.words)
    own = () if parts.own == (label.name,) else parts.own
    chosen = [source.key for source in sources if source.key in search_settings.sources]
    return {
        "own": list(own),
        "on": list(parts.switched_on),
        "sources": chosen or [source.key for source in default_sources(sources)],
        "licence": search_settings.licence,
        "count": search_settings.count,
        "photos_only": search_settings.photos_only,
    }


def save_search_settings(
    project: Project, sources: Sequence[Source], label: ClassLabel, wanted: Mapping[str, Any]
) -> SearchSettings:
    """Keep what the form says; what holds for all classes is kept for all where it is different.

    Raises:
        InputError: something can't be searched for.
    """
    before = search_settings_of(project, label)
    after = SearchSettings(
        words=_words(label, wanted),
        sources=_sources(sources, wanted),
        licence=str(wanted["licence"]),
        count=int(wanted["count"]),
        photos_only=bool(wanted["photos_only"]),
    )
    project.search_results.save_search_settings(label.id, after)
    names = ("sources", "licence", "count", "photos_only")
    shared = {name: getattr(after, name) for name in names}
    changed = {name: value for name, value in shared.items() if value != getattr(before, name)}
    for other in project.classes():
        if changed and other.id != label.id:
            project.search_results.save_search_settings(
                other.id, replace(search_settings_of(project, other), **changed)
            )
    return after


def _words(label: ClassLabel, wanted: Mapping[str, Any]) -> tuple[str, ...]:
    own = [str(phrase) for phrase in wanted["own"]] or [label.name]
    searched = phrases(own, {str(key) for key in wanted["on"]})
    # So long as nothing else is asked for, a class that gets another name is searched by that.
    return () if searched == (label.name,) else searched


def _sources(sources: Sequence[Source], wanted: Mapping[str, Any]) -> tuple[str, ...]:
    asked = {str(key) for key in wanted["sources"]}
    keys = tuple(source.key for source in sources if source.key in asked)
    return () if keys == tuple(source.key for source in default_sources(sources)) else keys


def suggestions_value(label: ClassLabel) -> list[dict[str, Any]]:
    """The switches for variety."""
    return [
        {"key": each.key, "label": each.label, "group": each.group, "first": each.key in FIRST}
        for each in suggestions(label.name)
    ]


def choices_value(sources: Sequence[Source]) -> dict[str, Any]:
    """What can be chosen, whatever the class."""
    return {
        "most_words": MOST_WORDS,
        "sources": [{"key": s.key, "label": s.label, "about": s.about} for s in sources],
        "licences": [
            {"key": choice.value, "label": choice.words, "about": about}
            for choice, about in LICENCES.items()
        ],
    }
