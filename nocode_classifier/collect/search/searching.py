"""Asking the sources of one class, page by page, and writing down what they found.

Every source is asked by a thread of its own, one question at a time; the others don't wait for it.
A source that is blocked or busy rests, and is left out of the search when it fails again.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from time import monotonic

from nocode_classifier.collect.sources.source import Found, Page, Query, Source, SourceTrouble
from nocode_classifier.project.project import Project
from nocode_classifier.project.tables.search_results import NewSearchResult

log = logging.getLogger(__name__)

MOST_TROUBLES = 2
"""A source that failed so often in a row is not asked again in this search."""

LONGEST_REST = 30.0
"""A source that wants to rest longer is left out of this search."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """One search: a source and what it is asked."""

    source: Source
    query: Query

    @property
    def terms(self) -> str:
        """What the search was limited to; another limit is another search."""
        choice = self.query.licence.value
        return choice if self.query.photos_only else f"{choice}, drawings too"


class Searches:
    """The searches of one class, taken in turn.

    Attributes:
        dropped: results left out because of their licence.
        troubles: what sources that are not asked any more said.
    """

    def __init__(
        self,
        project: Project,
        class_id: int,
        sources: Sequence[Source],
        queries: Sequence[Query],
    ) -> None:
        self.dropped = 0
        self.troubles: dict[str, str] = {}
        self._project = project
        self._class_id = class_id
        self._turns = deque(_Turn(source, query) for query in queries for source in sources)
        self._running: dict[Future[Page], _Turn] = {}
        self._rests_until: dict[str, float] = {}
        self._failures: Counter[str] = Counter()
        self._left = Event()
        self._pool = ThreadPoolExecutor(max(1, len(sources)), thread_name_prefix="search")

    def __enter__(self) -> Searches:
        """Begin; searches that were finished in an earlier search are left out."""
        self._leave_out_finished()
        return self

    def __exit__(self, *_: object) -> None:
        """Forget what still runs: nobody waits for a source that doesn't answer."""
        self._left.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    @property
    def running(self) -> bool:
        """Whether a source is being asked."""
        return bool(self._running)

    @property
    def exhausted(self) -> bool:
        """Whether no source can give any more in this search."""
        return not self._running and not self._turns

    @property
    def resting(self) -> Source | None:
        """The source that is waited for when there is nothing else to do."""
        if self._running or not self._turns:
            return None
        return min(self._turns, key=lambda turn: self._rest_of(turn.source)).source

    def begin(self) -> None:
        """Ask every source that is free and has something left to ask."""
        busy = {turn.source.key for turn in self._running.values()}
        waiting: deque[_Turn] = deque()
        while self._turns:
            turn = self._turns.popleft()
            key = turn.source.key
            if key in busy or self._rest_of(turn.source) > 0:
                waiting.append(turn)
                continue
            busy.add(key)
            self._running[self._pool.submit(self._ask, turn)] = turn
        self._turns = waiting

    def take_in(self) -> bool:
        """Write down the results of the searches that have ended; says whether any has."""
        ended = [future for future in self._running if future.done()]
        for future in ended:
            turn = self._running.pop(future)
            try:
                page = future.result()
            except SourceTrouble as trouble:
                self._rest(turn, trouble)
            else:
                self._remember(turn, page)
        return bool(ended)

    def _ask(self, turn: _Turn) -> Page:
        place = self._project.search_results.place(
            self._class_id, turn.source.key, turn.query.words, turn.terms
        )
        return turn.source.search(turn.query, place.next, should_stop=self._left.is_set)

    def _remember(self, turn: _Turn, page: Page) -> None:
        search_results, key = self._project.search_results, turn.source.key
        self._failures[key] = 0
        self.dropped += page.dropped
        search_results.remember(
            self._class_id, [as_result(each, turn.query.words) for each in page.found]
        )
        search_results.save_place(self._class_id, key, turn.query.words, turn.terms, page.next)
        if page.next is not None:
            self._turns.append(turn)

    def _rest(self, turn: _Turn, trouble: SourceTrouble) -> None:
        key = turn.source.key
        log.info("%s: %s", turn.source.label, trouble)
        self._failures[key] += 1
        seconds, often = trouble.retry_after, self._failures[key] >= MOST_TROUBLES
        if seconds is not None and seconds <= LONGEST_REST and not often:
            self._rests_until[key] = monotonic() + seconds
            self._turns.append(turn)
            return
        self.troubles[key] = str(trouble)
        # Where waiting won't help with these words, others may do better.
        if seconds is not None or often:
            self._turns = deque(each for each in self._turns if each.source.key != key)

    def _rest_of(self, source: Source) -> float:
        """Seconds until a source may be asked again; 0 or less means now."""
        return self._rests_until.get(source.key, 0.0) - monotonic()

    def _leave_out_finished(self) -> None:
        left = deque(turn for turn in self._turns if not self._finished(turn))
        if left:
            self._turns = left
        else:
            # Everything was asked to its end before: who asks again hopes for what is new.
            self._project.search_results.forget_places(self._class_id)

    def _finished(self, turn: _Turn) -> bool:
        place = self._project.search_results.place(
            self._class_id, turn.source.key, turn.query.words, turn.terms
        )
        return place.exhausted


def as_result(found: Found, words: str) -> NewSearchResult:
    """What a source found, as the project keeps it."""
    return NewSearchResult(
        address=found.address,
        source=found.source,
        words=words,
        page=found.page,
        title=found.title,
        width=found.width,
        height=found.height,
        licence=found.licence,
        licence_address=found.licence_address,
        creator=found.creator,
    )
