"""Photos that are worth a look, as a grid of photos shows them."""

from __future__ import annotations

import gradio as gr
import pytest

from nocode_classifier.check.findings import Findings, fingerprint_of, keep_findings
from nocode_classifier.check.suspects import Suspect, Suspicion
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, HeldOutAnswer, PhotoState
from nocode_classifier.ui import photo_pages
from nocode_classifier.ui.photo_views import View
from nocode_classifier.ui.state import Services
from tests.small_models import card_of, write_model
from tests.undecoded import new_photo

MISLABELLED = "mislabelled"
CERTAINTY = {2: 0.83, 5: 0.99, 7: 0.87, 8: 0.9}
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
        write_model(folder, card_of("cat", "dog"))
        made.models.adopt(folder, answers, revision_hash=made.models.fingerprint())
    return made


def names_shown(services: Services, project: Project) -> list[str]:
    value, _ = photo_pages.show(services, project.id, View(project.id, MISLABELLED))
    assert value is not None
    assert {one["name"]: one["count"] for one in value["further"]}[MISLABELLED] == value["total"]
    return [one["name"] for one in value["photos"]]


def test_the_plainest_come_first_with_what_they_look_like(
    services: Services, project: Project
) -> None:
    assert names_shown(services, project) == ["5.jpg", "8.jpg", "7.jpg", "2.jpg"]
    value, _ = photo_pages.show(services, project.id, View(project.id, MISLABELLED))
    assert value is not None
    dog = project.class_named("dog").id
    said = [(photo["answer"], photo["share"]) for photo in value["photos"]]
    assert said == [(dog, 0.99), (dog, 0.9), (dog, 0.87), (dog, 0.83)]


def test_a_photo_that_was_moved_or_removed_is_settled_until_that_is_undone(
    services: Services, project: Project
) -> None:
    dog = project.class_named("dog")
    first, second, *_ = photo_pages.every_id(
        services, {"project_id": project.id, "view": MISLABELLED}
    )
    asked = {"action": "move", "photo_ids": [first], "class_id": dog.id}
    photo_pages.decide(services, project.id, gr.EventData(None, asked))
    asked = {"action": "bin", "photo_ids": [second]}
    photo_pages.decide(services, project.id, gr.EventData(None, asked))
    assert names_shown(services, project) == ["7.jpg", "2.jpg"]
    photo_pages.undo(services, project.id)
    assert names_shown(services, project) == ["8.jpg", "7.jpg", "2.jpg"]


def test_review_opens_with_what_was_asked_for_once(services: Services, project: Project) -> None:
    value, view, asked = photo_pages.arrive(services, project.id, View(project.id), MISLABELLED)
    assert value is not None
    assert (value["view"], view.shown, asked) == (MISLABELLED, MISLABELLED, None)
    value, _, _ = photo_pages.arrive(services, project.id, View(project.id), None)
    assert value is not None
    assert value["view"] == "all"


def test_suspicious_photos_are_views_of_their_own_and_a_pair_is_settled_by_one_of_the_two(
    services: Services, project: Project
) -> None:
    cat, *_ = labels = project.classes()
    hashes = [photo.sha256 for photo in project.photos()]
    found = Findings(
        (
            Suspect(hashes[3], "cat", Suspicion.ODD, 2.0),
            Suspect(hashes[0], "cat", Suspicion.DUPLICATE, 0.9, hashes[1]),
        )
    )
    keep_findings(project, fingerprint_of(project), found, labels)
    value, _ = photo_pages.show(services, project.id, View(project.id, "duplicate"))
    assert value is not None
    (shown,) = value["photos"]
    assert shown["twin"]["name"] == "1.jpg"
    counts = {one["name"]: one["count"] for one in value["further"]}
    assert counts == {"wrong": 10, "mislabelled": 4, "duplicate": 1, "odd": 1}
    project.rename_class(cat.id, "tiger")
    project.apply([Decision(project.photos()[1].id, state=PhotoState.BINNED)], "Removed")
    value, _ = photo_pages.show(services, project.id, View(project.id, "duplicate"))
    assert value is not None
    counts = {one["name"]: one["count"] for one in value["further"]}
    assert counts == {"wrong": 9, "mislabelled": 4, "duplicate": 0, "odd": 1}
