"""What lies in a folder of projects, damaged ones included."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from pathlib import Path

from nocode_classifier.disk_errors import damaged, in_sentence
from nocode_classifier.errors import NotFound
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import ProjectInfo
from nocode_classifier.project.store.database import FILE_NAME
from nocode_classifier.project.store.photo_files import PHOTOS

log = logging.getLogger(__name__)

ID = re.compile(r"[a-z0-9]{1,32}")


def project_folders(parent: Path) -> list[Path]:
    """The folders of projects in a folder."""
    if not parent.is_dir():
        return []
    return [path for path in parent.iterdir() if ID.fullmatch(path.name) and is_project(path)]


def is_project(folder: Path) -> bool:
    """Whether this is a project, perhaps a damaged one: one that can't be looked into is."""
    try:
        return not {FILE_NAME, PHOTOS}.isdisjoint(path.name for path in folder.iterdir())
    except NotADirectoryError:
        return False
    except FileNotFoundError:
        return folder.is_symlink()
    except OSError:
        return True


def project_infos(parent: Path) -> list[ProjectInfo]:
    """The projects in a folder, the last changed first; of one that can't be read, why not."""
    infos = filter(None, map(_info, project_folders(parent)))
    return sorted(infos, key=lambda info: (info.modified, info.id), reverse=True)


def _info(folder: Path) -> ProjectInfo | None:
    try:
        return Project(folder).info()
    except NotFound:
        return None  # moved meanwhile
    except Exception as error:  # one that is damaged never hides the others
        log.info("project %s can't be read", folder, exc_info=True)
        told = in_sentence(error) or damaged(f"The project in {folder}", repr(error))
    return ProjectInfo(
        id=folder.name,
        name=f"Project {folder.name}",
        folder=folder,
        classes=(),
        photos=0,
        cover=(),
        modified=_last_change(folder),
        has_model=False,
        problem=str(told),
    )


def _last_change(folder: Path) -> datetime:
    try:
        return datetime.fromtimestamp((folder / FILE_NAME).stat().st_mtime, UTC)
    except OSError:
        return datetime.fromtimestamp(0, UTC)
