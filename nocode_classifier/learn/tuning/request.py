"""What a process is asked to fine-tune, as files in a folder: JSON, arrays, no pickles."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nocode_classifier.learn.settings import Settings

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

REQUEST, ARRAYS = "request.json", "request.npz"
EXTRACTOR = "extractor.onnx"
"""The tuned network as a graph from a photo to features, as `prepare` makes one."""


@dataclass(frozen=True, slots=True)
class TuningRequest:
    """A fine-tuning.

    Attributes:
        settings: mode, backbone and size; epochs, rate and augmentation filled in, but for a rate
            of None that is to be searched for.
        photos: their files, n of them.
        labels: class of each, int64 [n].
        classes: how many there are.
        features: what the untuned network makes of the photos, float32 [n, d].
        rounds: for each round the photos held out, bool [rounds, n]. One that holds none out is
            the last: it makes the network that is kept. If there is no such round, the (only)
            round's network is kept.
        cache: the user's cache folder, where weights from the internet are.
    """

    settings: Settings
    photos: tuple[Path, ...]
    labels: IntArray
    classes: int
    features: FloatArray
    rounds: Flags
    cache: Path

    def write(self, folder: Path) -> None:
        """Put it into a folder."""
        content = {
            "settings": self.settings.to_json(),
            "photos": [str(path) for path in self.photos],
            "classes": self.classes,
            "cache": str(self.cache),
        }
        (folder / REQUEST).write_text(json.dumps(content), encoding="utf-8")
        np.savez(folder / ARRAYS, labels=self.labels, features=self.features, rounds=self.rounds)

    @classmethod
    def read(cls, folder: Path) -> TuningRequest:
        """Read what `write` put there."""
        content = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            return cls(
                Settings.from_json(content["settings"]),
                tuple(Path(path) for path in content["photos"]),
                arrays["labels"],
                content["classes"],
                arrays["features"],
                arrays["rounds"],
                Path(content["cache"]),
            )


def features_file(folder: Path, number: int) -> Path:
    """Where a round's features lie afterwards: float32 [n, d] of all photos."""
    return folder / f"features-{number}.npy"
