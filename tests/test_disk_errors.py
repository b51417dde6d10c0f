from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from nocode_classifier.cli.run import _explain
from nocode_classifier.disk_errors import in_sentence
from nocode_classifier.errors import Busy, InputError, Unavailable, Unwritable
from nocode_classifier.jobs import JobRunner
from tests.patience import PATIENCE


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, r"The disk that holds /x/y is full\. Make room"),
        (errno.EDQUOT, r"The disk that holds /x/y is full\. Make room"),
        (errno.EROFS, r"/x/y can't be written"),
        (errno.EACCES, r"/x/y can't be written"),
        (errno.EFBIG, r"/x/y is too large for this disk"),
        (errno.ENAMETOOLONG, r"The name 'y…' is too long"),
        (errno.EIO, r"The disk could not read or write /x/y"),
        (errno.ENOENT, r"/x/y is not there any more"),
        (errno.EISDIR, r"/x/y is not of the kind it should be"),
        (errno.EMFILE, r"Too many files are open"),
    ],
)
def test_what_the_disk_says_becomes_a_sentence(number: int, words: str) -> None:
    with pytest.raises(Exception, match=words):
        raise in_sentence(OSError(number, "said", "/x/y")) or AssertionError


def test_a_full_disk_is_told_also_by_those_who_pass_on_its_words_alone() -> None:
    for error in (OSError(errno.ENOSPC, "said"), RuntimeError("save: No space left on device")):
        assert isinstance(in_sentence(error), Unwritable)


@pytest.mark.parametrize(
    "error", [ConnectionResetError(104, "said"), KeyError("a"), sqlite3.ProgrammingError("a")]
)
def test_what_is_not_of_the_disk_stays_a_surprise(error: Exception) -> None:
    assert in_sentence(error, Path("/x")) is None


def test_a_sentence_stays_itself() -> None:
    error = InputError("Name it.")
    assert in_sentence(error) is error


def test_a_full_database_says_so_and_one_that_is_used_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE a (b)")
        connection.execute("PRAGMA max_page_count = 2")
        with pytest.raises(sqlite3.OperationalError) as full:
            connection.execute("INSERT INTO a VALUES (zeroblob(100000))")
        connection.execute("BEGIN EXCLUSIVE")
        with (
            closing(sqlite3.connect(path, timeout=0)) as other,
            pytest.raises(sqlite3.OperationalError) as busy,
        ):
            other.execute("SELECT * FROM a")
    assert isinstance(in_sentence(full.value, path), Unwritable)
    assert isinstance(in_sentence(busy.value, path), Busy)


def test_jobs_and_commands_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    full = OSError(errno.ENOSPC, "said", "/x/y")

    def work(*_: object) -> None:
        raise full

    job = JobRunner().start("p", "train", work)
    assert job.wait(PATIENCE)
    assert isinstance(job.error, Unavailable)
    assert _explain(full, debug=False) == 1
    assert job.message in capsys.readouterr().err
    assert job.message == str(in_sentence(full))
