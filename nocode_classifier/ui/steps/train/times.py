"""About how long a training takes, said beforehand."""

from __future__ import annotations

from nocode_classifier import paths
from nocode_classifier.errors import InputError
from nocode_classifier.learn.backbones.availability import is_here
from nocode_classifier.learn.backbones.backbone import AT, BESIDE, Backbone
from nocode_classifier.learn.backbones.prepare import extractor_key, is_prepared
from nocode_classifier.learn.backbones.registry import networks_of
from nocode_classifier.learn.settings import Mode, Settings
from nocode_classifier.project.project import Project
from nocode_classifier.project.tables.runs import Run, RunOutcome

SECONDS_A_PHOTO = 0.016
"""Measured with two cores: looking at a photo with the usual network, twice, decoding included."""

FIT_SECONDS, FIT_SECONDS_A_PHOTO = 2.0, 0.004
"""Measured likewise: fitting and checking."""

START_SECONDS = 12.0
TUNE_SECONDS_A_PHOTO = {Mode.THOROUGH: 0.15, Mode.FULL: 2.0}
"""For the first time on this computer; from then on the last time counts."""

PREPARE_SECONDS = 15.0
MEGABYTES_A_SECOND = 4.0
"""For a network that is used for the first time; nobody knows how fast the internet is."""

FEWEST_SECONDS = 3.0


def seconds_of(project: Project, settings: Settings) -> float:
    """About how many seconds it takes.

    Args:
        project: with its photos, and those the network has looked at before.
        settings: how.
    """
    mode = settings.mode
    photos = sum(project.counts().values())
    quick = _looking(project, settings, photos) + FIT_SECONDS + FIT_SECONDS_A_PHOTO * photos
    if mode is Mode.QUICK:
        return max(FEWEST_SECONDS, quick)
    before = next((run for run in project.models.runs() if _is_like(run, settings)), None)
    if before is not None and before.photos:
        return before.seconds * photos / _learnt_from(before)
    return quick + START_SECONDS + TUNE_SECONDS_A_PHOTO[mode] * photos


def _looking(project: Project, settings: Settings, photos: int) -> float:
    """How long it looks at photos that its networks do not know yet."""
    try:
        backbones = networks_of(settings.backbone, settings.size, combine=settings.combine)
    except InputError:
        return 0.0
    return sum(
        _preparing(each)
        + _seconds_a_photo(each) * max(0, photos - project.count_features(extractor_key(each)))
        for each in backbones
    )


def _seconds_a_photo(backbone: Backbone) -> float:
    """As measured on this computer, or else as the usual network takes."""
    from nocode_classifier.learn.backbones.speed import measured, speed_key

    speed = measured(paths.cache()).get(speed_key(backbone))
    return SECONDS_A_PHOTO if speed is None else speed.milliseconds / 1000


def _preparing(backbone: Backbone) -> float:
    """How long the network itself takes, when it is used for the first time."""
    cache = paths.cache()
    if is_prepared(backbone, cache):
        return 0.0
    fetching = 0.0 if is_here(backbone, cache) else backbone.megabytes / MEGABYTES_A_SECOND
    return PREPARE_SECONDS + fetching


def _is_like(run: Run, settings: Settings) -> bool:
    whole = run.outcome in (RunOutcome.ADOPTED, RunOutcome.KEPT) and run.seconds > 0
    key = str(run.settings.get("backbone")).partition(BESIDE)[0].partition(AT)[0]
    return whole and (run.settings.get("mode"), key) == (settings.mode, settings.backbone)


def _learnt_from(run: Run) -> int:
    """Photos of a run; of the whole network's, a fifth was measured."""
    measured = run.photos or 1
    a_fifth = run.settings.get("mode") == Mode.FULL and run.outcome is RunOutcome.ADOPTED
    return 5 * measured if a_fifth else measured
