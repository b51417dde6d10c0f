"""What can be exported: the classifier of a project, or a model folder by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from pathlib import Path, PurePosixPath

from nocode_classifier.collect.layout import is_called_a_photo
from nocode_classifier.errors import InputError
from nocode_classifier.predict.predictor import ModelError, read_card
from nocode_classifier.project.project import Project
from nocode_classifier.share.exporter import Subject

CANDIDATES = 60
"""Photos to choose the asked ones from: more than are asked, since some formats aren't for all."""


def subject_of(project: Project) -> Subject:
    """The classifier of a project, with photos of every class."""
    by_class: dict[str, list[Path]] = {}
    with project.snapshot():
        for photo, class_name in project.training_set().photos:
            by_class.setdefault(class_name, []).append(project.path_of(photo))
        return Subject(
            project.name, project.models.folder(), spread(by_class.values(), CANDIDATES), project
        )


def subject_of_folder(model: Path, photos: Iterable[Path] = ()) -> Subject:
    """A model folder by itself.

    Args:
        model: holds `model.onnx` and `card.json`.
        photos: to ask the export about, the best first; see `photos_of_folder`.

    Raises:
        InputError: there is no model, or it can't be used.
    """
    try:
        card = read_card(model)
    except ModelError as error:
        raise InputError(str(error)) from error
    model = model.resolve()  # what opens an export runs elsewhere
    return Subject(str(card.get("name") or model.name), model, tuple(photos))


def photos_of_folder(folder: Path) -> tuple[Path, ...]:
    """Photos in a folder and those in it, to ask an export about: some of each folder."""
    by_folder: dict[Path, list[Path]] = {}
    for path in sorted(folder.resolve().rglob("*")):
        if path.is_file() and is_called_a_photo(PurePosixPath(path.name)):
            by_folder.setdefault(path.parent, []).append(path)
    return spread(by_folder.values(), CANDIDATES)


def spread(groups: Iterable[Sequence[Path]], count: int) -> tuple[Path, ...]:
    """Take at most so many, in turn from every group and from all over it."""
    listed = [group for group in groups if group]
    if not listed:
        return ()
    each = -(-count // len(listed))
    chosen = [_evenly(group, each) for group in listed]
    in_turn = chain.from_iterable(zip_longest(*chosen))
    return tuple([path for path in in_turn if path is not None][:count])


def _evenly(group: Sequence[Path], count: int) -> list[Path]:
    taken = min(count, len(group))
    return [group[index * len(group) // taken] for index in range(taken)]
