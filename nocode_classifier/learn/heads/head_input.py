"""What a head may see of the features of one network, or of several side by side.

Whether knowing roughly where things are helps, and whether a second network does, depends on the
photos (hand signs need both, hot dogs neither), so held-out answers decide; see `evaluation.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nocode_classifier.learn.graph import Blocks


@dataclass(frozen=True, slots=True)
class HeadInput:
    """A choice of features.

    Attributes:
        networks: of so many, the first ones.
        quarters: whether it sees roughly where things are.
    """

    networks: int
    quarters: bool

    def columns(self, blocks: Sequence[Blocks]) -> tuple[slice, ...]:
        """Where these features are in the row of all.

        Args:
            blocks: of each network.
        """
        return tuple(self._columns(blocks))

    def _columns(self, blocks: Sequence[Blocks]) -> Iterator[slice]:
        start = 0
        for each in blocks[: self.networks]:
            yield slice(start, start + each.content)
            if self.quarters:
                yield slice(start + each.content, start + each.total)
            start += each.total


def head_inputs(networks: int, *, fewest: int = 1) -> tuple[HeadInput, ...]:
    """All there are to choose from, those of fewer networks first.

    Args:
        networks: how many there are.
        fewest: of how many at least.
    """
    return tuple(
        HeadInput(count, quarters)
        for count in range(fewest, networks + 1)
        for quarters in (False, True)
    )


def head_input_of(card: Mapping[str, Any], blocks: Sequence[Blocks]) -> HeadInput:
    """What a model's head sees; cards of before say it by the number of features, or not at all."""
    told = card.get("calibration", {})
    length = int(told.get("features") or blocks[0].total)
    return HeadInput(len(blocks), bool(told.get("quarters", length == blocks[0].total)))
