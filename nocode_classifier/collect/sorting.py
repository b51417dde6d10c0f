"""Which class each photo of a folder or an archive belongs to, and what was understood of it.

By the folders they lie in (`layout`), or, where those name no classes, by a table of labels beside
them or by their names (`label_tables`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

from nocode_classifier.collect.label_tables import (
    Labelled,
    is_called_a_table,
    labels_in,
    labels_in_names,
)
from nocode_classifier.collect.layout import Layout, is_called_a_photo, read_layout, readable
from nocode_classifier.errors import PhotoRefused
from nocode_classifier.project.names import comparing_key

Read = Callable[[PurePosixPath], bytes]
"""Gives the bytes of a file; raises `PhotoRefused`, with the reason, where it can't."""

MOST_TABLES = 100

SHOWN = 3
"""So many names are told of many."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """What was understood.

    Attributes:
        classes: the class name of each file; None for no class.
        reasons: why a photo can't have a class, where that is more than lying outside of them.
        tables: files that were read as labels; they are no photos that failed.
        notes: sentences about what was understood that may have been meant differently.
        by_folder: whether it was the folders that named the classes.
    """

    classes: Mapping[PurePosixPath, str | None]
    reasons: Mapping[PurePosixPath, str]
    tables: frozenset[PurePosixPath] = frozenset()
    notes: tuple[str, ...] = ()
    by_folder: bool = True


def sort_files(
    files: Collection[PurePosixPath],
    read: Read,
    known: Iterable[str] = (),
    *,
    chosen: bool = False,
) -> Sorting:
    """Find the class of each file.

    Args:
        files: all of them, relative to the folder or archive they are in.
        read: opens those that may be tables of labels, and only where they are needed.
        known: names of classes that there are already.
        chosen: as for `read_layout`; then the names of files count only in parts of a data set, or
            where they name a known class.
    """
    layout = read_layout(files, known, chosen=chosen)
    classes = {file: layout.classes[file.parent.parts] for file in files}
    photos = [file for file in files if is_called_a_photo(file)]
    by_folder = {classes[photo] for photo in photos} - {None}
    if not photos or len(by_folder) > 1 or _is_known(by_folder, known):
        return Sorting(classes, {}, notes=tuple(_inner_notes(layout)))
    found = labels_in(photos, _contents(files, read))
    if not found.classes and not by_folder:
        named = labels_in_names(photos)
        if layout.parts or not chosen or _is_known(named.classes.values(), known):
            found = named if named.classes else found
    tables = frozenset(file for file in files if readable(str(file)) in found.sources)
    if found.classes:
        return Sorting(
            {file: found.classes.get(file) for file in files},
            found.reasons,
            tables,
            (_source_note(found), *found.troubles[:SHOWN]),
            by_folder=False,
        )
    reasons = {photo: _part_reason(photo) for photo in photos if photo.parent.parts in layout.parts}
    return Sorting(classes, reasons, tables, (*found.troubles[:SHOWN], *_inner_notes(layout)))


def _is_known(names: Iterable[str | None], known: Iterable[str]) -> bool:
    return not {comparing_key(name) for name in names if name}.isdisjoint(map(comparing_key, known))


def _contents(
    files: Iterable[PurePosixPath], read: Read
) -> Iterator[tuple[PurePosixPath, bytes | str]]:
    for file in islice(filter(is_called_a_table, files), MOST_TABLES):
        try:
            yield file, read(file)
        except PhotoRefused as refused:
            yield file, str(refused).rstrip(".")


def _part_reason(photo: PurePosixPath) -> str:
    return (
        f"It lies in '{readable(photo.parent.name)}', a part of a data set, and nothing here that "
        "can be read says what it shows: put the photos of each thing into a folder that is called "
        "like it, or add the table of labels."
    )


def _source_note(found: Labelled) -> str:
    names = sorted({name.rpartition("/")[2] for name in found.sources})
    return f"The folders name no classes; those of the photos are from {listed(names)}."


def _inner_notes(layout: Layout) -> Iterator[str]:
    if layout.inner:
        told = [f"{listed(_quoted(inner))} in '{name}'" for name, inner in layout.inner.items()]
        yield (
            f"Photos count as what the outer folder is called: those of {listed(told, '; ')}. "
            "If the inner folders are what you want to tell apart, put those beside each other."
        )


def _quoted(names: Iterable[str]) -> list[str]:
    return [f"'{readable(name)}'" for name in names]


def listed(names: Sequence[str], comma: str = ", ") -> str:
    """Some names as a person lists them; of many only the first."""
    if len(names) > SHOWN:
        names = [*names[:SHOWN], f"{len(names) - SHOWN:,} more"]
    *first, last = names
    between = " and " if comma == ", " else comma
    return f"{comma.join(first)}{between}{last}" if first else last
