"""What to search for, and with which tools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nocode_classifier.collect.download.rules import WebRules
from nocode_classifier.collect.licences import LicenceChoice
from nocode_classifier.collect.sources import default_sources, source_named
from nocode_classifier.collect.sources.links import KEY as LINK
from nocode_classifier.collect.sources.source import Query, Source
from nocode_classifier.project.records import ClassLabel
from nocode_classifier.project.tables.search_settings import SearchSettings


@dataclass(frozen=True, slots=True)
class Finder:
    """The real parts that find photos.

    Attributes:
        sources: in the order in which they are asked.
        rules: for fetching the photos.
    """

    sources: tuple[Source, ...]
    rules: WebRules

    def chosen(self, keys: Sequence[str]) -> tuple[Source, ...]:
        """The sources of these keys in their usual order; with none given, the default ones.

        Raises:
            InputError: there is no source of a key; the sentence lists those there are.
        """
        wanted = [source_named(self.sources, key) for key in keys]
        if not wanted:
            return default_sources(self.sources)
        return tuple(source for source in self.sources if source in wanted)


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """What to find for one class."""

    class_id: int
    search_settings: SearchSettings


def wanted_phrases(label: ClassLabel, search_settings: SearchSettings) -> tuple[str, ...]:
    """The words to search with: those the user gave, else the name of the class."""
    return tuple(dict.fromkeys(search_settings.words)) or (label.name,)


@dataclass(frozen=True, slots=True)
class Aim:
    """What the search for one class is after.

    Attributes:
        wanted: photos the class should have; None for all that can be had.
        sources, queries: what is searched, and for what; empty for a list of links.
        keys: of the sources whose finds are fetched.
    """

    label: ClassLabel
    wanted: int | None
    photos_only: bool
    choice: LicenceChoice
    sources: tuple[Source, ...]
    queries: tuple[Query, ...]
    keys: tuple[str, ...]


def search_aim(
    label: ClassLabel, search_settings: SearchSettings, sources: tuple[Source, ...]
) -> Aim:
    """Fill a class up with what a search finds."""
    choice = LicenceChoice(search_settings.licence)
    return Aim(
        label=label,
        wanted=search_settings.count,
        photos_only=search_settings.photos_only,
        choice=choice,
        sources=sources,
        queries=tuple(
            Query(words=phrase, licence=choice, photos_only=search_settings.photos_only)
            for phrase in wanted_phrases(label, search_settings)
        ),
        keys=tuple(source.key for source in sources),
    )


def links_aim(label: ClassLabel) -> Aim:
    """Fetch what a list of links leads to; whoever made the list has chosen already."""
    return Aim(label, None, False, LicenceChoice.ANY, (), (), (LINK,))
