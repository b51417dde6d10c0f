"""Photos that are probably in the wrong class, for looking through them."""

from __future__ import annotations

from nocode_classifier.check.diagnosis import wrongly_labelled
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Photo

DOUBTFUL = "doubtful"
"""The view of the Review step that shows only these."""


def doubtful_photos(project: Project) -> list[tuple[Photo, str]]:
    """Photos that look clearly like another class, the plainest first, and like which one.

    Whoever moves or removes one has settled it: it is left out. So the list gets shorter while it
    is worked through, though the model in use still says what it said.
    """
    found = wrongly_labelled(project.models.held_out())
    if not found:
        return []
    there = project.training_set()
    kept = {photo.sha256: (photo, name) for photo, name in there.photos}
    names = {label.name for label in there.classes}
    doubtful = []
    for answer in found:
        photo, class_name = kept.get(answer.sha256, (None, None))
        if photo is not None and class_name == answer.true and answer.predicted in names:
            doubtful.append((photo, answer.predicted))
    return doubtful
