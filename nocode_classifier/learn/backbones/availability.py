"""Which networks are on this computer, which is worth a download, and what is done without one."""

from __future__ import annotations

from pathlib import Path

from nocode_classifier.errors import InputError
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.registry import BACKBONES, DEFAULT, backbones_named
from nocode_classifier.learn.backbones.weights import Bundled, kept_weights


def is_here(backbone: Backbone, cache: Path) -> bool:
    """Whether a network's weights need no download any more.

    Args:
        backbone: which network.
        cache: the user's cache folder.
    """
    weights = backbone.weights
    return isinstance(weights, Bundled) or (kept_weights(cache) / weights.kept_as).is_file()


def networks_here(cache: Path) -> tuple[Backbone, ...]:
    """Those whose weights are here, in the order of the registry; the bundled ones always are."""
    return tuple(backbone for backbone in BACKBONES if is_here(backbone, cache))


def stronger_network(cache: Path) -> Backbone | None:
    """The network worth a download: the one that names most of ImageNet right, unless it is here.

    One alone: whether others are better for somebody's photos nobody knows before.
    """
    best = max(BACKBONES, key=lambda backbone: backbone.imagenet)
    return None if is_here(best, cache) else best


def gone_sentence(name: str) -> str:
    """That networks which an earlier version of the app had are no longer there; "" if they are.

    Args:
        name: as for `backbones_named`.
    """
    try:
        backbones_named(name)
    except InputError:
        return f"The network {name} is no longer part of the app; {DEFAULT.label} takes its place."
    return ""
