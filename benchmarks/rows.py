"""What a measurement comes to: rows of a table, kept as JSON and shown as Markdown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        what: is measured.
        reach: the target in words; empty for a figure that is only told.
        measured: the figure in words.
        met: whether it reaches the target; None where there is none.
        note: what one should know to judge it.
    """

    what: str
    reach: str
    measured: str
    met: bool | None = None
    note: str = ""


@dataclass(frozen=True)
class Section:
    """What one group of measurements found.

    Attributes:
        rows: for the table.
        figures: numbers that other groups need, by name.
        run: in which run.
        busy: how busy the machine was with other things.
    """

    rows: tuple[Row, ...]
    figures: Mapping[str, float] = field(default_factory=dict)
    run: str = ""
    busy: str = ""


def at_most(what: str, value: float, limit: float, unit: str, note: str = "") -> Row:
    """A row whose figure must not be above a limit."""
    digits = 2 if limit <= 3 else 1
    return Row(what, f"≤ {limit:g} {unit}", f"{value:.{digits}f} {unit}", value <= limit, note)


def share(what: str, count: int, total: int, least: float, note: str = "") -> Row:
    """A row whose share of all must not be below a limit."""
    found = count / total
    return Row(what, f"≥ {least:.0%}", f"{found:.1%} ({count} of {total})", found >= least, note)


def told(what: str, measured: str, note: str = "") -> Row:
    """A row without a target."""
    return Row(what, "", measured, None, note)


def load(file: Path) -> dict[str, Section]:
    """The sections of earlier runs, by group; none if there was no run."""
    if not file.is_file():
        return {}
    kept: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return {
        name: Section(tuple(Row(**row) for row in one.pop("rows")), **one)
        for name, one in kept.items()
    }


def save(file: Path, sections: Mapping[str, Section]) -> None:
    """Keep the sections for later runs."""
    kept = {name: asdict(section) for name, section in sections.items()}
    file.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def table(sections: Mapping[str, Section], machine: Sequence[str]) -> str:
    """All sections as one Markdown page."""
    lines = ["# Results", "", *(f"- {line}" for line in machine), ""]
    lines += ["| what | reach | measured | | note |", "|---|---|---|---|---|"]
    for section in sections.values():
        lines += [_line(row) for row in section.rows]
    lines += ["", "Measured:", ""]
    lines += [f"- {name}: {section.run}{section.busy}" for name, section in sections.items()]
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    mark = {True: "✓", False: "✗", None: ""}[row.met]
    return f"| {row.what} | {row.reach} | {row.measured} | {mark} | {row.note} |"
