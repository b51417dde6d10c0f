"""What people read in an export: README.md (what it is, how to use it, then the rest of the model
card), and the report of how good it is."""

from __future__ import annotations

from pathlib import Path

from nocode_classifier.check.checked import checked_card, checked_project
from nocode_classifier.check.report import report_page
from nocode_classifier.project.credits.credits import credits
from nocode_classifier.share.exporter import Subject
from nocode_classifier.share.model_card import model_card
from nocode_classifier.share.packing import write_text

README, REPORT = "README.md", "report.html"

TWO_VIEWS = """\
It takes two pictures of the same photo, upright, in RGB, $side × $side pixels:

- `whole`: the whole photo, squeezed into a square;
- `centre`: the square in the middle of the photo, whose side is 7/8 of the photo's short side.

Its answers are the app's if they are resized as Pillow's `BICUBIC` does it: pixels are averaged
where a picture gets smaller. Other ways change probabilities a little. What is see-through is put
on white first."""
"""What exports take that don't bring resizing and cropping along; `$side` is to be put in."""

VIEWS_IN_PYTHON = """\
photo = ImageOps.exif_transpose(Image.open("photo.jpg")).convert("RGB")
square = max(min(photo.size) * 7 // 8, 1)
left, top = (photo.width - square) // 2, (photo.height - square) // 2
centre = photo.crop((left, top, left + square, top + square))
size, method = ($side, $side), Image.Resampling.BICUBIC
whole, centre = photo.resize(size, method), centre.resize(size, method)"""


def write_reading(subject: Subject, folder: Path, use: str) -> None:
    """Write what people read into an export.

    Args:
        subject: what was exported.
        folder: where to.
        use: as for `readme`.
    """
    write_text(folder / README, readme(subject, use))
    write_text(folder / REPORT, report_of(subject, pictures=False))


def report_of(subject: Subject, *, pictures: bool) -> str:
    """The report (HTML).

    Args:
        subject: what it is about; a bare model knows only its figures.
        pictures: whether its photos are shown, small.
    """
    if subject.project is None:
        return report_page(checked_card(subject.name, subject.card()))
    return report_page(checked_project(subject.project), pictures=pictures)


def readme(subject: Subject, use: str) -> str:
    """The text for people, in Markdown.

    Args:
        subject: what was exported.
        use: how to use this kind of export.
    """
    named = credits(subject.project) if subject.project else []
    what, mark, rest = model_card(subject.card(), subject.name, named).partition("\n\n## ")
    return f"{what}\n\n{use.strip()}{mark}{rest}"
