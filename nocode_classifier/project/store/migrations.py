"""The shape of a project's database, as numbered steps from nothing to today's.

A new version of the app adds a step at the end and never edits an old one; `PRAGMA user_version`
remembers how many were taken.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from nocode_classifier.disk_errors import damaged
from nocode_classifier.errors import Unavailable

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # One row. `revision` grows with every change a person can see.
        """CREATE TABLE project (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            name TEXT NOT NULL,
            revision INTEGER NOT NULL DEFAULT 1,
            created_at TEXT NOT NULL,
            modified_at TEXT NOT NULL,
            tidied_at TEXT NOT NULL
        )""",
        # A removed class stays, so that undo and its binned photos find it again. `key` is the
        # name in the form in which names are compared.
        """CREATE TABLE classes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            key TEXT NOT NULL,
            colour INTEGER NOT NULL,
            position INTEGER NOT NULL,
            hints TEXT NOT NULL DEFAULT '[]',
            removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1))
        )""",
        "CREATE UNIQUE INDEX class_names ON classes (key) WHERE removed = 0",
        """CREATE TABLE photos (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            class_id INTEGER NOT NULL REFERENCES classes (id),
            state TEXT NOT NULL DEFAULT 'kept' CHECK (state IN ('kept', 'binned')),
            sha256 TEXT NOT NULL UNIQUE,
            suffix TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            size INTEGER NOT NULL,
            perceptual_hash TEXT NOT NULL,
            name TEXT NOT NULL,
            source TEXT NOT NULL,
            burst TEXT,
            page TEXT,
            address TEXT,
            licence TEXT,
            creator TEXT,
            added_at TEXT NOT NULL
        )""",
        # SQLite appends the row id to both, so a page of photos is a walk along the index.
        "CREATE INDEX photos_by_state ON photos (state)",
        "CREATE INDEX photos_by_class ON photos (state, class_id)",
        # An undo step holds how things were before it.
        """CREATE TABLE steps (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            summary TEXT NOT NULL,
            taken_at TEXT NOT NULL
        )""",
        """CREATE TABLE step_photos (
            step_id INTEGER NOT NULL REFERENCES steps (id) ON DELETE CASCADE,
            photo_id INTEGER NOT NULL REFERENCES photos (id),
            class_id INTEGER NOT NULL REFERENCES classes (id),
            state TEXT NOT NULL,
            PRIMARY KEY (step_id, photo_id)
        ) WITHOUT ROWID""",
        """CREATE TABLE step_classes (
            step_id INTEGER NOT NULL REFERENCES steps (id) ON DELETE CASCADE,
            class_id INTEGER NOT NULL REFERENCES classes (id),
            removed INTEGER NOT NULL,
            PRIMARY KEY (step_id, class_id)
        ) WITHOUT ROWID""",
        """CREATE TABLE features (
            backbone TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            data BLOB NOT NULL
        )""",
        "CREATE UNIQUE INDEX features_by_hash ON features (backbone, sha256)",
        """CREATE TABLE models (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            folder TEXT NOT NULL UNIQUE,
            fingerprint TEXT NOT NULL,
            adopted_at TEXT NOT NULL
        )""",
        """CREATE TABLE held_out (
            model_id INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            true TEXT NOT NULL,
            predicted TEXT NOT NULL,
            probability REAL NOT NULL,
            PRIMARY KEY (model_id, position)
        ) WITHOUT ROWID""",
        """CREATE TABLE last_job (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            stage TEXT NOT NULL,
            fraction REAL NOT NULL,
            message TEXT NOT NULL,
            updated_at TEXT NOT NULL
        )""",
    ),
    (
        "ALTER TABLE photos ADD COLUMN title TEXT",
        "ALTER TABLE photos ADD COLUMN licence_address TEXT",
        # The take-down that keeps a photo in the bin, by its id in the library's list.
        "ALTER TABLE photos ADD COLUMN taken_down TEXT",
        "CREATE INDEX photos_by_address ON photos (address) WHERE address IS NOT NULL",
        # Which state of the library's list of take-downs was carried out here last.
        "ALTER TABLE project ADD COLUMN takedowns_done TEXT NOT NULL DEFAULT ''",
        # By itself, since lists and counts of photos have no use for so many bytes a row.
        """CREATE TABLE likenesses (
            photo_id INTEGER PRIMARY KEY REFERENCES photos (id),
            data BLOB NOT NULL
        )""",
        # Every photo that a search came upon, so that none is fetched twice.
        """CREATE TABLE finds (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            class_id INTEGER NOT NULL REFERENCES classes (id),
            address TEXT NOT NULL,
            source TEXT NOT NULL,
            words TEXT NOT NULL,
            page TEXT,
            title TEXT,
            width INTEGER,
            height INTEGER,
            licence TEXT,
            licence_address TEXT,
            creator TEXT,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'kept', 'skipped')),
            reason TEXT,
            attempts INTEGER NOT NULL DEFAULT 0,
            sha256 TEXT,
            found_at TEXT NOT NULL
        )""",
        "CREATE UNIQUE INDEX finds_by_address ON finds (address, class_id)",
        "CREATE INDEX finds_by_turn ON finds (class_id, attempts, id) WHERE state = 'waiting'",
        # Holds all that a tally needs.
        "CREATE INDEX finds_by_outcome ON finds (class_id, state, reason)",
        # How far a search has come; `next` is where it goes on.
        """CREATE TABLE search_places (
            class_id INTEGER NOT NULL REFERENCES classes (id),
            source TEXT NOT NULL,
            words TEXT NOT NULL,
            licence TEXT NOT NULL,
            next TEXT,
            PRIMARY KEY (class_id, source, words, licence)
        ) WITHOUT ROWID""",
        """CREATE TABLE search_wishes (
            class_id INTEGER PRIMARY KEY REFERENCES classes (id),
            words TEXT NOT NULL,
            sources TEXT NOT NULL,
            licence TEXT NOT NULL,
            count INTEGER NOT NULL,
            photos_only INTEGER NOT NULL CHECK (photos_only IN (0, 1))
        )""",
    ),
    (
        # The model with the highest turn is the one in use; going back to one gives it the next.
        "ALTER TABLE models ADD COLUMN turn INTEGER NOT NULL DEFAULT 0",
        "UPDATE models SET turn = id",
        """ALTER TABLE project ADD COLUMN improves_itself INTEGER NOT NULL DEFAULT 0
            CHECK (improves_itself IN (0, 1))""",
        # `settings` and `curves` are JSON. A run outlives its model.
        """CREATE TABLE runs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            started_at TEXT NOT NULL,
            seconds REAL NOT NULL,
            settings TEXT NOT NULL,
            outcome TEXT NOT NULL
                CHECK (outcome IN ('adopted', 'kept', 'stopped', 'failed')),
            sentence TEXT NOT NULL,
            correct INTEGER,
            photos INTEGER,
            accuracy REAL,
            low REAL,
            high REAL,
            curves TEXT,
            automatic INTEGER NOT NULL DEFAULT 0 CHECK (automatic IN (0, 1)),
            model_id INTEGER REFERENCES models (id) ON DELETE SET NULL
        )""",
        "CREATE INDEX runs_by_model ON runs (model_id)",
        # Models from before: their cards tell the rest.
        """INSERT INTO runs (started_at, seconds, settings, outcome, sentence, model_id)
            SELECT adopted_at, 0, '{}', 'adopted', '', id FROM models ORDER BY id""",
    ),
    (
        # The class for which somebody confirmed a photo; it holds while the photo is in it.
        "ALTER TABLE photos ADD COLUMN confirmed INTEGER REFERENCES classes (id)",
        "ALTER TABLE step_photos ADD COLUMN confirmed INTEGER REFERENCES classes (id)",
        # JSON: numbers of the project's classes in the order of the model's, null for a class that
        # the project does not have; [] for models from before.
        "ALTER TABLE models ADD COLUMN class_ids TEXT NOT NULL DEFAULT '[]'",
        # float32, little endian, in the order of the model's classes.
        "ALTER TABLE held_out ADD COLUMN probabilities BLOB NOT NULL DEFAULT x''",
        "ALTER TABLE held_out ADD COLUMN familiarity REAL",
        # Near duplicates share one.
        "ALTER TABLE held_out ADD COLUMN scene INTEGER",
        # The operating point that somebody chose on a model's card; NULL for the model's own.
        "ALTER TABLE project ADD COLUMN caution REAL",
        # What took a moment to find out; `data` is JSON, `fingerprint` says what it was made of.
        """CREATE TABLE findings (
            name TEXT PRIMARY KEY,
            fingerprint TEXT NOT NULL,
            data TEXT NOT NULL
        )""",
        # `data` is JSON: measurements by name, as that version of measuring makes them.
        """CREATE TABLE photo_quality (
            photo_id INTEGER PRIMARY KEY REFERENCES photos (id),
            version INTEGER NOT NULL,
            data TEXT NOT NULL
        )""",
    ),
)


def migrate(
    connection: sqlite3.Connection,
    steps: Sequence[Sequence[str]] = MIGRATIONS,
    what: str = "This project",
) -> None:
    """Bring a database to today's shape; a no-op when it has it already.

    Args:
        connection: to the database.
        steps: of this kind of database, each a few statements.
        what: the database, as the beginning of a sentence.

    Raises:
        Unavailable: a newer version of the app made it, or something else than this app.
    """
    if version_of(connection, steps, what) == len(steps):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Asked again under the lock: another process may have done the work meanwhile.
        before = version_of(connection, steps, what)
        for step in steps[before:]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(steps)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def version_of(
    connection: sqlite3.Connection,
    steps: Sequence[Sequence[str]] = MIGRATIONS,
    what: str = "This project",
) -> int:
    """How many of the steps were taken.

    Raises:
        Unavailable: a newer version of the app made it, or something else than this app.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(steps):
        raise Unavailable(
            f"{what} was made by a newer version of the app. Update the app to open it."
        )
    fresh = version == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    if version < 1 and not fresh:
        raise damaged(what, "another program made its database")
    return version
