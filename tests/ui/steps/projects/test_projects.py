from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from nocode_classifier.errors import InputError, NotFound
from nocode_classifier.jobs import JobState
from nocode_classifier.ui.state import COLLECT, NAME, PROJECTS, TRAIN, TRY, Services
from nocode_classifier.ui.steps.projects.step import (
    View,
    import_project,
    next_step,
    page_value,
    press,
    refresh,
)


def do(services: Services, action: str, view: View | None = None, **data: str) -> Any:
    return press(services, None, view or View(), {"action": action, **data})


def names(listed: list[dict[str, Any]]) -> list[str]:
    return [each["name"] for each in listed]


def test_a_project_can_be_made_straight_on_without_a_name(services: Services) -> None:
    project_id, _, step, *_ = do(services, "create", value="  ")
    assert services.library.open(project_id).name == "My classifier"
    assert step == NAME


def test_a_template_is_opened_at_its_names(services: Services) -> None:
    project_id, _, step, *_ = do(services, "template", template="bears")
    assert len(services.library.open(project_id).classes()) == 3
    assert step == NAME


@pytest.mark.parametrize(
    ("counts", "trained", "step"),
    [
        ({1: 9}, False, NAME),
        ({1: 9, 2: 1}, False, COLLECT),
        ({1: 9, 2: 2}, False, TRAIN),
        ({1: 9, 2: 2}, True, TRY),
    ],
)
def test_a_project_opens_where_work_goes_on(
    counts: dict[int, int], trained: bool, step: int
) -> None:
    assert next_step(counts, trained=trained) == step


def test_a_deleted_project_comes_back_with_undo(services: Services) -> None:
    project = services.library.create("Pets")
    *_, view = do(services, "delete", project=project.id)
    page = page_value(services, view)
    assert page["undo"]["name"] == "Pets"
    assert (names(page["projects"]), names(page["binned"])) == ([], ["Pets"])
    *_, after = do(services, "restore", view, project=project.id)
    assert page_value(services, after)["undo"] is None
    assert view.tries < after.tries, "else the list would not be drawn again"
    assert [info.name for info in services.library.projects()] == ["Pets"]


def test_deleting_the_open_project_closes_it_and_stops_its_job(services: Services) -> None:
    project = services.library.create("Pets")
    job = services.jobs.start(project.id, "wait", _until_stopped)
    answer = press(services, project.id, View(), {"action": "delete", "project": project.id})
    assert answer[0] is None
    assert job.state is JobState.STOPPED


def _until_stopped(report: Any, should_stop: Any) -> None:
    from nocode_classifier.progress import check_stop

    while True:
        check_stop(should_stop)
        threading.Event().wait(0.01)


def test_the_bin_is_shown_and_emptied(services: Services) -> None:
    project = services.library.create("Pets")
    services.library.bin(project.id)
    *_, view = do(services, "bin")
    assert page_value(services, view)["bin_open"]
    *_, view = do(services, "empty-bin", view)
    assert not page_value(services, replace(view, bin_open=True))["bin_open"], "it is empty"
    assert services.library.binned() == []


def test_renaming_refuses_an_empty_name(services: Services) -> None:
    project = services.library.create("Pets")
    with pytest.raises(InputError):
        do(services, "rename", project=project.id, value=" ")


def test_opening_a_project_that_is_gone_says_so(services: Services) -> None:
    with pytest.raises(NotFound):
        do(services, "open", project="abc")


def test_an_import_opens_the_project_and_leaves_no_upload_behind(
    services: Services, tmp_path: Path
) -> None:
    project = services.library.create("Pets", ["cat", "dog"])
    file = services.library.export(project.id, tmp_path / "pets.nocode")
    project_id, *_ = import_project(services, str(file), View())
    assert services.library.open(project_id).name == "Pets"
    assert not file.exists()


def test_an_import_of_something_else_is_refused_with_a_sentence(
    services: Services, tmp_path: Path
) -> None:
    file = tmp_path / "x.nocode"
    file.write_bytes(b"no project at all")
    with pytest.raises(InputError):
        import_project(services, str(file), View())


def test_the_list_is_drawn_where_it_is_seen(services: Services) -> None:
    services.library.create("Pets")
    assert names(refresh(services, PROJECTS, View())["projects"]) == ["Pets"]
    early = refresh(services, 0, View())
    assert names(early["projects"]) == ["Pets"], "the window has not found its place yet"
    assert refresh(services, NAME, View()) == gr.skip()


def test_a_damaged_project_is_in_the_list_and_in_the_bin_with_its_folder(
    services: Services,
) -> None:
    services.library.create("Pets", ["cat"])
    broken = services.library.create("Broken")
    broken.database.path.write_bytes(b"")
    page = page_value(services, View())
    assert {each["name"]: str(broken.folder) in each["problem"] for each in page["projects"]} == {
        "Pets": False,
        f"Project {broken.id}": True,
    }
    *_, view = do(services, "delete", View(bin_open=True), project=broken.id)
    (binned,) = page_value(services, view)["binned"]
    assert "is damaged and can't be opened" in binned["problem"]
    *_, view = do(services, "restore", view, project=broken.id)
    assert len(page_value(services, view)["projects"]) == 2
