"""How a project is to be trained, as the form has it; kept with the project."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from nocode_classifier.errors import InputError
from nocode_classifier.learn.backbones.availability import gone_sentence
from nocode_classifier.learn.backbones.registry import backbone_named
from nocode_classifier.learn.settings import BEST, Augmentation, Mode, Settings
from nocode_classifier.placing import write_whole
from nocode_classifier.project.project import Project
from nocode_classifier.ui.training import current_run

RECORD = "training.json"
"""In the folder of the project; only saves choosing again, so it may be lost."""

MOST_TURN, MOST_ZOOM, MOST_LIGHT = 45.0, 0.4, 0.5


def chosen(project: Project) -> Settings:
    """How the project is to be trained next; the usual way if nothing was chosen."""
    settings = _recorded(project)
    return BEST if gone_sentence(settings.backbone) else settings


def gone(project: Project) -> str:
    """That the network which was chosen is no longer there, as a sentence; "" if it is."""
    return gone_sentence(_recorded(project).backbone)


def _recorded(project: Project) -> Settings:
    try:
        return Settings.from_json(json.loads((project.folder / RECORD).read_bytes()))
    except (OSError, KeyError, TypeError, ValueError, InputError):
        return BEST


def keep(project: Project, settings: Settings) -> None:
    """Remember how the project is to be trained."""
    write_whole(project.folder / RECORD, json.dumps(settings.to_json()).encode())


def of_model(project: Project) -> Settings:
    """How the model in use was trained, as far as that is known."""
    run = current_run(project)
    try:
        return Settings.from_json(dict(run.settings)) if run is not None else BEST
    except (KeyError, TypeError, ValueError, InputError):
        return chosen(project)


def changed(settings: Settings, change: Mapping[str, Any]) -> Settings:
    """Settings with some of them different."""
    return Settings.from_json({**settings.to_json(), **change})


def choice_value(settings: Settings) -> dict[str, Any]:
    """Settings as the form knows them; what the app chooses is empty."""
    augmentation = settings.augmentation
    return {
        "combine": settings.combine,
        "finetune": settings.finetunes,
        "whole": settings.mode is Mode.FULL,
        "backbone": settings.backbone,
        "size": "" if settings.size is None else str(settings.size),
        "epochs": "" if settings.epochs is None else str(settings.epochs),
        "rate": "" if settings.rate is None else f"{settings.rate:g}",
        "augmentation": None if augmentation is None else augmentation_value(augmentation),
    }


def augmentation_value(augmentation: Augmentation) -> dict[str, Any]:
    """How photos are varied, as the form knows it."""
    return {
        "mirror": augmentation.mirror,
        "turn": augmentation.turn,
        "zoom": augmentation.zoom,
        "light": augmentation.light,
    }


def settings_of(asked: Mapping[str, Any]) -> Settings:
    """What the form says, checked.

    Raises:
        InputError: with a sentence about the field that can't be as it is.
    """
    tuned = Mode.FULL if asked.get("whole") else Mode.THOROUGH
    varied = asked.get("augmentation")
    return Settings(
        mode=tuned if asked.get("finetune") else Mode.QUICK,
        combine=bool(asked.get("combine")),
        backbone=backbone_named(str(asked.get("backbone") or Settings().backbone)).key,
        size=_whole(asked.get("size"), "a picture size", "224"),
        epochs=_whole(asked.get("epochs"), "a number of rounds", "8"),
        rate=_decimal(asked.get("rate"), "a learning rate", "0.001"),
        augmentation=None if varied is None else augmentation_of(varied),
    )


def augmentation_of(asked: Mapping[str, Any]) -> Augmentation:
    """How photos shall be varied.

    Raises:
        InputError: a number is missing or out of bounds.
    """
    return Augmentation(
        mirror=str(asked.get("mirror")).lower() in {"true", "1"},
        turn=_within(asked.get("turn"), MOST_TURN, "Turning goes up to 45 degrees."),
        zoom=_within(asked.get("zoom"), MOST_ZOOM, "At most 40 % can be cut away."),
        light=_within(asked.get("light"), MOST_LIGHT, "Light can change by 50 % at most."),
    )


def _whole(given: object, what: str, example: str) -> int | None:
    text = _text(given)
    try:
        return int(text) if text else None
    except ValueError:
        raise _unclear(text, what, example) from None


def _decimal(given: object, what: str, example: str) -> float | None:
    # Half of the world writes a comma.
    text = _text(given).replace(",", ".")
    try:
        value = float(text) if text else None
    except ValueError:
        raise _unclear(text, what, example) from None
    if value != value:
        raise _unclear(text, what, example)
    return value


def _within(given: object, most: float, sentence: str) -> float:
    try:
        value = float(_text(given))
    except ValueError:
        value = -1.0
    if not 0 <= value <= most:
        raise InputError(sentence)
    return value


def _text(given: object) -> str:
    return "" if given is None else str(given).strip()


def _unclear(text: str, what: str, example: str) -> InputError:
    return InputError(
        f"'{text[:40]}' can't be read as {what}. Write a number such as {example}, "
        "or leave the field empty and the app chooses."
    )
