"""What a pretrained network is, and how photos enter it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from nocode_classifier import paths
from nocode_classifier.errors import WeightsUnavailable
from nocode_classifier.learn.backbones.sealing import is_sealed
from nocode_classifier.learn.backbones.weights import (
    Bundled,
    Weights,
    kept_weights,
)

Channels = tuple[float, float, float]


BESIDE, AT = "+", "@"
"""Between the names of networks side by side, and between a network's key and its size."""


class Family(StrEnum):
    """How a network is built, so how it is cut into stages; see `torch_side/families.py`."""

    EFFICIENTNET = "efficientnet"
    RESNET = "resnet"
    SQUEEZENET = "squeezenet"
    TINY_VIT = "tiny_vit"
    HGNET = "hgnet"
    VIT = "vit"


@dataclass(frozen=True, slots=True)
class Backbone:
    """A pretrained network and how photos enter it.

    Attributes:
        key: names it in caches, model cards and on the command line.
        label: names it for people.
        family: how it is built.
        architecture: its name in timm, that of its weights included, or in torchvision for the
            families resnet and squeezenet.
        weights: where they come from.
        megabytes: size of the file with the weights, in millions of bytes.
        own_size: side of the square it was made for, pixels.
        mean, std: a channel's value x in 0..1 enters the network as (x - mean) / std.
        licence: of the weights.
        about: what it is good for, one line.
        imagenet: share of ImageNet's validation photos that it names right, per cent.
        measured: who says so, and how it was measured if not at its own size.
        in_course: whether the fastai course or its forum begins with it.
        step: sides are multiples of this.
        size: side of the square it looks at, if that is not its own.
    """

    key: str
    label: str
    family: Family
    architecture: str
    weights: Weights
    megabytes: float
    own_size: int
    mean: Channels
    std: Channels
    licence: str
    about: str
    imagenet: float
    measured: str
    in_course: bool = False
    step: int = 1
    size: int | None = None

    @property
    def how_good(self) -> str:
        """Its accuracy and who says so, one line."""
        return f"ImageNet {self.imagenet} % ({self.measured})"

    @property
    def input_size(self) -> int:
        """Side of the square the network looks at, pixels."""
        return self.size or self.own_size

    @property
    def is_bundled(self) -> bool:
        """Whether it needs no download."""
        return isinstance(self.weights, Bundled)

    @property
    def named(self) -> str:
        """Names it at its size, as in "resnet18@320"."""
        return f"{self.key}{AT}{self.input_size}"

    def at(self, size: int | None) -> Backbone:
        """The same network looking at a smaller or larger square.

        Args:
            size: its side, pixels, or as near as the network can; its own if None.
        """
        side = self.own_size if size is None else max(round(size / self.step), 1) * self.step
        return replace(self, size=None if side == self.own_size else side)

    def weights_path(self, cache: Path | None = None) -> Path:
        """Where the weights lie, after checking that they are the expected ones.

        Args:
            cache: the user's cache folder, for weights from the internet; the usual one if None.

        Raises:
            WeightsUnavailable: they are missing, not fetched yet, or not those this app was made
                with.
        """
        if isinstance(self.weights, Bundled):
            return self.weights.path(self.label)
        path = kept_weights(cache or paths.cache()) / self.weights.kept_as
        if not is_sealed(path):
            raise WeightsUnavailable(f"{self.label} has not been downloaded yet.")
        return path
