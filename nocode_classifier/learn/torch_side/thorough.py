"""Tunes the last stages of a network on cached activations of varied copies of the photos.

It begins with the quick way's head and goes gently: one cycle (Smith, "A disciplined approach to
neural network hyper-parameters", arXiv 1803.09820) with a rate for each stage, the first the
lowest (Howard and Ruder, "Universal language model fine-tuning for text classification", ACL
2018). Batch normalisation keeps its statistics, and convolutions with depthwise filters keep
their weights: they hold 2 % of them, and their gradients take long. In the end the weights are
halfway between pretrained and tuned (Wortsman et al., "Robust fine-tuning of zero-shot models",
CVPR 2022): that keeps what fine-tuning gives on hand signs and takes away what it costs on hot
dogs.

Measured, six epochs, wrong answers on the test photos; the quick way's head on tuned features:

    photos        quick   tuned, 3e-4   halfway, 3e-4   tuned, 1e-3   halfway, 1e-3
    200 signs       5          2              1              2              3
    300 hot dogs   27         27             26             28             27

The head that was tuned along is worse than the quick way's head on tuned features everywhere (8 and
30 wrong answers), so it is not kept.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from fastai.callback.schedule import Learner  # not fastai.learner: this one has fit_one_cycle
from fastai.callback.training import GradientAccumulation
from fastai.data.core import DataLoaders
from fastai.losses import LabelSmoothingCrossEntropyFlat
from fastai.optimizer import OptimWrapper
from torch import nn

from nocode_classifier.curves import Curves
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.settings import Augmentation
from nocode_classifier.learn.torch_side.activations import Activations, compute_activations
from nocode_classifier.learn.torch_side.callbacks import CurveKeeper
from nocode_classifier.learn.torch_side.convert import write_extractor
from nocode_classifier.learn.torch_side.devices import best_device
from nocode_classifier.learn.torch_side.last_stages import (
    LastStages,
    is_a_filter_a_channel,
    knows_bfloat16,
)
from nocode_classifier.learn.torch_side.side_by_side import CombinedProgress, mean_of
from nocode_classifier.learn.torch_side.stages import StagedNetwork
from nocode_classifier.learn.torch_side.starting_head import fit_starting_head
from nocode_classifier.learn.tuning.request import EXTRACTOR, TuningRequest, features_file
from nocode_classifier.memory import give_back_memory
from nocode_classifier.progress import Report, part_of

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

HALFWAY = 0.5
BATCH = 32
AT_A_TIME = 8
"""Photos of a batch whose gradients are taken at a time; their sum makes the batch's step. Since
batch normalisation keeps its statistics that comes to the same, in a third of the memory, and
takes no longer."""

GIVE_BACK_EVERY = 32
"""Parts of batches after which freed memory goes back to the system."""

SMOOTHING = 0.1
SLOWER = 0.5
"""Each stage learns at this share of the rate of the one behind it."""

HEAD_FASTER = 10.0
WARM_UP = 0.25
SEED = 42


class Batches:
    """What a fastai `Learner` takes for a loader: a view of each photo, another in every epoch."""

    def __init__(
        self, activations: Activations, labels: IntArray, chosen: IntArray, *, varied: bool
    ) -> None:
        """Give the `chosen` photos; not `varied` they come in order, whole and as they are."""
        self._activations, self._labels, self._chosen = activations, labels, chosen
        self._varied = varied
        self._parts = [
            part
            for batch in _divided(np.arange(len(chosen)), BATCH)
            for part in _divided(batch, AT_A_TIME)
        ]
        self._epoch = 0

    def __len__(self) -> int:
        return len(self._parts)

    def to(self, device: torch.device) -> Batches:
        """Batches are made in ordinary memory; the learner moves them."""
        return self

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """One epoch: activations [n, 1, ...] and labels int64 [n]."""
        order, views = self._chosen, np.zeros(len(self._chosen), np.int64)
        if self._varied:
            self._epoch += 1
            rng = np.random.default_rng([SEED, self._epoch])
            order = rng.permutation(order)
            views = rng.integers(0, self._activations.views, len(order))
        for number, part in enumerate(self._parts):
            if number % GIVE_BACK_EVERY == 0:
                give_back_memory()
            photos = order[part]
            values = self._activations.of(photos, views[part, None])
            yield values, torch.from_numpy(self._labels[photos])


def _divided(numbers: IntArray, most: int) -> list[IntArray]:
    """Parts of nearly equal size, none larger than `most`."""
    count = -(-len(numbers) // most)
    return np.array_split(numbers, count) if count else []


def tune_thorough(
    request: TuningRequest, network: StagedNetwork, backbone: Backbone, folder: Path, report: Report
) -> Curves:
    """Tune in every round; write each round's features and the last one's network.

    Args:
        request: what is asked.
        network: pretrained, left as it is.
        backbone: says how photos enter it.
        folder: takes the result, and the activations meanwhile.
        report: hears how far it is.

    Returns:
        How the rounds with photos held out went, on average.

    Raises:
        InputError: a photo can't be read any more.
    """
    augmentation = request.settings.augmentation or Augmentation()
    looking = _share_of_looking(request)
    activations = compute_activations(
        network, backbone, request.photos, augmentation, folder, part_of(report, 0.0, looking)
    )
    together = CombinedProgress(part_of(report, looking, 0.98), len(request.rounds))
    numbers = range(len(request.rounds))
    workers, threads = _division(len(request.rounds))

    def work(number: int) -> tuple[StagedNetwork, Curves]:
        torch.set_num_threads(threads)  # every thread has a number of its own
        tuned, curves = _round(request, number, network, activations, together.part(number))
        last = number == numbers[-1]
        give_back_memory()
        np.save(features_file(folder, number), _features(tuned, activations, exact=last))
        return tuned, curves

    with ThreadPoolExecutor(workers, thread_name_prefix="round") as pool:
        done = list(pool.map(work, numbers))
    write_extractor(done[-1][0], backbone, folder / EXTRACTOR)
    counts = request.rounds.sum(axis=1).tolist()
    return mean_of([(curves, n) for (_, curves), n in zip(done, counts, strict=True) if n])


def _division(rounds: int) -> tuple[int, int]:
    """How many rounds run at a time, and threads for each.

    On a processor a round a core is quicker than all cores for one: its layers are small, and
    threads that wait for each other after every one of them come to a crawl as soon as anything
    else is running (measured: 60 seconds for an epoch of 400 photos on a busy machine, instead of
    3). A graphics card does one after the other.
    """
    cores = os.cpu_count() or 1
    if best_device().type != "cpu":
        return 1, cores
    workers = min(rounds, cores)
    return workers, max(1, cores // workers)


def _share_of_looking(request: TuningRequest) -> float:
    """How much of all the time computing activations takes, about."""
    passes = (request.settings.epochs or 1) * len(request.rounds)
    return 10 / (10 + passes)


def _round(
    request: TuningRequest,
    number: int,
    network: StagedNetwork,
    activations: Activations,
    report: Report,
) -> tuple[StagedNetwork, Curves]:
    """Tune a copy of the network without the photos held out, for a fixed number of epochs.

    The photos held out choose nothing here, not even an epoch: they are what accuracy is measured
    on afterwards.
    """
    held_out, settings = request.rounds[number], request.settings
    epochs, rate = settings.epochs or 1, settings.rate or 1e-4
    seen = np.flatnonzero(~held_out)
    device = best_device()
    head = fit_starting_head(request.features[seen], request.labels[seen], request.classes)
    model = LastStages(copy.deepcopy(network), head, halves=knows_bfloat16(device))
    model.network.to(memory_format=torch.channels_last)
    groups = _parameter_groups(model)
    keeper = CurveKeeper(
        epochs,
        rate,
        classes=request.classes,
        report=report,
        stage="Training the network",
    )
    learner = Learner(
        DataLoaders(
            Batches(activations, request.labels, seen, varied=True),
            Batches(activations, request.labels, np.flatnonzero(held_out), varied=False),
            device=device,
        ),
        model.to(device),
        LabelSmoothingCrossEntropyFlat(eps=SMOOTHING),
        opt_func=partial(OptimWrapper, opt=torch.optim.AdamW),
        splitter=lambda _: groups,
        cbs=[keeper, GradientAccumulation(len(_divided(seen, BATCH)[-1]))],
        train_bn=False,
    )
    with learner.no_bar(), learner.no_logging():
        learner.fit_one_cycle(epochs, _rates(rate, len(groups)), pct_start=WARM_UP, wd=0.01)
    tuned = model.cpu().whole()
    _go_halfway(tuned, network)
    return tuned, keeper.curves


def _parameter_groups(model: LastStages) -> list[list[nn.Parameter]]:
    """What learns, stage by stage, then the head; nothing else needs a gradient."""
    model.network.requires_grad_(False)
    groups = []
    for stage in model.network.stages[model.network.cut :]:
        group = [
            values
            for part in stage.modules()
            if not is_a_filter_a_channel(part)
            for values in part.parameters(recurse=False)
        ]
        if group:
            groups.append(group)
    for group in groups:
        for values in group:
            values.requires_grad_(True)
    return [*groups, list(model.head.parameters())]


def _rates(highest: float, groups: int) -> FloatArray:
    """For each group: stages by `SLOWER`, the head faster than all."""
    stages = highest * SLOWER ** np.arange(groups - 2, -1, -1)
    return np.array([*stages, highest * HEAD_FASTER], np.float32)


def _go_halfway(tuned: StagedNetwork, pretrained: StagedNetwork) -> None:
    with torch.no_grad():
        for values, before in zip(tuned.parameters(), pretrained.parameters(), strict=True):
            values.copy_(torch.lerp(before, values, HALFWAY))


def _features(network: StagedNetwork, activations: Activations, *, exact: bool) -> FloatArray:
    """Features of all photos as they are, float32 [n, d]; `exact` ones are the graph's."""
    halves = not exact and knows_bfloat16(torch.device("cpu"))
    model = LastStages(network, nn.Identity(), halves=halves).train(False)
    numbers = np.arange(activations.photos)
    with torch.inference_mode():
        parts = [
            model.features(activations.of(part, np.tile([0, 1], (len(part), 1)))).numpy()
            for part in _divided(numbers, AT_A_TIME)
        ]
    model.whole()
    return np.concatenate(parts)
