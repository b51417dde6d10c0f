"""Each no of the Hub becomes a sentence with a way on."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from nocode_classifier.share.hub.account import Account
from nocode_classifier.share.hub.kinds import GRADIO, STATIC, ZERO_GPU, SpaceKind
from nocode_classifier.share.hub.publishing import publish
from nocode_classifier.share.hub.refusals import HubRefused, Reason, refusal
from nocode_classifier.share.hub.talk import Secret
from tests.fakes.hub import FakeHub
from tests.fakes.server import FakeServer, page
from tests.share.hub.conftest import Planner

CREATE = ("POST", "/api/repos/create")
COMMIT = ("POST", "/api/spaces/ada/dogs/commit/main")


def refused(plans: Planner, account: Account, kind: SpaceKind = STATIC) -> HubRefused:
    with pytest.raises(HubRefused) as caught:
        publish(plans(kind=kind), account)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "Error" not in sentence
    return caught.value


def test_401_a_token_that_was_taken_back(hub: FakeHub, ada: Account, plans: Planner) -> None:
    hub.tokens.clear()
    error = refused(plans, ada)
    assert (error.reason, error.status) == (Reason.SIGN_IN, 401)
    assert f"{hub.address}/settings/tokens" in str(error)


def test_402_a_gradio_app_of_a_free_account(hub: FakeHub, ada: Account, plans: Planner) -> None:
    error = refused(plans, ada, GRADIO)
    assert (error.reason, error.status) == (Reason.PAYMENT, 402)
    assert "page that runs by itself, which is free" in str(error)
    assert "Static Spaces are free for everyone" in error.details
    assert hub.spaces == {}


def test_402_a_page_that_is_to_become_a_gradio_app(ada: Account, plans: Planner) -> None:
    publish(plans(), ada)
    error = refused(plans, ada, GRADIO)
    assert error.reason is Reason.PAYMENT
    assert publish(plans(), ada).running


def test_402_a_third_zero_gpu_app(ada: Account, plans: Planner) -> None:
    for name in ("ada/one", "ada/two"):
        publish(plans(name, kind=ZERO_GPU), ada)
    error = refused(plans, ada, ZERO_GPU)
    assert error.reason is Reason.PAYMENT
    assert "free accounts may have two" in str(error)


def test_403_zero_gpu_for_a_new_account(hub: FakeHub, ada: Account, plans: Planner) -> None:
    hub.people["ada"].good_standing = False
    error = refused(plans, ada, ZERO_GPU)
    assert (error.reason, error.status) == (Reason.FORBIDDEN, 403)
    assert "older than 30 days" in str(error)


def test_403_a_token_for_another_name(hub: FakeHub, ada: Account, plans: Planner) -> None:
    fine = hub.add_token("ada", "fineGrained", writes_to=("school",))
    error = refused(plans, replace(ada, token=Secret(fine)))
    assert error.reason is Reason.FORBIDDEN
    assert "may not publish under the name 'ada'" in str(error)


def test_409_a_name_that_was_taken_a_moment_ago(hub: FakeHub, ada: Account, plans: Planner) -> None:
    body = {"error": "You already created this space repo", "url": "…"}
    hub.refuse(409, *CREATE, body=body)
    error = refused(plans, ada)
    assert (error.reason, error.status) == (Reason.NAME_TAKEN, 409)
    assert "ada/dogs" in str(error)


def test_412_someone_else_was_quicker(hub: FakeHub, ada: Account, plans: Planner) -> None:
    hub.refuse(412, *COMMIT, body={"error": "A commit has happened since"})
    assert refused(plans, ada).reason is Reason.CHANGED


def test_429_with_a_long_pause_is_said_at_once(hub: FakeHub, ada: Account, plans: Planner) -> None:
    headers = {"RateLimit": '"api";r=0;t=1800', "RateLimit-Policy": '"fixed window";"api";q=1;w=3'}
    hub.refuse(429, "POST", ".*/preupload/main", headers=headers)
    error = refused(plans, ada)
    assert (error.reason, error.status) == (Reason.TOO_FAST, 429)
    assert "in 30 minutes" in str(error)
    assert len(hub.asked("POST", ".*/preupload/main")) == 1


def test_429_with_a_short_pause_is_waited_for(hub: FakeHub, ada: Account, plans: Planner) -> None:
    hub.refuse(429, "POST", ".*/preupload/main", headers={"Retry-After": "0"}, times=1)
    heard: list[str] = []
    published = publish(plans(), ada, report=lambda progress: heard.append(progress.stage))
    assert published.running
    assert "Hugging Face is busy, trying again" in heard


OTHER_STATUSES = [pytest.param(status, marks=pytest.mark.gate) for status in (502, 503, 504)]


@pytest.mark.parametrize("status", [500, *OTHER_STATUSES])
def test_5xx_trouble_at_the_hub(hub: FakeHub, ada: Account, plans: Planner, status: int) -> None:
    hub.refuse(status, *CREATE)
    error = refused(plans, ada)
    assert (error.reason, error.status) == (Reason.TROUBLE, status)
    assert "Nothing of yours is lost" in str(error)


def test_a_hitch_in_the_middle_is_got_over(hub: FakeHub, ada: Account, plans: Planner) -> None:
    hub.refuse(503, "PUT", "/storage/[^/]+", times=1)
    assert publish(plans(), ada).running


def test_files_that_the_hub_does_not_take(hub: FakeHub, ada: Account, plans: Planner) -> None:
    hub.refuse(400, *COMMIT, body={"error": "Your push was rejected: virus"})
    error = refused(plans, ada)
    assert error.reason is Reason.FILES
    assert "Your push was rejected: virus." in str(error)


def test_no_network(ada: Account, plans: Planner) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens here
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        error = refused(plans, replace(ada, hub=replace(ada.hub, address=address)))
    assert (error.reason, error.status) == (Reason.NO_NETWORK, None)
    assert "internet connection" in str(error)
    assert "as a folder works without the internet" in str(error)


def test_a_name_that_nobody_can_look_up(ada: Account, plans: Planner) -> None:
    place = replace(ada.hub, address="http://hub.invalid")
    assert refused(plans, replace(ada, hub=place)).reason is Reason.NO_NETWORK


def test_a_page_of_the_hotel_instead_of_the_hub(ada: Account, plans: Planner) -> None:
    with FakeServer() as hotel:
        hotel.change = lambda reply: page("Welcome! Please pay.")
        place = replace(ada.hub, address=hotel.address)
        assert refused(plans, replace(ada, hub=place)).reason is Reason.NO_NETWORK


def test_offline_by_setting(ada: Account, plans: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    error = refused(plans, ada)
    assert error.reason is Reason.OFFLINE
    assert "HF_HUB_OFFLINE" in str(error)


OTHER_STAGES = [
    pytest.param(stage, marks=pytest.mark.gate)
    for stage in ("RUNTIME_ERROR", "CONFIG_ERROR", "NO_APP_FILE")
]


@pytest.mark.parametrize("stage", ["BUILD_ERROR", *OTHER_STAGES])
def test_a_build_that_fails(hub: FakeHub, ada: Account, plans: Planner, stage: str) -> None:
    publish(plans(), ada)
    space = hub.spaces["ada/dogs"]
    space.plan, space.error = ["BUILDING", stage], "No matching distribution found"
    space.log = ("Collecting onnxruntime", "ERROR: No matching distribution found")
    error = refused(plans, ada, ZERO_GPU)
    assert error.reason is Reason.BUILD
    assert f"{hub.address}/spaces/ada/dogs" in str(error)
    assert "runs by itself" in str(error)
    assert "ERROR: No matching distribution found" in error.details


def test_a_paused_space_says_where_to_restart_it(
    hub: FakeHub, ada: Account, plans: Planner
) -> None:
    publish(plans(), ada)
    hub.spaces["ada/dogs"].plan = ["PAUSED"]

    def make_other(folder: Any, *_: object) -> None:
        folder.mkdir()
        (folder / "index.html").write_text("other")

    with pytest.raises(HubRefused, match="restart it in its settings"):
        publish(plans(make=make_other), ada)


def test_a_process_that_ends_unexpectedly(ada: Account, plans: Planner) -> None:
    broken = replace(ada.hub, environment={"PYTHONHASHSEED": "none"})
    error = refused(plans, replace(ada, hub=broken))
    assert error.reason is Reason.BROKEN


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 412, 413, 418, 429, 500, 599, 0])
@pytest.mark.parametrize("step", ["sign in", "create", "upload"])
def test_every_status_has_a_sentence(status: int, step: str) -> None:
    told: Mapping[str, Any] = {"status": status, "message": "", "step": step, "wait": None}
    error = refusal(told, {"space": "ada/dogs", "sdk": "gradio"}, "https://example.org")
    assert len(str(error)) > 40
    assert str(error).endswith(".")
