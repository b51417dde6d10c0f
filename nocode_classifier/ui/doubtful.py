"""Photos that are probably in the wrong class, for looking through them."""

from __future__ import annotations

from collections.abc import Sequence

from nocode_classifier.check.diagnosis import wrongly_labelled
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import HeldOutAnswer, Photo
from nocode_classifier.project.tables.photos import photos_by_hash
from nocode_classifier.ui.kit.photo_values import FurtherView, Note

DOUBTFUL = "doubtful"
"""The view of a grid of photos that shows only these."""


def doubtful_view(project: Project, held_out: Sequence[HeldOutAnswer]) -> FurtherView:
    """Photos that look like another class, as a view; `held_out` as in `doubtful_photos`."""
    return FurtherView(
        label="In doubt",
        sentence="The model is surer that these belong elsewhere than of most of its right "
        "answers. Move those that are in the wrong class; say of the others that they are right.",
        empty="None of them is in doubt any more. Look through the others too, then train again.",
        photos=doubtful_photos(project, held_out),
    )


def doubtful_photos(
    project: Project, held_out: Sequence[HeldOutAnswer]
) -> list[tuple[Photo, Note]]:
    """Photos that look clearly like another class, the plainest first, and like which one.

    Whoever moves or removes one has settled it: it is left out. So the list gets shorter while it
    is worked through, though the model in use still says what it said.

    Args:
        project: whose photos they are.
        held_out: what its model in use said about photos that it had not seen.
    """
    found = wrongly_labelled(held_out)
    with project.database.reading() as connection:
        there = photos_by_hash(connection, [answer.sha256 for answer in found])
    ids = {label.name: label.id for label in project.classes()}
    doubtful = []
    for answer in found:
        photo, predicted = there.get(answer.sha256), ids.get(answer.predicted)
        if photo is not None and predicted is not None and photo.class_id == ids.get(answer.true):
            doubtful.append((photo, Note(predicted, answer.probability)))
    return doubtful
