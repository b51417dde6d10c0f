"""Fine-tuning a whole network, on networks small enough to be trained for real in a second."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from nocode_classifier.curves import Curves
from nocode_classifier.learn.augment import augmented
from nocode_classifier.learn.backbones.registry import DEFAULT
from nocode_classifier.learn.heads.head import fit_head
from nocode_classifier.learn.settings import Augmentation, Mode, Settings
from nocode_classifier.learn.torch_side import whole
from nocode_classifier.learn.torch_side.families import load_staged
from nocode_classifier.learn.torch_side.pictures import decode
from nocode_classifier.learn.torch_side.stages import StagedNetwork
from nocode_classifier.learn.torch_side.starting_head import StartingHead, fit_starting_head
from nocode_classifier.learn.torch_side.whole import fine_tune_whole
from nocode_classifier.learn.torch_side.whole_model import (
    KeepFrozen,
    WholeNetwork,
    parameter_groups,
)
from nocode_classifier.learn.views import views_of
from nocode_classifier.progress import Progress
from tests.drawing import draw_folder, draw_image

SIDE = 96
BACKBONE = DEFAULT.at(SIDE)
SHAPES = ("circle", "stripes", "triangle")
Tune = Callable[..., tuple[StagedNetwork, Curves]]


def stage(inputs: int, outputs: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


def small_network() -> StagedNetwork:
    """Five stages, the last three pooled; the same every time, and used to such photos."""
    torch.manual_seed(1)
    stages = [stage(3, 8), stage(8, 16), stage(16, 24), stage(24, 32), stage(32, 32)]
    network = StagedNetwork(stages, taps=[2, 3, 4], cut=3)
    photos = [np.asarray(draw_image(shape, 99, (SIDE, SIDE))) for shape in SHAPES for _ in range(2)]
    with torch.no_grad():
        for _ in range(40):
            network(torch.from_numpy(np.stack(photos)).permute(0, 3, 1, 2) / 127.5 - 1)
    return network.eval()


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Sixteen photos of each of three shapes, shape by shape."""
    folder = draw_folder(tmp_path_factory.mktemp("drawn"), dict.fromkeys(SHAPES, 16))
    return sorted(folder.rglob("*.jpg"))


@pytest.fixture
def tune(drawn: list[Path], tmp_path: Path) -> Tune:
    """Fine-tunes a small network on the drawn photos; every fourth is held out."""

    def run(
        network: StagedNetwork | None = None, photos: list[Path] | None = None, **options: Any
    ) -> tuple[StagedNetwork, Curves]:
        chosen = drawn if photos is None else photos
        labels = np.array([SHAPES.index(photo.parent.name) for photo in chosen])
        others = {name: options.pop(name) for name in ("report", "should_stop") if name in options}
        return fine_tune_whole(
            small_network() if network is None else network,
            BACKBONE,
            chosen,
            labels,
            np.arange(len(chosen)) % 4 == 3,
            classes=len(SHAPES),
            settings=Settings(Mode.FULL, **{"epochs": 2, "rate": 3e-3, **options}),
            work=tmp_path,
            device=torch.device("cpu"),
            **others,
        )

    return run


def weights(network: nn.Module) -> dict[str, torch.Tensor]:
    return {name: values.clone() for name, values in network.state_dict().items()}


def changed(network: nn.Module, before: dict[str, torch.Tensor]) -> set[str]:
    now = network.state_dict()
    return {name for name, values in before.items() if not torch.equal(values, now[name])}


def test_a_whole_network_learns(tune: Tune) -> None:
    network = small_network()
    before = weights(network)
    told: list[Progress] = []
    found, curves = tune(network, epochs=4, report=told.append)
    assert found is network
    assert not found.training
    assert len(curves.epochs) == curves.planned == 4
    assert not curves.stopped
    assert curves.search is None
    assert curves.epochs[-1].train_loss < curves.epochs[0].train_loss
    learnt = {name for name, _ in network.named_parameters()}
    assert changed(network, before) <= learnt
    assert changed(network, before) == learnt or curves.best == 0
    fractions = [progress.fraction for progress in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1


def test_the_network_of_the_best_epoch_is_returned(
    tune: Tune, drawn: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    models: list[WholeNetwork] = []

    class Remembered(WholeNetwork):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            models.append(self)

    monkeypatch.setattr(whole, "WholeNetwork", Remembered)
    _, curves = tune(epochs=4, rate=0.02)
    assert curves.best is not None
    best = curves.epochs[curves.best]
    assert best.error == min(epoch.error for epoch in curves.epochs)
    held_out = [number for number in range(len(drawn)) if number % 4 == 3]
    assert wrong_share(models[0], drawn, held_out) == pytest.approx(best.error)


def wrong_share(model: WholeNetwork, photos: list[Path], held_out: list[int]) -> float:
    pictures = decode([photos[number] for number in held_out], photos[0].parent, SIDE)
    views = np.stack([views_of(pictures[index], SIDE) for index in range(len(pictures))])
    scores = model.eval()(torch.from_numpy(views).permute(0, 1, 4, 2, 3))
    labels = [SHAPES.index(photos[number].parent.name) for number in held_out]
    return float((scores.argmax(dim=1) != torch.tensor(labels)).float().mean())


def test_in_the_first_phase_only_the_head_learns(tune: Tune) -> None:
    network = small_network()
    before = weights(network)
    # The second epoch, the first that is not frozen, is stopped at its first batch.
    told: list[Progress] = []
    _, curves = tune(
        network,
        report=told.append,
        should_stop=lambda: bool(told) and told[-1].done == 1 and told[-1].stage == "Learning",
    )
    assert len(curves.epochs) == 1
    assert curves.epochs[0].train_loss < 5
    assert changed(network, before) == set()


def test_first_stages_learn_a_hundred_times_slower_than_the_head(
    tune: Tune, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates: list[list[float]] = []

    class Watched(KeepFrozen):
        def after_batch(self) -> None:
            if self.learn.training:
                rates.append([group["lr"] for group in self.learn.opt.hypers])

    monkeypatch.setattr(whole, "KeepFrozen", Watched)
    tune(rate=1e-2)
    first, last, head = max(rates[len(rates) // 2 :])  # after the frozen epoch
    assert head == pytest.approx(1e-2, rel=0.1)
    assert last == pytest.approx(head / 10)
    assert first == pytest.approx(head / 100)


def test_the_groups_hold_every_weight_once() -> None:
    features = np.random.default_rng(0).normal(size=(9, 480)).astype(np.float32)
    network = small_network()
    model = WholeNetwork(network, fit_starting_head(features, np.arange(9) % 3, 3), BACKBONE)
    groups = parameter_groups(model)
    assert sum(len(group) for group in groups) == len(list(model.parameters()))
    assert len(groups[0]) == 9
    assert len(groups[1]) == 6


def test_without_a_rate_one_is_looked_for_and_its_points_are_kept(tune: Tune) -> None:
    network, told = small_network(), list[Progress]()
    _, curves = tune(network, rate=None, report=told.append)
    assert curves.search is not None
    assert curves.rate == curves.search.chosen
    assert 3e-4 <= curves.rate <= 1e-2
    assert list(curves.search.rates) == sorted(curves.search.rates)
    assert len(curves.search.rates) == len(curves.search.losses) > 10
    assert "Finding its pace" in {progress.stage for progress in told}
    assert len(curves.epochs) == 2


def test_stop_in_the_middle_of_an_epoch_returns_within_a_batch(tune: Tune) -> None:
    told: list[Progress] = []

    def pressed() -> bool:
        return bool(told) and told[-1].fraction > 0.75 and told[-1].stage == "Learning"

    _, curves = tune(epochs=3, report=told.append, should_stop=pressed)
    assert curves.stopped
    assert 1 <= len(curves.epochs) < 3
    assert curves.best is not None
    assert sum(progress.fraction > 0.75 for progress in told) == 1


@pytest.mark.parametrize("stage", ["Reading your photos", "Looking", "Finding", "Learning"])
def test_stop_in_any_phase_gives_the_network_as_far_as_it_is_good(tune: Tune, stage: str) -> None:
    network, told = small_network(), list[Progress]()
    before = weights(network)
    _, curves = tune(
        network,
        rate=None,
        report=told.append,
        should_stop=lambda: any(one.stage.startswith(stage) for one in told),
    )
    assert curves.stopped
    assert len(curves.epochs) == (1 if stage == "Finding" else 0)
    assert changed(network, before) == set()


def test_an_absurd_rate_ends_with_infinite_losses_and_the_network_as_it_was(tune: Tune) -> None:
    network = small_network()
    before = weights(network)
    _, curves = tune(network, epochs=5, rate=10.0)
    assert curves.epochs[-1].train_loss == math.inf
    assert curves.epochs[-1].valid_loss == math.inf
    assert curves.stopped
    if curves.best is None:
        assert changed(network, before) == set()
    assert all(values.isfinite().all() for values in network.state_dict().values())


def test_tiny_batches_leave_the_statistics_of_batch_normalisation_alone(
    tune: Tune, drawn: list[Path]
) -> None:
    network = small_network()
    before = weights(network)
    few = [*drawn[:2], *drawn[16:18], *drawn[32:33]]
    _, curves = tune(network, photos=few, epochs=3)
    assert all(math.isfinite(epoch.train_loss) for epoch in curves.epochs)
    assert not [name for name in changed(network, before) if "running" in name]


def test_features_known_beforehand_make_no_difference(tune: Tune, drawn: list[Path]) -> None:
    _, one = tune()
    network = small_network()
    labels = np.array([SHAPES.index(photo.parent.name) for photo in drawn])
    model = WholeNetwork(network, nn.Identity(), BACKBONE).eval()
    pictures = decode(drawn, drawn[0].parent, SIDE)
    views = np.stack([views_of(pictures[index], SIDE) for index in range(len(drawn))])
    with torch.no_grad():
        known = model.features(torch.from_numpy(views).permute(0, 1, 4, 2, 3)).numpy()
    _, other = fine_tune_whole(
        small_network(),
        BACKBONE,
        drawn,
        labels,
        np.arange(len(drawn)) % 4 == 3,
        classes=3,
        settings=Settings(Mode.FULL, epochs=2, rate=3e-3),
        work=drawn[0].parent,
        features=known,
        device=torch.device("cpu"),
    )
    for first, second in zip(one.epochs, other.epochs, strict=True):
        assert first.train_loss == pytest.approx(second.train_loss, rel=1e-3)


def test_the_starting_head_answers_as_the_quick_way_does() -> None:
    random = np.random.default_rng(0)
    labels = np.arange(60) % 3
    noise, centres = random.normal(size=(60, 40)), random.normal(size=(3, 40)) * 2
    features = (noise + np.eye(3)[labels] @ centres).astype(np.float32)
    head = fit_head(features, labels, 4)  # one class has no photo
    scores = StartingHead(features, head)(torch.from_numpy(features)).detach().numpy()
    assert np.abs(scores[:, :3] - head.scores(features)[:, :3]).max() < 1e-2
    assert (scores[:, 3] < scores[:, :3].min() + 100).all()
    calm = fit_starting_head(features, labels, 4)(torch.from_numpy(features)).detach().numpy()
    assert (calm.argmax(axis=1) == scores.argmax(axis=1)).all()
    assert np.abs(calm[:, :3]).max() < np.abs(scores[:, :3]).max()


def test_augmentation_reaches_the_network(
    tune: Tune, monkeypatch: pytest.MonkeyPatch, drawn: list[Path]
) -> None:
    seen: list[Augmentation] = []

    def remember(photo: Any, augmentation: Augmentation, rng: Any) -> Any:
        seen.append(augmentation)
        return augmented(photo, augmentation, rng)

    monkeypatch.setattr("nocode_classifier.learn.torch_side.pictures.augmented", remember)
    wanted = Augmentation(mirror=False, turn=3, zoom=0.1, light=0)
    tune(augmentation=wanted)
    assert seen == [wanted] * 2 * 36


@pytest.mark.slow
def test_the_bundled_network_is_fine_tuned(tune: Tune, drawn: list[Path]) -> None:
    network = load_staged(DEFAULT)
    before = weights(network)
    few = [*drawn[:8], *drawn[16:24], *drawn[32:40]]
    _, curves = tune(network, photos=few, epochs=2, rate=1e-3)
    assert len(curves.epochs) == 2
    assert curves.epochs[1].error <= 0.5
    learnt = {name for name, _ in network.named_parameters()}
    assert changed(network, before) == (learnt if curves.best else set())
