"""Where a run finds its photos and keeps what it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.rows import Section


@dataclass(frozen=True)
class Setting:
    """What every group of measurements is given.

    Attributes:
        photos: the folder with the sample photos.
        work: an empty folder of this group's own, deleted afterwards.
        cache: the converted backbone is here.
        run: names this run.
        quick: measure once and little, to see that all works.
        earlier: sections of groups that are done.
    """

    photos: Path
    work: Path
    cache: Path
    run: str
    quick: bool = False
    earlier: Mapping[str, Section] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """For commands: a home of their own, and the backbone already converted."""
        return {
            "NOCODE_CLASSIFIER_HOME": str(self.work / "home"),
            "NOCODE_CLASSIFIER_CACHE": str(self.cache),
        }

    def times(self, often: int) -> int:
        """How often to repeat something."""
        return 1 if self.quick else often

    def figure(self, group: str, name: str) -> float | None:
        """A number that another group found."""
        section = self.earlier.get(group)
        return section.figures.get(name) if section else None

    def origin(self, group: str) -> str:
        """Says so where the figures of another group are not of this run."""
        section = self.earlier.get(group)
        return f", {section.run}" if section and section.run != self.run else ""
