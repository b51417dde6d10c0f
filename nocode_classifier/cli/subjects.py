"""What an export or something published is made of, as it is named on the command line."""

from __future__ import annotations

from pathlib import Path

from nocode_classifier.cli.models import find_named
from nocode_classifier.share.exporter import Subject
from nocode_classifier.share.subjects import subject_of, subject_of_folder


def find_subject(named: str) -> Subject:
    """The model folder or project of this name; the project may be untrained.

    Raises:
        InputError: several projects are called so, or the model can't be used.
        NotFound: there is neither.
    """
    found = find_named(named)
    return subject_of_folder(found) if isinstance(found, Path) else subject_of(found)
