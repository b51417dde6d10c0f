"""Writes a model folder: `model.onnx` and `card.json`, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from pathlib import Path
from typing import Any

import onnx

from nocode_classifier.errors import InputError


def write_model_folder(folder: Path, model: onnx.ModelProto, card: dict[str, Any]) -> None:
    """Write both files into a folder that no one reads yet; its parent must exist.

    Both are flushed to the disk, so that whoever renames the folder afterwards finds it whole.
    """
    folder.mkdir(exist_ok=True)
    text = json.dumps(card, ensure_ascii=False, indent=2)
    for name, data in (("model.onnx", model.SerializeToString()), ("card.json", text.encode())):
        with (folder / name).open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def put_in_place(unfinished: Path, target: Path) -> None:
    """Rename a finished model folder to its final name, replacing an older model there.

    Raises:
        InputError: something that is not a model is in the way.
    """
    check_target(target)
    old = target.with_name(f".{target.name}.{uuid.uuid4().hex}.old")
    if target.exists():
        target.rename(old)
    unfinished.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def check_target(target: Path) -> None:
    """Make sure a model may be written to a folder: it is new, empty, or holds a model.

    Raises:
        InputError: something else is there, which must not be lost.
    """
    if target.is_file():
        raise InputError(f"{target} is a file; name a folder for the model.")
    if target.is_dir():
        names = {entry.name for entry in target.iterdir()}
        if names and "card.json" not in names:
            raise InputError(
                f"The folder {target} holds other things; name a new folder for the model."
            )
