"""What can be chosen about a training; every part has a default that suits nearly everyone."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from nocode_classifier.errors import InputError

FEWEST_EPOCHS, MOST_EPOCHS = 1, 200
LOWEST_RATE, HIGHEST_RATE = 1e-7, 10.0
SMALLEST_SIZE, LARGEST_SIZE = 96, 640


class Mode(StrEnum):
    """How hard to try."""

    QUICK = "quick"
    THOROUGH = "thorough"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How photos are varied while a network learns from them.

    Attributes:
        mirror: half of them are mirrored left to right.
        turn: up to this many degrees either way.
        zoom: up to this share is cut away on every side, 0 to 0.4.
        light: brightness and contrast change by up to this share, 0 to 0.5.
    """

    mirror: bool = True
    turn: float = 10.0
    zoom: float = 0.15
    light: float = 0.2


@dataclass(frozen=True, slots=True)
class Settings:
    """A training as it was asked for.

    Attributes:
        mode: only the head (quick), the last stages too (thorough), or the whole network (full).
        backbone: key of the network to start from, or of several side by side.
        combine: whether another network beside it is tried, too, and taken where it helps.
        size: side of the square it looks at, pixels; its own if None.
        epochs: passes over the photos, for thorough and full; chosen by the app if None.
        rate: highest learning rate; chosen by the app (full: by a learning-rate finder) if None.
        augmentation: proposed by the app from the photos if None.

    Raises:
        InputError: a number is out of bounds; the sentence says what may be given.
    """

    mode: Mode = Mode.QUICK
    backbone: str = "efficientnet-lite0"
    size: int | None = None
    epochs: int | None = None
    rate: float | None = None
    augmentation: Augmentation | None = None
    combine: bool = False

    def __post_init__(self) -> None:
        if self.epochs is not None and not FEWEST_EPOCHS <= self.epochs <= MOST_EPOCHS:
            raise InputError(f"Choose between {FEWEST_EPOCHS} and {MOST_EPOCHS} epochs.")
        if self.rate is not None and not LOWEST_RATE <= self.rate <= HIGHEST_RATE:
            raise InputError(
                f"Choose a learning rate between {LOWEST_RATE:g} and {HIGHEST_RATE:g}."
            )
        if self.size is not None and not SMALLEST_SIZE <= self.size <= LARGEST_SIZE:
            raise InputError(f"Choose a size between {SMALLEST_SIZE} and {LARGEST_SIZE} pixels.")

    @property
    def finetunes(self) -> bool:
        """Whether more than the head is trained."""
        return self.mode is not Mode.QUICK

    def to_json(self) -> dict[str, Any]:
        """As values that JSON knows."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Settings:
        """Read what `to_json` gave.

        Raises:
            KeyError, TypeError, ValueError, InputError: it is something else.
        """
        augmentation = data["augmentation"]
        return cls(
            **{
                **data,
                "mode": Mode(data["mode"]),
                "augmentation": None if augmentation is None else Augmentation(**augmentation),
            }
        )


QUICK = Settings()
"""One small network, as it is: the quickest."""

BEST = Settings(combine=True)
"""How nearly everyone trains."""
