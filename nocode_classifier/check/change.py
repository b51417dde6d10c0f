"""How a model's answers differ from those of the model before, on the same photos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nocode_classifier.learn.accuracy import MOST_CHANCE, chance_of_lead
from nocode_classifier.project.records import HeldOutAnswer


@dataclass(frozen=True, slots=True)
class Change:
    """Two models, asked about the same photos, which neither had seen.

    Attributes:
        photos: how many of these there are.
        before, now: right answers of each.
        gained, lost: photos that only the new one, or only the old one, has right.
    """

    photos: int
    before: int
    now: int
    gained: int
    lost: int

    @property
    def chance(self) -> float:
        """How likely a difference this large is if both are equally good; two-sided."""
        behind, ahead = sorted((self.gained, self.lost))
        return min(1.0, 2 * chance_of_lead(behind, ahead))

    @property
    def more_than_chance(self) -> bool:
        """Whether the difference should be taken seriously."""
        return self.chance <= MOST_CHANCE

    @property
    def sentence(self) -> str:
        """The difference in words."""
        counts = (
            f"of {self.photos:,} photos that both were tried on it has {self.now:,} right, "
            f"the model before {self.before:,}"
        )
        if not self.gained and not self.lost:
            return f"No change: {counts}."
        if self.now == self.before:
            return f"As good as before: {counts}."
        word = "Better" if self.now > self.before else "Worse"
        if self.more_than_chance:
            return f"{word} than before: {counts}. That is more than chance."
        return f"{word} than before, which may be chance: {counts}."


def change_between(before: Sequence[HeldOutAnswer], now: Sequence[HeldOutAnswer]) -> Change | None:
    """Compare two models on the photos that both were asked about.

    What a photo shows is what it shows now: a photo that was in the wrong class when the model
    before was made counts against the answers of both as it is today.

    Returns:
        None where there is no such photo.
    """
    told = {answer.sha256: answer.predicted for answer in before}
    pairs = [
        (told[answer.sha256] == answer.true, answer.predicted == answer.true)
        for answer in now
        if answer.sha256 in told
    ]
    if not pairs:
        return None
    return Change(
        len(pairs),
        sum(old for old, _ in pairs),
        sum(new for _, new in pairs),
        sum(new and not old for old, new in pairs),
        sum(old and not new for old, new in pairs),
    )
