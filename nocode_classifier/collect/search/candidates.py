"""The addresses of one class that have been found and not been fetched, best ones first."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from time import monotonic

from nocode_classifier.collect.licences import LicenceChoice, permits
from nocode_classifier.collect.photo_check import Limits
from nocode_classifier.collect.skips import Skip
from nocode_classifier.project.project import Project
from nocode_classifier.project.tables.search_results import Find, FindState

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
        self._by_source: dict[str, deque[Find]] = {key: deque() for key in sources}
        self._turns = deque(sources)
        self._seen: set[int] = set()
        self._later: deque[tuple[float, Find]] = deque()

    @property
    def known(self) -> int:
        """How many addresses were waiting at some time since this began."""
        return len(self._seen)

    @property
    def left(self) -> int:
        """How many can be taken, now or in a moment, before a search has to find more."""
        return len(self._later) + sum(len(finds) for finds in self._by_source.values())

    def read(self) -> None:
        """Take in what searches have found since."""
        waiting = self._project.finds.waiting(
            self._class_id, sources=self._by_source.keys(), limit=len(self._seen) + PORTION
        )
        for find in waiting:
            if find.id not in self._seen:
                self._seen.add(find.id)
                self._by_source[find.source].append(find)

    def take(self) -> Find | None:
        """The next one to fetch now, or None; those that need not be fetched are settled."""
        while (find := self._next()) is not None:
            reason = self._useless(find)
            if reason is None:
                return find
            # The licence that someone asks for may be another one next time.
            if reason is not Skip.LICENCE:
                self._project.finds.settle(find.id, FindState.SKIPPED, reason.value)
        return None

    def again(self, find: Find) -> None:
        """Put one back that may work later; it comes after all others, and not at once."""
        self._later.append((monotonic() + SECONDS_UNTIL_AGAIN, find))

    def _next(self) -> Find | None:
        for _ in range(len(self._turns)):
            self._turns.rotate(-1)
            if finds := self._by_source[self._turns[-1]]:
                return finds.popleft()
        if self._later and self._later[0][0] <= monotonic():
            return self._later.popleft()[1]
        return None

    def _useless(self, find: Find) -> Skip | None:
        """Why an address need not even be fetched."""
        takedowns = self._project.takedowns
        if takedowns is not None and takedowns.refuses(find.address, page=find.page):
            return Skip.TAKEN_DOWN
        if not permits(find.licence, self._choice):
            return Skip.LICENCE
        if find.width and find.height and min(find.width, find.height) < self._limits.min_side:
            return Skip.TOO_SMALL
        return None
