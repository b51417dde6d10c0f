"""Runs a model folder with Pillow, numpy and onnxruntime alone.

This package is shipped with every export, so it imports nothing else of the project. A model folder
holds `model.onnx` (the one graph, from the pixels of a photo to the answer) and `card.json` (class
names, hints, the limits of "sure", how good the model is).

    answer = Predictor("my-model").predict("photo.jpg")
    print(answer.label if answer.sure else "not sure", answer.probabilities)
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nocode_classifier.predict.photos import (
    USUAL_SIDE,
    PhotoSource,
    read_photo,
    short_side_for,
)
from nocode_classifier.predict.refusals import PhotoError

__all__ = [
    "Answer",
    "ModelError",
    "PhotoError",
    "Predictor",
    "load_onnxruntime",
    "read_card",
    "read_photo",
    "short_side_for",
    "short_side_of",
]

FORMAT_VERSION = 1
"""The newest `card.json` this file understands."""

OUTPUTS = ["probabilities", "familiarity", "activation_map"]

SURE_LIMITS = {"probability", "familiarity"}
"""What an answer has to reach to be sure."""

TOO_CLOSE = "too close to call"
UNLIKE = "unlike anything it has seen"


class ModelError(ValueError):
    """A model folder that can't be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model says about one photo.

    Attributes:
        label: the most likely class.
        probabilities: by class name, most likely first; they add up to 1.
        hint: a remark that goes with the class, or None.
        why: not sure, or none of these: `TOO_CLOSE` or `UNLIKE`; None where it is sure.
        familiarity: how much the photo resembles the training photos, cosine, at most 1.
        activation_map: where in the whole photo the evidence for `label` is,
            float32 [rows, columns], 0 to 1.
    """

    label: str
    probabilities: dict[str, float]
    hint: str | None = None
    why: str | None = None
    familiarity: float = 1.0
    activation_map: npt.NDArray[np.float32] = field(
        default_factory=lambda: np.zeros((1, 1), np.float32), repr=False, compare=False
    )

    @property
    def sure(self) -> bool:
        """Whether nothing speaks against the answer."""
        return self.why is None


def short_side_of(card: dict[str, Any]) -> int:
    """How far a photo may be reduced for the network of a model, from its `card.json`."""
    return short_side_for(int(card.get("input_size", USUAL_SIDE)))


def load_onnxruntime() -> Any:
    """ONNX Runtime, with what it would tell its maker switched off.

    Since 1.29 the official builds send events about computer and models over the internet, unless
    this variable is set before the first import (its `docs/Privacy.md`). The call is for older
    builds on Windows.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    return onnxruntime


class Predictor:
    """A trained model, ready to answer. Safe to call from several threads at once."""

    def __init__(self, folder: str | Path, *, threads: int = 0) -> None:
        """Load a model folder.

        Args:
            folder: holds `model.onnx` and `card.json`.
            threads: processor cores for one answer; 0 takes them all.

        Raises:
            ModelError: files are missing, damaged, of different models, or made by a newer version.
        """
        onnxruntime = load_onnxruntime()
        self.folder = Path(folder)
        self.card = read_card(self.folder)
        self.classes: list[str] = [entry["name"] for entry in self.card["classes"]]
        self._short_side = short_side_of(self.card)
        self._hints = {entry["name"]: entry.get("hints") or [] for entry in self.card["classes"]}
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # Threads that spin while waiting slow everything else on a small computer.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # Photos have all sizes: memory kept for the biggest one would never be given back (106 MB
        # after one of 17 million pixels), and none of this makes an answer measurably quicker.
        options.enable_cpu_mem_arena = False
        options.enable_mem_pattern = False
        try:
            self._session = onnxruntime.InferenceSession(
                str(self.folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
            # One blank pixel tells whether this is a model of ours, and how many classes it has.
            blank, *_ = self._session.run(OUTPUTS, {"photo": np.zeros((1, 1, 3), np.uint8)})
        except Exception as error:  # onnxruntime raises its own, undocumented classes
            raise ModelError(f"The model in {self.folder} can't be loaded: {error}") from error
        if len(blank) != len(self.classes):
            raise ModelError(f"In {self.folder}, card.json and model.onnx do not belong together.")

    def predict(self, source: PhotoSource) -> Answer:
        """Say what is in one photo.

        Raises:
            PhotoError: the photo can't be read.
        """
        probabilities, familiarity, maps = self._run(source)
        order = [int(index) for index in np.argsort(-probabilities, kind="stable")]
        label = self.classes[order[0]]
        hints = self._hints[label]
        return Answer(
            label=label,
            probabilities={self.classes[index]: float(probabilities[index]) for index in order},
            hint=hints[0] if hints else None,
            why=self._why_not(float(probabilities[order[0]]), float(familiarity)),
            familiarity=float(familiarity),
            activation_map=_scale_map(maps[order[0]], maps[order[0]]),
        )

    def activation_map(
        self, source: PhotoSource, class_name: str | None = None
    ) -> npt.NDArray[np.float32]:
        """Where in the whole photo the evidence for a class is, float32 [rows, columns], 0 to 1.

        Args:
            source: the photo.
            class_name: or None for the class that is answered. The map of another class is on the
                same scale: the strongest spot of both is 1.

        Raises:
            PhotoError: the photo can't be read.
            ValueError: the model does not know this class.
        """
        if class_name is not None and class_name not in self.classes:
            raise ValueError(f"The model does not know '{class_name}'.")
        probabilities, _, maps = self._run(source)
        answered = maps[int(np.argmax(probabilities))]
        if class_name is None:
            return _scale_map(answered, answered)
        return _scale_map(maps[self.classes.index(class_name)], answered)

    def _why_not(self, probability: float, familiarity: float) -> str | None:
        """Why an answer is not sure; None where it is."""
        least = self.card["sure"]
        if familiarity >= least["familiarity"]:
            return None if probability >= least["probability"] else TOO_CLOSE
        return UNLIKE

    def _run(self, source: PhotoSource) -> list[npt.NDArray[np.float32]]:
        """The `OUTPUTS` for one photo."""
        photo = read_photo(source, short_side=self._short_side)
        return [np.asarray(output) for output in self._session.run(OUTPUTS, {"photo": photo})]


def read_card(folder: Path) -> dict[str, Any]:
    """Read and check `card.json`.

    Raises:
        ModelError: it is missing, damaged, or of a newer format.
    """
    try:
        card: dict[str, Any] = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        version = card["format_version"]
        # What a newer version keeps where is not for this one to judge.
        newer = not isinstance(version, int) or version > FORMAT_VERSION
        complete = newer or (
            card["sure"].keys() >= SURE_LIMITS
            and short_side_of(card) > 0
            and _are_classes(card["classes"])
            and all(isinstance(card["sure"][limit], int | float) for limit in SURE_LIMITS)
        )
    except FileNotFoundError as error:
        raise ModelError(f"There is no model in {folder}: card.json is missing.") from error
    except (
        *(AttributeError, LookupError, TypeError, ValueError),
        *(ArithmeticError, RuntimeError, OSError),
    ) as error:
        raise ModelError(f"The card.json in {folder} is damaged: {error}") from error
    if newer:
        raise ModelError(
            f"The model in {folder} was made by a newer version; update nocode-classifier."
        )
    if not complete:
        raise ModelError(f"The card.json in {folder} is damaged: parts are missing.")
    return card


def _are_classes(entries: list[dict[str, Any]]) -> bool:
    """Whether these are some classes, each with a name of its own and remarks in words."""
    names = [entry["name"] for entry in entries]
    hints = [entry.get("hints") or [] for entry in entries]
    return (
        all(isinstance(name, str) and name for name in names)
        and len(set(names)) == len(names) > 0
        and all(isinstance(some, list) and all(isinstance(h, str) for h in some) for some in hints)
    )


def _scale_map(
    values: npt.NDArray[np.float32], answered: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Keep what speaks for a class; the strongest spot of it and of the answered one is 1."""
    strongest = max(float(values.max()), float(answered.max()), 1e-6)
    return np.asarray(np.maximum(values, 0) / strongest, np.float32)
