"""README.md of an export: what it is, how to use it, then the rest of the model card."""

from __future__ import annotations

from nocode_classifier.project.credits import credits
from nocode_classifier.share.exporter import Subject
from nocode_classifier.share.model_card import model_card


def readme(subject: Subject, use: str) -> str:
    """The text for people, in Markdown.

    Args:
        subject: what was exported.
        use: how to use this kind of export.
    """
    named = credits(subject.project) if subject.project else []
    what, mark, rest = model_card(subject.card(), subject.name, named).partition("\n\n## ")
    return f"{what}\n\n{use.strip()}{mark}{rest}"
