"""Fine-tunes a whole network the way the fastai course teaches it.

Freeze, fit one epoch of the head, unfreeze, find a learning rate, fit with one cycle and a slice of
rates: the first layers, which see edges and colours, learn a hundred times slower than the head
(Howard and Ruder, "Universal language model fine-tuning for text classification", ACL 2018; Smith,
"A disciplined approach to neural network hyper-parameters", arXiv 1803.09820).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import fastai.callback.fp16  # puts to_fp16 on every Learner
import fastai.callback.schedule  # noqa: F401  # puts fit_one_cycle there
import numpy as np
import numpy.typing as npt
import torch
from fastai.data.core import DataLoaders
from fastai.learner import Learner
from torch import nn

from nocode_classifier.curves import Curves
from nocode_classifier.errors import Cancelled
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.settings import Augmentation, Mode, Settings
from nocode_classifier.learn.torch_side.callbacks import Watch, watch
from nocode_classifier.learn.torch_side.devices import best_device
from nocode_classifier.learn.torch_side.pictures import VIEWS, Batches, MappedPhotos, decode
from nocode_classifier.learn.torch_side.rates import find_rate
from nocode_classifier.learn.torch_side.stages import StagedNetwork
from nocode_classifier.learn.torch_side.starting_head import fit_starting_head
from nocode_classifier.learn.torch_side.whole_model import (
    KeepFrozen,
    WholeNetwork,
    parameter_groups,
)
from nocode_classifier.learn.tuning.epochs import usual_epochs
from nocode_classifier.progress import (
    Progress,
    Report,
    ShouldStop,
    check_stop,
    ignore,
    never,
    part_of,
)

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

SEED = 42
FROZEN_RATE = 2e-3
"""For the epoch in which only the head learns: fastai's own."""

SPREAD = 100.0
"""The first layers learn so many times slower than the head, as in fastai's `fine_tune`."""

MANY_RATES, FEW_RATES = 100, 30
"""Batches the learning-rate finder takes, with a graphics card and without: there, 100 would take
longer than all the rest."""

FEWEST_PHOTOS = 8
"""In a batch, if there are so many."""

READ, LOOKED = 0.03, 0.08
"""Shares of the whole work: photos read, features known."""

FROZEN_COST = 1 / 3
"""What a batch takes while only the head learns, of what it takes when everything does."""

LOOKING = "Looking at your photos"


def fine_tune_whole(
    network: StagedNetwork,
    backbone: Backbone,
    photos: Sequence[Path],
    labels: IntArray,
    held_out: BoolArray,
    *,
    classes: int,
    settings: Settings,
    work: Path,
    features: FloatArray | None = None,
    report: Report = ignore,
    should_stop: ShouldStop = never,
    device: torch.device | None = None,
) -> tuple[StagedNetwork, Curves]:
    """Fine-tune all of a network.

    Args:
        network: pretrained; it is trained in place.
        backbone: says how photos enter it, at the size to train with.
        photos: n files.
        labels: class of each, int64 [n].
        held_out: bool [n]; these are never learnt from, but say which epoch was the best.
        classes: how many there are.
        settings: epochs, rate and augmentation; what is None is chosen here.
        work: temporary folder for decoded photos.
        features: float32 [n, d] of all photos by the untouched network, both views, if they are
            known; computed here otherwise.
        report, should_stop: as everywhere; Stop ends a fit within a batch.
        device: to train on; the best there is by default.

    Returns:
        The network of the best epoch, on the processor in evaluation mode, and how it went. A
        training that was stopped, or diverged, gives its best epoch so far, or the network as it
        was.

    Raises:
        InputError: a photo can't be read any more.
    """
    device = best_device() if device is None else device
    epochs = settings.epochs or usual_epochs(Mode.FULL, len(photos))
    untouched = Curves(epochs, settings.rate or FROZEN_RATE, stopped=True)
    try:
        pictures = decode(
            photos,
            work,
            backbone.input_size,
            report=part_of(report, 0.0, READ),
            should_stop=should_stop,
        )
    except Cancelled:
        return network.cpu().eval(), untouched
    try:
        data = _Data(pictures, labels, held_out, backbone, settings.augmentation or Augmentation())
        training = _Training(
            data, network, device, epochs, settings.rate, work, _on_the_clock(report), should_stop
        )
        curves = training.run(classes, features)
    except Cancelled:
        curves = untouched
    finally:
        pictures.close()
    return network.cpu().float().to(memory_format=torch.contiguous_format).eval(), curves


@dataclass(frozen=True, slots=True)
class _Data:
    """The photos of a training and how they are given to the network."""

    pictures: MappedPhotos
    labels: IntArray
    held_out: BoolArray
    backbone: Backbone
    augmentation: Augmentation

    def batches(
        self, which: BoolArray, photos: int, *, varied: bool, views: int = VIEWS
    ) -> Batches:
        return Batches(
            self.pictures,
            self.labels,
            np.flatnonzero(which),
            self.backbone.input_size,
            photos,
            augmentation=self.augmentation if varied else None,
            views=views,
            seed=SEED,
        )

    def photos_in_a_batch(self, device: torch.device) -> int:
        """As many as is usual, but several batches an epoch, and no more than memory bears."""
        most = 32 if device.type == "cuda" else 16
        most = round(most * min(1.0, (224 / self.backbone.input_size) ** 2))
        return max(1, min(max(FEWEST_PHOTOS, int((~self.held_out).sum()) // 8), most))


@dataclass(frozen=True, slots=True)
class _Training:
    """One fine-tuning, phase by phase."""

    data: _Data
    network: StagedNetwork
    device: torch.device
    epochs: int
    rate: float | None
    work: Path
    report: Report
    should_stop: ShouldStop

    def run(self, classes: int, features: FloatArray | None) -> Curves:
        """Freeze, fit, unfreeze, find a rate, fit."""
        torch.manual_seed(SEED)
        frozen = 1 if self.epochs > 1 else 0
        learner = self._learner(self._model(classes, features))
        searched, fitted = self._phases(frozen, len(learner.dls.train))
        found = watch(
            self.epochs,
            self.rate or FROZEN_RATE,
            classes=classes,
            should_stop=self.should_stop,
            report=_around_search(self.report, frozen / self.epochs, searched, fitted),
        )
        with learner.no_logging(), learner.no_bar():
            if frozen:
                learner.freeze()
                rate = found.keeper.curves.rate
                learner.fit_one_cycle(frozen, rate, pct_start=0.9, cbs=found.callbacks)
            if not found.over:
                learner.unfreeze()
                self._learn(learner, found, part_of(self.report, searched, fitted))
        return found.curves

    @property
    def _rates(self) -> int:
        """Batches that the search for a rate takes."""
        if self.rate is not None:
            return 0
        return MANY_RATES if self.device.type == "cuda" else FEW_RATES

    def _phases(self, frozen: int, batches: int) -> tuple[float, float]:
        """Shares of the whole work after which the search, and then the main phase, begins."""
        first = frozen * batches * FROZEN_COST
        total = first + self._rates + (self.epochs - frozen) * batches
        share = (1 - LOOKED) / total
        return LOOKED + share * first, LOOKED + share * (first + self._rates)

    def _learn(self, learner: Learner, found: Watch, report: Report) -> None:
        """The main phase: everything learns, at the rate given or found."""
        keeper = found.keeper
        if self.rate is None:
            search = find_rate(learner, self._rates, SPREAD, found.stop, report=report)
            if found.over:
                return
            keeper.curves = replace(keeper.curves, rate=search.chosen, search=search)
        rate, left = keeper.curves.rate, self.epochs - len(keeper.curves.epochs)
        learner.fit_one_cycle(left, slice(rate / SPREAD, rate), div=5.0, cbs=found.callbacks)

    def _learner(self, model: WholeNetwork) -> Learner:
        """A learner; on a processor it learns from one view at a time, in half the time."""
        data, photos = self.data, self.data.photos_in_a_batch(self.device)
        views = 1 if self.device.type == "cpu" else VIEWS
        learnt = data.batches(~data.held_out, photos, varied=True, views=views)
        judged = data.batches(data.held_out, 2 * photos, varied=False)
        loaders = DataLoaders(learnt, judged, path=self.work, device=self.device)
        learner = Learner(
            loaders,
            model.to(self.device),
            loss_func=nn.CrossEntropyLoss(),
            splitter=parameter_groups,
            # What is frozen is frozen: fastai would go on learning its batch normalisation.
            train_bn=False,
            cbs=KeepFrozen(model.network),
        )
        return learner.to_fp16() if self.device.type == "cuda" else learner

    def _model(self, classes: int, features: FloatArray | None) -> WholeNetwork:
        """The network with the quick way's head behind it, fitted without the photos held out."""
        data, seen = self.data, ~self.data.held_out
        self.network.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        model = WholeNetwork(self.network, nn.Identity(), data.backbone).to(self.device)
        known = self._features(model) if features is None else features[seen]
        model.head = fit_starting_head(known, data.labels[seen], classes)
        return model

    def _features(self, model: WholeNetwork) -> FloatArray:
        """Features of the photos to learn from, by the network as it is, float32 [n, d]."""
        batches = self.data.batches(~self.data.held_out, 16, varied=False)
        report, found = part_of(self.report, READ, LOOKED), []
        model.eval()
        with torch.no_grad():
            for done, (views, _) in enumerate(batches, start=1):
                check_stop(self.should_stop)
                found.append(model.features(views.to(self.device)).cpu().numpy())
                report(Progress(LOOKING, done, len(batches), done / len(batches)))
        return np.concatenate(found)


def _around_search(report: Report, knot: float, searched: float, fitted: float) -> Report:
    """Spread epochs over the whole work: up to `knot` before the search, the others after it."""

    def report_phase(progress: Progress) -> None:
        part = progress.fraction
        if part <= knot:
            fraction = LOOKED + (searched - LOOKED) * part / knot
        else:
            fraction = fitted + (1 - fitted) * (part - knot) / (1 - knot)
        report(replace(progress, fraction=fraction))

    return report_phase


def _on_the_clock(report: Report) -> Report:
    """Tell the time left from the share that is done: phases are of different speed."""
    began = time.monotonic()

    def report_time(progress: Progress) -> None:
        passed, done = time.monotonic() - began, progress.fraction
        left = passed * (1 - done) / done if done > 0.02 else None
        report(replace(progress, seconds_left=left))

    return report_time
