"""What the curves of a fine-tuning say about its learning rate and its number of rounds.

Only shapes are judged, not heights: how low a loss can get depends on the photos, on how many
classes there are, and on whether labels are smoothed.
"""

from __future__ import annotations

import math
from enum import Enum, auto

from nocode_classifier.curves import Curves, Epoch

GREW = 1.25
"""Training loss at the end, relative to the beginning, from which on it grew. At a tenth of the
highest sensible rate it fell to 0.3 to 0.8; at ten times that rate it was 4 to 20 times as high,
where it did not diverge."""

STOOD = 0.92
"""Training loss at the end, relative to the beginning, above which it hardly moved. At the usual
rate 0.5 after five epochs, at a thirtieth of it 0.94, at less than a hundredth 0.99."""

FELL = 0.05
"""Share by which both losses still fell in the last epoch, when more would help. Of two epochs: 7.6
and 25 %; of eight: nothing, since the rate falls to nought over all that are planned."""

ROSE = 1.1
"""Loss on photos held out at the end, relative to its lowest, from which on it rose. It varies by
0.03 from epoch to epoch, and rose to 2.3 times where wrong labels were overfitted."""

LEARNT = 0.8
"""Training loss at the end, relative to the epoch with the best answers to others, from which on it
overfitted meanwhile: 0.3 there."""


class Trouble(Enum):
    """What went wrong."""

    DIVERGED = auto()  # the loss is not a number any more
    GOT_WORSE = auto()  # it grew
    HARDLY_MOVED = auto()
    OVERFITTED = auto()  # it fell on photos learnt from, and rose on others
    STILL_LEARNING = auto()
    ONCE_ONLY = auto()  # a single epoch, of which nothing can be seen


def trouble_in(curves: Curves) -> Trouble | None:
    """The one thing that went wrong first of all, or None."""
    epochs = curves.epochs
    if not epochs:
        return None
    if not all(math.isfinite(each.train_loss + each.valid_loss) for each in epochs):
        return Trouble.DIVERGED
    if _got_worse(epochs):
        return Trouble.GOT_WORSE
    if curves.stopped:
        return None  # by a person, who knows that it was too early
    if _hardly_moved(epochs):
        return Trouble.HARDLY_MOVED
    if _overfitted(epochs):
        return Trouble.OVERFITTED
    if epochs[-1].error == 0:
        return None
    if len(epochs) == 1:
        return Trouble.ONCE_ONLY
    return Trouble.STILL_LEARNING if _still_learning(*epochs[-2:]) else None


def _beginning(epochs: tuple[Epoch, ...]) -> float:
    """Training loss at the beginning.

    A whole network learns its head alone in the first epoch, and when the rest joins in, the loss
    first rises: batch normalisation then goes by the few photos of a batch.
    """
    return max(each.train_loss for each in epochs[: 2 if len(epochs) > 2 else 1])


def _got_worse(epochs: tuple[Epoch, ...]) -> bool:
    first = _beginning(epochs)
    return len(epochs) > 1 and epochs[-1].train_loss > GREW * first


def _hardly_moved(epochs: tuple[Epoch, ...]) -> bool:
    moved = epochs[-1].train_loss <= STOOD * _beginning(epochs)
    return len(epochs) > 1 and not moved and epochs[-1].error > 0


def _overfitted(epochs: tuple[Epoch, ...]) -> bool:
    best = min(epochs, key=lambda each: each.valid_loss)
    last = epochs[-1]
    worse = last.valid_loss > ROSE * best.valid_loss and last.error >= best.error
    return worse and last.train_loss <= LEARNT * best.train_loss


def _still_learning(before: Epoch, last: Epoch) -> bool:
    on_both = (
        last.train_loss <= (1 - FELL) * before.train_loss,
        last.valid_loss <= (1 - FELL) * before.valid_loss,
    )
    return all(on_both)
