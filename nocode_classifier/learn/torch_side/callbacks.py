"""What watches a fastai training: its curves, Stop, the best epoch, and an end when it diverges.

fastai's own `Recorder` smooths the training loss and its `SaveModelCallback` writes to a disk;
these keep what the page shows, in memory, and no training that fails ends in an exception. They may
stay with a learner over several fits (frozen, then unfrozen): epochs are counted through.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import Any

import torch
from fastai.callback.core import Callback, CancelFitException

from nocode_classifier.curves import Curves, Epoch
from nocode_classifier.progress import Progress, Report, ShouldStop, ignore, never

HOPELESS = 30.0
"""Times the loss of plain guessing: from there no training comes back in a few epochs."""

ENOUGH_BATCHES = 3
"""One odd batch is no reason to give up."""


class Count:
    """Mean loss and share of wrong answers over the photos of an epoch, batch by batch."""

    def __init__(self) -> None:
        self.photos = self.batches = self._wrong = 0
        self._loss = 0.0

    def add(self, loss: float, wrong: int, photos: int) -> None:
        """Count a batch with its mean loss."""
        self.photos += photos
        self.batches += 1
        self._wrong += wrong
        self._loss += loss * photos

    @property
    def loss(self) -> float:
        """The mean; infinite when it is not a number or nothing was counted."""
        found = self._loss / self.photos if self.photos else math.inf
        return found if math.isfinite(found) else math.inf

    @property
    def error(self) -> float:
        """Share of wrong answers, 0 to 1; 1 when nothing was counted."""
        return self._wrong / self.photos if self.photos else 1.0


class CurveKeeper(Callback):  # type: ignore[misc]  # fastai has no types
    """Writes down every epoch, tells how far the training is, ends it when it diverges.

    Attributes:
        curves: as far as the training has come; `best` and `stopped` are for others to fill in.
        apart: the loss was not finite, or hopeless. The epoch in which that happened is the last,
            and its losses are infinite.
    """

    order = 55  # after fastai's recorder, before those that go by the curves

    def __init__(
        self,
        planned: int,
        rate: float,
        *,
        classes: int,
        report: Report = ignore,
        stage: str = "Learning",
    ) -> None:
        self.curves = Curves(planned, rate)
        self.apart = False
        self._hopeless = HOPELESS * math.log(max(classes, 2))
        self._report = report
        self._stage = stage
        self._done = 0

    def before_fit(self) -> None:
        """Start the clock of this fit."""
        self._fit_began = time.monotonic()
        self._fit_done = 0

    def before_epoch(self) -> None:
        """Count anew."""
        self._epoch_began = time.monotonic()
        self._learnt, self._held_out = Count(), Count()

    def after_batch(self) -> None:
        """Count the batch and tell of it; end a training that diverged."""
        wrong = int((self.learn.pred.argmax(dim=1) != self.learn.yb[0]).sum())
        count = self._learnt if self.learn.training else self._held_out
        count.add(float(self.learn.loss.detach()), wrong, len(self.learn.yb[0]))
        self._done += 1
        self._fit_done += 1
        if self.learn.training and self._diverged():
            self.apart = True
            self._write(math.inf, math.inf, 1.0)
            self._tell()
            raise CancelFitException
        self._tell()

    def after_epoch(self) -> None:
        """Write the epoch down; fastai does not call this for one that was cut short."""
        self._write(self._learnt.loss, self._held_out.loss, self._held_out.error)
        self._tell()

    def _diverged(self) -> bool:
        enough = self._learnt.batches >= min(ENOUGH_BATCHES, len(self.dls.train))
        return self._learnt.loss == math.inf or (enough and self._learnt.loss > self._hopeless)

    def _write(self, train_loss: float, valid_loss: float, error: float) -> None:
        epoch = Epoch(train_loss, valid_loss, error, time.monotonic() - self._epoch_began)
        self.curves = replace(self.curves, epochs=(*self.curves.epochs, epoch))

    def _tell(self) -> None:
        curves = self.curves
        steps = curves.planned * (len(self.dls.train) + len(self.dls.valid))
        left = (time.monotonic() - self._fit_began) / self._fit_done * (steps - self._done)
        fraction = min(1.0, self._done / steps)
        done = len(curves.epochs)
        self._report(Progress(self._stage, done, curves.planned, fraction, max(left, 0.0), curves))


class KeepBest(Callback):  # type: ignore[misc]
    """Ends every fit with the weights of the best epoch so far, however the fit ended.

    The best has the lowest error on the photos held out, and of equals the lowest loss on them;
    without such photos it is the last. Before any epoch is whole and sound, it is the weights that
    the training began with.

    Attributes:
        best: number of that epoch, counted from 0 over all fits; None if there is none.
    """

    order = 60

    def __init__(self, keeper: CurveKeeper) -> None:
        self.best: int | None = None
        self._keeper = keeper
        self._weights: dict[str, torch.Tensor] | None = None

    def before_fit(self) -> None:
        """Remember what it began with."""
        if self._weights is None:
            self._weights = self._copy()

    def after_epoch(self) -> None:
        """Remember this epoch's weights if they are the best so far."""
        epochs = self._keeper.curves.epochs
        if self._is_better(epochs[-1], None if self.best is None else epochs[self.best]):
            self.best = len(epochs) - 1
            self._weights = self._copy()

    def after_fit(self) -> None:
        """Go back to the best."""
        if self._weights is not None:
            self.learn.model.load_state_dict(self._weights)

    def _is_better(self, one: Epoch, other: Epoch | None) -> bool:
        if not math.isfinite(one.train_loss):
            return False
        if len(self.dls.valid) == 0:
            return True
        found = (one.error, one.valid_loss)
        return math.isfinite(one.valid_loss) and (
            other is None or found < (other.error, other.valid_loss)
        )

    def _copy(self) -> dict[str, torch.Tensor]:
        state: dict[str, Any] = self.learn.model.state_dict()
        return {name: values.detach().to("cpu", copy=True) for name, values in state.items()}


class StopWhenAsked(Callback):  # type: ignore[misc]
    """Ends a fit within a batch after Stop was pressed, by fastai's `CancelFitException`.

    Attributes:
        stopped: it was.
    """

    order = 65

    def __init__(self, should_stop: ShouldStop = never) -> None:
        self.stopped = False
        self._should_stop = should_stop

    def before_epoch(self) -> None:
        """Don't begin what is not wanted any more."""
        self._look()

    def after_batch(self) -> None:
        """Look after every batch, also those of photos held out."""
        self._look()

    def _look(self) -> None:
        if self.stopped or self._should_stop():
            self.stopped = True
            raise CancelFitException


@dataclass(frozen=True, slots=True)
class Watch:
    """The callbacks of one training, made to go together.

    Attributes:
        keeper, best, stop: each may be used by itself, too.
    """

    keeper: CurveKeeper
    best: KeepBest
    stop: StopWhenAsked

    @property
    def callbacks(self) -> list[Callback]:
        """For a `Learner` or a `fit`."""
        return [self.keeper, self.best, self.stop]

    @property
    def curves(self) -> Curves:
        """What became of the training."""
        curves = self.keeper.curves
        short = self.over or len(curves.epochs) < curves.planned
        return replace(curves, best=self.best.best, stopped=short)

    @property
    def over(self) -> bool:
        """Whether no further fit is of use: it was stopped, or diverged."""
        return self.keeper.apart or self.stop.stopped


def watch(
    planned: int,
    rate: float,
    *,
    classes: int,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> Watch:
    """Callbacks for a training.

    Args:
        planned: epochs of all its fits.
        rate: the highest learning rate, for the curves.
        classes: how many there are; says how high a loss is hopeless.
        report: is told after every batch, curves included.
        should_stop: is asked after every batch.
    """
    keeper = CurveKeeper(planned, rate, classes=classes, report=report)
    return Watch(keeper, KeepBest(keeper), StopWhenAsked(should_stop))
