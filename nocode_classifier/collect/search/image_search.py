"""The search for the photos of one class: search, fetch, check and keep, all at the same time.

One thread does what has to be in order (taking in results, keeping photos); the sources are asked,
the photos fetched and decoded beside it. Whatever is known is in the project's database at any
moment, so a search that is stopped, or whose computer is switched off, goes on where it was.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from math import ceil
from threading import Lock
from time import monotonic, sleep

from nocode_classifier.collect.download.downloads import Downloads
from nocode_classifier.collect.download.outcomes import Fetched, Skipped
from nocode_classifier.collect.download.rules import WebRules
from nocode_classifier.collect.search.candidates import Candidates
from nocode_classifier.collect.search.judging import WEB_LIMITS, Checked, Download, Judge, check
from nocode_classifier.collect.search.plan import Aim
from nocode_classifier.collect.search.reports import ClassSearch
from nocode_classifier.collect.search.searching import Searches
from nocode_classifier.collect.skips import Skip
from nocode_classifier.progress import Progress, Report, ShouldStop
from nocode_classifier.project.project import Project
from nocode_classifier.project.tables.search_results import ResultState, ResultTally, SearchResult

AHEAD = 1.5
"""So many times more photos are fetched than are still wanted: some will not be kept."""

FEWEST_AHEAD = 4
MOST_FETCHING = 100
TICK = 0.1
"""Seconds after which Stop, searches and downloads are looked at again."""

SECONDS_BETWEEN_COUNTS = 1.0
UNREACHABLE_IN_A_ROW = 12
OFFLINE = (
    "No site could be reached: check this computer's connection to the internet, then go on; "
    "nothing that was found is lost."
)


class ClassSearcher:
    """Searches for the photos of one class."""

    def __init__(
        self,
        project: Project,
        aim: Aim,
        judge: Judge,
        door: ThreadPoolExecutor,
        *,
        report: Report,
        should_stop: ShouldStop,
    ) -> None:
        self._project = project
        self._aim = aim
        self._judge = judge
        self._door = door
        self._report = report
        self._should_stop = should_stop
        self._class_id = aim.label.id
        self._candidates = Candidates(project, self._class_id, aim.keys, aim.choice, WEB_LIMITS)
        self._check: Callable[[Download], Checked] = partial(check, Lock())
        self._checking: deque[Future[Checked]] = deque()
        self._fetching = 0
        self._there = 0
        self._added = 0
        self._done = 0
        self._counted_at = float("-inf")
        self._unreachable = 0
        self._reached = False
        self._stopped = False

    def search(self, rules: WebRules) -> ClassSearch:
        """Search until there are enough photos, nothing is left to try, or Stop was pressed."""
        before = self._project.search_results.tally(self._class_id)
        self._candidates.read()
        with (
            Searches(
                self._project, self._class_id, self._aim.sources, self._aim.queries
            ) as searches,
            Downloads[SearchResult](rules) as downloads,
        ):
            while not self._over(searches):
                if searches.take_in():
                    self._candidates.read()
                if self._needs_candidates():
                    searches.begin()
                self._feed(downloads)
                self._receive(downloads)
                self._keep()
                self._tell(searches)
        self._finish(downloads)
        return self._outcome(before, searches)

    # How far it is

    def _over(self, searches: Searches) -> bool:
        self._count()
        self._stopped = self._should_stop()
        if self._stopped or self._offline or self._missing() == 0:
            return True
        busy = self._fetching or self._checking or self._candidates.left
        return not busy and searches.exhausted

    @property
    def _offline(self) -> bool:
        return not self._reached and self._unreachable >= UNREACHABLE_IN_A_ROW

    def _missing(self) -> int | None:
        """How many photos are still wanted; None where all are."""
        return None if self._aim.wanted is None else max(0, self._aim.wanted - self._there)

    def _ahead(self, otherwise: int) -> int:
        """How many to have in hand for those that are missing; the usual where all are wanted."""
        missing = self._missing()
        return otherwise if missing is None else max(FEWEST_AHEAD, ceil(AHEAD * missing))

    def _needs_candidates(self) -> bool:
        return self._candidates.left + self._fetching < self._ahead(0)

    def _count(self) -> None:
        """Count the photos of the class, as someone may be looking through them meanwhile."""
        if monotonic() - self._counted_at > SECONDS_BETWEEN_COUNTS:
            self._there = self._project.counts()[self._class_id]
            self._counted_at = monotonic()

    # Fetching

    def _feed(self, downloads: Downloads[SearchResult]) -> None:
        """Begin to fetch, but not many more than are wanted.

        More than are fetched at once, so that one slow server does not keep the others waiting.
        """
        room = min(MOST_FETCHING, self._ahead(MOST_FETCHING))
        while self._fetching + len(self._checking) < room:
            hit = self._candidates.take()
            if hit is None:
                return
            downloads.add(hit, hit.address)
            self._fetching += 1

    def _receive(self, downloads: Downloads[SearchResult]) -> None:
        """Take in what was fetched; wait a moment where there is nothing."""
        wait = 0.0 if self._checking and self._checking[0].done() else TICK
        if not self._fetching:
            sleep(min(wait, TICK / 5))
            return
        while (ended := downloads.next(wait)) is not None:
            wait = 0.0
            self._take(*ended)

    def _take(self, hit: SearchResult, result: Fetched | Skipped) -> None:
        self._fetching -= 1
        if isinstance(result, Fetched):
            self._reached = True
            self._checking.append(self._door.submit(self._check, Download(hit, result.data)))
        else:
            self._leave_out(hit, result)

    def _leave_out(self, hit: SearchResult, skipped: Skipped) -> None:
        """Note that an address gave nothing; one that may do so later is tried once more."""
        search_results, reason = self._project.search_results, skipped.reason
        self._reached |= reason is not Skip.UNREACHABLE
        self._unreachable += reason is Skip.UNREACHABLE
        if not skipped.temporary:
            self._settle(hit, reason)
        elif search_results.postpone(hit.id, reason.value) is ResultState.WAITING:
            self._candidates.again(hit)
        else:
            self._done += 1

    # Keeping

    def _keep(self) -> None:
        """Judge and keep what has been checked, in the order in which it was fetched."""
        while self._checking and self._checking[0].done() and self._missing() != 0:
            self._decide(self._checking.popleft().result())

    def _finish(self, downloads: Downloads[SearchResult]) -> None:
        """Keep what had been fetched when Stop was pressed: it need not be fetched again."""
        while (ended := downloads.next(0)) is not None:
            self._take(*ended)
        while self._checking and self._missing() != 0:
            self._decide(self._checking.popleft().result())
        for future in self._checking:
            future.cancel()

    def _decide(self, checked: Checked) -> None:
        hit = checked.download.hit
        skip = self._judge.keep(checked, self._class_id, photos_only=self._aim.photos_only)
        if skip is None:
            self._added += 1
            self._there += 1
            self._done += 1
        else:
            self._settle(hit, skip)

    def _settle(self, hit: SearchResult, skip: Skip) -> None:
        self._done += 1
        self._project.search_results.settle(hit.id, ResultState.SKIPPED, skip.value)

    # Telling

    def _tell(self, searches: Searches) -> None:
        idle = not (self._fetching or self._checking or self._candidates.left)
        stage = f"Finding photos of {self._aim.label.name}"
        if idle and (resting := searches.resting) is not None:
            stage = f"Waiting until {resting.label} can be asked again"
        total = self._aim.wanted or self._candidates.known
        done = self._done if self._aim.wanted is None else self._there
        self._report(Progress(stage, done, total, min(1.0, done / total) if total else 0.0))

    def _outcome(self, before: ResultTally, searches: Searches) -> ClassSearch:
        self._counted_at = float("-inf")
        self._count()
        after = self._project.search_results.tally(self._class_id)
        skipped = {
            Skip(reason): count - before.skipped.get(reason, 0)
            for reason, count in after.skipped.items()
            if count > before.skipped.get(reason, 0)
        }
        if searches.dropped:
            skipped[Skip.LICENCE] = skipped.get(Skip.LICENCE, 0) + searches.dropped
        return ClassSearch(
            class_id=self._class_id,
            class_name=self._aim.label.name,
            wanted=self._aim.wanted,
            there=self._there,
            found=after.found - before.found,
            added=self._added,
            waiting=after.waiting,
            skipped=skipped,
            troubles=(*searches.troubles.values(), *([OFFLINE] if self._offline else [])),
            exhausted=searches.exhausted and not searches.troubles,
            stopped=self._stopped,
        )
