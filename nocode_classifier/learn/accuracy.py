"""How good a model is, said honestly: a share never comes without its interval and its count."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Z_95 = 1.959963984540054

CROSS_VALIDATED = 0.75
"""How much an answer counts that was given in cross-validation: heads that share most of what they
learnt from err together. Over 40 random halves of each of six sets of real photos, the accuracy on
the other half then lay in the interval, widened by the other half's own error, 37 to 40 times (36
on land from above with each answer counting whole)."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Share of right answers on photos the judged model had not seen.

    Attributes:
        correct, photos: the counts behind it.
        independent: photos that are not near copies of each other; the interval rests on these.
        low, high: 95 % interval.
    """

    correct: int
    photos: int
    independent: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share itself, 0 to 1."""
        return self.correct / self.photos

    def to_json(self) -> dict[str, Any]:
        """As a model's card says it."""
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "correct": self.correct,
            "photos": self.photos,
            "independent": self.independent,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Accuracy:
        """Read what `to_json` gave; early cards do not say how many photos were independent."""
        correct, photos = int(data["correct"]), int(data["photos"])
        independent = int(data.get("independent", photos))
        return cls(correct, photos, independent, float(data["low"]), float(data["high"]))


def wilson_interval(share: float, count: float, z: float = Z_95) -> tuple[float, float]:
    """Wilson's score interval (Journal of the American Statistical Association 22, 1927).

    Unlike the textbook's, it stays inside 0..1 and is honest for all right and for few photos: 20
    of 20 right means 84 % or more.

    Args:
        share: observed, 0 to 1.
        count: independent observations; above 0.
        z: 1.96 for 95 %.
    """
    spread = z**2 / count
    centre = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    # At the ends the interval touches 0 or 1 exactly; rounding must not move it past the share.
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))


def measure_accuracy(
    true: Sequence[str],
    predicted: Sequence[str],
    independent: int | None = None,
    weight: float = 1.0,
) -> Accuracy:
    """Accuracy of answers to photos that were not trained on.

    Args:
        true: what the photos show.
        predicted: what was answered, in the same order.
        independent: how many photos there are when near copies count once; all by default.
        weight: of each of these, such as `CROSS_VALIDATED`.

    Raises:
        ValueError: there are no photos.
    """
    if not true:
        raise ValueError("accuracy of no photos")
    correct = sum(one == other for one, other in zip(true, predicted, strict=True))
    count = len(true) if independent is None else independent
    low, high = wilson_interval(correct / len(true), count * weight)
    return Accuracy(correct, len(true), count, low, high)


MOST_CHANCE = 0.05
"""The usual bound for taking a difference seriously."""


def chance_of_lead(only_one: int, only_other: int) -> float:
    """How likely the other of two models would lead so far or further if both were equally good.

    Of photos that only one has right, each is then as likely to be the one's as the other's:
    McNemar's test in its exact form, one-sided (McNemar, Psychometrika 12, 1947).

    Args:
        only_one, only_other: photos that only this model has right.
    """
    tosses = only_one + only_other
    ways = sum(math.comb(tosses, heads) for heads in range(only_other, tosses + 1))
    all_ways: int = 2**tosses
    return ways / all_ways


def count_confusion(
    true: Sequence[str], predicted: Sequence[str], classes: Sequence[str]
) -> dict[str, dict[str, int]]:
    """How often photos of each class (outer key) got each answer (inner key)."""
    table = {name: dict.fromkeys(classes, 0) for name in classes}
    for one, other in zip(true, predicted, strict=True):
        table[one][other] += 1
    return table
