"""A search for photos as the page shows it: while it runs, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nocode_classifier.collect.hunt import ClassHunt, HuntReport
from nocode_classifier.collect.hunt.reports import photos
from nocode_classifier.collect.skips import Skip
from nocode_classifier.jobs import Job
from nocode_classifier.project.finds import FindTally
from nocode_classifier.project.names import comparing_key
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import ClassLabel
from nocode_classifier.ui.components.scripts import class_value
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.wishes import suggestions_value, wishes_of, wishes_value

FIND, FETCH = "find photos", "fetch photos"
KINDS = (FIND, FETCH)

NEWEST = 16
"""Photos that are shown as they arrive."""
OFFERS = 4


@dataclass(frozen=True, slots=True)
class Hunt:
    """What a running search is for.

    Attributes:
        class_ids: classes that were there when it began.
        names: of classes that a list of links names; they may have been made since.
        wanted: photos wished for, by class; empty for a list of links.
    """

    class_ids: tuple[int, ...]
    names: frozenset[str] = frozenset()
    wanted: Mapping[int, int] | None = None


def hunt_value(
    services: Services, project: Project, label: ClassLabel | None, dismissed: str
) -> dict[str, Any] | None:
    """The search that runs, or the last one until it has been put away."""
    job = services.jobs.current(project.id)
    if job is None or job.kind not in KINDS or not isinstance(job.about, Hunt):
        return None
    outcome = None
    if not job.running:
        if job.id == dismissed or not isinstance(job.result, HuntReport):
            return None  # where it failed, the strip at the top says why
        outcome = outcome_value(services, project, label, job.result)
    return {
        "project_id": project.id,
        "id": job.id,
        "running": outcome is None,
        "stopping": job.stopping,
        "stage": job.progress.stage,
        "rows": rows_value(project, job),
        "newest": newest_value(project, job),
        "outcome": outcome,
    }


def is_hunting(services: Services, project: Project) -> bool:
    """Whether a search runs."""
    job = services.jobs.current(project.id)
    return job is not None and job.running and job.kind in KINDS


def rows_value(project: Project, job: Job[Any]) -> list[dict[str, Any]]:
    """How far each class is."""
    hunt: Hunt = job.about  # type: ignore[assignment]
    counts, tallies = project.counts(), project.finds.tallies()
    hunts = {one.class_id: one for one in job.result.hunts} if job.result is not None else {}
    rows = []
    for label in project.classes():
        if label.id in hunt.class_ids or comparing_key(label.name) in hunt.names:
            there = counts[label.id]
            skipped = skipped_of(tallies.get(label.id, FindTally()), hunts.get(label.id))
            rows.append(
                {
                    "label": class_value(label, there),
                    "there": there,
                    "wanted": (hunt.wanted or {}).get(label.id),
                    "found": tallies[label.id].found,
                    "kept": tallies[label.id].kept,
                    "left_out": sum(skipped.values()),
                    "reasons": [{"count": n, "words": words} for words, n in skipped.items()],
                }
            )
    return rows


def skipped_of(tally: FindTally, hunt: ClassHunt | None) -> dict[str, int]:
    """How many were left out, by the words for the reason, the most frequent first."""
    known = {reason.value: reason for reason in Skip}
    counted = dict(tally.skipped)
    if hunt is not None:
        # What a source leaves out itself because of the licence is no find.
        unasked = hunt.skipped.get(Skip.LICENCE, 0) - counted.get(Skip.LICENCE, 0)
        counted[Skip.LICENCE] = counted.get(Skip.LICENCE, 0) + max(0, unasked)
    frequent = sorted(counted.items(), key=lambda item: -item[1])
    return {
        known[reason].words if reason in known else reason or "for an unknown reason": count
        for reason, count in frequent
        if count
    }


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
    services: Services, project: Project, label: ClassLabel | None, report: HuntReport
) -> dict[str, Any]:
    """What became of a search, with what to try for the chosen class if it has too few photos."""
    short = [hunt for hunt in report.hunts if hunt.short]
    chosen = next((hunt for hunt in short if label and hunt.class_id == label.id), None)
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


def title_of(report: HuntReport) -> str:
    """The outcome in one sentence; how many each class has stands below it."""
    if len(report.hunts) == 1:
        return report.outcome
    came = f"Added {photos(report.added)}" if report.added else "No photos were added"
    if report.stopped:
        return f"Stopped. {came}; what came stays."
    short = sum(hunt.short for hunt in report.hunts)
    if not short:
        return f"{came}."
    return f"{came}; {short} {'class has' if short == 1 else 'classes have'} fewer than you wanted."


def offers(services: Services, project: Project, label: ClassLabel) -> dict[str, Any]:
    """Words and places that have not been tried for a class."""
    sources = services.finder.sources
    wishes = wishes_value(sources, label, wishes_of(project, label))
    words = [one for one in suggestions_value(label) if one["key"] not in wishes["on"]]
    return {
        "words": [{"key": one["key"], "label": one["label"]} for one in words if one["first"]][
            :OFFERS
        ],
        "places": [
            {"key": source.key, "label": source.label}
            for source in sources
            if source.key not in wishes["sources"]
        ],
    }
