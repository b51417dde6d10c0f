"""Where finished exports are kept until someone downloads them, and after.

cache()/exports/<project id>/<key>/made.json and the file itself; made again at any time.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from nocode_classifier import paths
from nocode_classifier.placing import write_whole
from nocode_classifier.share.exporter import Exported

RECORD = "made.json"


@dataclass(frozen=True, slots=True)
class Made:
    """An export that can be downloaded.

    Attributes:
        file: its name.
        bytes: its size.
        proof: "same answers: 20 of 20"; empty where it could not be asked.
        note: what its owner should know; empty for nothing.
        made_of: a mark of what it was made from.
        choice: what was chosen, such as the weights of a page; empty where nothing can be.
    """

    file: str
    bytes: int
    proof: str
    note: str
    made_of: str
    choice: str = ""


def folder_for(project_id: str, key: str) -> Path:
    """The folder of one kind of export of a project; it may not exist."""
    return _root() / project_id / key


def keep(folder: Path, exported: Exported, made_of: str, choice: str = "") -> Made:
    """Note what was made in a folder; files of earlier exports there go away."""
    proof = exported.proof.sentence if exported.proof is not None else ""
    made = Made(exported.path.name, exported.bytes, proof, exported.note, made_of, choice)
    write_whole(folder / RECORD, json.dumps(asdict(made)).encode())
    for other in folder.iterdir():
        if other.name not in (RECORD, made.file):
            with suppress(OSError):  # on Windows, while it is being downloaded
                other.unlink()
    return made


def made_in(folder: Path) -> Made | None:
    """What can be downloaded from a folder."""
    try:
        made = Made(**json.loads((folder / RECORD).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    file = folder / made.file
    return made if file.is_file() and file.stat().st_size == made.bytes else None


def forget_others(living: Collection[str]) -> None:
    """Delete exports of projects that are not there any more."""
    if not _root().is_dir():
        return
    for folder in _root().iterdir():
        if folder.name not in living:
            shutil.rmtree(folder, ignore_errors=True)


def _root() -> Path:
    return paths.cache() / "exports"
