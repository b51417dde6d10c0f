"""What became of a search for photos, in figures and in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nocode_classifier.collect.skips import Skip
from nocode_classifier.plurals import counted


@dataclass(frozen=True, slots=True)
class ClassSearch:
    """What became of the search for one class.

    Attributes:
        wanted: photos the class should have; None where a list of links was to be fetched.
        there: photos the class has now.
        found: addresses that were new.
        added: photos that came in.
        waiting: addresses that are known and have not been fetched yet.
        skipped: how many did not come in, by reason.
        troubles: what sources that did not answer said, each a sentence.
        exhausted: no source has more for these words.
        stopped: Stop was pressed.
    """

    class_id: int
    class_name: str
    wanted: int | None
    there: int
    found: int
    added: int
    waiting: int
    skipped: Mapping[Skip, int]
    troubles: tuple[str, ...] = ()
    exhausted: bool = False
    stopped: bool = False

    @property
    def short(self) -> bool:
        """Whether there are fewer photos than wanted."""
        return self.wanted is not None and self.there < self.wanted

    @property
    def sentence(self) -> str:
        """The outcome as a person reads it, with what went wrong and what to do."""
        return " ".join([self.outcome, *self.troubles, *self._advice()])

    @property
    def outcome(self) -> str:
        """What became of it, alone."""
        came = f"Added {counted(self.added, 'photo')}" if self.added else "No photo was added"
        if self.stopped:
            return f"Stopped. {came} to '{self.class_name}'; what came stays."
        if self.wanted is None:
            return f"{came} to '{self.class_name}'."
        if self.short:
            be = "is" if self.there == 1 else "are"
            return (
                f"You wanted {counted(self.wanted, 'photo')} of '{self.class_name}'; "
                f"{self.there:,} {be} here now."
            )
        if not self.added:
            there = counted(self.there, "photo")
            return f"'{self.class_name}' has {there} already, as many as you wanted."
        return f"{came} to '{self.class_name}': it has {self.there:,} now."

    def _advice(self) -> list[str]:
        if self.stopped or not self.short:
            return []
        if self.troubles:
            return ["Try again in a while, choose another source, or add your own photos."]
        return ["Try other words, another source, or add your own photos."]


@dataclass(frozen=True, slots=True)
class SearchReport:
    """What became of a search for one class or several."""

    searches: tuple[ClassSearch, ...]
    stopped: bool = False

    @property
    def added(self) -> int:
        """Photos that came in, in all classes."""
        return sum(search.added for search in self.searches)

    @property
    def sentence(self) -> str:
        """The outcome as a person reads it, with what went wrong and what to do."""
        if len(self.searches) == 1:
            return self.searches[0].sentence
        return " ".join([self.outcome, *self.troubles])

    @property
    def troubles(self) -> tuple[str, ...]:
        """What sources that did not answer said, each sentence once."""
        return tuple(
            dict.fromkeys(trouble for search in self.searches for trouble in search.troubles)
        )

    @property
    def outcome(self) -> str:
        """What became of it, alone."""
        if len(self.searches) == 1:
            return self.searches[0].outcome
        parts = ["Stopped."] if self.stopped else []
        parts.append(
            f"Added {counted(self.added, 'photo')}." if self.added else "No photos were added."
        )
        if lacking := [search for search in self.searches if search.short]:
            counts = ", ".join(f"{h.class_name} {h.there:,} of {h.wanted:,}" for h in lacking)
            parts.append(f"Fewer than you wanted: {counts}.")
        return " ".join(parts)
