"""A small line chart as SVG; its colours are given by the style sheet, by class."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 320, 208
LEFT, RIGHT, TOP, BOTTOM = 42, 12, 12, 38

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points; where a value is infinite it ends, with an arrow upwards."""

    style: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """The frame of a chart.

    Attributes:
        across: marks of the axis below as (value, label), ascending; the first and the last are
            its ends.
        up: marks of the axis at the left, ascending from its lower end to its upper.
        unit: follows the numbers at the left.
        words: says what the axis below is.
    """

    across: Sequence[tuple[float, str]]
    up: Sequence[float]
    unit: str = ""
    words: str = "round through your photos"

    def x(self, value: float) -> float:
        """Where a value lies, from the left."""
        low, high = self.across[0][0], self.across[-1][0]
        room = WIDTH - LEFT - RIGHT
        # A single round stands in the middle.
        return LEFT + room * ((value - low) / (high - low) if high > low else 0.5)

    def y(self, value: float) -> float:
        """Where a value lies, from the top; one beyond the upper end is drawn at it."""
        low, high = self.up[0], self.up[-1]
        share = min(1.0, (value - low) / (high - low))
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)

    def svg(
        self,
        lines: Sequence[Line],
        words: str,
        *,
        mark: float | None = None,
        point: Point | None = None,
    ) -> str:
        """The chart.

        Args:
            lines: what is drawn.
            words: says it to those who can't see it.
            mark: a value below to mark by an upright line.
            point: one point to stand out.
        """
        parts = [self._axes()]
        if mark is not None:
            parts.append(self._mark(mark))
        parts += [self._line(line) for line in lines]
        if point is not None:
            parts.append(
                f'<circle class="point" cx="{self.x(point[0]):.1f}" cy="{self.y(point[1]):.1f}"'
                ' r="7"/>'
            )
        return (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{html.escape(words)}">'
            f"{''.join(parts)}</svg>"
        )

    def _axes(self) -> str:
        up = "".join(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{self.y(value):.1f}"'
            f' y2="{self.y(value):.1f}"/><text class="end" x="{LEFT - 8}"'
            f' y="{self.y(value) + 4:.1f}">{value:g}{self.unit}</text>'
            for value in self.up
        )
        across = "".join(
            f'<text class="mid" x="{self.x(value):.1f}" y="{HEIGHT - BOTTOM + 18}">{label}</text>'
            for value, label in self.across
            if label
        )
        return (
            f'{up}{across}<text class="mid axis" x="{(LEFT + WIDTH - RIGHT) / 2}"'
            f' y="{HEIGHT - 3}">{html.escape(self.words)}</text>'
        )

    def _mark(self, value: float) -> str:
        x = self.x(value)
        side, offset = ("end", -6) if x > WIDTH / 2 else ("start", 6)
        return (
            f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
            f'<text class="{side} axis" x="{x + offset:.1f}" y="{TOP + 10}">kept</text>'
        )

    def _line(self, line: Line) -> str:
        before = list(line.points)
        for index, (_, value) in enumerate(line.points):
            if not math.isfinite(value):
                before = list(line.points[:index])
                break
        places = [(self.x(x), self.y(y)) for x, y in before]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        drawn = f'<polyline points="{path}"/>' if len(places) > 1 else ""
        if places and len(places) <= 12:
            drawn += "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2"/>' for x, y in places)
        if len(before) < len(line.points):
            x = self.x(line.points[len(before)][0])
            if places:
                drawn += f'<polyline class="gone" points="{path.split()[-1]} {x:.1f},{TOP}"/>'
            drawn += f'<path class="gone" d="M{x - 5:.1f} {TOP + 8} {x:.1f} {TOP} l5 8"/>'
        return f'<g class="line {line.style}">{drawn}</g>'


def ticks(low: float, high: float, about: int = 4) -> tuple[float, ...]:
    """Round numbers from `low` (or a little below) to `high` (or a little above)."""
    span = max(high - low, 1e-9)
    raw = span / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw * 0.999)
    first = math.floor(low / step + 1e-9)
    count = math.ceil((high - first * step) / step - 1e-9)
    return tuple(round((first + index) * step, 12) for index in range(count + 1))
