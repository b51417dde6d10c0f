"""The addresses of one class that have been found and not been fetched, best ones first."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from time import monotonic

from nocode_classifier.collect.licences import LicenceChoice, permits
from nocode_classifier.collect.photo_check import Limits
from nocode_classifier.collect.skips import Skip
from nocode_classifier.project.project import Project
from nocode_classifier.project.tables.search_results import ResultState, SearchResult

PORTION = 500
"""New finds read from the database at once."""

SECONDS_UNTIL_AGAIN = 3.0
"""A server that failed gets a moment before it is asked for the same photo again."""


class Candidates:
    """What can be fetched, one from each source in turn: the first results are the best."""

    def __init__(
        self,
        project: Project,
        class_id: int,
        sources: Sequence[str],
        choice: LicenceChoice,
        limits: Limits,
    ) -> None:
        self._project = project
        self._class_id = class_id
        self._choice = choice
        self._limits = limits
        self._by_source: dict[str, deque[SearchResult]] = {key: deque() for key in sources}
        self._turns = deque(sources)
        self._seen: set[int] = set()
        self._later: deque[tuple[float, SearchResult]] = deque()

    @property
    def known(self) -> int:
        """How many addresses were waiting at some time since this began."""
        return len(self._seen)

    @property
    def left(self) -> int:
        """How many can be taken, now or in a moment, before a search has to find more."""
        return len(self._later) + sum(
            len(search_results) for search_results in self._by_source.values()
        )

    def read(self) -> None:
        """Take in what searches have found since."""
        waiting = self._project.search_results.waiting(
            self._class_id, sources=self._by_source.keys(), limit=len(self._seen) + PORTION
        )
        for hit in waiting:
            if hit.id not in self._seen:
                self._seen.add(hit.id)
                self._by_source[hit.source].append(hit)

    def take(self) -> SearchResult | None:
        """The next one to fetch now, or None; those that need not be fetched are settled."""
        while (hit := self._next()) is not None:
            reason = self._useless(hit)
            if reason is None:
                return hit
            # The licence that someone asks for may be another one next time.
            if reason is not Skip.LICENCE:
                self._project.search_results.settle(hit.id, ResultState.SKIPPED, reason.value)
        return None

    def again(self, hit: SearchResult) -> None:
        """Put one back that may work later; it comes after all others, and not at once."""
        self._later.append((monotonic() + SECONDS_UNTIL_AGAIN, hit))

    def _next(self) -> SearchResult | None:
        for _ in range(len(self._turns)):
            self._turns.rotate(-1)
            if search_results := self._by_source[self._turns[-1]]:
                return search_results.popleft()
        if self._later and self._later[0][0] <= monotonic():
            return self._later.popleft()[1]
        return None

    def _useless(self, hit: SearchResult) -> Skip | None:
        """Why an address need not even be fetched."""
        blocklist = self._project.blocklist
        if blocklist is not None and blocklist.refuses(hit.address, page=hit.page):
            return Skip.TAKEN_DOWN
        if not permits(hit.licence, self._choice):
            return Skip.LICENCE
        if hit.width and hit.height and min(hit.width, hit.height) < self._limits.min_side:
            return Skip.TOO_SMALL
        return None
