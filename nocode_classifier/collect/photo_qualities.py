"""The figures of every photo of a project, measured now where they were not when it came in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from nocode_classifier.collect.photo_quality import VERSION, PhotoQuality, measure_file
from nocode_classifier.predict.refusals import PhotoError
from nocode_classifier.progress import Progress, Report, ShouldStop, check_stop, ignore, never
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Photo

PORTION = 64
"""Photos measured and kept at once."""
STAGE = "Measuring your photos"


def photo_qualities(
    project: Project, *, report: Report = ignore, should_stop: ShouldStop = never
) -> dict[int, PhotoQuality]:
    """How good each kept photo is, by its number; without those whose file is lost or damaged.

    Raises:
        Cancelled: Stop was pressed; what was measured until then is kept.
    """
    photos = project.photos()
    stored = project.load_quality(VERSION)
    known = {
        photo.id: PhotoQuality.from_json(stored[photo.id]) for photo in photos if photo.id in stored
    }
    missing = [photo for photo in photos if photo.id not in stored]
    with ThreadPoolExecutor(thread_name_prefix="measure") as threads:
        for start in range(0, len(missing), PORTION):
            check_stop(should_stop)
            portion = missing[start : start + PORTION]
            measured = threads.map(lambda photo: _measured(project, photo), portion)
            fresh = {
                photo.id: quality
                for photo, quality in zip(portion, measured, strict=True)
                if quality is not None
            }
            project.save_quality(VERSION, {key: each.to_json() for key, each in fresh.items()})
            known |= fresh
            done = start + len(portion)
            report(Progress(STAGE, done, len(missing), done / len(missing)))
    return known


def _measured(project: Project, photo: Photo) -> PhotoQuality | None:
    with suppress(OSError, PhotoError):
        return measure_file(project.path_of(photo).read_bytes())
    return None
