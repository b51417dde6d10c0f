"""Publishing from the page, asked directly, at a Hub on this computer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nocode_classifier.errors import InputError, NotReady
from nocode_classifier.jobs import JobRunner
from nocode_classifier.main import build_services
from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.project.project import Project
from nocode_classifier.share.exporter import Subject
from nocode_classifier.share.hub.account import Account
from nocode_classifier.share.hub.kinds import SpaceKind
from nocode_classifier.share.hub.last_time import last_time
from nocode_classifier.share.hub.plan import MakeFolder
from nocode_classifier.share.hub.refusals import HubRefused, Reason
from nocode_classifier.share.hub.talk import Hub, Patience, Secret
from nocode_classifier.ui.active_shares import ActiveShares
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.share import publish_actions
from nocode_classifier.ui.steps.share.publishing import draft_of, publish_value, ways_on
from tests.fakes.hub import FakeHub
from tests.learning import NewShapes
from tests.ui.steps.share.sharing import press

SHAPES = ("circle", "stripes")
CHOSEN = {
    "owner": "ada",
    "name": "round-or-straight",
    "visibility": "public",
    "kind": "static",
    "with_photos": False,
}


def small_page(subject: Subject, kind: SpaceKind) -> MakeFolder:
    """Stands in for the exporters, which have tests of their own."""

    def make(folder: Path, report: Report, should_stop: ShouldStop) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "index.html").write_text(f"<!doctype html><title>{subject.name}</title>")

    return make


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return build_services(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def trained(real: Services, new_shapes: NewShapes) -> Project:
    return new_shapes(real.library, "Round or straight?")


@pytest.fixture
def project(real: Services, trained: Project) -> Project:
    return real.library.duplicate(trained.id)


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with FakeHub() as hub:
        yield hub
        assert (hub.unknown, hub.faults) == ([], [])


@pytest.fixture
def token(hub: FakeHub) -> str:
    return hub.add_person("ada")


@pytest.fixture
def services(real: Services, hub: FakeHub, tmp_path: Path) -> Iterator[Services]:
    """Nobody is signed in, and no token is on this computer."""
    home = {"HF_HOME": str(tmp_path / "hf"), "HF_TOKEN": ""}
    at = Hub(hub.address, None, Patience(poll=0.02, grace=5), home)
    services = replace(real, jobs=JobRunner(), active_shares=ActiveShares(at, small_page))
    yield services
    services.active_shares.close()


@pytest.fixture
def signed_in(services: Services, token: str) -> Services:
    """Ada is signed in, as if she had pasted her token."""
    hub = services.active_shares.hub
    ada = Account(hub, "ada", "Ada", ("ada",), token=Secret(token))
    services.active_shares.sign(ada)
    return services


def test_someone_signs_in_with_a_token_that_the_page_never_shows(
    services: Services, project: Project, token: str
) -> None:
    assert publish_value(services, project)["account"] is None
    publish_actions.sign_in_here(services, {"token": f" {token} ", "keep": False})
    value = publish_value(services, project)
    assert value["account"]["name"] == "ada"
    assert not value["account"]["kept"]
    assert token not in repr(value)


def test_a_token_that_may_only_read_is_refused_in_words(services: Services, hub: FakeHub) -> None:
    hub.add_person("bob")
    with pytest.raises(HubRefused, match="may only read"):
        publish_actions.sign_in_here(services, {"token": hub.add_token("bob", "read"), "keep": 0})
    assert services.active_shares.account is None


def test_a_token_on_this_computer_is_used_if_there_is_one(services: Services, token: str) -> None:
    with pytest.raises(InputError, match="no token on this computer"):
        publish_actions.sign_in_here(services, {"stored": True})
    publish_actions.sign_in_here(services, {"token": token, "keep": True})
    services.active_shares.sign(None)
    assert publish_actions.sign_in_here(services, {"stored": True}) == {"name": "ada"}


def test_signing_out_forgets_who_it_was(signed_in: Services, project: Project) -> None:
    press(signed_in, project, publish_actions.leave, forget=False)
    assert signed_in.active_shares.account is None
    with pytest.raises(NotReady, match="Sign in"):
        publish_actions.start_plan(signed_in, project, CHOSEN)


def test_it_is_looked_at_then_published_then_brought_up_to_date(
    signed_in: Services, project: Project, hub: FakeHub
) -> None:
    press(signed_in, project, publish_actions.start_plan, **CHOSEN)
    draft = publish_value(signed_in, project)["draft"]
    assert draft["space"] == "ada/round-or-straight"
    assert "None of your photos will be there." in draft["sentences"]
    assert not draft["updates"]
    assert "ada/round-or-straight" not in hub.spaces
    press(signed_in, project, publish_actions.start_publish)
    assert "index.html" in hub.spaces["ada/round-or-straight"].files
    value = publish_value(signed_in, project)
    assert value["draft"] is None
    assert value["published"]["space"] == "ada/round-or-straight"
    assert not value["published"]["changed"]
    press(signed_in, project, publish_actions.start_plan, **CHOSEN)
    assert publish_value(signed_in, project)["draft"]["updates"]


def test_what_was_published_is_known_after_the_app_was_closed_and_not_in_a_copy(
    signed_in: Services, project: Project
) -> None:
    for action, asked in (
        (publish_actions.start_plan, {**CHOSEN, "visibility": "private"}),
        (publish_actions.start_publish, {}),
    ):
        press(signed_in, project, action, **asked)
    again = replace(
        signed_in,
        jobs=JobRunner(),
        active_shares=ActiveShares(signed_in.active_shares.hub, small_page),
    )
    value = publish_value(again, project)
    assert value["published"]["private"]
    assert value["settings"]["visibility"] == "private"
    project.set_hints(project.classes()[0].id, ["It rolls."])
    assert publish_value(again, project)["published"]["changed"]
    assert last_time(signed_in.library.duplicate(project.id)) is None


def test_what_was_ready_is_put_away_once_the_classifier_changes(
    signed_in: Services, project: Project
) -> None:
    press(signed_in, project, publish_actions.start_plan, **CHOSEN)
    draft = draft_of(signed_in, project)
    assert draft is not None
    project.set_hints(project.classes()[0].id, ["It rolls."])
    assert draft_of(signed_in, project) is None
    with pytest.raises(NotReady, match="once more"):
        publish_actions.start_publish(signed_in, project, {})
    press(signed_in, project, publish_actions.put_away)
    assert not Path(draft.place.name).exists()


def test_a_name_that_someone_else_uses_is_refused_before_anything_is_made(
    signed_in: Services, project: Project, hub: FakeHub
) -> None:
    press(signed_in, project, publish_actions.start_plan, **CHOSEN)
    press(signed_in, project, publish_actions.start_publish)
    files = hub.spaces["ada/round-or-straight"].files
    files["README.md"] = b"---\nsdk: static\n---\nSomething else\n"
    press(signed_in, project, publish_actions.start_plan, **CHOSEN)
    problem = publish_value(signed_in, project)["problem"]
    assert "did not make" in problem["sentence"]
    assert problem["ways"] == ["rename"]


def test_a_name_that_is_not_allowed_is_refused_at_once(
    signed_in: Services, project: Project
) -> None:
    with pytest.raises(InputError, match="can't be the name"):
        publish_actions.start_plan(signed_in, project, {**CHOSEN, "name": "über uns"})


def test_trouble_at_the_hub_is_a_sentence_with_a_way_on(
    signed_in: Services, project: Project, hub: FakeHub
) -> None:
    press(signed_in, project, publish_actions.start_plan, **CHOSEN)
    hub.refuse(402, "POST", "/api/repos/create", body={"error": "pay"})
    press(signed_in, project, publish_actions.start_publish)
    problem = publish_value(signed_in, project)["problem"]
    assert "payment" in problem["sentence"]
    assert problem["ways"] == ["files"]
    assert draft_of(signed_in, project) is not None


@pytest.mark.parametrize(
    ("reason", "kind", "ways"),
    [
        (Reason.SIGN_IN, "static", ["sign-in"]),
        (Reason.PAYMENT, "gradio", ["static"]),
        (Reason.FORBIDDEN, "static", ["rename", "sign-in"]),
        (Reason.TOO_FAST, "static", ["again"]),
        (Reason.NO_NETWORK, "static", ["again", "files"]),
        (Reason.BUILD, "zero-gpu", ["again", "static"]),
    ],
)
def test_every_refusal_has_a_way_on(reason: Reason, kind: str, ways: list[str]) -> None:
    assert ways_on(reason, kind) == ways


def test_no_token_is_in_the_project_or_the_page(
    signed_in: Services, project: Project, token: str
) -> None:
    press(signed_in, project, publish_actions.start_plan, **CHOSEN)
    press(signed_in, project, publish_actions.start_publish)
    kept: Any = (path.read_bytes() for path in project.folder.rglob("*") if path.is_file())
    assert not any(token.encode() in data for data in kept)
    assert token not in repr(signed_in)
