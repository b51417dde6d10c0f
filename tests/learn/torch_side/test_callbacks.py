"""What watches a fastai training, on a network small enough to train in a moment."""

from __future__ import annotations

import math
from pathlib import Path

import fastai.callback.schedule  # noqa: F401  # puts fit_one_cycle on every Learner
import pytest
import torch
from fastai.data.core import DataLoaders
from fastai.learner import Learner
from torch import nn
from torch.utils.data import TensorDataset

from nocode_classifier.learn.torch_side.callbacks import Watch, watch
from nocode_classifier.progress import Progress


def points(count: int, seed: int) -> TensorDataset:
    """Three heaps of points in a plane."""
    torch.manual_seed(seed)
    labels = torch.arange(count) % 3
    centres = torch.tensor([[0.0, 3.0], [3.0, -2.0], [-3.0, -2.0]])
    return TensorDataset(centres[labels] + torch.randn(count, 2), labels)


def learner(folder: Path, *, photos: int = 60, held_out: int = 30) -> Learner:
    loaders = DataLoaders.from_dsets(
        points(photos, 0), points(held_out, 1), bs=10, num_workers=0, device=torch.device("cpu")
    )
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(2, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 3))
    return Learner(loaders, network, loss_func=nn.CrossEntropyLoss(), path=folder)


def fit(one: Learner, found: Watch, epochs: int, rate: float) -> None:
    with one.no_bar(), one.no_logging(), one.added_cbs(found.callbacks):
        one.fit_one_cycle(epochs, rate)


def accuracy(one: Learner) -> float:
    inputs, labels = one.dls.valid.dataset.tensors
    one.model.eval()
    return float((one.model(inputs).argmax(dim=1) == labels).float().mean())


def test_curves_say_how_each_epoch_went(tmp_path: Path) -> None:
    one, told = learner(tmp_path), list[Progress]()
    found = watch(4, 0.01, classes=3, report=told.append)
    fit(one, found, 4, 0.01)
    curves = found.curves
    assert (curves.planned, curves.rate, len(curves.epochs)) == (4, 0.01, 4)
    assert not curves.stopped
    assert curves.epochs[-1].train_loss < curves.epochs[0].train_loss
    best = curves.epochs[curves.best or 0]
    assert best.error == min(epoch.error for epoch in curves.epochs)
    assert best.error == pytest.approx(1 - accuracy(one))
    assert all(epoch.seconds > 0 for epoch in curves.epochs)


def test_progress_is_told_batch_by_batch_with_the_curves(tmp_path: Path) -> None:
    told: list[Progress] = []
    fit(learner(tmp_path), watch(2, 0.01, classes=3, report=told.append), 2, 0.01)
    fractions = [progress.fraction for progress in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert told[-1].seconds_left == 0
    assert len(told) >= 2 * (6 + 3)
    assert told[-1].curves is not None
    assert len(told[-1].curves.epochs) == 2


def test_the_best_epoch_is_kept_though_later_ones_are_worse(tmp_path: Path) -> None:
    one = learner(tmp_path)
    found = watch(4, 0.01, classes=3)
    fit(one, found, 2, 0.05)
    good, kept = accuracy(one), found.best.best
    one.loss_func = lambda scores, labels: nn.functional.cross_entropy(scores, (labels + 1) % 3)
    with one.no_bar(), one.no_logging(), one.added_cbs(found.callbacks):
        one.fit(2, 0.1)
    assert found.curves.epochs[-1].error > 0.5
    assert found.curves.best == kept
    assert accuracy(one) == good


def test_stop_in_the_middle_of_an_epoch_ends_within_a_batch_and_keeps_the_best(
    tmp_path: Path,
) -> None:
    one, told = learner(tmp_path), list[Progress]()
    found = watch(
        5, 0.01, classes=3, report=told.append, should_stop=lambda: len(told) >= 9 + 1 + 3
    )
    fit(one, found, 5, 0.01)
    assert len(told) == 9 + 1 + 3
    assert found.stop.stopped
    assert found.over
    assert found.curves.stopped
    assert len(found.curves.epochs) == 1
    assert accuracy(one) == pytest.approx(1 - found.curves.epochs[0].error)


def test_stop_before_the_first_epoch_is_whole_leaves_the_weights_as_they_were(
    tmp_path: Path,
) -> None:
    one, told = learner(tmp_path), list[Progress]()
    before = {name: values.clone() for name, values in one.model.state_dict().items()}
    found = watch(5, 0.1, classes=3, report=told.append, should_stop=lambda: len(told) >= 3)
    fit(one, found, 5, 0.1)
    assert found.curves.epochs == ()
    assert found.curves.best is None
    assert all((before[name] == values).all() for name, values in one.model.state_dict().items())


@pytest.mark.parametrize("rate", [1e4, 1e30])
def test_a_rate_that_is_absurd_ends_with_an_infinite_loss_and_no_error(
    tmp_path: Path, rate: float
) -> None:
    one = learner(tmp_path)
    found = watch(6, rate, classes=3)
    fit(one, found, 6, rate)
    assert found.keeper.apart
    assert found.curves.epochs[-1].train_loss == math.inf
    assert found.curves.epochs[-1].valid_loss == math.inf
    assert found.curves.stopped
    assert all(values.isfinite().all() for values in one.model.state_dict().values())


def test_without_photos_held_out_the_last_epoch_is_kept(tmp_path: Path) -> None:
    one = learner(tmp_path, held_out=0)
    found = watch(3, 0.01, classes=3)
    fit(one, found, 3, 0.01)
    assert found.curves.best == 2
    assert found.curves.epochs[2].train_loss < found.curves.epochs[0].train_loss


def test_an_epoch_is_counted_over_all_photos_whatever_the_batches(tmp_path: Path) -> None:
    one = learner(tmp_path, held_out=25)  # batches of 10, 10 and 5
    found = watch(1, 0.0, classes=3)
    fit(one, found, 1, 0.0)
    inputs, labels = one.dls.valid.dataset.tensors
    expected = nn.functional.cross_entropy(one.model.eval()(inputs), labels)
    assert found.curves.epochs[0].valid_loss == pytest.approx(expected.item(), rel=1e-5)
    assert found.curves.epochs[0].error == pytest.approx(1 - accuracy(one))
