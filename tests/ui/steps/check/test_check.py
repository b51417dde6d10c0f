"""The Check step, its handlers called directly: the verdict, advice, the slider, the matrix."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from nocode_classifier.curves import Curves, Epoch
from nocode_classifier.errors import InputError
from nocode_classifier.jobs import JobState
from nocode_classifier.learn.accuracy import count_confusion
from nocode_classifier.learn.figures import measure
from nocode_classifier.learn.settings import Augmentation, Mode, Settings
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, HeldOutAnswer, PhotoState
from nocode_classifier.project.tables.runs import NewRun, RunOutcome, bare_run
from nocode_classifier.ui import training_choices as choices
from nocode_classifier.ui.finding import find_now
from nocode_classifier.ui.photo_pages import page_value
from nocode_classifier.ui.photo_views import View
from nocode_classifier.ui.state import COLLECT, TRAIN, TRY, Services
from nocode_classifier.ui.steps.check import step as check
from nocode_classifier.ui.training import TRAIN_KIND
from tests.learning import NewShapes
from tests.patience import PATIENCE
from tests.small_models import card_of, write_model
from tests.undecoded import new_photo

THOROUGH = Settings(Mode.THOROUGH, epochs=4, rate=0.5, augmentation=Augmentation(mirror=False))
APART = Curves(4, 0.5, (Epoch(1.1, 9.0, 0.5, 1.0), Epoch(math.inf, math.inf, 1.0, 1.0)), best=0)
NAMES = ("cat", "dog")
LINES = [
    {"probability": 0.5, "familiarity": 0.0, "share": 0.95, "accuracy": 0.8},
    {"probability": 0.8, "familiarity": 0.0, "share": 0.7, "accuracy": 0.96},
    {"probability": 0.9, "familiarity": 0.0, "share": 0.4, "accuracy": 1.0},
]
SURE = {
    **LINES[1],
    "chosen": 1,
    "choices": [line | {"photos": 20, "answered": 10, "right": 9} for line in LINES],
}


def adopt(project: Project, said: list[str], run: NewRun | None = None) -> None:
    """A model that gave these answers to the photos there are, one after the other."""
    photos = project.training_set().photos
    true = [name for _, name in photos]
    figures = measure(true, said, range(len(true)), NAMES)
    card = card_of(
        *NAMES,
        accuracy=figures.overall and figures.overall.to_json(),
        confusion=count_confusion(true, said, NAMES),
        sure=SURE,
    )
    answers = [
        HeldOutAnswer(
            photo.sha256,
            *(name, answer, 0.9),
            np.array([0.9, 0.1] if answer == "cat" else [0.1, 0.9], "<f4").tobytes(),
        )
        for (photo, name), answer in zip(photos, said, strict=True)
    ]
    with project.models.new_folder() as folder:
        write_model(folder, card)
        project.models.adopt(
            folder, answers, revision_hash=project.models.fingerprint(), run=run or bare_run()
        )


@pytest.fixture
def empty(services: Services) -> Project:
    """Forty cats, forty dogs, and no model."""
    project = services.library.create("Pets", NAMES)
    for number in range(80):
        project.add_photo(new_photo(number), project.classes()[number % 2].id)
    return project


@pytest.fixture
def project(empty: Project) -> Project:
    """With a model that took two cats for dogs."""
    adopt(empty, ["dog", "dog", "dog", "dog", *NAMES * 38])
    return empty


def drawn(services: Services, project: Project) -> dict[str, Any]:
    names = ("verdict", "next", "sure", "confusion", "onward")
    return dict(zip(names, check.drawn(services, project), strict=True))


def test_without_a_model_it_leads_to_training(services: Services, empty: Project) -> None:
    verdict, *others = check.drawn(services, empty)
    assert (verdict["headline"], others) == (None, [None] * 4)
    assert check.press(services, empty.id, {"action": "train"})[3] == TRAIN


def test_the_verdict_comes_with_its_interval_and_more_figures(
    services: Services, project: Project
) -> None:
    verdict = drawn(services, project)["verdict"]
    (said,) = verdict["headline"]["sentences"]
    assert said.startswith("Right on 78 of 80 photos it had not seen; likely between 91 and 99")
    assert verdict["figures"]["error"].startswith("Error rate: 2.5% (2 of 80 photos wrong;")
    cat, dog = sorted(verdict["figures"]["rows"], key=lambda row: row["name"])
    assert (cat["right"], cat["recall"], cat["precision"]) == ("38 of 40", "95%", "100%")
    assert (dog["error"], dog["precision"], dog["f1"]) == ("0%", "95%", "0.98")


def test_a_cell_of_the_matrix_shows_its_photos_in_the_grid(
    services: Services, project: Project
) -> None:
    confusion = drawn(services, project)["confusion"]
    assert confusion["counts"] == [[38, 2], [0, 40]]
    cat, dog = confusion["ids"]
    (pair,) = confusion["pairs"]
    assert pair["view"] == f"cell:{cat}:{dog}"
    view, *_ = check.press(services, project.id, {"action": "look", "view": pair["view"]})
    value, _ = page_value(project, View(project.id, view))
    assert [photo["name"] for photo in value["photos"]] == ["0.jpg", "2.jpg"]
    assert {photo["answer"] for photo in value["photos"]} == {dog}
    first, second = value["photos"]
    project.apply([Decision(first["id"], class_id=dog)], "Moved")
    project.apply([Decision(second["id"], confirmed=True)], "Right")
    assert page_value(project, View(project.id, view))[0]["total"] == 0


def test_the_grid_shows_the_worst_mistakes_first(services: Services, project: Project) -> None:
    assert check.refresh(services, None) == (None,) * 5
    value, _ = page_value(project, View(project.id, "wrong"))
    assert [photo["name"] for photo in value["photos"]][:2] == ["0.jpg", "2.jpg"]
    assert value["total"] == 80
    assert value["photos"][0]["loss"] > value["photos"][-1]["loss"] > 0


def test_a_change_is_told_until_it_was_trained_again_and_then_what_it_brought(
    services: Services, project: Project
) -> None:
    project.apply([Decision(project.photos()[0].id, state=PhotoState.BINNED)], "Removed")
    before = drawn(services, project)
    assert before["verdict"]["stale"]
    assert before["next"]["cards"] == []
    adopt(project, [name for _, name in project.training_set().photos])
    after = drawn(services, project)
    assert not after["verdict"]["stale"]
    assert after["verdict"]["change"].startswith("Better than before, which may be chance: of 79")


def test_how_careful_it_is_takes_effect_at_once_and_is_put_back(
    services: Services, project: Project
) -> None:
    shown = drawn(services, project)["sure"]
    assert (shown["chosen"], shown["suggested"], len(shown["choices"])) == (1, 1, 3)
    check.choose_sure(services, {"project_id": project.id, "index": 2})
    shown = drawn(services, project)["sure"]
    assert (shown["chosen"], shown["suggested"]) == (2, 1)
    check.choose_sure(services, {"project_id": project.id, "index": None})
    assert drawn(services, project)["sure"]["chosen"] == 1
    with pytest.raises(InputError):
        check.choose_sure(services, {"project_id": project.id, "index": 3})


def test_where_photos_are_few_the_first_advice_adds_some_to_the_class_it_names(
    services: Services,
) -> None:
    project = services.library.create("Pets", NAMES)
    for number in range(20):
        project.add_photo(new_photo(number), project.classes()[number % 2].id)
    adopt(project, ["dog", "cat", "dog", "cat", *["dog"] * 4, *NAMES * 6])
    page = drawn(services, project)
    card = page["next"]["cards"][0]
    assert card["main"]
    assert not page["onward"]["main"]
    _, class_id, _, place, *_ = check.press(
        services, project.id, {"action": "advice", "key": card["key"]}
    )
    assert place == COLLECT
    assert class_id in [label.id for label in project.classes()]
    assert check.press(services, project.id, {"action": "try"})[3] == TRY


def test_advice_to_train_differently_trains_from_here_and_is_kept_as_the_choice(
    services: Services, project: Project
) -> None:
    run = NewRun(
        datetime.now(UTC), 30.0, THOROUGH.to_json(), RunOutcome.ADOPTED, "Trained.", curves=APART
    )
    adopt(project, ["dog", "cat"] * 5 + [*NAMES * 35], run)
    cards = drawn(services, project)["next"]["cards"]
    (card,) = (one for one in cards if "mistakes grew" in one["sentence"])
    check.press(services, project.id, {"action": "advice", "key": card["key"]})
    job = services.jobs.current(project.id)
    assert job is not None
    settings = choices.chosen(project)
    assert (job.kind, settings.mode) == (TRAIN_KIND, Mode.THOROUGH)
    assert settings.rate == pytest.approx(0.05)
    check.press(services, project.id, {"action": "stop"})
    assert job.wait(PATIENCE)
    project.apply([Decision(project.photos()[0].id, state=PhotoState.BINNED)], "Removed")
    before = services.jobs.current(project.id)
    check.press(services, project.id, {"action": "advice", "key": card["key"]})
    assert services.jobs.current(project.id) is before, "it does not hold any more"


def test_what_is_looked_for_is_found_in_the_background_and_shown(
    services: Services, new_shapes: NewShapes
) -> None:
    project = new_shapes(services.library, "Shapes")
    services.soon.seconds = 1e6  # it is begun here, below
    _, before, *_ = check.refresh(services, project.id)
    assert (before["looking"], before["curve"], before["nothing"]) == (
        {"fraction": 0.0},
        None,
        False,
    )
    find_now(services, project)
    job = services.jobs.quiet(project.id)
    assert job is not None
    assert job.wait(PATIENCE)
    assert job.state is JobState.DONE
    _, after, *_ = check.refresh(services, project.id)
    assert after["looking"] is None
    assert after["curve"]["points"][-1][0] == 40
    assert [photos for photos, *_ in after["curve"]["ahead"]] == [*range(40, 81, 5)]
    check.refresh(services, project.id)
    assert services.jobs.quiet(project.id) is job, "it was done already"
