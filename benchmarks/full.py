"""Fine-tuning a whole network, on the graphics card if there is one, beside stock fastai on it.

Also by itself, on a machine that has little more than PyTorch, fastai, timm and the photos:

    python -m benchmarks.full --photos FOLDER
"""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.machine import ROOT, alone
from benchmarks.photos import in_folder
from benchmarks.rows import Row, Section, table, told
from benchmarks.setting import Setting
from benchmarks.stock import SEED, write_weights
from nocode_classifier.learn.backbones.registry import DEFAULT
from nocode_classifier.learn.settings import Augmentation, Mode, Settings

WHICH = "sign-digits"
STOCK_EPOCHS = 5
EVERY_FIFTH = 5


@dataclass(frozen=True)
class Tuned:
    """What became of fine-tuning.

    Attributes:
        device: it ran on.
        seconds: from the photos to the tuned network.
        epochs: planned, the frozen one included.
        rate: found.
        before, after: right answers to the test photos of the quick way's head on features of the
            network as it came, and as it was tuned.
        photos: that were asked about.
    """

    device: str
    seconds: float
    epochs: int
    rate: float
    before: int
    after: int
    photos: int


@dataclass(frozen=True)
class Stock:
    """The same of stock fastai."""

    seconds: float
    right: int
    photos: int


def measure(setting: Setting) -> Section:
    """Both, each in a fresh process."""
    folder = setting.photos / WHICH
    epochs = 1 if setting.quick else None
    weights = setting.work / "backbone.pth"
    alone(write_weights, weights)
    ours = alone(tune_and_test, folder, setting.work, epochs)
    stock = alone(fine_tune_stock, folder, weights, epochs or STOCK_EPOCHS)
    return _section(ours, stock, epochs or STOCK_EPOCHS)


def _section(ours: Tuned, stock: Stock, epochs: int) -> Section:
    rows: list[Row] = [
        told(
            f"whole network, {WHICH}/train, on {ours.device}",
            f"{ours.seconds:.0f} s",
            f"{ours.epochs} epochs, rate {ours.rate:.0e} found, a fifth held out",
        ),
        told(
            f"quick head on its features, {WHICH}/test",
            f"{ours.after / ours.photos:.1%} ({ours.after} of {ours.photos})",
            f"on those of the untouched network {ours.before} of {ours.photos}",
        ),
        told(
            f"stock fastai on the same device, {WHICH}",
            f"{stock.seconds:.0f} s",
            f"`fine_tune({epochs})`; {stock.right} of {stock.photos} on test",
        ),
    ]
    figures = {
        "seconds": ours.seconds,
        "accuracy": ours.after / ours.photos,
        "stock seconds": stock.seconds,
        "stock accuracy": stock.right / stock.photos,
    }
    return Section(tuple(rows), figures)


def tune_and_test(folder: Path, work: Path, epochs: int | None) -> Tuned:
    """Fine-tune on `train`, fit the quick head on the new features, ask it about `test`."""
    import torch

    from nocode_classifier.learn.torch_side.devices import best_device
    from nocode_classifier.learn.torch_side.families import load_staged
    from nocode_classifier.learn.torch_side.whole import fine_tune_whole

    train, labels = _labelled(folder / "train")
    test, wanted = _labelled(folder / "test")
    network, device = load_staged(DEFAULT), best_device()
    settings = Settings(Mode.FULL, epochs=epochs, augmentation=Augmentation(mirror=False))
    cuda = device.type == "cuda"
    old = [features(network, photos, work, device) for photos in (train, test)]
    if cuda:
        torch.cuda.synchronize()
    began = time.perf_counter()
    tuned, curves = fine_tune_whole(
        network,
        DEFAULT,
        train,
        labels,
        np.arange(len(train)) % EVERY_FIFTH == 0,
        classes=int(labels.max()) + 1,
        settings=settings,
        work=work,
        device=device,
    )
    seconds = time.perf_counter() - began
    new = [features(tuned, photos, work, device) for photos in (train, test)]
    before, after = (_right(known, asked, labels, wanted) for known, asked in (old, new))
    name = torch.cuda.get_device_name(device) if cuda else "the processor"
    return Tuned(name, seconds, curves.planned, curves.rate, before, after, len(test))


def features(network: Any, photos: Sequence[Path], work: Path, device: Any) -> Any:
    """Features of photos by a network, as the quick way has them, float32 [n, d]."""
    import torch
    from torch import nn

    from nocode_classifier.learn.torch_side.pictures import Batches, decode
    from nocode_classifier.learn.torch_side.whole_model import WholeNetwork

    pictures = decode(photos, work, DEFAULT.input_size)
    blank, every = np.zeros(len(photos), np.int64), np.arange(len(photos))
    model = WholeNetwork(network.eval(), nn.Identity(), DEFAULT).to(device)
    with torch.no_grad():
        found = [
            model.features(views.to(device)).cpu().numpy()
            for views, _ in Batches(pictures, blank, every, DEFAULT.input_size, 16)
        ]
    pictures.close()
    return np.concatenate(found)


def _right(
    known: npt.NDArray[np.float32],
    asked: npt.NDArray[np.float32],
    labels: npt.NDArray[np.int64],
    wanted: npt.NDArray[np.int64],
) -> int:
    from nocode_classifier.learn.heads.head import fit_head

    head = fit_head(known, labels, int(labels.max()) + 1)
    return int((head.scores(asked).argmax(axis=1) == wanted).sum())


def _labelled(folder: Path) -> tuple[list[Path], npt.NDArray[np.int64]]:
    photos = in_folder(folder)
    names = sorted({photo.parent.name for photo in photos})
    return photos, np.array([names.index(photo.parent.name) for photo in photos], np.int64)


def fine_tune_stock(folder: Path, weights: Path, epochs: int) -> Stock:
    """The course's recipe on all of `train`, asked about `test`; in 16 bits on a graphics card."""
    warnings.simplefilter("ignore")
    import torch
    from fastai.vision.all import ImageDataLoaders, Resize, accuracy, set_seed, vision_learner

    set_seed(SEED)
    began = time.perf_counter()
    loaders = ImageDataLoaders.from_folder(
        folder, train="train", valid="test", item_tfms=Resize(DEFAULT.input_size)
    )
    overlay = {"file": str(weights)}
    learner = vision_learner(
        loaders, DEFAULT.architecture, metrics=accuracy, pretrained_cfg_overlay=overlay
    )
    if torch.cuda.is_available():
        learner.to_fp16()
    with learner.no_bar(), learner.no_logging():
        learner.fine_tune(epochs)
        seconds = time.perf_counter() - began
        share = float(learner.validate()[1])
    count = len(loaders.valid_ds)
    return Stock(seconds, round(share * count), count)


def main() -> None:
    """Measure this group alone and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--quick", action="store_true", help="see that it works")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        work = Path(folder)
        section = measure(Setting(asked.photos.resolve(), work, work / "cache", "", asked.quick))
    print(table({"full": section}, []))


if __name__ == "__main__":
    main()
