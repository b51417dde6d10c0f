"""All projects of a person: a folder of projects and a bin."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from nocode_classifier.disk_errors import in_sentence
from nocode_classifier.errors import Busy, NotFound
from nocode_classifier.file_locks import only_one
from nocode_classifier.placing import clear_away, rename_folder, sweep, unfinished_folder
from nocode_classifier.progress import Report, ShouldStop, ignore, never
from nocode_classifier.project.archive.importer import import_project
from nocode_classifier.project.archive.writer import export_project
from nocode_classifier.project.blocklist.blocklist import FILE_NAME as TAKEDOWNS
from nocode_classifier.project.blocklist.blocklist import Blocklist
from nocode_classifier.project.blocklist.removal import (
    LiftReport,
    PhotoQuery,
    TakedownReport,
    lift,
    take_down,
)
from nocode_classifier.project.copying import copy_project
from nocode_classifier.project.listing import ID, is_project, project_folders, project_infos
from nocode_classifier.project.names import LONGEST
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import ProjectInfo
from nocode_classifier.project.store.database import GONE
from nocode_classifier.project.templates import template
from nocode_classifier.project.upkeep import look_after

CHOOSING = ".choosing"
"""A file in the folder of projects that is locked while the name of one is chosen."""
KEPT_ASIDE = "kept-aside"
"""In the home folder; what was in the way of a project and might be worth something."""


class Library:
    """The projects under one home folder; several processes may share it.

    Attributes:
        blocklist: what must stay away from all of them.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.blocklist = Blocklist(home / TAKEDOWNS)
        self._projects = home / "projects"
        self._bin = home / "bin"

    def projects(self) -> list[ProjectInfo]:
        """All projects, the last changed first.

        One that can't be read is in the list too, with the reason in `problem`.
        """
        return project_infos(self._projects)

    def binned(self) -> list[ProjectInfo]:
        """The projects in the bin, the last changed first."""
        return project_infos(self._bin)

    def create(self, name: str, class_names: Sequence[str] = ()) -> Project:
        """Make a project.

        Raises:
            InputError: a name can't be used, or two classes have the same.
        """
        with unfinished_folder(self._swept()) as folder:
            Project.create(folder, name, class_names)
            return self._adopt(folder)

    def create_from_template(self, key: str) -> Project:
        """Make a project from the template of this key; `InputError` if there is none."""
        chosen = template(key)
        with unfinished_folder(self._swept()) as folder:
            project = Project.create(folder, chosen.name, chosen.class_names)
            for label in project.classes():
                project.set_hints(label.id, chosen.hints.get(label.name, ()))
            return self._adopt(folder)

    def open(self, project_id: str) -> Project:
        """Open a project.

        Raises:
            NotFound: there is none of this id, or it is in the bin.
            Unavailable: it is damaged, or a newer version of the app made it.
        """
        project = Project(self._existing(self._projects, project_id), self.blocklist)
        look_after(project)
        return project

    def rename(self, project_id: str, name: str) -> None:
        """Call a project something else; `InputError` when the name can't be used."""
        self.open(project_id).rename(name)

    def duplicate(self, project_id: str, name: str | None = None) -> Project:
        """Copy a project, its photos, cached features and model included.

        Args:
            project_id: the project to copy.
            name: of the copy; made from the old one if not given.
        """
        original = self.open(project_id)
        with unfinished_folder(self._swept()) as folder:
            copy_project(original, folder, original.name if name is None else name)
            # Two copies that are made at the same time must not choose the same name.
            with only_one(self._projects / CHOOSING):
                if name is None:
                    Project(folder).rename(self._name_of_copy(original.name))
                return self._adopt(folder)

    def export(
        self,
        project_id: str,
        target: Path,
        *,
        report: Report = ignore,
        should_stop: ShouldStop = never,
    ) -> Path:
        """Write a project into one file; see `archive.writer.export_project`."""
        return export_project(self.open(project_id), target, report=report, should_stop=should_stop)

    def import_file(
        self, path: Path, *, report: Report = ignore, should_stop: ShouldStop = never
    ) -> Project:
        """Make a project from an exported file; see `archive.importer.import_project`.

        It appears in the list when it is whole, and leaves nothing behind when it is refused.
        """
        with unfinished_folder(self._swept()) as folder:
            import_project(path, folder, report=report, should_stop=should_stop)
            look_after(Project(folder, self.blocklist))
            return self._adopt(folder)

    def bin(self, project_id: str) -> None:
        """Put a project into the bin.

        Raises:
            Busy: Windows does not let go of it while something works on it.
            NotFound: there is none of this id.
        """
        folder = self._existing(self._projects, project_id)
        self._bin.mkdir(exist_ok=True)
        self._move(folder, self._bin)

    def restore(self, project_id: str) -> None:
        """Take a project out of the bin."""
        self._move(self._existing(self._bin, project_id), self._swept())

    def empty_bin(self) -> None:
        """Delete the projects in the bin for good."""
        sweep(self._bin)
        for folder in project_folders(self._bin):
            # Renamed first, so that one that is half deleted when the power fails is not listed.
            with unfinished_folder(self._bin) as doomed, suppress(FileNotFoundError):
                # Not there any more: another window restores or deletes it just now.
                rename_folder(folder, doomed / folder.name)

    def take_down(
        self,
        *,
        given: str,
        address: str | None = None,
        sha256: str | None = None,
        likeness: bytes | None = None,
        note: str = "",
    ) -> TakedownReport:
        """Put a photo, and its near copies, into the bin of every project and keep them out.

        Works also for what no project has. A project that can't be opened now catches up when it
        is opened the next time, as do projects that are imported or restored later.

        Args:
            given: what the photo is found by, for people ("the file cat.jpg").
            address: of the picture, or of the page that shows it.
            sha256: of its file.
            likeness: from `likeness.likeness_of`.
            note: a remark, such as who asked.

        Raises:
            InputError: there is nothing to find it by, or it is no address or hash.
        """
        sought = PhotoQuery.checked(address, sha256, likeness)
        return take_down(self._all_projects(), self.blocklist, sought, given, note)

    def lift(self, takedown_id: str) -> LiftReport:
        """Take a take-down back.

        Its photos stay in the bin, for whoever wants to restore them, and searches may find them
        again.

        Raises:
            NotFound: there is none of this id.
        """
        return lift(self._all_projects(), self.blocklist, takedown_id)

    def _all_projects(self) -> list[Project]:
        folders = [*project_folders(self._projects), *project_folders(self._bin)]
        return [Project(folder, self.blocklist) for folder in folders]

    def _swept(self) -> Path:
        self._projects.mkdir(parents=True, exist_ok=True)
        sweep(self._projects)
        return self._projects

    def _adopt(self, folder: Path) -> Project:
        """Let a whole project appear in the list."""
        project_id = self._unused_id()
        rename_folder(folder, self._projects / project_id)
        return Project(self._projects / project_id, self.blocklist)

    def _unused_id(self) -> str:
        project_id = secrets.token_hex(5)
        while any(os.path.lexists(each / project_id) for each in (self._projects, self._bin)):
            project_id = secrets.token_hex(5)
        return project_id

    def _move(self, folder: Path, parent: Path) -> None:
        """Move a project, under another id if one of its own is there (from a backup, perhaps)."""
        target = parent / folder.name
        if is_project(target):
            target = parent / self._unused_id()
        try:
            clear_away(target, self.home / KEPT_ASIDE)
            rename_folder(folder, target)
        except FileNotFoundError as error:
            raise NotFound(GONE) from error
        except PermissionError as error:
            if os.name == "nt":  # its files are open
                raise Busy(
                    "This project is in use. Wait until its work is done, or stop it."
                ) from error
            raise in_sentence(error, folder) or error from error

    def _existing(self, parent: Path, project_id: str) -> Path:
        folder = parent / project_id
        if not ID.fullmatch(project_id) or not is_project(folder):
            raise NotFound(GONE)
        return folder

    def _name_of_copy(self, name: str) -> str:
        taken = {info.name for info in self.projects()}
        number = 1
        while True:
            ending = " (copy)" if number == 1 else f" (copy {number})"
            candidate = name[: LONGEST - len(ending)] + ending
            if candidate not in taken:
                return candidate
            number += 1
