"""The photos that searches came upon: which wait to be fetched, and what became of the others."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from nocode_classifier.project.blocklist.blocklist import Blocklist
from nocode_classifier.project.blocklist.blocklist_index import BlocklistIndex
from nocode_classifier.project.names import web_address
from nocode_classifier.project.records import (
    NewSearchResult,
    ResultState,
    ResultTally,
    SearchResult,
)
from nocode_classifier.project.store.database import Database
from nocode_classifier.project.tables.classes import all_classes, find_class
from nocode_classifier.project.tables.search_result_rows import (
    KNOWN,
    OTHER_CLASS,
    TAKEN_DOWN,
    as_result,
    insert_result,
    result_row,
    settle_kept,
    tally_of,
)
from nocode_classifier.project.tables.search_settings import (
    SearchPlace,
    SearchSettings,
    checked_search_settings,
    read_place,
    read_search_settings,
    write_search_settings,
)

__all__ = ["NewSearchResult", "ResultState", "ResultTally", "SearchResult", "SearchResults"]


class SearchResults:
    """The finds of one project. Any thread and any process may use it at any time.

    Only settings count as a change that people see. A find that becomes a photo is one anyway, and
    of the others there are too many.
    """

    def __init__(self, database: Database, blocklist: Blocklist | None = None) -> None:
        self._database = database
        self._blocklist = blocklist

    def remember(self, class_id: int, found: Sequence[NewSearchResult]) -> int:
        """Take down what a search found, in its order; an address that is known stays as it is.

        One whose photo the project has already, or that was taken down, is skipped at once. What
        is no address of the web is left out.

        Returns:
            How many addresses are new for this class, those skipped at once included.

        Raises:
            NotFound: there is no such class.
        """
        with self._database.writing(visible=False) as connection:
            find_class(connection, class_id)
            index = self._blocklist.index() if self._blocklist else BlocklistIndex()
            return sum(insert_result(connection, class_id, each, index) for each in found)

    def waiting(self, class_id: int, *, sources: Collection[str], limit: int) -> list[SearchResult]:
        """Finds to fetch next: in the order of finding, those that failed before come last."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM finds WHERE class_id = ? AND state = 'waiting'"
                " AND source IN (SELECT value FROM json_each(?)) ORDER BY attempts, id LIMIT ?",
                (class_id, json.dumps(list(sources)), limit),
            )
            return [as_result(row) for row in rows]

    def find(self, result_id: int) -> SearchResult:
        """One find; `NotFound` if there is none."""
        with self._database.reading() as connection:
            return as_result(result_row(connection, result_id))

    def settle(
        self,
        result_id: int,
        state: ResultState,
        reason: str | None = None,
        sha256: str | None = None,
    ) -> None:
        """Say what became of a find.

        Finds of the same address that wait in other classes are skipped when it is kept.
        (`Project.add_photo` settles the find of the photo's address itself, in one transaction.)

        Raises:
            NotFound: there is no such find.
        """
        with self._database.writing(visible=False) as connection:
            row = result_row(connection, result_id)
            if state is ResultState.KEPT:
                settle_kept(connection, row["class_id"], row["address"], sha256)
            connection.execute(
                "UPDATE finds SET state = ?, reason = ?, sha256 = COALESCE(?, sha256) WHERE id = ?",
                (state.value, reason, sha256, result_id),
            )

    def postpone(self, result_id: int, reason: str, most_attempts: int = 2) -> ResultState:
        """Let a find wait behind the others after a failure that may pass.

        Returns:
            WAITING, or SKIPPED when it has failed `most_attempts` times.
        """
        with self._database.writing(visible=False) as connection:
            attempts = result_row(connection, result_id)["attempts"] + 1
            state = ResultState.WAITING if attempts < most_attempts else ResultState.SKIPPED
            connection.execute(
                "UPDATE finds SET state = ?, reason = ?, attempts = ? WHERE id = ?",
                (state.value, reason, attempts, result_id),
            )
        return state

    def revive(self, class_id: int, addresses: Sequence[str]) -> None:
        """Let addresses that gave no photo be fetched again, as if they were new."""
        with self._database.writing(visible=False) as connection:
            connection.executemany(
                "UPDATE finds SET state = 'waiting', reason = NULL, attempts = 0"
                " WHERE class_id = ? AND address = ? AND state = 'skipped' AND reason NOT IN"
                " (?, ?, ?)",
                (
                    (class_id, web_address(address), KNOWN, OTHER_CLASS, TAKEN_DOWN)
                    for address in addresses
                ),
            )

    def tally(self, class_id: int) -> ResultTally:
        """What became of the finds of a class."""
        return self.tallies().get(class_id, ResultTally())

    def tallies(self) -> dict[int, ResultTally]:
        """What became of the finds of every class, by its number; cheap to ask often."""
        with self._database.reading() as connection:
            found = {label.id: ResultTally() for label in all_classes(connection)}
            rows = connection.execute(
                "SELECT class_id, state, reason, COUNT(*) AS number FROM finds"
                " GROUP BY class_id, state, reason ORDER BY number DESC, reason"
            ).fetchall()
        return {
            class_id: tally_of([row for row in rows if row["class_id"] == class_id])
            for class_id in found
        }

    def place(self, class_id: int, source: str, words: str, licence: str) -> SearchPlace:
        """How far a search has come."""
        with self._database.reading() as connection:
            return read_place(connection, class_id, source, words, licence)

    def save_place(
        self, class_id: int, source: str, words: str, licence: str, next: str | None
    ) -> None:
        """Remember where a search goes on; None when its source has no more.

        Raises:
            NotFound: there is no such class.
        """
        with self._database.writing(visible=False) as connection:
            find_class(connection, class_id, removed_too=True)
            connection.execute(
                "INSERT OR REPLACE INTO search_places (class_id, source, words, licence, next)"
                " VALUES (?, ?, ?, ?, ?)",
                (class_id, source, words, licence, next),
            )

    def forget_places(self, class_id: int) -> None:
        """Let every search of a class begin anew; what it found stays known."""
        with self._database.writing(visible=False) as connection:
            connection.execute("DELETE FROM search_places WHERE class_id = ?", (class_id,))

    def search_settings(self, class_id: int) -> SearchSettings:
        """What is wanted for a class; the usual where nobody said. `NotFound` without it."""
        with self._database.reading() as connection:
            return read_search_settings(connection, class_id)

    def save_search_settings(self, class_id: int, search_settings: SearchSettings) -> None:
        """Replace what is wanted for a class.

        Raises:
            InputError: something can't be searched for.
            NotFound: there is no such class.
        """
        if checked_search_settings(search_settings) == self.search_settings(class_id):
            return
        with self._database.writing() as connection:
            write_search_settings(connection, class_id, search_settings)
