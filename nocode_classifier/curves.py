"""How a training went, epoch by epoch, as plain values that every room may use."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pass over the photos.

    Attributes:
        train_loss: mean over the photos learnt from; infinite when the training diverged.
        valid_loss: mean over the photos held out; infinite likewise.
        error: share of the photos held out that were answered wrongly, 0 to 1.
        seconds: how long it took.
    """

    train_loss: float
    valid_loss: float
    error: float
    seconds: float


@dataclass(frozen=True, slots=True)
class RateSearch:
    """A learning-rate finder's run (Smith, "Cyclical learning rates for training neural networks",
    WACV 2017).

    Attributes:
        rates: tried one after the other, ascending.
        losses: smoothed training loss at each; infinite from where it diverged.
        chosen: the rate taken.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    chosen: float


@dataclass(frozen=True, slots=True)
class Curves:
    """What there is to see of a training, while it runs and afterwards.

    Attributes:
        planned: how many epochs it is meant to have.
        rate: highest learning rate.
        epochs: those that are finished.
        search: how the rate was found, or None if it was given.
        best: number of the epoch that was kept, counted from 0; None if none is finished.
        stopped: whether it ended before all planned epochs.
    """

    planned: int
    rate: float
    epochs: tuple[Epoch, ...] = ()
    search: RateSearch | None = None
    best: int | None = None
    stopped: bool = False

    def to_json(self) -> dict[str, Any]:
        """As values that JSON knows; infinite becomes None."""
        found: dict[str, Any] = _finite(asdict(self))
        return found

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Curves:
        """Read what `to_json` gave.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
        """
        search = data.get("search")
        return cls(
            planned=int(data["planned"]),
            rate=_number(data["rate"]),
            epochs=tuple(
                Epoch(**{key: _number(value) for key, value in each.items()})
                for each in data["epochs"]
            ),
            search=None
            if search is None
            else RateSearch(
                tuple(_number(each) for each in search["rates"]),
                tuple(_number(each) for each in search["losses"]),
                _number(search["chosen"]),
            ),
            best=data["best"],
            stopped=bool(data["stopped"]),
        )


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _number(value: Any) -> float:
    return math.inf if value is None else float(value)
