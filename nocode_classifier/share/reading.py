"""README.md of an export: what it is, how to use it, then the rest of the model card."""

from __future__ import annotations

from nocode_classifier.project.credits.credits import credits
from nocode_classifier.share.exporter import Subject
from nocode_classifier.share.model_card import model_card

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


def readme(subject: Subject, use: str) -> str:
    """The text for people, in Markdown.

    Args:
        subject: what was exported.
        use: how to use this kind of export.
    """
    named = credits(subject.project) if subject.project else []
    what, mark, rest = model_card(subject.card(), subject.name, named).partition("\n\n## ")
    return f"{what}\n\n{use.strip()}{mark}{rest}"
