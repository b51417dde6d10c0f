"""Puts the files of a folder into a Space, in one commit."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationCopy,
    CommitOperationDelete,
    HfApi,
    constants,
)
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import tqdm  # type: ignore[attr-defined]

from nocode_classifier.share.hub.child.telling import Messenger, Refused, chain

T = TypeVar("T")
BIG = 1_000_000
TELL_SECONDS = 0.2


def upload(api: HfApi, space: str, folder: Path, message: str, told: Messenger) -> str:
    """Put all files of a folder into one commit, and take out what is no longer there."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    additions = [CommitOperationAdd(path.relative_to(folder).as_posix(), path) for path in paths]
    total = sum(addition.upload_info.size for addition in additions)
    done = 0
    for addition in sorted(additions, key=lambda each: -each.upload_info.size):
        if addition.upload_info.size < BIG:
            break
        with _watched(addition, done, total, told):
            _put(api, space, addition)
        done += addition.upload_info.size
    told.tell("upload", name="", done=done, total=total)
    new = {addition.path_in_repo for addition in additions} | {".gitattributes"}
    old = [path for path in api.list_repo_files(space, repo_type="space") if path not in new]
    operations: list[CommitOperationAdd | CommitOperationCopy | CommitOperationDelete]
    operations = [*additions, *(CommitOperationDelete(path, is_folder=False) for path in old)]
    commit = _without_xet_if_need_be(
        lambda: api.create_commit(space, operations, commit_message=message, repo_type="space")
    )
    told.tell("upload", name="", done=total, total=total)
    return commit.oid


def _put(api: HfApi, space: str, addition: CommitOperationAdd) -> None:
    _without_xet_if_need_be(
        lambda: api.preupload_lfs_files(
            space, [addition], repo_type="space", revision="main", free_memory=False
        )
    )


def _without_xet_if_need_be(work: Callable[[], T]) -> T:
    """Do it again the older way where the newer storage can't be reached.

    Its servers have another name, which a school's or a company's firewall may not know.
    """
    try:
        return work()
    except Exception as error:
        clear = (HfHubHTTPError, Refused, httpx2.TransportError)
        if constants.HF_HUB_DISABLE_XET or any(isinstance(each, clear) for each in chain(error)):
            raise
        constants.HF_HUB_DISABLE_XET = True
        return work()


@contextlib.contextmanager
def _watched(
    addition: CommitOperationAdd, done: int, total: int, told: Messenger
) -> Iterator[None]:
    """Tell how far the upload of a file is, read from the progress bar that is drawn for it."""
    over = threading.Event()
    size, name = addition.upload_info.size, addition.path_in_repo

    def watch() -> None:
        while not over.wait(TELL_SECONDS):
            sent = max((_bytes_of(bar) for bar in list(getattr(tqdm, "_instances", ()))), default=0)
            told.tell("upload", name=name, done=done + min(sent, size), total=total)

    told.tell("upload", name=name, done=done, total=total)
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _bytes_of(bar: Any) -> int:
    return int(getattr(bar, "n", 0) or 0) if getattr(bar, "unit", "") == "B" else 0
