"""Cached features in a `.nocode` file: one photo after another, cut apart by their sizes."""

from __future__ import annotations

from collections.abc import Iterator

from nocode_classifier.progress import ShouldStop, check_stop
from nocode_classifier.project.archive.json_fields import Fields, damaged
from nocode_classifier.project.archive.layout import MOST_PHOTOS
from nocode_classifier.project.archive.reader import ArchiveReader
from nocode_classifier.project.project import Project
from nocode_classifier.project.tables.features import write_features
from nocode_classifier.project.tables.photos import HASH

LARGEST_FEATURES = 16 * 1024**2  # bytes of one photo


def add_features(
    project: Project, archive: ArchiveReader, content: Fields, should_stop: ShouldStop
) -> None:
    """Put the cached features of all backbones into a project.

    Raises:
        InputError: they are not as the file's own list says.
        Cancelled: Stop was pressed.
    """
    for entry in content.objects("features", 1000):
        backbone, name = entry.text("backbone", 200), entry.text("entry", 100)
        items = [_feature_item(item) for item in entry.list_of("items", MOST_PHOTOS)]
        if sum(size for _, size in items) != archive.size(name):
            raise damaged(f"{name} has another size")
        with project.database.writing() as connection:
            for sha256, data in cut(archive, name, items):
                check_stop(should_stop)
                write_features(connection, backbone, {sha256: data})


def cut(
    archive: ArchiveReader, name: str, items: list[tuple[str, int]]
) -> Iterator[tuple[str, bytes]]:
    """An entry cut into what belongs to each photo.

    Args:
        archive: the file.
        name: of the entry.
        items: hash of each photo, and how many bytes are its.

    Raises:
        InputError: the entry is longer or shorter, or was changed.
    """
    source = archive.parts(name)
    waiting = bytearray()
    for sha256, size in items:
        while len(waiting) < size:
            part = next(source, None)
            if part is None:
                raise damaged(f"{name} has another size")
            waiting += part
        yield sha256, bytes(waiting[:size])
        del waiting[:size]
    # The hash is compared after the last part.
    if waiting or any(source):
        raise damaged(f"{name} has another size")


def _feature_item(item: object) -> tuple[str, int]:
    match item:
        case [str(sha256), int(size)] if HASH.fullmatch(sha256) and 0 <= size <= LARGEST_FEATURES:
            return sha256, size
    raise damaged("the list of features can't be read")
