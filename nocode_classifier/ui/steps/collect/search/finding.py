"""Finding photos on the web from the page: the form, and what people do with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nocode_classifier.collect.contact import Contact
from nocode_classifier.collect.download.identity import user_agent
from nocode_classifier.collect.search import (
    Finder,
    SearchPlan,
    SearchReport,
    fetch_links,
    find_photos,
)
from nocode_classifier.collect.sources.links import read_links
from nocode_classifier.errors import NotReady
from nocode_classifier.jobs import Job
from nocode_classifier.plurals import counted
from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.project.names import comparing_key
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import ClassLabel
from nocode_classifier.ui.kit.addresses import credits_address
from nocode_classifier.ui.kit.scripts import class_value
from nocode_classifier.ui.state import Services, open_project
from nocode_classifier.ui.steps.collect.search.search_settings import (
    choices_value,
    save_search_settings,
    search_settings_of,
    search_settings_value,
    suggestions_value,
)
from nocode_classifier.ui.steps.collect.search.search_values import (
    FETCH,
    FIND,
    SearchJob,
    is_searching,
)
from nocode_classifier.ui.work import start_work

MORE = 50
"""So many more photos are looked for in a class that has as many as were wished for."""

BUSY = "The project is busy. Wait until it is done, or press Stop at the top."

Asked = Mapping[str, Any]
"""What an event of the page carries."""


# What the form shows


def form_value(
    services: Services,
    project: Project,
    label: ClassLabel | None,
    counts: Counter[int],
    strong: bool,
) -> dict[str, Any]:
    """What the form shows. `strong`: finding photos is what to do next."""
    sources = services.finder.sources
    if label is None:
        return {"project_id": project.id, "label": None}
    search_settings = search_settings_of(project, label)
    tallies = project.search_results.tallies()
    tally = tallies[label.id]
    kept = sum(each.kept for each in tallies.values())
    job = services.jobs.current(project.id)
    return {
        "project_id": project.id,
        "label": class_value(label, counts[label.id]),
        "settings": search_settings_value(sources, label, search_settings),
        "suggestions": suggestions_value(label),
        **choices_value(sources),
        "contact": Contact(services.library.home).read(),
        "go_on": counts[label.id] < search_settings.count
        and (tally.waiting > 0 or _was_stopped(job, label)),
        "go_on_all": _left_classes_out(job),
        "lacking": [one.name for one in lacking(project, counts)],
        "busy": BUSY if job is not None and job.running else None,
        "strong": strong,
        "credits": credits_address(project.id) if kept else None,
    }


def _was_stopped(job: Job[Any] | None, label: ClassLabel) -> bool:
    """Whether the last search for a class was stopped."""
    report = job.result if job is not None and not job.running else None
    searches = report.searches if isinstance(report, SearchReport) else ()
    return any(search.class_id == label.id and search.stopped for search in searches)


def _left_classes_out(job: Job[Any] | None) -> bool:
    """Whether the last search was for several classes and was stopped before the last of them."""
    report = job.result if job is not None and not job.running else None
    several = job is not None and isinstance(job.about, SearchJob) and len(job.about.wanted) > 1
    return several and isinstance(report, SearchReport) and report.stopped


def lacking(project: Project, counts: Counter[int]) -> list[ClassLabel]:
    """Classes with fewer photos than are wished for."""
    return [
        label
        for label in project.classes()
        if counts[label.id] < project.search_results.search_settings(label.id).count
    ]


def understand(services: Services, asked: Asked) -> dict[str, Any]:
    """What a list of links holds, before anything is fetched.

    Raises:
        InputError: there is no link in it.
    """
    project = open_project(services, str(asked["project_id"]))
    chosen = project.class_of(int(asked["class_id"])).name
    by_class: dict[str, int] = {}
    for link in read_links(str(asked["text"])):
        name = link.class_name or chosen
        by_class[name] = by_class.get(name, 0) + 1
    count = sum(by_class.values())
    addresses = counted(count, "address", "addresses")
    if len(by_class) == 1:
        all_go = "It goes" if count == 1 else "All go"
        return {"count": count, "sentence": f"{addresses}. {all_go} to '{next(iter(by_class))}'."}
    parts = ", ".join(f"{number:,} to '{name}'" for name, number in by_class.items())
    return {"count": count, "sentence": f"{addresses}: {parts}."}


def keep(services: Services, asked: Asked) -> dict[str, Any]:
    """Something else is to be searched for.

    Raises:
        InputError: it can't be searched for.
    """
    project = open_project(services, str(asked["project_id"]))
    label = project.class_of(int(asked["class_id"]))
    save_search_settings(project, services.finder.sources, label, asked["settings"])
    return {}


# What people do. Each takes what the event of the page carries.


def reach(services: Services, project: Project, asked: Asked) -> None:  # noqa: ARG001
    """Services are told another contact from now on."""
    Contact(services.library.home).save(str(asked["contact"]))


def widen(services: Services, project: Project, asked: Asked) -> None:
    """Take an offer and search at once: with other words as well, or in one more place."""
    sources = services.finder.sources
    label = project.class_of(int(asked["class_id"]))
    wanted = search_settings_value(sources, label, search_settings_of(project, label))
    kind = "on" if asked["kind"] == "words" else "sources"
    wanted[kind] = [*wanted[kind], str(asked["key"])]
    save_search_settings(project, sources, label, wanted)
    start_finding(services, project, [label])


def find(services: Services, project: Project, asked: Asked) -> None:
    """Search for photos of one class, or of all that have too few.

    Raises:
        NotReady: every class has as many as were wished for.
        Busy: the project has a job that still runs.
    """
    label = project.class_of(int(asked["class_id"]))
    search_settings = save_search_settings(
        project, services.finder.sources, label, asked["settings"]
    )
    counts = project.counts()
    if asked["more"]:
        fuller = replace(search_settings, count=max(search_settings.count, counts[label.id] + MORE))
        project.search_results.save_search_settings(label.id, fuller)
    labels = lacking(project, counts) if asked["all"] else [label]
    if not labels:
        raise NotReady("Every class has as many photos as you asked for. Ask for more in Options.")
    start_finding(services, project, labels)


def start_finding(services: Services, project: Project, labels: Sequence[ClassLabel]) -> None:
    """Start to search for what is wished for."""
    plans = [SearchPlan(label.id, search_settings_of(project, label)) for label in labels]
    wanted = {plan.class_id: plan.search_settings.count for plan in plans}

    def work(report: Report, should_stop: ShouldStop) -> SearchReport:
        finder = finder_now(services)
        return find_photos(finder, project, plans, report=report, should_stop=should_stop)

    about = SearchJob.begun(project, wanted)
    start_work(services, project, FIND, work, sentence=sentence, about=about)


def fetch(services: Services, project: Project, asked: Asked) -> None:
    """Start to fetch the photos of a list of links.

    Raises:
        InputError: there is no link in it.
        Busy: the project has a job that still runs.
    """
    links, class_id = read_links(str(asked["text"])), int(asked["class_id"])

    def work(report: Report, should_stop: ShouldStop) -> SearchReport:
        finder = finder_now(services)
        return fetch_links(finder, project, links, class_id, report=report, should_stop=should_stop)

    chosen = project.class_of(class_id)
    keys = Counter(comparing_key(link.class_name or chosen.name) for link in links)
    about = SearchJob.begun(project, {}, keys)
    start_work(services, project, FETCH, work, sentence=sentence, about=about)


def finder_now(services: Services) -> Finder:
    """The finder, whose downloads say who is asking as it is known now."""
    finder = services.finder
    if finder.rules.user_agent is not None:
        return finder
    agent = user_agent(Contact(services.library.home).read())
    return replace(finder, rules=replace(finder.rules, user_agent=agent))


def stop(services: Services, project: Project, asked: Asked) -> None:  # noqa: ARG001
    """End a search; what came stays."""
    job = services.jobs.current(project.id)
    if job is not None and is_searching(services, project):
        job.stop()


def sentence(report: SearchReport) -> str:
    """What the strip says in the end."""
    return report.sentence
