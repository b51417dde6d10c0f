"""Publishing through the unmodified huggingface_hub at a Hub on this computer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nocode_classifier.errors import Cancelled, InputError
from nocode_classifier.progress import Progress
from nocode_classifier.share.hub.account import Account
from nocode_classifier.share.hub.kinds import GRADIO, STATIC, ZERO_GPU, Visibility
from nocode_classifier.share.hub.publishing import existing, publish
from tests.fakes.hub import FakeHub
from tests.share.hub.conftest import Planner


def test_a_page_is_published_in_one_commit_runs_and_is_not_sent_again(
    hub: FakeHub, ada: Account, plans: Planner, tmp_path: Path
) -> None:
    planned = plans()
    published = publish(planned, ada)
    assert published.url == f"{hub.address}/spaces/ada/dogs"
    assert published.address == "https://ada-dogs.static.hf.space"
    assert published.running
    assert not published.updated
    space = hub.spaces["ada/dogs"]
    assert (space.sdk, space.visibility) == ("static", "public")
    stored = hub.check_out("ada/dogs", tmp_path / "stored")
    for file in planned.files:
        assert (stored / file.path).read_bytes() == (planned.folder / file.path).read_bytes()
    assert set(space.files) == {file.path for file in planned.files} | {".gitattributes"}
    assert len(space.commits) == 2
    assert set(hub.storage.ways.values()) == {"lfs"}

    puts = len(hub.asked("PUT", "/storage/.*"))
    assert publish(plans(), ada).updated
    assert len(hub.asked("PUT", "/storage/.*")) == puts
    assert len(space.commits) == 2


def test_a_page_is_published_with_xet(hub: FakeHub, ada: Account, plans: Planner) -> None:
    with_xet = replace(ada, hub=replace(ada.hub, environment={}))
    planned = plans()
    publish(planned, with_xet)
    files = hub.spaces["ada/dogs"].files
    large = (planned.folder / "model" / "graph.onnx").read_bytes()
    assert files["model/graph.onnx"] == large
    assert set(hub.storage.ways.values()) == {"xet"}


def test_where_xet_is_blocked_files_go_the_older_way(
    hub: FakeHub, ada: Account, plans: Planner
) -> None:
    hub.refuse(403, "POST", "/cas/.*", body={"error": "blocked by the school"})
    published = publish(plans(), replace(ada, hub=replace(ada.hub, environment={})))
    assert published.running
    assert set(hub.storage.ways.values()) == {"lfs"}


@pytest.mark.gate  # waits until Xet gives up
def test_where_xet_cannot_be_reached_files_go_the_older_way(
    hub: FakeHub, ada: Account, plans: Planner
) -> None:
    hub.storage.cas = "http://127.0.0.1:9"
    published = publish(plans(), replace(ada, hub=replace(ada.hub, environment={})))
    assert published.running
    assert set(hub.storage.ways.values()) == {"lfs"}


def test_very_large_files_go_in_parts(hub: FakeHub, ada: Account, plans: Planner) -> None:
    hub.storage.part_size = 1_000_000
    publish(plans(), ada)
    assert sorted(hub.storage.ways.values()) == ["lfs", "parts"]


def test_progress_grows_and_speaks_of_megabytes(ada: Account, plans: Planner) -> None:
    heard: list[Progress] = []
    publish(plans(), ada, report=heard.append)
    fractions = [progress.fraction for progress in heard]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert any(progress.stage == "Uploading, 1.5 MB of 1.5 MB" for progress in heard)


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({}, id="xet", marks=pytest.mark.gate),
        pytest.param({"HF_HUB_DISABLE_XET": "1"}, id="lfs"),
    ],
)
def test_progress_goes_on_within_one_large_file(
    hub: FakeHub, ada: Account, plans: Planner, environment: dict[str, str]
) -> None:
    def make_large(folder: Path, *_: object) -> None:
        folder.mkdir()
        (folder / "index.html").write_text("x")
        (folder / "model.onnx").write_bytes(np.random.default_rng(0).bytes(12_000_000))

    hub.storage.pace = 6e6
    heard: list[float] = []
    account = replace(ada, hub=replace(ada.hub, environment=environment))
    publish(plans(make=make_large), account, report=lambda told: heard.append(told.fraction))
    assert len({share for share in heard if 0.05 < share < 0.75}) >= 3
    assert heard == sorted(heard)


def test_publishing_again_updates(hub: FakeHub, ada: Account, plans: Planner) -> None:
    publish(plans(), ada)

    def make_other(folder: Path, *_: object) -> None:
        folder.mkdir()
        (folder / "index.html").write_text("<h1>Meow</h1>")

    published = publish(plans(make=make_other), ada)
    assert published.updated
    assert published.sentence.startswith("Published again")
    files = hub.spaces["ada/dogs"].files
    assert set(files) == {".gitattributes", "README.md", "index.html"}
    assert b"Meow" in files["index.html"]


def test_publishing_again_can_change_who_sees_it(
    hub: FakeHub, ada: Account, plans: Planner
) -> None:
    publish(plans(visibility=Visibility.PRIVATE), ada)
    assert hub.spaces["ada/dogs"].private
    published = publish(plans(), ada)
    assert not hub.spaces["ada/dogs"].private
    assert published.visibility is Visibility.PUBLIC


def test_a_gradio_app_runs_for_those_who_pay(hub: FakeHub, ada: Account, plans: Planner) -> None:
    hub.people["ada"].pro = True
    heard: list[Progress] = []
    published = publish(plans(kind=GRADIO), ada, report=heard.append)
    assert published.running
    assert hub.spaces["ada/dogs"].sdk == "gradio"
    assert "Hugging Face is building it" in {progress.stage for progress in heard}


def test_zero_gpu_is_free(hub: FakeHub, ada: Account, plans: Planner) -> None:
    assert publish(plans(kind=ZERO_GPU), ada).running
    assert hub.spaces["ada/dogs"].hardware == "zero-a10g"


def test_a_page_can_become_an_app(hub: FakeHub, ada: Account, plans: Planner) -> None:
    publish(plans(), ada)
    assert publish(plans(kind=ZERO_GPU), ada).running
    assert (hub.spaces["ada/dogs"].sdk, hub.spaces["ada/dogs"].hardware) == ("gradio", "zero-a10g")


def test_one_may_publish_for_an_organization(hub: FakeHub, ada: Account, plans: Planner) -> None:
    assert ada.owners == ("ada", "school")
    publish(plans("school/dogs"), ada)
    assert "school/dogs" in hub.spaces
    with pytest.raises(InputError, match="Choose one of: ada, school"):
        publish(plans("library/dogs"), ada)


def test_what_someone_made_otherwise_is_not_overwritten(
    hub: FakeHub, ada: Account, plans: Planner, token: str
) -> None:
    from huggingface_hub import HfApi

    api = HfApi(endpoint=hub.address, token=token)
    api.create_repo("ada/dogs", repo_type="space", space_sdk="static")
    before = existing(ada, "ada/dogs")
    assert before is not None
    assert before.ours
    page = b"<h1>My page</h1>"
    api.upload_file(
        path_or_fileobj=page, path_in_repo="index.html", repo_id="ada/dogs", repo_type="space"
    )
    after = existing(ada, "ada/dogs")
    assert after is not None
    assert not after.ours
    with pytest.raises(Exception, match="Choose another name"):
        publish(plans(), ada)
    assert hub.spaces["ada/dogs"].files["index.html"] == page


def test_a_free_name_is_known_to_be_free(ada: Account) -> None:
    assert existing(ada, "ada/cats") is None


def test_stop_ends_an_upload_in_the_middle(hub: FakeHub, ada: Account, plans: Planner) -> None:
    asked = hub.refuse(500, "POST", "/spaces/ada/dogs.git/.*", delay=20, times=1)
    with pytest.raises(Cancelled):
        publish(plans(), ada, should_stop=lambda: asked.times == 0)
    assert len(hub.spaces["ada/dogs"].commits) == 1


def test_after_a_stop_publishing_again_fills_the_space(
    hub: FakeHub, ada: Account, plans: Planner
) -> None:
    asked = hub.refuse(412, "POST", "/api/spaces/ada/dogs/commit/main", times=1)
    with pytest.raises(Exception, match="Publish again"):
        publish(plans(), ada)
    assert asked.times == 0
    assert publish(plans(), ada).running


def test_a_build_that_takes_long_is_not_a_failure(
    hub: FakeHub, ada: Account, plans: Planner
) -> None:
    impatient = replace(ada, hub=replace(ada.hub, patience=replace(ada.hub.patience, build=0.1)))
    hub.people["ada"].pro = True
    hub.refuse(200, "GET", "/api/spaces/ada/dogs/runtime", body={"stage": "BUILDING"})
    published = publish(plans(kind=GRADIO), impatient)
    assert not published.running
    assert "still building" in published.sentence


def test_only_the_kinds_there_are(plans: Planner) -> None:
    from nocode_classifier.share.hub.kinds import kind_of

    assert kind_of("static") is STATIC
    with pytest.raises(InputError, match="static, gradio, zero-gpu"):
        kind_of("docker")
