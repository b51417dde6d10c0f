"""The report of how good a classifier is, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.share.exporter import CantAsk, ExportAnswer, Exporter, Subject
from nocode_classifier.share.packing import write_text
from nocode_classifier.share.reading import report_of


class ReportPage(Exporter):
    """A page (HTML) to read, print and hand in."""

    key = "report"
    label = "Report"
    about = "One page to keep, print or hand in: how good it is, and what it gets wrong"
    suffix = ".html"

    def build(
        self, subject: Subject, made: Path, *, report: Report, should_stop: ShouldStop
    ) -> None:
        """Write the page, with small pictures of photos where there are any."""
        write_text(made, report_of(subject, pictures=True))

    def ask(
        self,
        made: Path,
        subject: Subject,
        photos: Sequence[Path],
        place: Path,
        *,
        should_stop: ShouldStop,
    ) -> list[ExportAnswer]:
        """It has no model in it.

        Raises:
            CantAsk: always.
        """
        raise CantAsk("A report is for reading: it answers no photos.")
