"""The page that runs by itself, in its visitor's browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.share.asking_page import ask_page
from nocode_classifier.share.exporter import CLOSE, ExportAnswer, Exporter, Subject
from nocode_classifier.share.packing import write_text
from nocode_classifier.share.reading import REPORT, report_of
from nocode_classifier.share.static.graph import Weights
from nocode_classifier.share.static.static_page import PAGE, write_static_page


@dataclass(frozen=True)
class StaticPageFolder(Exporter):
    """A folder for any web host.

    Attributes:
        weights: "full", "half" or "light"; see `static_page.write_static_page`.
        tolerance: also with full weights browsers may decode a big photo a little differently.
    """

    weights: Weights = "full"
    key = "page"
    label = "Web page"
    about = "A page for any web host; photos are looked at in the visitor's own browser"
    landmark = PAGE
    tolerance = CLOSE

    def build(
        self, subject: Subject, made: Path, *, report: Report, should_stop: ShouldStop
    ) -> None:
        """Write the page, and a report beside it."""
        write_static_page(
            subject.trained(),
            made,
            weights=self.weights,
            title=subject.name,
            report=report,
            should_stop=should_stop,
        )
        write_text(made / REPORT, report_of(subject, pictures=False))

    def ask(
        self,
        made: Path,
        subject: Subject,
        photos: Sequence[Path],
        place: Path,
        *,
        should_stop: ShouldStop,
    ) -> list[ExportAnswer]:
        """Open it in a browser of this computer and let its own scripts answer."""
        return ask_page(made, photos, should_stop=should_stop)
