"""The networks there are to start from, each in a line."""

from __future__ import annotations

from typing import Any

from nocode_classifier import paths
from nocode_classifier.learn.backbones.availability import is_here
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.registry import BACKBONES


def networks_value() -> list[dict[str, Any]]:
    """What the form shows of each network, the usual one first."""
    # Late: it comes with what measures.
    from nocode_classifier.learn.backbones.speed import measured

    speeds = measured(paths.cache())
    return [
        {
            "key": backbone.key,
            "label": backbone.label,
            # Whose figure it is stands with what is unfolded.
            "about": f"{backbone.about} ImageNet {backbone.imagenet} %.",
            "how_good": backbone.how_good,
            "megabytes": backbone.megabytes,
            "ms": speeds[backbone.key].milliseconds if backbone.key in speeds else None,
            "licence": backbone.licence,
            "size": backbone.own_size,
            "download": download_sentence(backbone),
            "course": backbone.in_course,
        }
        for backbone in BACKBONES
    ]


def download_sentence(backbone: Backbone) -> str:
    """What has to be fetched before it can be used; "" if nothing has."""
    if is_here(backbone, paths.cache()):
        return "" if backbone.is_bundled else "Downloaded already."
    return f"It is downloaded once, when it is first needed: {backbone.megabytes:.0f} MB."
