"""The Share step, asked directly: links, and files to take along."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from nocode_classifier.errors import Busy, InputError, NotReady
from nocode_classifier.jobs import JobRunner, JobState
from nocode_classifier.main import build_services
from nocode_classifier.project.project import Project
from nocode_classifier.share.exporter import Exported
from nocode_classifier.ui.active_shares import ActiveShares
from nocode_classifier.ui.routes.finished_exports import add_finished_route
from nocode_classifier.ui.state import TRAIN, Services
from nocode_classifier.ui.steps.projects import step as projects
from nocode_classifier.ui.steps.share import exporting, links, showing
from nocode_classifier.ui.steps.share import step as share
from nocode_classifier.ui.steps.share.keeping import folder_for, forget_others, keep, made_in
from tests.learning import NewShapes
from tests.patience import PATIENCE
from tests.ui.steps.share.sharing import PretendedLink, press

SHAPES = ("circle", "stripes")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return build_services(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def project(real: Services, new_shapes: NewShapes) -> Project:
    return new_shapes(real.library, "Round or straight?")


@pytest.fixture
def public() -> PretendedLink:
    return PretendedLink()


@pytest.fixture
def services(
    real: Services, public: PretendedLink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Services:
    monkeypatch.setenv("NOCODE_CLASSIFIER_CACHE", str(tmp_path / "cache"))
    links = {"public": lambda: public, "local": lambda: PretendedLink("http://192.168.1.5:7860")}
    return replace(real, jobs=JobRunner(), new_link=links, active_shares=ActiveShares())


# What the step shows


def test_without_a_model_the_step_leads_to_training(services: Services) -> None:
    empty = services.library.create("Empty", SHAPES)
    assert "Train" in share.ways_value(services, empty)["missing"]
    with pytest.raises(NotReady, match="Train"):
        links.open_link(services, empty, {"way": "public"})
    with pytest.raises(NotReady, match="Train"):
        exporting.start_export(services, empty, {"key": "model"})
    assert share.go_to_training(services)[1] == TRAIN


def test_it_says_so_when_the_classifier_is_out_of_date(
    services: Services, project: Project
) -> None:
    assert share.ways_value(services, project)["note"] == ""
    copy = services.library.duplicate(project.id)
    copy.add_class("dots")
    assert "have changed" in share.ways_value(services, copy)["note"]


# A link


def test_a_link_shows_the_model_and_can_be_closed(
    services: Services, project: Project, public: PretendedLink
) -> None:
    press(services, project, links.open_link, way="public")
    assert public.shown == [project.models.folder()]
    opened = links.link_value(services, project)["open"]
    assert (opened["address"], opened["way"]) == (public.where, "public")
    assert opened["qr"].startswith("<svg")
    assert not opened["changed"]
    press(services, project, links.close_link)
    assert public.address is None
    assert links.link_value(services, project)["open"] is None


def test_a_link_that_is_refused_says_why_and_the_other_way_works(
    services: Services, project: Project, public: PretendedLink
) -> None:
    public.blocked = "The tunnel was refused."
    press(services, project, links.open_link, way="public")
    value = links.link_value(services, project)
    assert (value["problem"], value["way"]) == ("The tunnel was refused.", "public")
    press(services, project, links.open_link, way="local")
    opened = links.link_value(services, project)["open"]
    assert (opened["way"], opened["address"]) == ("local", "http://192.168.1.5:7860")


def test_a_link_that_ended_by_itself_says_so(
    services: Services, project: Project, public: PretendedLink
) -> None:
    press(services, project, links.open_link, way="public")
    public.end()
    value = links.link_value(services, project)
    assert value["open"] is None
    assert "closed from the other side" in value["problem"]


def test_each_project_has_a_link_of_its_own(
    services: Services, project: Project, public: PretendedLink
) -> None:
    other = services.library.duplicate(project.id, "Another")
    press(services, other, links.open_link, way="public")
    press(services, project, links.open_link, way="local")
    assert links.link_value(services, other)["open"]["address"] == public.where
    press(services, project, links.close_link)
    assert links.link_value(services, project)["open"] is None
    assert links.is_open(services, other)
    projects.delete(services, None, other.id, projects.View())
    assert public.address is None, "nobody could close it any more"


def test_a_project_has_one_link_at_a_time(
    services: Services, project: Project, public: PretendedLink
) -> None:
    press(services, project, links.open_link, way="public")
    press(services, project, links.open_link, way="local")
    assert public.address is None
    services.active_shares.close()
    assert not links.is_open(services, project)


def test_a_link_tells_when_it_shows_the_classifier_as_it_was(
    services: Services, project: Project
) -> None:
    copy = services.library.duplicate(project.id)
    press(services, copy, links.open_link, way="public")
    copy.set_hints(copy.classes()[0].id, ["It rolls."])
    assert links.link_value(services, copy)["open"]["changed"]


def test_an_unknown_link_is_refused(services: Services, project: Project) -> None:
    with pytest.raises(InputError, match="public, local"):
        links.open_link(services, project, {"way": "sideways"})


# Files


def item(services: Services, project: Project, key: str) -> dict[str, object]:
    return next(
        one for one in exporting.exports_value(services, project)["items"] if one["key"] == key
    )


def download(services: Services, address: str) -> Response:
    server = FastAPI()
    add_finished_route(server, services)
    with TestClient(server) as client:
        return client.get(address)


def test_an_export_is_proven_and_then_downloaded(services: Services, project: Project) -> None:
    job = press(services, project, exporting.start_export, key="model")
    assert job is not None
    assert "ready to download" in job.message
    made = item(services, project, "model")["made"]
    assert isinstance(made, dict)
    assert made["proof"] == "same answers: 20 of 20"
    answer = download(services, made["address"])
    assert answer.status_code == 200
    assert quote(made["file"]) in answer.headers["content-disposition"]
    names = zipfile.ZipFile(BytesIO(answer.content)).namelist()
    assert any(name.endswith("model.onnx") for name in names)


def test_an_export_that_was_cut_off_in_the_cache_is_not_offered(tmp_path: Path) -> None:
    file = tmp_path / "shapes.zip"
    file.write_bytes(b"whole")
    made = keep(tmp_path, Exported(file, 5, None), "a mark")
    assert made_in(tmp_path) == made
    file.write_bytes(b"who")
    assert made_in(tmp_path) is None


def test_an_export_that_is_older_than_the_model_says_so(
    services: Services, project: Project
) -> None:
    copy = services.library.duplicate(project.id)
    press(services, copy, exporting.start_export, key="onnx")
    copy.set_hints(copy.classes()[0].id, ["It rolls."])
    made = item(services, copy, "onnx")["made"]
    assert isinstance(made, dict)
    assert made["outdated"]


def test_what_was_not_exported_can_not_be_downloaded(services: Services, project: Project) -> None:
    for address in (f"/exports/{project.id}/onnx", f"/exports/{project.id}/..", "/exports/x/y"):
        assert download(services, address).status_code == 404


def test_exports_of_deleted_projects_are_forgotten(services: Services, project: Project) -> None:
    for owner in (project.id, "gone"):
        folder_for(owner, "model").mkdir(parents=True)
    forget_others([project.id])
    assert folder_for(project.id, "model").is_dir()
    assert not folder_for("gone", "model").exists()


def test_while_an_export_is_made_nothing_else_begins_and_stop_ends_it(
    services: Services, project: Project
) -> None:
    exporting.start_export(services, project, {"key": "onnx"})
    assert share.ways_value(services, project)["files"] == "busy"
    with pytest.raises(Busy):
        links.open_link(services, project, {"way": "public"})
    showing.stop(services, project, {})
    job = services.jobs.current(project.id)
    assert job is not None
    assert job.wait(PATIENCE)
    assert job.state is JobState.STOPPED
    assert item(services, project, "onnx")["made"] is None


def test_an_unknown_export_is_refused_with_those_there_are(
    services: Services, project: Project
) -> None:
    with pytest.raises(InputError, match="model"):
        exporting.start_export(services, project, {"key": "stone tablet"})
