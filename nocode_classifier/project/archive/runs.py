"""Past trainings in a `.nocode` file: how they are written, and read without trusting them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from nocode_classifier.curves import Curves
from nocode_classifier.project.archive.json_fields import Fields, damaged
from nocode_classifier.project.archive.layout import MOST_PHOTOS
from nocode_classifier.project.tables.runs import NewRun, Run, RunOutcome

MOST_RUNS, LONGEST_SENTENCE, LONGEST_RUN = 1000, 2000, 10.0**9
MOST_EPOCHS, MOST_RATES, MOST_SETTINGS, LONGEST_SETTING = 1000, 10_000, 40, 200

NOT_FINISHED = "It did not come to an end."


def run_rows(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Runs, given newest first, as the file keeps them: oldest first."""
    return [_row(run) for run in reversed(runs)]


def _row(run: Run) -> dict[str, Any]:
    failed = run.outcome is RunOutcome.FAILED
    return {
        "started": run.started.isoformat(),
        "seconds": run.seconds,
        "settings": dict(run.settings),
        "outcome": run.outcome.value,
        # Why one failed may name a file of this computer.
        "sentence": NOT_FINISHED if failed else run.sentence,
        "correct": run.correct,
        "photos": run.photos,
        "accuracy": run.accuracy,
        "low": run.low,
        "high": run.high,
        "curves": None if run.curves is None else run.curves.to_json(),
        "automatic": run.automatic,
        "current": run.current,
    }


def read_runs(content: Fields) -> tuple[list[NewRun], int | None]:
    """Runs in a file, oldest first, and which of them made its model.

    Files of versions 1 and 2 have none.

    Raises:
        InputError: something in them is not as it should be.
    """
    if not content.has("runs"):
        return [], None
    rows = content.objects("runs", MOST_RUNS)
    current = [number for number, row in enumerate(rows) if row.yes_or_no("current")]
    if len(current) > 1:
        raise damaged("more than one training made the model")
    return [_read(row) for row in rows], current[0] if current else None


def _read(row: Fields) -> NewRun:
    try:
        started = datetime.fromisoformat(row.text("started", 40))
        outcome = RunOutcome(row.text("outcome", 20))
    except ValueError as error:
        raise damaged(f"{row.where} can't be read") from error
    if started.tzinfo is None:
        raise damaged(f"'started' in {row.where} has no time zone")
    measured = row.has("accuracy")
    return NewRun(
        started=started,
        seconds=row.number("seconds", LONGEST_RUN),
        settings=_settings(row),
        outcome=outcome,
        sentence=row.text("sentence", LONGEST_SENTENCE),
        correct=row.whole("correct", MOST_PHOTOS) if measured else None,
        photos=row.whole("photos", MOST_PHOTOS) if measured else None,
        accuracy=row.share("accuracy") if measured else None,
        low=row.share("low") if measured else None,
        high=row.share("high") if measured else None,
        curves=_curves(row),
        automatic=row.yes_or_no("automatic"),
    )


def _settings(row: Fields) -> dict[str, Any]:
    """Names with plain values, or once more such names; what they mean is for others to say."""
    inner = row.object_or_none("settings")
    if inner is None:
        raise damaged(f"'settings' in {row.where} is missing")
    found: dict[str, Any] = {}
    for key in inner.keys(MOST_SETTINGS, LONGEST_SETTING):
        deeper = inner.object_or_none(key) if inner.is_object(key) else None
        if deeper is None:
            found[key] = inner.plain(key, LONGEST_SETTING)
        else:
            names = deeper.keys(MOST_SETTINGS, LONGEST_SETTING)
            found[key] = {name: deeper.plain(name, LONGEST_SETTING) for name in names}
    return found


def _curves(row: Fields) -> Curves | None:
    if not row.has("curves"):
        return None
    told = row.object_or_none("curves")
    try:
        curves = Curves.from_json({} if told is None else told.values)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise damaged(f"'curves' in {row.where} can't be read") from error
    epochs, search = curves.epochs, curves.search
    if len(epochs) > MOST_EPOCHS or (search is not None and len(search.rates) > MOST_RATES):
        raise damaged(f"'curves' in {row.where} is too long")
    if not _makes_sense(curves):
        raise damaged(f"'curves' in {row.where} makes no sense")
    return curves


def _makes_sense(curves: Curves) -> bool:
    search = curves.search
    numbers = [curves.rate]
    for epoch in curves.epochs:
        numbers += [epoch.train_loss, epoch.valid_loss, epoch.error, epoch.seconds]
    if search is not None:
        if len(search.rates) != len(search.losses):
            return False
        numbers += [search.chosen, *search.rates, *search.losses]
    best = curves.best
    whole = best is None or (isinstance(best, int) and 0 <= best < len(curves.epochs))
    return whole and not any(math.isnan(number) for number in numbers)
