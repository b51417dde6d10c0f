"""The networks there are to start from, each in a line."""

from __future__ import annotations

from typing import Any

from nocode_classifier.learn.backbones.backbone import BACKBONES


def networks_value() -> list[dict[str, Any]]:
    """What the form shows of each network, the usual one first."""
    return [
        {
            "key": backbone.key,
            "label": backbone.label,
            "about": "",
            "licence": backbone.licence,
            "size": backbone.input_size,
            "download": "",
        }
        for backbone in BACKBONES
    ]
