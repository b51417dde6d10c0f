"""One project: its classes, photos, decisions, cached features, models and last job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

from nocode_classifier.errors import NotFound
from nocode_classifier.project.blocklist.blocklist import Blocklist
from nocode_classifier.project.names import clean_name
from nocode_classifier.project.records import (
    ClassLabel,
    Decision,
    JobRecord,
    NewPhoto,
    Photo,
    PhotoState,
    ProjectInfo,
    TrainingSet,
)
from nocode_classifier.project.store.database import Database
from nocode_classifier.project.store.photo_files import (
    PHOTOS,
    make_parts,
    store_photo,
    thumbnail,
    tidy,
)
from nocode_classifier.project.tables import classes, decisions, features, photos
from nocode_classifier.project.tables.findings import read_findings, write_findings
from nocode_classifier.project.tables.last_job import read_last_job, write_last_job
from nocode_classifier.project.tables.models import Models
from nocode_classifier.project.tables.photo_quality import read_quality, write_quality
from nocode_classifier.project.tables.search_results import SearchResults


class Project:
    """A project in its folder. Any thread and any process may use it at any time.

    Every method may raise `NotFound` when the project was deleted meanwhile, `Unavailable` when
    its file is damaged, the disk is full or a newer version of the app made it, and `Busy` when
    another window keeps it locked for half a minute.

    Attributes:
        models: those it has, which one is in use, and how they came about.
        search_results: what searches of the web came upon, and what they should look for.
        blocklist: what must stay away; None for a project that belongs to no library.
    """

    def __init__(self, folder: Path, blocklist: Blocklist | None = None) -> None:
        self.folder = folder
        self.id = folder.name
        self.database = Database(folder)
        self.models = Models(self.database)
        self.search_results = SearchResults(self.database, blocklist)
        self.blocklist = blocklist

    @classmethod
    def create(cls, folder: Path, name: str, class_names: Sequence[str] = ()) -> Project:
        """Fill an empty folder with a new project.

        Raises:
            InputError: a name can't be used, or two classes have the same.
        """
        project = cls(folder)
        project.database.create(clean_name(name, "project"))
        make_parts(folder)
        if class_names:
            with project.database.writing() as connection:
                for class_name in class_names:
                    classes.insert_class(connection, class_name)
        return project

    def snapshot(self) -> AbstractContextManager[object]:
        """For a block that only reads: all that this thread asks there is of one moment."""
        return self.database.snapshot()

    # The project itself

    @property
    def name(self) -> str:
        """What the user calls it."""
        with self.database.reading() as connection:
            return str(connection.execute("SELECT name FROM project").fetchone()[0])

    def rename(self, name: str) -> None:
        """Call it something else; `InputError` when the name can't be used."""
        cleaned = clean_name(name, "project")
        with self.database.writing() as connection:
            connection.execute("UPDATE project SET name = ?", (cleaned,))

    def revision(self) -> int:
        """A number that grows with every visible change, whichever process makes it."""
        with self.database.reading() as connection:
            return int(connection.execute("SELECT revision FROM project").fetchone()[0])

    def info(self) -> ProjectInfo:
        """What the list of projects shows."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT name, modified_at FROM project").fetchone()
            return ProjectInfo(
                id=self.id,
                name=row["name"],
                folder=self.folder,
                classes=tuple(classes.all_classes(connection)),
                photos=sum(photos.count_photos(connection, PhotoState.KEPT).values()),
                cover=photos.cover_photos(connection),
                modified=datetime.fromisoformat(row["modified_at"]),
                has_model=self.models.current(connection) is not None,
            )

    # Classes

    def classes(self) -> list[ClassLabel]:
        """The things to tell apart, in the order the user gave them."""
        with self.database.reading() as connection:
            return classes.all_classes(connection)

    def class_named(self, name: str) -> ClassLabel:
        """The class of this name, ignoring case and Unicode form; `NotFound` if there is none."""
        with self.database.reading() as connection:
            label = classes.find_by_name(connection, name)
        if label is None:
            raise NotFound(f"There is no class '{name}' in this project.")
        return label

    def class_of(self, class_id: int) -> ClassLabel:
        """The class with this number, also a removed one (its photos are in the bin)."""
        with self.database.reading() as connection:
            return classes.find_class(connection, class_id, removed_too=True)

    def add_class(self, name: str) -> ClassLabel:
        """Add a class; `InputError` when the name can't be used or is taken."""
        with self.database.writing() as connection:
            return classes.insert_class(connection, name)

    def rename_class(self, class_id: int, name: str) -> ClassLabel:
        """Rename a class; its photos, colour and number stay. `InputError` as in `add_class`."""
        with self.database.writing() as connection:
            return classes.rename(connection, class_id, name)

    def set_hints(self, class_id: int, hints: Sequence[str]) -> None:
        """Replace the remarks shown with an answer of this class, now and by the current model."""
        with self.database.writing() as connection:
            classes.write_hints(connection, class_id, hints)
            self.models.update_card(connection)

    def remove_class(self, class_id: int) -> None:
        """Remove a class; its photos go to the bin. One undo step."""
        with self.database.writing() as connection:
            decisions.remove_class(connection, class_id)

    # Photos

    def add_photo(self, new: NewPhoto, class_id: int) -> Photo:
        """Keep a photo. When this returns, a crash can't take it away again.

        Raises:
            TakenDown: it, its page or a near copy of it was taken down.
            PhotoRefused: the same bytes are kept already, or in the bin.
            NotFound: there is no such class.
        """
        return store_photo(self.database, new, class_id, self.blocklist)

    def held_open(self) -> AbstractContextManager[None]:
        """For a block that adds many photos: each then costs a fraction. Optional."""
        return self.database.held_open()

    def photos(
        self,
        class_id: int | None = None,
        state: PhotoState = PhotoState.KEPT,
        offset: int = 0,
        limit: int | None = None,
    ) -> list[Photo]:
        """Photos in the order of adding: a page of them, of one class or of all."""
        with self.database.reading() as connection:
            return photos.page_of_photos(connection, class_id, state, offset, limit)

    def counts(self, state: PhotoState = PhotoState.KEPT) -> Counter[int]:
        """Photos in this state by class number, 0 too.

        Counting the bin, removed classes are there as well if any of their photos are.
        """
        with self.database.reading() as connection:
            return photos.count_photos(connection, state)

    def photo(self, photo_id: int) -> Photo:
        """One photo, kept or binned; `NotFound` if there is none."""
        with self.database.reading() as connection:
            return photos.find_photo(connection, photo_id)

    def path_of(self, photo: Photo) -> Path:
        """Where its bytes are, exactly as they were given."""
        return self.folder / PHOTOS / photos.file_name_of(photo.sha256, photo.suffix)

    def thumbnail_of(self, sha256: str) -> Path:
        """A small WebP of a photo, made again if it was lost; `NotFound` if there is no photo."""
        return thumbnail(self.database, sha256)

    def training_set(self) -> TrainingSet:
        """The classes and the kept photos of one moment."""
        with self.database.reading() as connection:
            return photos.training_set(connection)

    # Decisions

    def apply(self, decisions_made: Sequence[Decision], summary: str) -> int:
        """Carry out decisions in one transaction and as one undo step.

        A photo restored from a removed class brings the class back.

        Args:
            decisions_made: what should become of which photo.
            summary: what `undo` will say it took back ("Removed 3 photos").

        Returns:
            How many photos changed; with 0 there is nothing to undo.

        Raises:
            InputError: a photo that was taken down would come back; nothing was changed.
            NotFound: a photo or class is not there any more; nothing was changed.
        """
        with self.database.writing() as connection:
            return decisions.apply_decisions(connection, decisions_made, summary)

    def undo(self) -> str | None:
        """Take back the last step; returns its summary, or None when there was none."""
        with self.database.writing() as connection:
            return decisions.undo_last(connection)

    def can_undo(self) -> str | None:
        """The summary of the step that `undo` would take back."""
        with self.database.reading() as connection:
            last = decisions.last_step(connection)
        return None if last is None else last[1]

    # Cached features, measurements and findings

    def count_features(self, backbone: str) -> int:
        """How many of the kept photos have cached features of this backbone."""
        with self.database.reading() as connection:
            return features.count_features(connection, backbone)

    def load_features(self, backbone: str, hashes: Sequence[str]) -> dict[str, bytes]:
        """The cached features of these photos, by hash; those that aren't cached are missing."""
        with self.database.reading() as connection:
            return features.read_features(connection, backbone, hashes)

    def save_features(self, backbone: str, items: Mapping[str, bytes]) -> None:
        """Cache features by photo hash. Nobody sees these, so the revision stays."""
        with self.database.writing(visible=False) as connection:
            features.write_features(connection, backbone, items)

    def load_quality(self, version: int) -> dict[int, dict[str, float]]:
        """What this version measured of photos, kept and binned, by the number of the photo."""
        with self.database.reading() as connection:
            return read_quality(connection, version)

    def save_quality(self, version: int, measured: Mapping[int, Mapping[str, float]]) -> None:
        """Keep measurements by the number of the photo. Nobody sees these, as with features."""
        with self.database.writing(visible=False) as connection:
            write_quality(connection, version, measured)

    def load_findings(self, name: str) -> tuple[str, Any] | None:
        """The findings that were saved under this name, after the fingerprint they came with."""
        with self.database.reading() as connection:
            return read_findings(connection, name)

    def save_findings(self, name: str, fingerprint: str, data: object) -> None:
        """Keep findings (JSON) until the next of this name; `fingerprint` says what of."""
        with self.database.writing() as connection:
            write_findings(connection, name, fingerprint, data)

    # The last job

    def save_job(self, record: JobRecord) -> None:
        """Remember the state of the project's slow work.

        The revision grows when the state changes, not with every bit of progress.
        """
        before = self.last_job()
        changed = before is None or (before.kind, before.state) != (record.kind, record.state)
        with self.database.writing(visible=changed) as connection:
            write_last_job(connection, record)

    def last_job(self) -> JobRecord | None:
        """The last state that was saved, or None."""
        with self.database.reading() as connection:
            return read_last_job(connection)

    # Keeping the folder clean

    def tidy(self) -> None:
        """Remove what processes that were killed left behind; what others write just now stays."""
        tidy(self.database)
