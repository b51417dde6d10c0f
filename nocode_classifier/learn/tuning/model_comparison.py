"""Which of two trainings answers better to photos that neither had seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nocode_classifier.learn.accuracy import MOST_CHANCE, chance_of_lead

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """A paired comparison: both answered the same photos, held out in the same parts.

    Attributes:
        photos: how many.
        quick, tuned: right answers of each.
        only_quick, only_tuned: photos that only one of them had right.
    """

    photos: int
    quick: int
    tuned: int
    only_quick: int
    only_tuned: int

    @classmethod
    def of(cls, labels: IntArray, quick: IntArray, tuned: IntArray) -> ModelComparison:
        """Compare answers, int64 [n] each, with what the photos show."""
        one, other = quick == labels, tuned == labels
        return cls(
            len(labels),
            int(one.sum()),
            int(other.sum()),
            int((one & ~other).sum()),
            int((other & ~one).sum()),
        )

    @property
    def chance(self) -> float:
        """How likely the tuned network would lead so far or further by chance alone."""
        return chance_of_lead(self.only_quick, self.only_tuned)

    @property
    def adopted(self) -> bool:
        """Whether the tuned network is better by more than chance alone would make it look.

        A lead that chance explains is no reason to take a model that has overfitted more. With
        237 to 234 hot dogs right, on another 300 photos the tuned network was 4 behind.
        """
        return self.chance <= MOST_CHANCE

    @property
    def sentence(self) -> str:
        """Which won and by how much."""
        counts = (
            f"of {self.photos} photos left out in the same way it had {self.tuned} right, "
            f"without that {self.quick}"
        )
        if self.adopted:
            return f"Training the network paid off: {counts}. The trained network is used."
        if self.tuned == self.quick:
            return (
                f"Training the network made no difference: of {self.photos} photos left out in "
                f"the same way both had {self.quick} right. It is used as it was."
            )
        if self.tuned > self.quick:
            return (
                f"Training the network made no clear difference: {counts}, which may be chance. "
                "It is used as it was."
            )
        return f"Training the network did not pay off: {counts}. It is used as it was."

    def to_json(self) -> dict[str, Any]:
        """As the card says it."""
        return {
            "quick": self._figures(self.quick),
            "tuned": self._figures(self.tuned),
            "adopted": self.adopted,
            "sentence": self.sentence,
        }

    def _figures(self, correct: int) -> dict[str, Any]:
        return {
            "correct": correct,
            "photos": self.photos,
            "accuracy": correct / self.photos,
        }
