"""What a model's figures are, over all photos and class by class, and what they are worth."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nocode_classifier.learn.accuracy import Accuracy, measure_accuracy

UNEVEN = 3.0
"""Times as many photos in the largest class as in another."""

MOST_WORDS = 6
"""A list in a sentence is no longer than this."""

GOOD = 0.85
"""From this level on a model is called good."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How often a model was right on photos it had not seen.

    Attributes:
        overall: None where there is nothing to measure on.
        by_class: by name; None for a class of which no photo was answered.
        reason: why something was not measured, and what to do, as a sentence; "" where all was.
    """

    overall: Accuracy | None
    by_class: Mapping[str, Accuracy | None]
    reason: str = ""

    @property
    def measured(self) -> dict[str, Accuracy]:
        """The classes that were, the weakest first; of equals the one with fewest photos."""
        known = [(name, found) for name, found in self.by_class.items() if found is not None]
        return dict(sorted(known, key=lambda one: (one[1].value, one[1].photos)))

    @property
    def uneven(self) -> bool:
        """Whether the large classes hide how the small ones fare."""
        counts = [found.photos for found in self.measured.values()]
        return bool(counts) and max(counts) >= UNEVEN * min(counts)

    @property
    def weakest(self) -> str | None:
        """The class whose figure is told first; None where the one over all says enough."""
        return next(iter(self.measured)) if self.uneven and self.overall else None

    @property
    def balanced(self) -> float | None:
        """Mean over the classes of their shares of right answers, 0 to 1."""
        shares = [found.value for found in self.measured.values()]
        return sum(shares) / len(shares) if shares else None

    @property
    def level(self) -> float:
        """What a judgement rests on, 0 to 1: the lower end, so that luck earns no praise.

        Where classes are uneven every class counts alike: the lower end of the mean of shares, by
        the method of variance estimates recovery (Zou and Donner, "Construction of confidence
        limits about effect measures", Statistics in Medicine 27, 2008).
        """
        if self.overall is None:
            return 0.0
        if not self.uneven:
            return self.overall.low
        found = self.measured.values()
        spread = math.sqrt(sum((each.value - each.low) ** 2 for each in found))
        return max(0.0, (self.balanced or 0.0) - spread / len(found))

    @property
    def worth(self) -> float:
        """The level, but no higher than what the weakest class may reach at best."""
        return min((self.level, *(found.high for found in self.measured.values())))

    def in_words(self, photos: str = "photos it had not seen", digits: int = 0) -> str:
        """The figures as sentences, the weakest class first where the others would hide it.

        Args:
            photos: what they were measured on.
            digits: of percentages after the point.
        """
        parts = []
        if self.overall is not None:
            parts.append(f"Right {_right(self.overall, photos, digits)}.")
        if self.weakest is not None:
            least = _right(self.measured[self.weakest], photos, digits)
            parts = [
                f"Weakest class '{self.weakest}': right {least}.",
                f"All classes: r{parts[0][1:]}",
            ]
        elif self.overall is not None:
            parts += [
                f"Weakest class '{name}': {found.correct:,} of {found.photos:,}."
                for name, found in list(self.measured.items())[:1]
                if found.high < self.overall.value
            ]
        if self.reason:
            parts.append(self.reason)
        return " ".join(parts)


def _right(found: Accuracy, photos: str, digits: int) -> str:
    return (
        f"on {found.correct:,} of {found.photos:,} {photos}: {found.value:.{digits}%} "
        f"(between {found.low:.{digits}%} and {found.high:.{digits}%})"
    )


def measure(
    true: Sequence[str],
    predicted: Sequence[str],
    groups: Sequence[Hashable],
    classes: Sequence[str],
    *,
    reason: str = "",
    fewest: int = 1,
    weight: float = 1.0,
) -> Figures:
    """Figures of answers to photos that were not learnt from.

    Args:
        true: what the photos show; there may be none.
        predicted: what was answered, in the same order.
        groups: near copies share one; each counts once in an interval.
        classes: of the model.
        reason: why some photos were not answered.
        fewest: classes that must have been answered for a figure over all.
        weight: of each answer in an interval, as for `measure_accuracy`.
    """
    rows = list(zip(true, predicted, groups, strict=True))
    by_class = {
        name: _accuracy([row for row in rows if row[0] == name], weight) for name in classes
    }
    enough = sum(found is not None for found in by_class.values()) >= fewest
    return Figures(_accuracy(rows, weight) if enough else None, by_class, reason)


def _accuracy(rows: Sequence[tuple[str, str, Hashable]], weight: float) -> Accuracy | None:
    if not rows:
        return None
    true, predicted, groups = zip(*rows, strict=True)
    return measure_accuracy(true, predicted, len(set(groups)), weight)


def figures_of(card: Mapping[str, Any]) -> Figures:
    """The figures of a model, from its card; those by class from its mix-ups in older cards."""
    overall, known = card.get("accuracy"), card.get("by_class")
    if known is None:
        confusion = card.get("confusion") or {}
        pairs = [
            (true, predicted)
            for true, answers in confusion.items()
            for predicted, count in answers.items()
            for _ in range(count)
        ]
        true, predicted = ([pair[place] for pair in pairs] for place in (0, 1))
        by_class = measure(true, predicted, range(len(pairs)), list(confusion)).by_class
    else:
        by_class = {name: one and Accuracy.from_json(one) for name, one in known.items()}
    return Figures(
        Accuracy.from_json(overall) if overall else None, by_class, str(card.get("reason") or "")
    )


def quoted(names: Sequence[str]) -> str:
    """Names of classes in a sentence; of very many only the first."""
    return joined([f"'{name}'" for name in names])


def joined(words: Sequence[str]) -> str:
    """Words as a sentence lists them: "a, b and c"; of very many only the first."""
    if len(words) > MOST_WORDS:
        words = [*words[: MOST_WORDS - 1], f"{len(words) - MOST_WORDS + 1:,} more"]
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last
