"""Past trainings: they are remembered, and one can go back to any model that is still there."""

from __future__ import annotations

import json
import math
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nocode_classifier.curves import Curves, Epoch, RateSearch
from nocode_classifier.errors import NotFound
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import HeldOutAnswer, NewPhoto
from nocode_classifier.project.store.migrations import MIGRATIONS
from nocode_classifier.project.tables.models import MODELS_KEPT
from nocode_classifier.project.tables.runs import MOST_RUNS, NewRun, Run, RunOutcome
from tests.project.store.test_migrations import make_first_version
from tests.small_models import card_of, write_model

THOROUGH = {"mode": "thorough", "epochs": 5, "augmentation": {"mirror": False, "turn": 10.0}}
CURVES = Curves(
    planned=5,
    rate=1e-3,
    epochs=(Epoch(1.0, 0.9, 0.25, 2.0), Epoch(math.inf, math.inf, 0.5, 2.0)),
    search=RateSearch((1e-5, 1e-4), (2.0, 1.5), 1e-4),
    best=0,
    stopped=True,
)


def made(**changes: Any) -> NewRun:
    run = NewRun(datetime.now(UTC), 12.5, THOROUGH, RunOutcome.ADOPTED, "It won.", 5, 6, 5 / 6)
    return replace(run, low=0.4, high=0.97, curves=CURVES, **changes)


def adopt(project: Project, name: str, run: NewRun | None = None) -> Path:
    """Adopt a model whose graph is its name."""
    with project.models.new_folder() as folder:
        write_model(folder, card_of("cats"), name)
        answers = [HeldOutAnswer(p.sha256, c, c, 0.9) for p, c in project.training_set().photos]
        return project.models.adopt(
            folder, answers, revision_hash=project.models.fingerprint(), run=run
        )


def graph(project: Project) -> str:
    folder = project.models.folder()
    return "" if folder is None else (folder / "model.onnx").read_text()


def test_a_run_comes_back_as_it_was_recorded(pets: Project) -> None:
    adopt(pets, "one", made())
    (run,) = pets.models.runs()
    told = made(started=run.started)
    assert run == Run(
        **{f: getattr(told, f) for f in NewRun.__slots__}, id=1, model=True, current=True
    )


def test_going_back_and_forward_again(pets: Project) -> None:
    adopt(pets, "one", made())
    adopt(pets, "two", made())
    second, first = pets.models.runs()
    before = pets.revision()
    assert pets.models.use_run(first.id) == pets.models.folder()
    assert (graph(pets), pets.revision()) == ("one", before + 1)
    assert [run.current for run in pets.models.runs()] == [False, True]
    pets.models.use_run(second.id)
    assert graph(pets) == "two"
    assert [run.current for run in pets.models.runs()] == [True, False]


def test_a_model_gone_back_to_is_stale_by_what_it_learnt_from(
    pets: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    adopt(pets, "one")
    pets.add_photo(new_photo(77), 1)
    adopt(pets, "two")
    second, first = pets.models.runs()
    pets.models.use_run(first.id)
    assert (pets.models.is_stale(), len(pets.models.held_out())) == (True, 6)
    pets.models.use_run(second.id)
    assert (pets.models.is_stale(), len(pets.models.held_out())) == (False, 7)


def test_a_model_gone_back_to_takes_the_hints_of_today(pets: Project) -> None:
    adopt(pets, "one")
    adopt(pets, "two")
    pets.set_hints(1, ["Meow."])
    card = json.loads((pets.models.use_run(pets.models.runs()[-1].id) / "card.json").read_text())
    assert [entry["hints"] for entry in card["classes"]] == [["Meow."]]


def test_a_run_without_a_model_cannot_be_gone_back_to(pets: Project) -> None:
    adopt(pets, "one")
    stopped = pets.models.record_run(made(outcome=RunOutcome.STOPPED, sentence="Stopped."))
    shutil.rmtree(adopt(pets, "two"))
    lost, *_ = pets.models.runs()
    for run_id in (stopped, lost.id, 99):
        with pytest.raises(NotFound, match="not there any more"):
            pets.models.use_run(run_id)
    assert [(run.model, run.current) for run in pets.models.runs()] == [
        (False, False),
        (False, False),
        (True, True),
    ]
    assert graph(pets) == "one"


def test_twenty_models_are_kept_and_one_gone_back_to_is_among_them(pets: Project) -> None:
    adopt(pets, "first")
    for number in range(MODELS_KEPT - 1):
        adopt(pets, str(number))
    pets.models.use_run(pets.models.runs()[-1].id)
    adopt(pets, "last")
    assert [run.model for run in pets.models.runs()] == [True] * (MODELS_KEPT - 1) + [False, True]
    assert len(list((pets.folder / "models").iterdir())) == MODELS_KEPT
    pets.models.use_run(pets.models.runs()[-1].id)
    assert graph(pets) == "first"


def test_models_nobody_asked_for_count_as_one(pets: Project) -> None:
    adopt(pets, "mine", made())
    for number in range(MODELS_KEPT + 3):
        adopt(pets, f"by itself {number}", made(automatic=True))
    assert [run.automatic for run in pets.models.runs()] == [True, False]
    assert graph(pets) == f"by itself {MODELS_KEPT + 2}"
    # Theirs are two, and the last one in use, which someone may be reading.
    assert len(list((pets.folder / "models").iterdir())) == 3
    pets.models.use_run(pets.models.runs()[-1].id)
    assert graph(pets) == "mine"


def test_the_history_does_not_grow_for_ever(pets: Project) -> None:
    adopt(pets, "one", made())
    with pets.held_open():
        for _ in range(MOST_RUNS + 1):
            pets.models.record_run(made(outcome=RunOutcome.STOPPED))
    assert len(pets.models.runs()) == MOST_RUNS + 1
    assert pets.models.runs()[-1].current


def test_improving_by_itself_is_off_until_it_is_switched_on(pets: Project) -> None:
    assert not pets.models.improve_unasked()
    pets.models.set_improve_unasked(True)
    assert pets.models.improve_unasked()
    pets.models.set_improve_unasked(False)
    assert not pets.models.improve_unasked()


def test_models_of_an_earlier_version_of_the_app_can_be_gone_back_to(library: Library) -> None:
    folder = library.home / "projects" / "old1"
    make_first_version(folder)
    with closing(sqlite3.connect(folder / "project.sqlite3")) as connection, connection:
        for statement in MIGRATIONS[1]:
            connection.execute(statement)
        connection.execute("PRAGMA user_version = 2")
        for name in ("a", "b"):
            (folder / "models" / name).mkdir()
            write_model(folder / "models" / name, graph=name)
            connection.execute(
                "INSERT INTO models (folder, fingerprint, adopted_at) VALUES (?, '', ?)",
                (name, "2026-01-01T00:00:00+00:00"),
            )
    project = library.open("old1")
    second, first = project.models.runs()
    assert (second.current, first.current, first.seconds) == (True, False, 0)
    assert first.settings == {"mode": "quick", "backbone": "efficientnet-lite0"}
    assert (first.correct, first.photos, first.accuracy, first.low) == (3, 4, 0.75, 0.3)
    project.models.use_run(first.id)
    assert graph(project) == "a"


def test_a_copy_of_a_project_has_its_history_and_its_current_model(
    library: Library, pets: Project
) -> None:
    adopt(pets, "one", made())
    adopt(pets, "two", made())
    pets.models.use_run(1)
    copy = library.duplicate(pets.id)
    assert [(run.model, run.current) for run in copy.models.runs()] == [
        (False, False),
        (True, True),
    ]
    assert graph(copy) == "one"
    with pytest.raises(NotFound):
        copy.models.use_run(2)
    pets.models.use_run(2)
