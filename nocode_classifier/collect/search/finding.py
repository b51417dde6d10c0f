"""Finding photos for classes: by searching the web, or from addresses that a person gave."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from nocode_classifier.collect.intake import class_for
from nocode_classifier.collect.search.image_search import ClassSearcher
from nocode_classifier.collect.search.judging import Judge
from nocode_classifier.collect.search.plan import Aim, Finder, SearchPlan, links_aim, search_aim
from nocode_classifier.collect.search.reports import ClassSearch, SearchReport
from nocode_classifier.collect.search.searching import as_result
from nocode_classifier.collect.sources.links import ListedLink
from nocode_classifier.errors import NotReady
from nocode_classifier.progress import Report, ShouldStop, ignore, never, part_of
from nocode_classifier.project.project import Project


def find_photos(
    finder: Finder,
    project: Project,
    plans: Sequence[SearchPlan],
    *,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> SearchReport:
    """Search the web for photos of classes, one class after the other.

    Each class is filled up to the number of photos that is wished for. Stop keeps what came; the
    next search goes on from there and fetches no address twice.

    Args:
        finder: the sources and the rules for fetching.
        project: where the photos go.
        plans: what to find.
        report: hears how many photos a class has.
        should_stop: asked several times a second.

    Raises:
        InputError: there is no such source.
        NotFound: a class is not there any more.
        AppError: the project itself can't take photos (gone, disk full); what came stays.
    """
    labels = {label.id: label for label in project.classes()}
    aims = [
        search_aim(
            labels.get(plan.class_id) or project.class_of(plan.class_id),
            plan.search_settings,
            finder.chosen(plan.search_settings.sources),
        )
        for plan in plans
    ]
    return _search(finder, project, aims, report, should_stop)


def fetch_links(
    finder: Finder,
    project: Project,
    links: Sequence[ListedLink],
    class_id: int | None,
    *,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> SearchReport:
    """Fetch the photos at addresses that a person gave, all of them.

    Args:
        finder: the rules for fetching.
        project: where the photos go.
        links: a link that names its class goes there, and the class is made where it is missing.
        class_id: for the links that name none.
        report: hears how many are done.
        should_stop: asked several times a second.

    Raises:
        NotReady: a link names no class and none was chosen.
        InputError: the name of a class can't be used.
    """
    aims = []
    for target, listed in _by_class(project, links, class_id).items():
        search_results = [as_result(link.found, "") for link in listed]
        project.search_results.remember(target, search_results)
        # Who gives an address that failed before wants it tried again.
        project.search_results.revive(target, [hit.address for hit in search_results])
        aims.append(links_aim(project.class_of(target)))
    return _search(finder, project, aims, report, should_stop)


def _search(
    finder: Finder,
    project: Project,
    aims: Sequence[Aim],
    report: Report,
    should_stop: ShouldStop,
) -> SearchReport:
    searches: list[ClassSearch] = []
    cores = os.cpu_count() or 1
    with project.held_open(), ThreadPoolExecutor(cores, thread_name_prefix="door") as door:
        judge = Judge(project)
        for number, aim in enumerate(aims):
            share = part_of(report, number / len(aims), (number + 1) / len(aims))
            searcher = ClassSearcher(
                project, aim, judge, door, report=share, should_stop=should_stop
            )
            searches.append(searcher.search(finder.rules))
            if searches[-1].stopped:
                break
    return SearchReport(tuple(searches), stopped=any(search.stopped for search in searches))


def _by_class(
    project: Project, links: Sequence[ListedLink], class_id: int | None
) -> dict[int, list[ListedLink]]:
    by_class: dict[int, list[ListedLink]] = {}
    named: dict[str, int] = {}
    for link in links:
        target = class_id
        if (name := link.class_name) is not None:
            target = named[name] = named.get(name) or class_for(project, name).id
        if target is None:
            raise NotReady("Choose the class that these photos go to.")
        by_class.setdefault(target, []).append(link)
    return by_class
