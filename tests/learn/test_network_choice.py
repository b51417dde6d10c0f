"""A second network is taken where held-out answers say that it helps, and only there."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from nocode_classifier.errors import InputError
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.registry import (
    BACKBONES,
    DEFAULT,
    backbones_named,
    name_of,
    networks_of,
)
from nocode_classifier.learn.graph import Blocks
from nocode_classifier.learn.heads.evaluation import Evaluation, evaluate, fit_final_head
from nocode_classifier.learn.heads.head_input import HeadInput, head_inputs
from nocode_classifier.learn.network_choice import NetworkTrial, choice_sentence

ONE, OTHER = Blocks(means=10, quarters=20, latest=5), Blocks(means=12, quarters=16, latest=6)
LABELS = np.arange(120) % 2


def judge(telling: slice | None, *, fewest: int = 1) -> Evaluation:
    """Of noise in the features of two networks, in which some tell the classes apart."""
    values = np.random.default_rng(4).standard_normal((len(LABELS), ONE.total + OTHER.total))
    if telling is not None:
        values[LABELS == 1, telling] += 1.0
    return evaluate(as_features(values), LABELS, 2, np.arange(120), [ONE, OTHER], fewest=fewest)


def as_features(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    return values.astype(np.float32)


def test_a_network_that_alone_tells_the_classes_apart_is_taken() -> None:
    found = judge(slice(ONE.total, ONE.total + OTHER.content))
    assert found.seen.networks == 2
    few, many = found.trials
    assert (few.networks, many.networks) == (1, 2)
    assert many.right > few.right


@pytest.mark.parametrize("telling", [slice(0, ONE.content), None])
def test_a_network_that_adds_nothing_is_left_out(telling: slice | None) -> None:
    assert judge(telling).seen.networks == 1


def test_those_that_were_asked_for_are_all_used() -> None:
    found = judge(slice(0, ONE.content), fewest=2)
    assert found.seen.networks == 2
    values = as_features(np.random.default_rng(1).standard_normal((120, ONE.total + OTHER.total)))
    head = fit_final_head(values, LABELS, 2, found, [ONE, OTHER])
    assert head.weights[:, ONE.total : ONE.total + OTHER.content].any()
    assert not found.trials[1:]


def test_columns_are_where_the_networks_have_them() -> None:
    assert HeadInput(2, quarters=True).columns([ONE, OTHER]) == (
        slice(0, 20),
        slice(20, 40),
        slice(40, 64),
        slice(64, 80),
    )
    assert HeadInput(2, quarters=False).columns([ONE, OTHER]) == (slice(0, 20), slice(40, 64))
    assert head_inputs(1) == (HeadInput(1, quarters=False), HeadInput(1, quarters=True))


def test_what_was_tried_is_said_with_both_counts() -> None:
    networks = networks_of(DEFAULT.key, combine=True)
    trials = [NetworkTrial(1, 229), NetworkTrial(2, 1235)]
    assert choice_sentence(networks, trials, 2, 1250) == (
        "Two networks side by side answer better: of 1,250 photos left out, EfficientNet-Lite0 and "
        "EfficientNet-Lite2 had 1,235 right, EfficientNet-Lite0 alone 229."
    )
    assert "are surer of what is right" in choice_sentence(
        networks, [NetworkTrial(1, 1235), NetworkTrial(2, 1235)], 2, 1250
    )
    assert "One is enough." in choice_sentence(networks, trials, 1, 1250)
    assert not choice_sentence(networks[:1], trials[:1], 1, 1250)


@pytest.mark.parametrize("backbone", BACKBONES, ids=lambda each: each.key)
def test_whatever_is_chosen_gets_a_bundled_one_beside_it_at_its_size(backbone: Backbone) -> None:
    key = backbone.key
    first, second = networks_of(key, 196, combine=True)
    assert first.key == key != second.key
    assert second.is_bundled
    assert first.input_size == second.input_size
    assert networks_of(key, 196, combine=False) == (first,)


def test_a_name_says_networks_and_sizes() -> None:
    several = backbones_named("efficientnet-lite0+resnet18@320", 160)
    assert [network.input_size for network in several] == [160, 320]
    assert backbones_named(name_of(several)) == several
    assert networks_of(name_of(several), combine=True) == several
    assert name_of(several[:1]) == "efficientnet-lite0"
    for wrong, sentence in (("resnet18@big", "no size"), ("resnet18+vgg", "called 'vgg'")):
        with pytest.raises(InputError, match=sentence):
            backbones_named(wrong)
