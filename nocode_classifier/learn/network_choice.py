"""Which networks were tried side by side, which were taken, and why, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nocode_classifier.learn.backbones.backbone import Backbone


@dataclass(frozen=True, slots=True)
class NetworkTrial:
    """The first networks of a row, on photos held out.

    Attributes:
        networks: how many of them.
        right: photos answered rightly.
    """

    networks: int
    right: int


def choice_sentence(
    backbones: Sequence[Backbone], trials: Sequence[NetworkTrial], taken: int, photos: int
) -> str:
    """What was tried and won; "" if there was nothing to choose.

    Args:
        backbones: all that were tried, in their row.
        trials: of each number of them, ascending.
        taken: how many are used.
        photos: how many were held out.
    """
    if len(trials) < 2:
        return ""
    fewer, more = trials[-2:]
    several = " and ".join(backbone.label for backbone in backbones[: more.networks])
    alone = " and ".join(backbone.label for backbone in backbones[: fewer.networks])
    counts = f"of {photos:,} photos left out, {several} had {more.right:,} right, {alone} alone"
    if taken == more.networks:
        better = "answer better" if more.right > fewer.right else "are surer of what is right"
        return f"Two networks side by side {better}: {counts} {fewer.right:,}."
    return f"A second network makes no clear difference: {counts} {fewer.right:,}. One is enough."
