"""The head of the Train page: an invitation, how far a training is, or how good it became."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import gradio as gr

from nocode_classifier import paths
from nocode_classifier.check.model_check import model_check
from nocode_classifier.errors import InputError
from nocode_classifier.jobs import Job
from nocode_classifier.learn.enough import FEWEST_CLASSES
from nocode_classifier.learn.figures import figures_of
from nocode_classifier.learn.settings import Mode
from nocode_classifier.progress import Progress
from nocode_classifier.project.project import Project
from nocode_classifier.ui.advice import adds_photos, advice_about
from nocode_classifier.ui.headline import headline_value
from nocode_classifier.ui.kit.chip import chip_value
from nocode_classifier.ui.kit.drawings import drawing
from nocode_classifier.ui.kit.part import part
from nocode_classifier.ui.shell.status_bar import time_left
from nocode_classifier.ui.steps.train.curves_view import curves_html
from nocode_classifier.ui.training import missing

Value = dict[str, Any]


def train_head() -> gr.HTML:
    """Make it; the value is `invitation`, `progress` or `outcome`.

    Events:
        action: `action` is where to go, or "stop".
    """
    return part(
        "steps/train/train_head.js",
        events=("action",),
        styles=("kit/headline.css", "steps/train/train.css", "steps/train/curves.css"),
        constants={"drawing": drawing("training")},
        elem_classes="step-page",
    )


def head_value(project: Project, job: Job[Any] | None, *, improving: bool) -> Value:
    """What the head shows.

    Args:
        project: which.
        job: its training, if one runs.
        improving: the model learns anew just now, in the background.
    """
    from nocode_classifier.predict.predictor import read_card

    if job is not None:
        return progress(job.progress, stopping=job.stopping)
    folder, lacking = project.models.folder(), missing(project)
    if folder is None:
        return invitation(project, lacking)
    check = model_check(project)
    advice = advice_about(project, check) if check and not lacking else ()
    card = read_card(folder)
    return outcome(
        card,
        cost=cost_sentence(card, folder),
        changed=changed_sentence(improving=improving) if project.models.is_stale() else "",
        lacking=lacking,
        buttons=[remedy(project)] if lacking else onwards(adds=adds_photos(advice)),
    )


def invitation(project: Project, lacking: str) -> Value:
    """Before the first training.

    Args:
        project: which.
        lacking: what is needed before, as a sentence; "" when nothing is.
    """
    counts = project.counts()
    lead = (
        f"One click looks at your {sum(counts.values()):,} photos, learns from them and checks "
        "itself on photos it has not seen, all on this computer."
    )
    return {
        "state": "inviting",
        "title": "Almost there" if lacking else "Ready to learn",
        "lead": lacking or lead,
        "classes": [
            chip_value(label.name, label.colour) | {"note": f"{counts[label.id]:,}"}
            for label in project.classes()
        ],
        "buttons": [remedy(project)] if lacking else [],
    }


def progress(now: Progress, *, stopping: bool) -> Value:
    """While it trains."""
    count = f"{now.done:,} of {now.total:,}" if now.total else ""
    return {
        "state": "running",
        "title": "Stopping" if stopping else now.stage,
        "lead": " · ".join(part for part in (count, time_left(now.seconds_left)) if part),
        "fraction": round(now.fraction, 3),
        "stopping": stopping,
        "curves": "" if now.curves is None else curves_html(now.curves, live=True),
    }


def outcome(
    card: Mapping[str, Any],
    *,
    cost: str = "",
    changed: str = "",
    lacking: str = "",
    buttons: Sequence[Value] = (),
) -> Value:
    """Once there is a model.

    Args:
        card: of the model.
        cost: how long an answer takes, and how large an export is; "" if that is not known.
        changed: that it is out of date, and what is done about it; "" if it is not.
        lacking: what is needed before another training.
        buttons: the way on.
    """
    return {
        "state": "trained",
        "changed": changed,
        "headline": headline_value(figures_of(card)),
        "comparison": comparison_value(card),
        "networks": str(card.get("networks") or ""),
        "cost": cost,
        "notes": list(card.get("notes", ())),
        "lacking": lacking,
        "buttons": list(buttons),
    }


def changed_sentence(*, improving: bool) -> str:
    """That the model is behind the photos, and what is done about it."""
    what = (
        "It is taking that in just now; you can go on."
        if improving
        else "Train again to take that in."
    )
    return f"Your photos or classes have changed since. {what}"


def cost_sentence(card: Mapping[str, Any], folder: Path) -> str:
    """How long an answer of a model takes on this computer, and how large it is."""
    from nocode_classifier.learn.backbones.registry import backbones_of
    from nocode_classifier.learn.backbones.speed import measured, speed_key

    with suppress(InputError, KeyError, TypeError, ValueError, OSError):
        size = f"an export is {(folder / 'model.onnx').stat().st_size / 1e6:.0f} MB"
        known = measured(paths.cache())
        speeds = [known.get(speed_key(each)) for each in backbones_of(card)]
        if None in speeds:
            return size.capitalize() + "."
        seconds = sum(each.milliseconds for each in speeds if each)
        return f"An answer takes about {max(1, round(seconds))} ms on this computer; {size}."
    return ""


def comparison_value(card: Mapping[str, Any]) -> Value | None:
    """Which of two trainings won, and by how much."""
    found = card.get("contest")
    if not found:
        return None
    whole = card.get("settings", {}).get("mode") == Mode.FULL
    return {
        "rows": [
            {
                "name": name,
                "won": found["adopted"] == (key == "tuned"),
                "share": found[key]["accuracy"],
                "right": f"{found[key]['accuracy']:.1%}",
                "counts": f"{found[key]['correct']:,} of {found[key]['photos']:,}",
            }
            for key, name in (
                ("quick", "As it was"),
                ("tuned", "Whole network" if whole else "Fine-tuned"),
            )
        ],
        "sentence": found.get("sentence", ""),
    }


def remedy(project: Project) -> Value:
    """The button that leads to what is missing."""
    if len(project.classes()) < FEWEST_CLASSES:
        return {"action": "name", "label": "Name them", "main": True}
    return {"action": "collect", "label": "Add photos", "main": True}


def onwards(*, adds: bool) -> list[Value]:
    """The way on; where it needs more photos before anything else, those come first."""
    check = {"action": "check", "label": "Next: check it", "main": not adds}
    return [{"action": "collect", "label": "Add more photos", "main": True}, check][not adds :]
