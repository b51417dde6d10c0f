"""Rounds of tuning on activations that are computed once."""

from __future__ import annotations

from dataclasses import replace
from functools import partialmethod
from pathlib import Path

import numpy as np
import pytest
import torch
from fastai.learner import Learner

from nocode_classifier.curves import Curves, Epoch
from nocode_classifier.learn.backbones.registry import DEFAULT
from nocode_classifier.learn.features import Extractor, TrainingPhoto
from nocode_classifier.learn.settings import Augmentation, Mode, Settings
from nocode_classifier.learn.torch_side import thorough
from nocode_classifier.learn.torch_side.activations import Activations, compute_activations
from nocode_classifier.learn.torch_side.families import load_staged
from nocode_classifier.learn.torch_side.side_by_side import mean_of
from nocode_classifier.learn.torch_side.stages import StagedNetwork
from nocode_classifier.learn.tuning.request import TuningRequest
from nocode_classifier.progress import ignore
from tests.learning import drawn_photos


@pytest.fixture(scope="module")
def network() -> StagedNetwork:
    return load_staged(DEFAULT)


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[TrainingPhoto]:
    return drawn_photos(tmp_path_factory.mktemp("photos"), {"circle": 4, "stripes": 4})


@pytest.fixture(scope="module")
def activations(
    network: StagedNetwork, photos: list[TrainingPhoto], tmp_path_factory: pytest.TempPathFactory
) -> Activations:
    folder = tmp_path_factory.mktemp("activations")
    paths = [photo.path for photo in photos]
    return compute_activations(network, DEFAULT, paths, Augmentation(), folder, ignore)


@pytest.fixture(scope="module")
def request_(photos: list[TrainingPhoto], extractor: Extractor) -> TuningRequest:
    features = np.stack([np.frombuffer(extractor.look(each), "<f2") for each in photos])
    return TuningRequest(
        Settings(Mode.THOROUGH, epochs=2, rate=1e-3),
        tuple(photo.path for photo in photos),
        np.array([0] * 4 + [1] * 4),
        2,
        features.astype(np.float32),
        np.arange(8)[None] % 4 == 0,
        Path(),
    )


def test_activations_of_a_photo_as_it_is_give_the_features_of_the_graph(
    network: StagedNetwork, activations: Activations, request_: TuningRequest
) -> None:
    assert activations.views == 8
    found = thorough._features(network, activations, exact=True)
    np.testing.assert_allclose(found, request_.features, atol=0.02, rtol=0.01)


def test_nothing_that_is_held_out_has_a_part_in_a_round(
    network: StagedNetwork, activations: Activations, request_: TuningRequest, tmp_path: Path
) -> None:
    held_out = request_.rounds[0]
    labels, features = request_.labels.copy(), request_.features.copy()
    values = np.fromfile(activations.file, np.float16).reshape(activations.shape)
    labels[held_out], features[held_out], values[held_out] = 1 - labels[held_out], 7.0, 0.5
    other = replace(request_, labels=labels, features=features)
    one, _ = thorough._round(request_, 0, network, activations, ignore)
    values.tofile(tmp_path / "activations")
    altered = replace(activations, file=tmp_path / "activations")
    two, _ = thorough._round(other, 0, network, altered, ignore)
    for tuned, same in zip(one.state_dict().values(), two.state_dict().values(), strict=True):
        assert torch.equal(tuned, same)


def test_a_batch_in_parts_makes_the_step_of_a_whole_one(
    network: StagedNetwork,
    activations: Activations,
    request_: TuningRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(thorough, "knows_bfloat16", lambda device: False)
    # A cycle of so few batches would be at another rate with the last part than with the first.
    constant = partialmethod(lambda learner, epochs, rates, **_: learner.fit(epochs, rates))
    monkeypatch.setattr(Learner, "fit_one_cycle", constant)
    whole, curves = thorough._round(request_, 0, network, activations, ignore)
    monkeypatch.setattr(thorough, "AT_A_TIME", 2)
    parts, same = thorough._round(request_, 0, network, activations, ignore)
    assert same.epochs[-1].train_loss == pytest.approx(curves.epochs[-1].train_loss, rel=1e-3)
    before = dict(network.named_parameters())
    for (name, one), two in zip(whole.named_parameters(), parts.parameters(), strict=True):
        assert (one - two).norm() <= 0.05 * (one - before[name]).norm(), name


def test_the_last_stages_learn_and_the_first_and_the_statistics_stay(
    network: StagedNetwork, activations: Activations, request_: TuningRequest
) -> None:
    tuned, curves = thorough._round(request_, 0, network, activations, ignore)
    assert len(curves.epochs) == curves.planned == 2
    before = dict(network.named_parameters())
    changed = {name for name, values in tuned.named_parameters() if (values != before[name]).any()}
    assert {int(name.split(".")[1]) for name in changed} == set(range(network.cut, 9))
    assert not [name for name in changed if "conv_dw" in name]
    for values, old in zip(tuned.buffers(), network.buffers(), strict=True):
        assert torch.equal(values, old)


def test_curves_of_rounds_are_averaged_by_photos() -> None:
    def curves(loss: float, error: float) -> Curves:
        return Curves(1, 1e-3, (Epoch(loss, loss, error, 1.0),))

    found = mean_of([(curves(1.0, 0.0), 30), (curves(2.0, 0.4), 10)])
    assert found.epochs == (Epoch(1.25, 1.25, 0.1, 1.0),)
    assert (found.best, found.stopped) == (0, False)
