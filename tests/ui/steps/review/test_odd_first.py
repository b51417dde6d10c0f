"""Review offers to look for odd photos before the first training, and shows what was found."""

from __future__ import annotations

from pathlib import Path

from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.jobs import JobState
from nocode_classifier.project.records import Decision, PhotoState
from nocode_classifier.ui.photo_pages import page_value
from nocode_classifier.ui.photo_views import View
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.review import step as review
from tests.drawing import draw_folder, save_photos
from tests.patience import PATIENCE


def test_odd_photos_are_looked_for_once_and_offered_as_views(
    services: Services, tmp_path: Path
) -> None:
    folder = draw_folder(tmp_path / "drawn", {"circle": 20})
    save_photos(folder / "circle", "stripes", [1])
    project = services.library.create("Shapes")
    assert review.show_odd_first(services, project.id) == {"offered": False, "looking": None}
    add_photos(project, from_folder(folder), class_id=None)
    assert review.show_odd_first(services, project.id) == {"offered": True, "looking": None}
    review.look_for_odd(services, project.id)
    job = services.jobs.quiet(project.id)
    assert job is not None
    assert job.wait(PATIENCE)
    assert job.state is JobState.DONE
    assert review.show_odd_first(services, project.id) == {"offered": False, "looking": None}
    value, _ = page_value(project, View(project.id, "odd"))
    assert "stripes" in value["photos"][0]["name"]
    project.apply([Decision(value["photos"][0]["id"], state=PhotoState.BINNED)], "Removed")
    assert review.show_odd_first(services, project.id) == {"offered": True, "looking": None}
