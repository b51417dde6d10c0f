"""A search for photos as the page shows it: while it runs, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nocode_classifier.collect.search import ClassSearch, SearchReport
from nocode_classifier.collect.skips import Skip
from nocode_classifier.jobs import About, Job
from nocode_classifier.plurals import counted
from nocode_classifier.project.names import comparing_key
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import ClassLabel
from nocode_classifier.project.tables.search_results import ResultTally
from nocode_classifier.ui.kit.scripts import class_value
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.collect.search.search_settings import (
    search_settings_of,
    search_settings_value,
    suggestions_value,
)

FIND, FETCH = "find photos", "fetch photos"
KINDS = (FIND, FETCH)

NEWEST = 16
"""Photos that are shown as they arrive."""
OFFERS = 3


@dataclass(frozen=True, slots=True)
class SearchJob(About):
    """What a search is for.

    Attributes:
        wanted: photos wished for, by class; empty for a list of links.
        links: addresses of a list, by the key of the class's name: it may have been made since.
        counts, tallies: of the classes, when it began.
    """

    wanted: Mapping[int, int] = field(default_factory=dict)
    links: Mapping[str, int] = field(default_factory=dict)
    counts: Counter[int] = field(default_factory=Counter)
    tallies: Mapping[int, ResultTally] = field(default_factory=dict)

    @classmethod
    def begun(
        cls, project: Project, wanted: Mapping[int, int], links: Mapping[str, int] | None = None
    ) -> SearchJob:
        """One that begins now."""
        return cls(wanted, links or {}, project.counts(), project.search_results.tallies())


def search_value(
    services: Services, project: Project, label: ClassLabel | None, dismissed: str
) -> dict[str, Any] | None:
    """The search that runs, or the last one until it has been put away."""
    job = services.jobs.current(project.id)
    if job is None or job.kind not in KINDS or not isinstance(job.about, SearchJob):
        return None
    outcome = None
    if not job.running:
        if job.id == dismissed or not isinstance(job.result, SearchReport):
            return None  # where it failed, the strip at the top says why
        outcome = outcome_value(services, project, label, job.result)
    return {
        "project_id": project.id,
        "id": job.id,
        "running": outcome is None,
        "stopping": job.stopping,
        "stage": job.progress.stage,
        "kind": "find" if job.kind == FIND else "fetch",
        "rows": rows_value(project, job.about, job.result),
        "newest": newest_value(project, job),
        "outcome": outcome,
    }


def is_searching(services: Services, project: Project) -> bool:
    """Whether a search runs."""
    job = services.jobs.current(project.id)
    return job is not None and job.running and job.kind in KINDS


def rows_value(
    project: Project, search: SearchJob, report: SearchReport | None
) -> list[dict[str, Any]]:
    """How far each class is."""
    counts, tallies = project.counts(), project.search_results.tallies()
    ended = {one.class_id: one for one in report.searches} if report is not None else {}
    rows = []
    for label in project.classes():
        there, tally = counts[label.id], tallies[label.id]
        shown = class_value(label, there)
        if label.id in search.wanted:
            rows.append(_searched(shown, search.wanted[label.id], tally, ended.get(label.id)))
        elif links := search.links.get(comparing_key(label.name)):
            rows.append(_fetched(shown, links, search, tally, ended.get(label.id)))
    return rows


def _searched(
    label: dict[str, Any], wanted: int, tally: ResultTally, ended: ClassSearch | None
) -> dict[str, Any]:
    """A class that is filled up, with all that searches ever found for it."""
    skipped: dict[str, int] = dict(tally.skipped)
    if ended is not None:
        # What a source leaves out itself because of the licence is no find.
        unasked = ended.skipped.get(Skip.LICENCE, 0) - skipped.get(Skip.LICENCE, 0)
        skipped[Skip.LICENCE] = skipped.get(Skip.LICENCE, 0) + max(0, unasked)
    left_out = _left_out(skipped)
    row = {"label": label, "there": label["count"], "wanted": wanted}
    return row | {"found": tally.found, "kept": tally.kept} | left_out


def _fetched(
    label: dict[str, Any],
    links: int,
    search: SearchJob,
    tally: ResultTally,
    ended: ClassSearch | None,
) -> dict[str, Any]:
    """A class that the photos of a list of links go to, with what became of these alone."""
    before = search.tallies.get(label["id"], ResultTally()).skipped
    skipped: dict[str, int] = {
        reason: count - before.get(reason, 0) for reason, count in tally.skipped.items()
    }
    added = max(0, label["count"] - search.counts[label["id"]])
    if ended is not None:
        added = ended.added
        skipped = {reason.value: count for reason, count in ended.skipped.items()}
    row = {"label": label, "there": added, "wanted": None}
    return row | {"found": links, "kept": added} | _left_out(skipped)


def _left_out(skipped: Mapping[str, int]) -> dict[str, Any]:
    """How many were left out, and the reasons in words, the most frequent first."""
    known = {reason.value: reason.words for reason in Skip}
    frequent = sorted(skipped.items(), key=lambda item: -item[1])
    reasons = [
        {"count": count, "words": known.get(reason, reason or "for an unknown reason")}
        for reason, count in frequent
        if count > 0
    ]
    return {"left_out": sum(one["count"] for one in reasons), "reasons": reasons}


def newest_value(project: Project, job: Job[Any]) -> list[dict[str, Any]]:
    """The photos that came last, newest first."""
    total = sum(project.counts().values())
    last = project.photos(offset=max(0, total - NEWEST), limit=NEWEST)
    return [
        {"sha256": photo.sha256, "name": photo.title or photo.name}
        for photo in reversed(last)
        if photo.added_at >= job.started_at and photo.address
    ]


def outcome_value(
    services: Services, project: Project, label: ClassLabel | None, report: SearchReport
) -> dict[str, Any]:
    """What became of a search, with what to try for the chosen class if it has too few photos."""
    short = [search for search in report.searches if search.short]
    chosen = next((search for search in short if label and search.class_id == label.id), None)
    outcome: dict[str, Any] = {
        "sentence": title_of(report),
        "tone": "calm" if report.stopped else "warn" if short or not report.added else "good",
        "notes": list(report.troubles),
        "of": label and label.id,
        "words": [],
        "places": [],
        "own": bool(short) and not report.stopped,
    }
    if chosen is not None and label is not None and not report.stopped:
        outcome |= offers(services, project, label)
    return outcome


def title_of(report: SearchReport) -> str:
    """The outcome in one sentence; how many each class has stands below it."""
    if len(report.searches) == 1:
        return report.outcome
    came = f"Added {counted(report.added, 'photo')}" if report.added else "No photos were added"
    if report.stopped:
        return f"Stopped. {came}; what came stays."
    short = sum(search.short for search in report.searches)
    if not short:
        return f"{came}."
    return f"{came}; {short} {'class has' if short == 1 else 'classes have'} fewer than you wanted."


def offers(services: Services, project: Project, label: ClassLabel) -> dict[str, Any]:
    """Words and places that have not been tried for a class."""
    sources = services.finder.sources
    search_settings = search_settings_value(sources, label, search_settings_of(project, label))
    words = [one for one in suggestions_value(label) if one["key"] not in search_settings["on"]]
    return {
        "words": [{"key": one["key"], "label": one["label"]} for one in words if one["first"]][
            :OFFERS
        ],
        "places": [
            {"key": source.key, "label": source.label}
            for source in sources
            if source.key not in search_settings["sources"]
        ],
    }
