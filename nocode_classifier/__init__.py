"""nocode-classifier: build an image classifier by clicking, and know how good it really is.

from nocode_classifier import load_model

answer = load_model("my-model").predict("photo.jpg")
print(answer.label if answer.sure else "not sure", answer.probabilities)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from nocode_classifier.predict.predictor import Predictor

__version__ = "0.1.0"


def load_model(folder: str | Path) -> Predictor:
    """Load a trained model, ready to `predict` photos.

    Args:
        folder: a model folder, with `model.onnx` and `card.json` in it.

    Raises:
        ModelError: files are missing, damaged, or made by a newer version.
    """
    from pathlib import Path

    from nocode_classifier.placing import restored
    from nocode_classifier.predict.predictor import Predictor

    return Predictor(restored(Path(folder)))
