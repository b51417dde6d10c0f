"""Taking photos down from the page, and lifting that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from nocode_classifier.collect.folders import read_file
from nocode_classifier.collect.photo_check import LIMITS
from nocode_classifier.collect.takedown import take_down_file, take_down_named
from nocode_classifier.gradio_private import data_of
from nocode_classifier.project.blocklist.removal import TakedownReport
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.uploads import discard, inside_uploads


def value_of(services: Services, report: Sequence[str] = (), tries: int = 0) -> dict[str, Any]:
    """What the place for take-downs shows."""
    takedowns = [
        {"id": each.id, "given": each.given, "day": each.day, "note": each.note}
        for each in reversed(services.library.blocklist.all())
    ]
    return {"takedowns": takedowns, "report": list(report), "tries": tries}


def take(services: Services, tries: int, event: gr.EventData) -> tuple[dict[str, Any], int]:
    """Take a photo down in every project, and say what that did."""
    report = taken(services, data_of(event))
    return value_of(services, [report.sentence], tries + 1), tries + 1


def taken(services: Services, asked: Mapping[str, Any]) -> TakedownReport:
    """Take down what was named or uploaded; the upload goes away.

    Raises:
        InputError: it is no address and no hash.
        PhotoRefused: the file is no photo.
    """
    note = str(asked["note"])
    if "path" not in asked:
        return take_down_named(services.library, str(asked["named"]), note=note)
    upload = inside_uploads(str(asked["path"]))
    try:
        data = read_file(upload, LIMITS)
        return take_down_file(services.library, data, str(asked["name"]), note=note)
    finally:
        discard([upload])


def lift(services: Services, tries: int, event: gr.EventData) -> dict[str, Any]:
    """Let photos come in again."""
    report = services.library.lift(str(data_of(event)["id"]))
    return value_of(services, [report.sentence], tries)


def forget(services: Services, tries: int) -> dict[str, Any]:
    """The report has been read."""
    return value_of(services, (), tries)
