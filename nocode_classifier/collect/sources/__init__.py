"""Where photos on the web are found: one module for each service.

GBIF, the index of museums' and observers' records, is left out on purpose. Nearly all of its
photos of living creatures are those of iNaturalist, which is asked directly, with better previews
and the licence of each single photo; the rest are mostly specimens on pins and pressed plants,
which teach a classifier something else than what people photograph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nocode_classifier.collect.sources import commons, inaturalist, openverse
from nocode_classifier.collect.sources.api_client import RequestPolicy
from nocode_classifier.collect.sources.bing import Bing
from nocode_classifier.collect.sources.commons import Commons
from nocode_classifier.collect.sources.duckduckgo import DuckDuckGo
from nocode_classifier.collect.sources.inaturalist import INaturalist
from nocode_classifier.collect.sources.openverse import Openverse
from nocode_classifier.collect.sources.source import Source
from nocode_classifier.errors import InputError


@dataclass(frozen=True, slots=True)
class Services:
    """Where the services are that can be elsewhere, as in a test.

    The two search engines are where they are; `RequestPolicy.proxy` leads to another place.
    """

    openverse: str = openverse.BASE
    commons: str = commons.BASE
    inaturalist: str = inaturalist.BASE


def all_sources(
    policy: RequestPolicy | None = None, services: Services | None = None
) -> tuple[Source, ...]:
    """Every source that can be searched, in the order they are asked.

    Make them once for the whole program: each keeps its distance between two questions only as
    long as it is the one that asks.

    Args:
        policy: how to ask them.
        services: where they are.
    """
    how, where = policy or RequestPolicy(), services or Services()
    return (
        DuckDuckGo(how),
        Bing(how),
        Openverse(how, where.openverse),
        Commons(how, where.commons),
        INaturalist(how, where.inaturalist),
    )


def default_sources(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Those that are asked unless someone chooses otherwise."""
    return tuple(source for source in sources if source.by_default)


def source_named(sources: Sequence[Source], key: str) -> Source:
    """The source of a key.

    Raises:
        InputError: there is none; lists those there are.
    """
    for source in sources:
        if source.key == key.strip().lower():
            return source
    known = ", ".join(source.key for source in sources)
    raise InputError(f"There is no source called “{key}”; there are: {known}.")
