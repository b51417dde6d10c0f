"""What is made appears as a whole, nothing else is touched, and what a killed process left goes."""

from __future__ import annotations

import dis
import itertools
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from nocode_classifier import file_locks, placing
from nocode_classifier.errors import InputError
from nocode_classifier.placing import (
    check_replaceable,
    put_in_place,
    restored,
    sweep,
    unfinished_folder,
    write_whole,
)

REPLACING = """
import os, signal, sys
from pathlib import Path
from nocode_classifier import file_locks, placing

at, target = int(sys.argv[1]), Path(sys.argv[2])
renames = 0

def rename(source, target, plainly=placing.rename_folder):
    global renames
    renames += 1
    if renames == at:
        os.kill(os.getpid(), signal.SIGKILL)
    plainly(source, target)

placing.rename_folder = rename
with placing.unfinished_folder(target.parent) as work:
    (work / "model").mkdir()
    (work / "model" / "card.json").write_text("new")
    placing.put_in_place(work / "model", target)
    if at == 3:
        os.kill(os.getpid(), signal.SIGKILL)
"""

HOLDING = """
import sys
from pathlib import Path
from nocode_classifier.placing import unfinished_folder

with unfinished_folder(Path(sys.argv[1])) as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


def make(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "card.json").write_text(text)
    return folder


def replace(target: Path, text: str = "new") -> None:
    with unfinished_folder(target.parent) as work:
        put_in_place(make(work / "model", text), target)


def replace_in_two_steps(target: Path) -> Iterator[None]:
    """What another process does that replaces a folder: nothing is there for a moment."""
    made = make(target.parent.parent / "made", "other")
    shutil.rmtree(target, ignore_errors=True)
    yield
    shutil.rmtree(target, ignore_errors=True)
    made.rename(target)
    yield


def interrupted(work: Callable[[], None], moment: int, other: Iterator[None]) -> bool:
    """Do some work, and steps of something else before calls that `placing` and its locks make.

    Args:
        work: what is interrupted.
        moment: before which call comes the first step, counted from 0; the next before the next.
        other: the steps.

    Returns:
        Whether so many calls were made.
    """
    calls = 0

    def watch(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        nonlocal calls
        if frame.f_code.co_filename not in (placing.__file__, file_locks.__file__):
            return None
        frame.f_trace_opcodes = True
        if event == "opcode" and dis.opname[frame.f_code.co_code[frame.f_lasti]] == "CALL":
            calls += 1
            if calls > moment:
                sys.settrace(None)
                more = next(other, other)
                sys.settrace(watch if more is None else None)
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        work()
    finally:
        sys.settrace(before)
    if calls > moment:
        next(other, None)
    return calls > moment


def killed_while_replacing(target: Path, at: int) -> None:
    """Replace what is there, but be killed before a rename (1, 2) or after both (3)."""
    command = [sys.executable, "-c", REPLACING, str(at), str(target)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL


@pytest.mark.parametrize("read_first", [True, False])
@pytest.mark.parametrize(("at", "text"), [(1, "old"), (2, "old"), (3, "new")])
def test_a_kill_at_any_point_leaves_the_old_whole_or_the_new_whole(
    tmp_path: Path, at: int, text: str, read_first: bool
) -> None:
    target = make(tmp_path / "mine", "old")
    killed_while_replacing(target, at)
    assert target.exists() == (at != 2)
    if read_first:
        assert (restored(target) / "card.json").read_text() == text
    sweep(tmp_path)
    assert (target / "card.json").read_text() == text
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_what_could_not_be_replaced_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = make(tmp_path / "mine", "old")
    plainly = placing.rename_folder

    def rename(source: Path, to: Path) -> None:
        if source.name == "model":
            raise OSError(5, "Input/output error")
        plainly(source, to)

    monkeypatch.setattr(placing, "rename_folder", rename)
    with pytest.raises(OSError, match="Input/output"):
        replace(target)
    assert (target / "card.json").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_what_could_not_be_put_back_at_once_is_never_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = make(tmp_path / "mine", "old")
    plainly, renames = placing.rename_folder, []

    def rename(source: Path, to: Path) -> None:
        renames.append(source)
        if len(renames) > 1:
            raise OSError(5, "Input/output error")
        plainly(source, to)

    monkeypatch.setattr(placing, "rename_folder", rename)
    with pytest.raises(OSError, match="Input/output"):
        replace(target)
    monkeypatch.undo()
    assert (restored(target) / "card.json").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("name", ["diary.txt", "photos/cat.jpg", "photos", ".git/HEAD", "link"])
def test_a_folder_that_holds_anything_else_is_left_as_it_is(tmp_path: Path, name: str) -> None:
    target = make(tmp_path / "mine", "old")
    other = target / name
    other.parent.mkdir(exist_ok=True)
    if name == "link":
        other.symlink_to("nowhere")
    elif other.suffix or name == ".git/HEAD":
        other.write_text("mine")
    else:
        other.mkdir()
    with pytest.raises(InputError, match=r"also holds other things \(.*Name a new folder"):
        replace(target)
    assert os.path.lexists(other)
    assert (target / "card.json").read_text() == "old"


@pytest.mark.parametrize("name", ["__pycache__/app.cpython-311.pyc", ".DS_Store", "Thumbs.db"])
def test_what_computers_leave_in_folders_is_nobodys(tmp_path: Path, name: str) -> None:
    target = make(tmp_path / "mine", "old")
    (target / name).parent.mkdir(exist_ok=True)
    (target / name).touch()
    replace(target)
    assert [path.name for path in target.iterdir()] == ["card.json"]


def test_neither_a_file_nor_the_folder_one_is_in_becomes_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="is a file; name a folder"):
        check_replaceable(tmp_path / "file", [])
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    with pytest.raises(InputError, match="is the folder you are in"):
        check_replaceable(tmp_path / "a", ["b"])
    check_replaceable(tmp_path / "a" / "b" / "new", [])


def test_what_a_living_process_writes_is_never_swept_whatever_the_clock_says(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", HOLDING, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        os.utime(folder.parent, (0, 0))
        sweep(tmp_path)
        assert folder.is_dir()
        process.kill()
        process.wait()
    os.utime(folder.parent, (4e9, 4e9))
    sweep(tmp_path)
    assert not list(tmp_path.iterdir())


def test_only_what_has_such_a_name_is_swept(tmp_path: Path) -> None:
    names = {".new-", ".new-things", f".new-{'0' * 15}", f".new-{'0' * 17}", "mine.old"}
    for name in names:
        (tmp_path / name).mkdir()
    sweep(tmp_path)
    sweep(tmp_path / "nowhere")
    assert {path.name for path in tmp_path.iterdir()} == names


def test_many_that_replace_one_folder_at_once_leave_a_whole_one(tmp_path: Path) -> None:
    target = make(tmp_path / "mine", "0")

    def attempt(number: int) -> None:
        sweep(tmp_path)
        replace(target, str(number))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(attempt, range(1, 41)))
    assert (target / "card.json").read_text() in {str(number) for number in range(1, 41)}
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("there", [True, False])
def test_in_whatever_moment_another_replaces_it_too_one_of_them_is_there_whole(
    tmp_path: Path, there: bool
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    target = folder / "mine"

    def replaced_at(moment: int) -> bool:
        if there:
            make(target, "old")
        other = replace_in_two_steps(target)
        came = interrupted(lambda: replace(target), moment, other)
        assert (target / "card.json").read_text() in {"new", "other"}, moment
        assert [path.name for path in folder.iterdir()] == ["mine"], moment
        shutil.rmtree(target)
        return came

    moments = next(moment for moment in itertools.count() if not replaced_at(moment))
    assert moments > 30


@pytest.mark.parametrize("write", [write_whole, lambda path, data: replace(path)])
def test_where_there_are_no_locks_things_are_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, bytes], None]
) -> None:
    monkeypatch.setattr(placing, "locked", lambda *_, **__: None)
    write(tmp_path / "mine", b"new")
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
