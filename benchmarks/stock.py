"""Stock fastai on the same photos and the same backbone: what the figures are compared with.

The recipe is the course's: `vision_learner(dls, ...).fine_tune(4)` with `Resize(224)`, a batch size
of 64 and fastai's own number of loader processes. The backbone is named to fastai as any timm
network is, so that fastai normalises for it; its weights are those the app uses.
"""

from __future__ import annotations

import time
import warnings
from pathlib import Path
from typing import Any

from benchmarks.machine import alone
from benchmarks.rows import Row, Section, told
from benchmarks.setting import Setting
from benchmarks.training import gather
from nocode_classifier.learn.backbones.registry import DEFAULT

EPOCHS = 4
VALIDATION = 0.2
SEED = 42


def measure(setting: Setting) -> Section:
    """Seconds for the 600 photos, and accuracy on the test folders; takes many minutes."""
    weights = setting.work / "backbone.pth"
    alone(write_weights, weights)
    rows: list[Row] = []
    figures: dict[str, float] = {}
    for which in ("sign-digits", "hotdog"):
        folder = setting.photos / "art-text-plant" if setting.quick else gather(setting, which)
        seconds, epochs = alone(time_fine_tune, folder, weights, setting.quick)
        figures[f"seconds {which}"] = seconds
        rows.append(told(f"stock fastai, {which}, 600 photos", f"{seconds:.0f} s", _recipe(epochs)))
    for which in ("hotdog",) if setting.quick else ("hotdog", "sign-digits"):
        found, epochs = alone(fine_tune_and_test, setting.photos / which, weights, setting.quick)
        figures[f"accuracy {which}"] = found
        rows.append(told(f"stock fastai on {which}/test", f"{found:.3f}", _recipe(epochs)))
    return Section(tuple(rows), figures)


def _recipe(epochs: int) -> str:
    return f"`fine_tune({epochs})`" + ("" if epochs == EPOCHS else ": a quick run, not comparable")


def write_weights(file: Path) -> None:
    """Save the app's weights under timm's names, for timm to load."""
    import torch

    from nocode_classifier.learn.torch_side.weights import load_network

    torch.save(load_network(DEFAULT).state_dict(), file)


def time_fine_tune(folder: Path, weights: Path, quick: bool) -> tuple[float, int]:
    """Seconds from the folder to the trained model, and epochs; a fifth is held out, as taught."""
    warnings.simplefilter("ignore", FutureWarning)
    from fastai.vision.all import ImageDataLoaders, Resize, set_seed

    set_seed(SEED)
    began = time.perf_counter()
    loaders = ImageDataLoaders.from_folder(
        folder, valid_pct=VALIDATION, seed=SEED, item_tfms=Resize(DEFAULT.input_size)
    )
    epochs = _fine_tune(_learner(loaders, weights), quick)
    return time.perf_counter() - began, epochs


def fine_tune_and_test(
    folder: Path, weights: Path, quick: bool, epochs: int = EPOCHS
) -> tuple[float, int]:
    """Accuracy on all of `test` after training on all of `train`, and epochs."""
    warnings.simplefilter("ignore", FutureWarning)
    from fastai.vision.all import ImageDataLoaders, Resize, set_seed

    set_seed(SEED)
    loaders = ImageDataLoaders.from_folder(
        folder, train="train", valid="test", item_tfms=Resize(DEFAULT.input_size)
    )
    learner = _learner(loaders, weights)
    epochs = _fine_tune(learner, quick, epochs)
    with learner.no_bar(), learner.no_logging():
        return float(learner.validate()[1]), epochs


def _learner(loaders: Any, weights: Path) -> Any:
    from fastai.vision.all import accuracy, vision_learner

    return vision_learner(
        loaders,
        DEFAULT.architecture,
        metrics=accuracy,
        pretrained_cfg_overlay={"file": str(weights)},
    )


def _fine_tune(learner: Any, quick: bool, epochs: int = EPOCHS) -> int:
    epochs = 0 if quick else epochs
    with learner.no_bar(), learner.no_logging():
        if epochs:
            learner.fine_tune(epochs)
        else:
            learner.fit_one_cycle(1)
    return epochs
