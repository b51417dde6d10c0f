"""Which augmentation suits a project's photos, asked before any training."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nocode_classifier.learn.backbones.registry import DEFAULT
from nocode_classifier.learn.folds import ungroup_single_scenes
from nocode_classifier.learn.from_project import photos_of
from nocode_classifier.learn.look import look
from nocode_classifier.learn.proposal import Proposal, propose_augmentation
from nocode_classifier.learn.study import LabelledFeatures, near_duplicates
from nocode_classifier.progress import Progress, Report, ShouldStop, ignore, never, part_of
from nocode_classifier.project.project import Project

TRYING = "Trying out varied copies"


def propose_for_project(
    project: Project, cache: Path, *, report: Report = ignore, should_stop: ShouldStop = never
) -> Proposal:
    """Look at a project's photos and at varied copies of some of them.

    Asked of the network that needs no download, whatever the project is trained with: whether left
    and right matter is a matter of the photos.

    Args:
        project: keeps the features, so a training that follows need not look again.
        cache: the user's cache folder.

    Raises:
        InputError: a photo can't be read any more.
        Unavailable: the network's weights are missing.
        Cancelled: Stop was pressed.
    """
    learnt = project.training_set()
    photos, names = photos_of(project, learnt), [label.name for label in learnt.classes]
    looked = look(
        photos,
        (DEFAULT,),
        cache,
        project,
        report=part_of(report, 0.0, 0.7),
        should_stop=should_stop,
    )
    labels = np.array([names.index(photo.class_name) for photo in photos], np.int64)
    material = LabelledFeatures(photos, tuple(names), looked.features, labels, looked.blocks)
    groups, _ = ungroup_single_scenes(labels, near_duplicates(material))
    report(Progress(TRYING, fraction=0.7))
    return propose_augmentation(
        photos,
        labels,
        len(names),
        looked.extractors[0],
        looked.features,
        groups,
        should_stop=should_stop,
    )
