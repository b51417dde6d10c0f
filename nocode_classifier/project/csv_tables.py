"""Tables that spreadsheet programs open, and in which nothing is run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def table_text(rows: Iterable[Iterable[str | None]]) -> str:
    """Rows as CSV by RFC 4180, to be written as UTF-8 without changing line ends.

    It begins with a byte order mark, by which spreadsheets tell UTF-8. A text that a spreadsheet
    would take for a formula has an apostrophe before it (OWASP, "CSV Injection"), in the line of
    headers, too: people name classes and projects.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_cell(value or "") for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
