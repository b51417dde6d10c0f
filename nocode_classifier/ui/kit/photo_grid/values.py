"""What the grid of photos is given: photos, what is known of each, and views worth a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nocode_classifier.project.credits.credits import SOURCE_LABELS
from nocode_classifier.project.names import web_address
from nocode_classifier.project.records import HeldOutAnswer, Photo, PhotoState


@dataclass(frozen=True, slots=True)
class Note:
    """What is known of a photo beside the photo itself.

    Attributes:
        answer: number of the class that the model took it for, not having learnt from it.
        share: the probability that it gave this class, 0 to 1.
        loss: minus the natural logarithm of the probability that it gave the photo's own class.
        twin: the photo that it is a near duplicate of; shown beside it.
        text: a few words, such as "blurry".
    """

    answer: int | None = None
    share: float | None = None
    loss: float | None = None
    twin: Photo | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class FurtherView:
    """Photos that are worth a look for one reason.

    Attributes:
        label: for its chip.
        sentence: what they have in common and what to do, for the top.
        empty: what to say when there are none (any more).
        photos: what to look at first comes first; those that somebody said are right, and those
            that are in the bin, are left out by whoever shows them.
        listed: it has a chip whenever it has photos; else only while it is looked at.
    """

    label: str
    sentence: str
    empty: str
    photos: Sequence[tuple[Photo, Note]] = ()
    listed: bool = True

    @property
    def unsettled(self) -> list[tuple[Photo, Note]]:
        """The photos about which nobody has decided yet."""
        return [
            (photo, note)
            for photo, note in self.photos
            if photo.state is PhotoState.KEPT and not photo.is_confirmed
        ]


def with_answer(note: Note, answer: HeldOutAnswer | None, ids: Mapping[str, int]) -> Note:
    """A note that says what the model answered, if it did not say so itself.

    Args:
        note: what else is known.
        answer: of the model in use, to a photo that it had not seen.
        ids: the numbers of the classes there are, by name.
    """
    if note.answer is not None or answer is None or answer.predicted not in ids:
        return note
    return replace(note, answer=ids[answer.predicted], share=answer.probability)


def photo_value(photo: Photo, note: Note | None = None) -> dict[str, Any]:
    """A photo as the grid knows it."""
    note = note or Note()
    return {
        "id": photo.id,
        "sha256": photo.sha256,
        "name": photo.name,
        "class_id": photo.class_id,
        "width": photo.width,
        "height": photo.height,
        "binned": photo.state is PhotoState.BINNED,
        "confirmed": photo.is_confirmed,
        "origin": origin_of(photo),
        "page": web_address(photo.page or photo.address),
        "answer": note.answer,
        "share": note.share,
        "loss": note.loss,
        "twin": None if note.twin is None else photo_value(note.twin),
        "text": note.text,
    }


def origin_of(photo: Photo) -> str | None:
    """Whom a photo from the web is from, in words; None for one of the user's own."""
    if photo.address is None:
        return None
    source = SOURCE_LABELS.get(photo.source, photo.source)
    maker = f"by {photo.creator}" if photo.creator else "maker unknown"
    return f"{source} · {maker} · {photo.licence or 'licence unknown'}"
