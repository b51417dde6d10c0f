"""Photos that are probably in the wrong class, as a grid of photos shows them."""

from __future__ import annotations

import gradio as gr
import pytest

from nocode_classifier.project.project import Project
from nocode_classifier.project.records import HeldOutAnswer
from nocode_classifier.ui import photo_pages
from nocode_classifier.ui.doubtful import DOUBTFUL
from nocode_classifier.ui.photo_views import View
from nocode_classifier.ui.state import Services
from tests.small_models import write_model
from tests.undecoded import new_photo

CERTAINTY = {2: 0.7, 5: 0.99, 7: 0.8, 8: 0.9}
"""Of the answer to photos that are in the wrong class; the others are answered rightly."""


@pytest.fixture
def project(services: Services) -> Project:
    """Ten cats, of which four look like dogs to the model in use, and no dog."""
    made = services.library.create("Pets", ["cat", "dog"])
    cat, _ = made.classes()
    answers = []
    for number in range(10):
        sha256 = made.add_photo(new_photo(number), cat.id).sha256
        said = "dog" if number in CERTAINTY else "cat"
        answers.append(HeldOutAnswer(sha256, "cat", said, CERTAINTY.get(number, 0.6)))
    with made.models.new_folder() as folder:
        write_model(folder)
        made.models.adopt(folder, answers, revision_hash=made.models.fingerprint())
    return made


def names_in_doubt(services: Services, project: Project) -> list[str]:
    value, _ = photo_pages.show(services, project.id, View(project.id, DOUBTFUL))
    assert value is not None
    assert value["further"][0]["count"] == value["total"]
    return [one["name"] for one in value["photos"]]


def test_the_plainest_come_first_with_what_they_look_like(
    services: Services, project: Project
) -> None:
    assert names_in_doubt(services, project) == ["5.jpg", "8.jpg", "7.jpg", "2.jpg"]
    value, _ = photo_pages.show(services, project.id, View(project.id, DOUBTFUL))
    assert value is not None
    dog = project.class_named("dog").id
    said = [(photo["answer"], photo["share"]) for photo in value["photos"]]
    assert said == [(dog, 0.99), (dog, 0.9), (dog, 0.8), (dog, 0.7)]


def test_a_photo_that_was_moved_or_removed_is_settled_until_that_is_undone(
    services: Services, project: Project
) -> None:
    dog = project.class_named("dog")
    first, second, *_ = photo_pages.every_id(services, {"project_id": project.id, "view": DOUBTFUL})
    asked = {"action": "move", "photo_ids": [first], "class_id": dog.id}
    photo_pages.decide(services, project.id, gr.EventData(None, asked))
    asked = {"action": "bin", "photo_ids": [second]}
    photo_pages.decide(services, project.id, gr.EventData(None, asked))
    assert names_in_doubt(services, project) == ["7.jpg", "2.jpg"]
    photo_pages.undo(services, project.id)
    assert names_in_doubt(services, project) == ["8.jpg", "7.jpg", "2.jpg"]


def test_review_opens_with_what_was_asked_for_once(services: Services, project: Project) -> None:
    value, view, asked = photo_pages.arrive(services, project.id, View(project.id), DOUBTFUL)
    assert value is not None
    assert (value["view"], view.shown, asked) == (DOUBTFUL, DOUBTFUL, None)
    value, _, _ = photo_pages.arrive(services, project.id, View(project.id), None)
    assert value is not None
    assert value["view"] == "all"


def test_mistakes_as_few_as_any_model_makes_leave_nothing_in_doubt(
    services: Services, project: Project
) -> None:
    with project.models.new_folder() as folder:
        write_model(folder)
        answers = [answer for answer in project.models.held_out() if answer.probability != 0.99]
        project.models.adopt(folder, answers, revision_hash=project.models.fingerprint())
    assert names_in_doubt(services, project) == []
