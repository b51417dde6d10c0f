"""What the curves of a fine-tuning say about its learning rate and its number of rounds.

Only shapes are judged, not heights: how low a loss can get depends on the photos, on how many
classes there are, and on whether labels are smoothed.
"""

from __future__ import annotations

import math
from enum import Enum, auto

from nocode_classifier.curves import Curves, Epoch

GREW = 1.25
"""Training loss at the end, relative to the beginning, from which on it grew."""

BURST = 3.0
"""Training loss of any epoch, relative to the beginning, after which nothing is as it was."""

STOOD = 0.95
"""Training loss at the end, relative to the beginning, above which it hardly moved."""

FELL = 0.03
"""Share by which the loss on photos held out still fell in the last epoch, when more would help."""

ROSE = 1.1
"""Loss on photos held out at the end, relative to its lowest, from which on it rose."""


class Trouble(Enum):
    """What went wrong."""

    CAME_APART = auto()  # the loss was not a number any more
    GOT_WORSE = auto()  # or grew
    HARDLY_MOVED = auto()
    STILL_LEARNING = auto()
    BY_HEART = auto()


def trouble_in(curves: Curves) -> Trouble | None:
    """The one thing that went wrong first of all, or None."""
    epochs = curves.epochs
    if not epochs:
        return None
    if not all(math.isfinite(each.train_loss + each.valid_loss) for each in epochs):
        return Trouble.CAME_APART
    if _got_worse(epochs):
        return Trouble.GOT_WORSE
    if curves.stopped:
        return None  # by a person, who knows that it was too early
    if _hardly_moved(epochs):
        return Trouble.HARDLY_MOVED
    if _by_heart(epochs):
        return Trouble.BY_HEART
    if _still_learning(epochs):
        return Trouble.STILL_LEARNING
    return None


def _beginning(epochs: tuple[Epoch, ...]) -> float:
    """Training loss at the beginning.

    A whole network learns its head alone in the first epoch, and when the rest joins in, the loss
    first rises: batch normalisation then goes by the few photos of a batch.
    """
    return max(each.train_loss for each in epochs[: 2 if len(epochs) > 2 else 1])


def _got_worse(epochs: tuple[Epoch, ...]) -> bool:
    first = _beginning(epochs)
    most = max(each.train_loss for each in epochs)
    return len(epochs) > 1 and (epochs[-1].train_loss > GREW * first or most > BURST * first)


def _hardly_moved(epochs: tuple[Epoch, ...]) -> bool:
    moved = epochs[-1].train_loss <= STOOD * _beginning(epochs)
    return len(epochs) > 1 and not moved and epochs[-1].error > 0


def _by_heart(epochs: tuple[Epoch, ...]) -> bool:
    best = min(epochs, key=lambda each: each.valid_loss)
    last = epochs[-1]
    worse = last.valid_loss > ROSE * best.valid_loss and last.error >= best.error
    return worse and last.train_loss < best.train_loss


def _still_learning(epochs: tuple[Epoch, ...]) -> bool:
    last = epochs[-1]
    if last.error == 0 or last.train_loss <= last.valid_loss:
        return False
    if len(epochs) == 1:
        return True
    return last.valid_loss <= (1 - FELL) * epochs[-2].valid_loss
