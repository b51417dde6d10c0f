from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import gradio as gr
import pytest

from nocode_classifier.collect.contact import Contact
from nocode_classifier.collect.download.rules import WebRules
from nocode_classifier.collect.search import Finder
from nocode_classifier.collect.sources.source import SourceTrouble
from nocode_classifier.errors import Busy, InputError, NotReady
from nocode_classifier.project.project import Project
from nocode_classifier.project.tables.search_settings import SearchSettings
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.collect import step as collect
from nocode_classifier.ui.steps.collect.search import finding
from nocode_classifier.ui.steps.collect.search.search_settings import (
    save_search_settings,
    search_settings_of,
    search_settings_value,
)
from nocode_classifier.ui.steps.collect.step import Choice
from tests.collect.scenes import scene
from tests.fakes.listed import ListedSource
from tests.fakes.server import Asked, FakeServer, Reply, page
from tests.patience import PATIENCE, wait_until


class Photos(FakeServer):
    """A host with as many different photos as one asks for; "/missing" has none."""

    def answer(self, asked: Asked) -> Reply:
        if asked.path.startswith("/missing"):
            return page("There is nothing here.", 404)
        return Reply(body=scene(asked.path), kind="image/jpeg")


@pytest.fixture
def host() -> Iterator[Photos]:
    with Photos() as photos:
        yield photos


@pytest.fixture
def source(host: Photos) -> ListedSource:
    return ListedSource([f"{host.address}/{n}.jpg" for n in range(12)])


@pytest.fixture
def services(services: Services, source: ListedSource) -> Services:
    other = ListedSource([], key="other", label="Another place", by_default=False)
    rules = WebRules(may_connect=lambda _: True)
    return replace(services, finder=Finder((source, other), rules))


@pytest.fixture
def project(services: Services) -> Project:
    return services.library.create("Bears", ["grizzly", "teddy"])


def search_settings(**changes: Any) -> dict[str, Any]:
    usual = {
        "own": [],
        "on": [],
        "sources": ["listed"],
        "licence": "any",
        "count": 5,
        "photos_only": False,
    }
    return usual | changes


def ask(project: Project, **changes: Any) -> dict[str, Any]:
    asked = {
        "class_id": project.classes()[0].id,
        "all": False,
        "more": False,
        "settings": search_settings(),
    }
    return asked | changes


def keep(services: Services, project: Project, class_id: int, wanted: dict[str, Any]) -> None:
    asked = {"project_id": project.id, "class_id": class_id, "settings": wanted}
    assert finding.keep(services, asked) == {}


def found(services: Services, project: Project, asked: dict[str, Any]) -> dict[str, Any]:
    """Search, wait, and give what the page shows of it."""
    finding.find(services, project, asked)
    return ended(services, project)


def ended(services: Services, project: Project) -> dict[str, Any]:
    job = services.jobs.current(project.id)
    assert job is not None
    assert job.wait(PATIENCE)
    return dict(shown(services, project)[3])


def shown(services: Services, project: Project, chosen: int | None = None) -> Any:
    """What the step shows: chosen class, cards, camera, search, form, links, button."""
    return collect.show(services, project.id, Choice(chosen), "")


def test_a_class_is_filled_up_to_the_number_that_was_wished_for(
    services: Services, project: Project
) -> None:
    search = found(services, project, ask(project))
    assert list(project.counts().values()) == [5, 0]
    assert search["outcome"]["sentence"] == "Added 5 photos to 'grizzly': it has 5 now."
    (row,) = search["rows"]
    assert (row["there"], row["wanted"], row["kept"]) == (5, 5, 5)
    assert len(search["newest"]) == 5


def test_all_classes_that_lack_photos_are_searched_for(
    services: Services, project: Project, source: ListedSource, host: Photos
) -> None:
    source.addresses = [f"{host.address}/{n}.jpg" for n in range(30)]
    search = found(services, project, ask(project, all=True))
    assert {row["label"]["name"] for row in search["rows"]} == {"grizzly", "teddy"}
    with pytest.raises(NotReady, match="as many photos"):
        finding.find(services, project, ask(project, all=True))


def test_a_full_class_can_get_more(services: Services, project: Project) -> None:
    found(services, project, ask(project))
    found(services, project, ask(project, more=True))
    first, second = project.classes()
    assert project.counts()[first.id] == 12
    assert project.search_results.search_settings(second.id).count == 5


def test_what_is_missing_comes_with_offers(
    services: Services, project: Project, source: ListedSource
) -> None:
    source.troubles = [SourceTrouble("The list is closed.", None)] * 3
    search = found(services, project, ask(project))
    outcome = search["outcome"]
    assert outcome["sentence"] == "You wanted 5 photos of 'grizzly'; 0 are here now."
    assert outcome["notes"] == ["The list is closed."]
    assert outcome["places"] == [{"key": "other", "label": "Another place"}]
    assert outcome["words"]
    assert outcome["own"]


def test_an_offer_is_searched_with_at_once(
    services: Services, project: Project, source: ListedSource
) -> None:
    found(services, project, ask(project, settings=search_settings(count=30)))
    grizzly = project.classes()[0]
    finding.widen(services, project, {"class_id": grizzly.id, "kind": "words", "key": "in-snow"})
    ended(services, project)
    finding.widen(services, project, {"class_id": grizzly.id, "kind": "place", "key": "other"})
    ended(services, project)
    saved = project.search_results.search_settings(grizzly.id)
    assert saved.words == ("grizzly", "grizzly in snow")
    assert saved.sources == ("listed", "other")
    assert "grizzly in snow" in {words for words, _ in source.asked}


def test_reasons_are_counted_in_words(
    services: Services, project: Project, source: ListedSource, host: Photos
) -> None:
    source.addresses = [f"{host.address}/{n}.jpg" for n in ("missing1", "missing2", "a", "b")]
    (row,) = found(services, project, ask(project))["rows"]
    assert row["left_out"] == 2
    assert row["reasons"] == [{"count": 2, "words": "no longer there"}]


def test_a_search_for_all_that_is_stopped_can_be_gone_on_with_for_all(
    services: Services, project: Project, host: Photos, source: ListedSource
) -> None:
    source.addresses = [f"{host.address}/{n}.jpg" for n in range(40)]
    assert shown(services, project)[4]["go_on_all"] is False
    finding.find(services, project, ask(project, all=True, settings=search_settings(count=30)))
    wait_until(lambda: project.counts()[project.classes()[0].id] >= 2)
    finding.stop(services, project, {})
    ended(services, project)
    assert shown(services, project)[4]["go_on_all"] is True


def test_a_search_that_is_stopped_can_be_gone_on_with(
    services: Services, project: Project, host: Photos, source: ListedSource
) -> None:
    source.addresses = [f"{host.address}/{n}.jpg" for n in range(40)]
    asked = ask(project, settings=search_settings(count=40))
    finding.find(services, project, asked)
    with pytest.raises(Busy):
        finding.find(services, project, asked)
    job = services.jobs.current(project.id)
    assert job is not None
    wait_until(lambda: project.counts()[project.classes()[0].id] >= 2)
    finding.stop(services, project, {})
    search = ended(services, project)
    assert search["outcome"]["sentence"].startswith("Stopped. Added ")
    assert shown(services, project)[4]["go_on"] is True
    kept = {urlsplit(photo.address or "").path for photo in project.photos()}
    found(services, project, asked)
    assert project.counts()[project.classes()[0].id] == 40
    paths = [asked.path for asked in host.asked]
    assert all(paths.count(path) == 1 for path in kept)


def test_an_outcome_goes_when_it_is_dismissed(services: Services, project: Project) -> None:
    found(services, project, ask(project))
    read = collect.dismiss(services, project.id)
    assert collect.show(services, project.id, Choice(), read)[3] is None


# Settings


def test_words_belong_to_a_class_and_the_rest_to_all(services: Services, project: Project) -> None:
    grizzly, teddy = project.classes()
    wanted = search_settings(own=["bear", "ursus"], licence="reuse", count=80)
    keep(services, project, grizzly.id, wanted)
    assert project.search_results.search_settings(grizzly.id).words == ("bear", "ursus")
    other = project.search_results.search_settings(teddy.id)
    assert (other.words, other.licence, other.count) == ((), "reuse", 80)


def test_a_new_class_is_wanted_like_the_others(services: Services, project: Project) -> None:
    wanted = search_settings(licence="commercial")
    keep(services, project, project.classes()[0].id, wanted)
    panda = project.add_class("panda")
    assert search_settings_of(project, panda).licence == "commercial"


def test_only_what_is_changed_is_changed_for_all(services: Services, project: Project) -> None:
    grizzly, teddy = project.classes()
    project.search_results.save_search_settings(teddy.id, SearchSettings(count=7))
    sources = services.finder.sources
    before = search_settings_value(sources, grizzly, search_settings_of(project, grizzly))
    save_search_settings(project, sources, grizzly, before | {"licence": "reuse"})
    after = project.search_results.search_settings(teddy.id)
    assert (after.count, after.licence) == (7, "reuse")


def test_the_form_gives_back_what_it_was_given(services: Services, project: Project) -> None:
    grizzly, sources = project.classes()[0], services.finder.sources
    wanted = search_settings(own=["bear", "ursus"], on=["close-up", "in-snow"])
    saved = save_search_settings(project, sources, grizzly, wanted)
    assert len(saved.words) == 6
    assert search_settings_value(sources, grizzly, saved) == wanted


def test_the_name_of_the_class_is_searched_for_also_when_it_changes(
    services: Services, project: Project
) -> None:
    grizzly, sources = project.classes()[0], services.finder.sources
    assert (
        save_search_settings(project, sources, grizzly, search_settings(own=["grizzly"])).words
        == ()
    )
    assert search_settings_value(sources, grizzly, SearchSettings())["own"] == []


def test_too_many_words_are_refused(services: Services, project: Project) -> None:
    many = search_settings(own=[f"bear {n}" for n in range(21)])
    with pytest.raises(InputError):
        keep(services, project, project.classes()[0].id, many)


# Links


def test_a_list_of_links_is_understood_before_it_is_fetched(
    services: Services, project: Project
) -> None:
    text = "class,url\npanda,http://a.example/1.jpg\n,http://a.example/2.jpg\n"
    asked = {"project_id": project.id, "class_id": project.classes()[0].id, "text": text}
    said = finding.understand(services, asked)
    assert said == {"count": 2, "sentence": "2 addresses: 1 to 'panda', 1 to 'grizzly'."}
    with pytest.raises(InputError, match="no link"):
        finding.understand(services, asked | {"text": "nothing"})


def test_a_list_of_links_is_fetched_into_its_classes(
    services: Services, project: Project, host: Photos
) -> None:
    text = f"class,url\npanda,{host.address}/1.jpg\npanda,{host.address}/missing.jpg\n"
    asked = {"class_id": project.classes()[0].id, "text": text}
    finding.fetch(services, project, asked)
    (row,) = ended(services, project)["rows"]
    assert row["label"]["name"] == "panda"
    assert (row["found"], row["there"], row["left_out"]) == (2, 1, 1)
    assert {photo.source for photo in project.photos()} == {"link"}


# The form


def test_the_contact_is_kept_and_told(services: Services, project: Project, host: Photos) -> None:
    with pytest.raises(InputError):
        finding.reach(services, project, {"contact": "me"})
    finding.reach(services, project, {"contact": "me@example.org"})
    assert shown(services, project)[4]["contact"] == "me@example.org"
    assert Contact(services.library.home).read() == "me@example.org"
    found(services, project, ask(project))
    assert all("(me@example.org)" in asked.headers["user-agent"] for asked in host.asked)


def test_credits_are_offered_once_there_are_any(services: Services, project: Project) -> None:
    assert shown(services, project)[4]["credits"] is None
    found(services, project, ask(project))
    assert shown(services, project)[4]["credits"] == f"/credits/{project.id}"


def test_a_project_without_classes_has_no_form(services: Services) -> None:
    empty = services.library.create("Nothing yet")
    form, links = shown(services, empty)[4:6]
    assert (form["label"], links["label"]) == (None, None)


def test_a_handler_that_did_something_has_the_step_drawn(
    services: Services, project: Project
) -> None:
    handler = collect.doing(finding.reach)
    event = gr.EventData(None, {"contact": "me@example.org"})
    revision, mark = handler(services, project.id, event)
    assert shown(services, project)[4]["contact"] == "me@example.org"
    assert revision == project.revision()
    assert handler(services, project.id, event)[1] != mark, "else it would not be drawn again"
