"""Writes a model for Apple's Core ML, and sees what was written.

    python -m nocode_classifier.learn.exchange.core_ml write MODEL PACKAGE
    python -m nocode_classifier.learn.exchange.core_ml ask PACKAGE PHOTO...

A process of its own runs this: torch and coremltools never enter the app.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from nocode_classifier.learn.exchange.mil import compute
from nocode_classifier.learn.exchange.torch_graph import as_module, plan_of
from nocode_classifier.learn.views import views_of
from nocode_classifier.predict.predictor import read_card, read_photo, short_side_for
from nocode_classifier.processes import end_with_parent

PICTURES = ("whole", "centre")
"""What the package takes."""

ABOUT = {
    "whole": "The whole photo, squeezed into a square.",
    "centre": "The square in the middle; its side is 7/8 of the photo's short side.",
}


def write_package(model: Path, target: Path) -> None:
    """Write a model folder as an `.mlpackage` that takes two pictures and names a class.

    Raises:
        Unavailable: there is something in the model that PyTorch is not taught here.
    """
    import onnx

    card = read_card(model)
    plan = plan_of(onnx.load(str(model / "model.onnx")))
    # Only now: these take seconds to load.
    import coremltools
    import torch

    network = as_module(plan).requires_grad_(False)

    class TwoPictures(torch.nn.Module):
        """Takes both views apart, as a program for phones can make them."""

        def forward(self, whole: torch.Tensor, centre: torch.Tensor) -> torch.Tensor:
            """Probabilities, [classes]."""
            scores: torch.Tensor = network.scores(torch.cat([whole, centre]))  # type: ignore[operator]
            return scores.softmax(0)

    shape = (1, 3, plan.side, plan.side)
    blank = torch.zeros(shape)
    traced = torch.jit.trace(TwoPictures().eval(), (blank, blank))  # type: ignore[no-untyped-call]
    package = coremltools.convert(
        traced,
        inputs=[coremltools.ImageType(name, shape, scale=1 / 255) for name in PICTURES],
        classifier_config=coremltools.ClassifierConfig([one["name"] for one in card["classes"]]),
        minimum_deployment_target=coremltools.target.iOS15,
        compute_precision=coremltools.precision.FLOAT32,
    )
    package.short_description = str(card.get("name") or "Image classifier")
    package.license = str(card.get("licence") or "")
    for name, about in ABOUT.items():
        package.input_description[name] = about
    package.save(str(target))


def answers_of(package: Path, photos: Sequence[Path]) -> Iterator[dict[str, float]]:
    """What a package answers to each photo: probabilities by class. See `mil`."""
    import coremltools
    import torch
    from coremltools.converters.mil.frontend.milproto.load import load

    file = coremltools.models.MLModel(str(package), skip_model_load=True)
    spec = file.get_spec()
    program = load(spec, spec.specificationVersion, file.weights_dir).functions["main"]
    side = spec.description.input[0].type.imageType.height
    with torch.no_grad():
        for photo in photos:
            views = views_of(read_photo(photo, short_side=short_side_for(side)), side)
            pictures = torch.from_numpy(views).permute(0, 3, 1, 2).float()[:, None]
            yield compute(program, dict(zip(PICTURES, pictures, strict=True)))


def main(action: str, *places: str) -> None:
    """Carry out what was typed."""
    first, *others = map(Path, places)
    if action == "write":
        write_package(first, *others)
        return
    for found in answers_of(first, others):
        label = max(found, key=lambda name: found[name])
        answer = {"label": label, "sure": None, "probabilities": found}
        sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    end_with_parent()
    main(*sys.argv[1:])
