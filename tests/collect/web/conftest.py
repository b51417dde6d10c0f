from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest

from nocode_classifier.collect.web.downloads import Downloads, Fetched, Skipped
from nocode_classifier.collect.web.rules import WebRules
from tests.fakes.web import Web, rules

Outcomes = dict[str, Fetched | Skipped]
Fetch = Callable[..., Outcomes]


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as site:
        yield site


@pytest.fixture
def fetch() -> Fetch:
    """Fetches addresses, and says what came of each in the order of completion."""

    def all_of(addresses: Iterable[str], keep_to: WebRules | None = None) -> Outcomes:
        outcomes: Outcomes = {}
        with Downloads[str](keep_to or rules()) as downloads:
            for address in addresses:
                downloads.add(address, address)
            while downloads.pending:
                done = downloads.next(30)
                assert done is not None, "nothing came for a long time"
                outcomes[done[0]] = done[1]
        return outcomes

    return all_of
