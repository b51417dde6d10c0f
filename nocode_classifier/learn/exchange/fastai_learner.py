"""Writes a model as fastai's `export.pkl`, run with `python -m` in a process of its own.

Everything of ours that the learner needs is pickled by value, so that it opens wherever fastai is
installed, without this app; torch and fastai never enter the app.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from nocode_classifier import predict
from nocode_classifier.learn import views
from nocode_classifier.learn.exchange import torch_graph, torch_operations
from nocode_classifier.learn.exchange.torch_graph import as_module, plan_of
from nocode_classifier.predict import predictor
from nocode_classifier.processes import end_with_parent


def write_learner(model: Path, target: Path) -> None:
    """Write a model folder as a fastai learner.

    Its `predict` takes what fastai's own learners take (a path, the bytes of a file, an image, an
    array) and reads photos as the app does.

    Raises:
        Unavailable: there is something in the model that PyTorch is not taught here.
    """
    import onnx

    plan = plan_of(onnx.load(str(model / "model.onnx")))
    names = [entry["name"] for entry in predictor.read_card(model)["classes"]]
    # Only now: these take seconds to load.
    import cloudpickle  # type: ignore[import-untyped]
    from fastai.vision.all import CrossEntropyLossFlat, Learner, accuracy

    learner = Learner(
        _loaders(names, plan.side), as_module(plan), CrossEntropyLossFlat(), metrics=accuracy
    )
    for module in (torch_graph, torch_operations, views, predict):
        cloudpickle.register_pickle_by_value(module)
    learner.export(target.resolve())


def _loaders(names: list[str], side: int) -> Any:
    """Loaders that know how to read a photo; they hold none."""
    import numpy as np
    from fastai.vision.all import CategoryBlock, DataBlock, ImageBlock

    blank = np.zeros((side, side, 3), np.uint8)
    block = DataBlock(
        (ImageBlock(_views(side)), CategoryBlock(vocab=names, sort=False)),
        get_x=lambda _: blank,
        get_y=lambda _: names[0],
        splitter=lambda _: ([0], [1]),
    )
    return block.dataloaders([0, 1], bs=1, num_workers=0, verbose=False)


def _views(side: int) -> Any:
    """A kind of image: both views of a photo, the whole one left and its centre right of it."""
    import io

    import numpy as np
    from fastai.vision.all import PILImage
    from numpy import ndarray
    from PIL import Image
    from torch import Tensor

    class Views(PILImage):  # type: ignore[misc]  # fastai has no annotations
        """Both views of a photo, side by side."""

        @classmethod
        def create(cls, fn: Any, **_: Any) -> Any:
            """Read a photo; `fn` as for every image of fastai."""
            if isinstance(fn, Tensor):
                fn = fn.permute(1, 2, 0).byte().numpy() if fn.shape[0] == 3 else fn.byte().numpy()
            if isinstance(fn, ndarray) and fn.ndim == 2:
                fn = np.stack([fn] * 3, axis=-1)
            if isinstance(fn, bytes):
                fn = io.BytesIO(fn)
            photo = predictor.read_photo(fn, short_side=predictor.short_side_for(side))
            return cls(Image.fromarray(np.concatenate(views.views_of(photo, side), axis=1)))

    kinds = Path | str | Tensor | ndarray | bytes | Image.Image
    # By these, fastai knows what may be given; they are no words, as this file's others are.
    vars(Views)["create"].__func__.__annotations__["fn"] = kinds
    return Views


if __name__ == "__main__":
    end_with_parent()
    write_learner(Path(sys.argv[1]), Path(sys.argv[2]))
