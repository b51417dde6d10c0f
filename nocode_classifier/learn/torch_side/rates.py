"""Finds a learning rate: fastai's finder, for rates that differ from layer to layer."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import torch
from fastai.callback.core import Callback
from fastai.callback.schedule import LRFinder, ParamScheduler, SchedExp, valley
from fastai.learner import Learner

from nocode_classifier.curves import RateSearch
from nocode_classifier.learn.torch_side.callbacks import StopWhenAsked
from nocode_classifier.progress import Progress, Report, ignore

LOWEST, HIGHEST = 1e-5, 1.0
GENTLEST, STRONGEST = 3e-4, 1e-2
"""The finder looks between the first two and is believed between these: where the head is good
already, the loss hardly falls, and its shallow valley may lie anywhere."""

FEWEST_POINTS = 6
STAGE = "Finding its pace"


class Finder(LRFinder):  # type: ignore[misc]  # fastai has no types
    """fastai's finder, for rates that differ, which remembers the weights in memory.

    fastai's own writes them to a file and reads them with what numpy is about to remove.
    """

    def __init__(self, batches: int, lower: npt.NDArray[np.float64]) -> None:
        """Try so many rates; parameter groups get these shares of each."""
        super().__init__(num_it=batches)
        self.scheds = {"lr": SchedExp(LOWEST * lower, HIGHEST * lower)}

    def before_fit(self) -> None:
        """Remember the weights."""
        ParamScheduler.before_fit(self)
        self.best_loss = math.inf
        state = self.learn.model.state_dict()
        self._weights = {name: values.detach().clone() for name, values in state.items()}

    def after_fit(self) -> None:
        """Go back to them, and forget what the optimizer knew."""
        self.learn.model.load_state_dict(self._weights)
        self.learn.opt.zero_grad()
        self.learn.opt.clear_state()


class RateSearchProgress(Callback):  # type: ignore[misc]
    """Says how far the search is."""

    order = 59  # before the finder ends it

    def __init__(self, batches: int, report: Report) -> None:
        self._batches = batches
        self._report = report

    def after_batch(self) -> None:
        """One more rate was tried."""
        done = min(self.learn.train_iter, self._batches)
        self._report(Progress(STAGE, done, self._batches, done / self._batches))


def find_rate(
    learner: Learner,
    batches: int,
    spread: float,
    stop: StopWhenAsked,
    *,
    report: Report = ignore,
) -> RateSearch:
    """Try ever higher rates, one a batch, until the loss explodes; then take all of that back.

    fastai's own `lr_find` gives all layers the same rate. Here they differ as they will when they
    learn, so what is found is what is used.

    Args:
        learner: unfrozen; left as it was.
        batches: how many rates to try.
        spread: the first parameter group gets so many times less than the last.
        stop: ends the search early.

    Returns:
        The search. `chosen` is fastai's "valley", within bounds; stopped early, it is of no use.
    """
    groups = len(learner.splitter(learner.model))
    lower = np.geomspace(1 / spread, 1.0, groups)
    epochs = batches // len(learner.dls.train) + 1
    with learner.no_bar(), learner.no_logging():
        learner.fit(epochs, cbs=[Finder(batches, lower), RateSearchProgress(batches, report), stop])
    rates = [float(rate) for rate in learner.recorder.lrs]
    losses = [_finite(float(loss)) for loss in learner.recorder.losses]
    return RateSearch(tuple(rates), tuple(losses), _choose(rates, losses, batches))


def _choose(rates: list[float], losses: list[float], batches: int) -> float:
    """The rate at the valley, as fastai suggests it, without the ends it leaves out."""
    sound = [number for number, loss in enumerate(losses) if math.isfinite(loss)]
    points = sound[batches // 10 : -5]
    if len(points) < FEWEST_POINTS:
        return GENTLEST
    seen = torch.tensor([rates[point] for point in points])
    found, _ = valley(seen, torch.tensor([losses[point] for point in points]), batches)
    return min(max(float(found), GENTLEST), STRONGEST)


def _finite(loss: float) -> float:
    return loss if math.isfinite(loss) else math.inf
