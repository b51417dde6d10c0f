"""Writes a model folder: `model.onnx` and `card.json`, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import onnx

from nocode_classifier.placing import write_new

FILES = MODEL, CARD = "model.onnx", "card.json"


def write_model_folder(folder: Path, model: onnx.ModelProto, card: dict[str, Any]) -> None:
    """Write both files into a folder that no one reads yet; its parent must exist.

    Both are flushed to the disk, so that whoever renames the folder afterwards finds it whole.
    """
    folder.mkdir(exist_ok=True)
    text = json.dumps(card, ensure_ascii=False, indent=2)
    write_new(folder / MODEL, model.SerializeToString(), durable=True)
    write_new(folder / CARD, text.encode(), durable=True)
