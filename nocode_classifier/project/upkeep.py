"""What is done for a project whenever it is opened."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from nocode_classifier.errors import Unavailable
from nocode_classifier.project.blocklist.enforcement import carry_out
from nocode_classifier.project.project import Project
from nocode_classifier.project.store.photo_files import make_parts

log = logging.getLogger(__name__)


def look_after(project: Project) -> None:
    """Tidy unless it was done within a day; carry out take-downs that the project missed.

    Where nothing can be written, that waits, and the project can be looked at all the same.

    Raises:
        NotFound, Unavailable: the project can't be read.
    """
    with project.database.reading() as connection:
        row = connection.execute("SELECT tidied_at, takedowns_done FROM project").fetchone()
    blocklist = project.blocklist
    # A clock that was wrong may have put it into the future.
    age = abs(datetime.now(UTC) - datetime.fromisoformat(row["tidied_at"]))
    token = row["takedowns_done"] if blocklist is None else blocklist.index().token
    try:
        make_parts(project.folder)
        if age > timedelta(days=1):
            project.tidy()
        if blocklist is not None and token != row["takedowns_done"]:
            carry_out(project.database, blocklist)
    except (OSError, Unavailable):
        log.info("project %s can't be looked after", project.folder, exc_info=True)
