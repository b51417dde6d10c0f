"""What goes with a model, for people and for `predictor`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from nocode_classifier import __version__
from nocode_classifier.learn.accuracy import count_confusion
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.registry import name_of
from nocode_classifier.learn.settings import Mode
from nocode_classifier.learn.study import Study
from nocode_classifier.predict.predictor import FORMAT_VERSION

METHODS = {
    Mode.QUICK: "cross-validation, near duplicates on one side, Wilson 95 % interval",
    Mode.THOROUGH: "cross-validation, the network tuned anew for each part, near duplicates on "
    "one side, Wilson 95 % interval",
    Mode.FULL: "a fifth held out, which also chose the best epoch, near duplicates on one side, "
    "Wilson 95 % interval",
}


def make_card(
    studied: Study,
    *,
    mode: Mode,
    name: str,
    hints: Mapping[str, Sequence[str]],
    backbones: Sequence[Backbone],
) -> dict[str, Any]:
    """What `card.json` says of a model.

    Args:
        mode: how the network came about that the model looks with.
        hints: remarks by class name.
        backbones: the networks that the model looks with.
    """
    names, figures = studied.material.class_names, studied.figures
    overall = figures.overall
    counts = Counter(photo.class_name for photo in studied.material.photos)
    return {
        "format_version": FORMAT_VERSION,
        "name": name,
        "classes": [
            {"name": one, "hints": list(hints.get(one, ())), "photos": counts[one]} for one in names
        ],
        "mode": mode.value,
        "backbone": name_of(backbones),
        "input_size": max(backbone.input_size for backbone in backbones),
        "licence": " and ".join(dict.fromkeys(backbone.licence for backbone in backbones)),
        "accuracy": overall and {**overall.to_json(), "method": METHODS[mode]},
        "by_class": {one: found and found.to_json() for one, found in figures.by_class.items()},
        "weakest": figures.weakest,
        "reason": figures.reason,
        "sentence": figures.in_words(),
        "confusion": count_confusion(
            [answer.photo.class_name for answer in studied.held_out],
            [answer.predicted for answer in studied.held_out],
            names,
        ),
        "calibration": {
            "temperature": studied.found.temperature,
            "features": sum(part.stop - part.start for part in studied.columns),
            "quarters": studied.found.seen.quarters,
        },
        "sure": studied.sure.to_json(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "app_version": __version__,
    }
