"""What there is to see of a project's training, in values the page is drawn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nocode_classifier.curves import Curves
from nocode_classifier.progress import Progress
from nocode_classifier.project.records import ClassLabel, HeldOutAnswer


@dataclass(frozen=True, slots=True)
class Advice:
    """Something that was noticed about a training, and what to press next.

    Attributes:
        press: names what the button does; "" for no button.
        adds: it asks for more photos.
    """

    sentence: str
    press: str = ""
    label: str = ""
    adds: bool = False


@dataclass(frozen=True, slots=True)
class TrainPage:
    """All there is to see on the page, but the choice of how to train and the past trainings.

    Attributes:
        counts: kept photos by class number.
        missing: what is needed before training, or "".
        running: how far the training is, or None when none runs.
        card: of the model there is, or None.
        stale: photos or classes changed since it was trained.
        improving: that is being taken in just now, in the background.
        mistakes: held-out photos it answered wrongly, most certain first.
        notes: what happened on the way, such as another network that was taken.
        advice: what would help.
        curves: of the training that made the model, or None.
    """

    project_id: str
    classes: tuple[ClassLabel, ...]
    counts: Counter[int]
    missing: str = ""
    running: Progress | None = None
    stopping: bool = False
    card: Mapping[str, Any] | None = None
    stale: bool = False
    improving: bool = False
    mistakes: tuple[HeldOutAnswer, ...] = ()
    notes: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()
    curves: Curves | None = None
