from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest

from nocode_classifier.collect.download.downloads import Downloads, Fetched, Skipped
from nocode_classifier.collect.download.rules import WebRules
from tests.fakes.web import Web, rules

Outcomes = dict[str, Fetched | Skipped]
Fetch = Callable[..., Outcomes]


def skipped(outcome: Fetched | Skipped) -> Skipped:
    assert isinstance(outcome, Skipped)
    return outcome


@pytest.fixture(autouse=True)
def no_proxy_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


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
