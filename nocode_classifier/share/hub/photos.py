"""Copies a project's photos for everyone to see, if its owner says so, without what they give away.

Photos that someone else made go along only if their licence is known to allow it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nocode_classifier.collect.licences import LicenceChoice, permits
from nocode_classifier.progress import Progress, Report, ignore
from nocode_classifier.project.archive.metadata import read_stripped
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Photo
from nocode_classifier.share.hub.names import space_name


@dataclass(frozen=True, slots=True)
class ChosenPhotos:
    """How many photos went along, and how many stayed away."""

    copied: int
    left_out: int


def copy_photos(project: Project, folder: Path, report: Report = ignore) -> ChosenPhotos:
    """Copy the kept photos into one folder a class.

    Args:
        project: whose photos.
        folder: to make.
        report: hears how far it is.

    Raises:
        Unavailable: a photo can't be read any more, or is not what was stored.
    """
    photos = project.photos()
    names = {
        label.id: f"{number}-{space_name(label.name)}"
        for number, label in enumerate(project.classes(), 1)
    }
    copied = 0
    for number, photo in enumerate(photos, 1):
        if may_be_shown(photo):
            data, suffix = read_stripped(project.path_of(photo), photo.name)
            target = folder / names[photo.class_id] / f"{photo.sha256[:16]}{suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            copied += 1
        report(Progress("Copying photos", number, len(photos), number / len(photos)))
    return ChosenPhotos(copied, len(photos) - copied)


def may_be_shown(photo: Photo) -> bool:
    """Whether a photo is the owner's own, or its licence is known to allow showing it."""
    if not (photo.page or photo.address):
        return True
    return permits(photo.licence, LicenceChoice.REUSE)
