"""A whole network as fastai trains it: from views to scores, with what is frozen held still."""

from __future__ import annotations

import torch
from fastai.callback.core import Callback
from torch import nn

from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.torch_side.pooled import PooledFeatures
from nocode_classifier.learn.torch_side.stages import StagedNetwork


class WholeNetwork(nn.Module):
    """Views of photos to scores: the network, its features, and a head behind them."""

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, network: StagedNetwork, head: nn.Module, backbone: Backbone) -> None:
        """Put together; photos enter as `backbone` says."""
        super().__init__()
        self.network, self.pooled, self.head = network, PooledFeatures(), head
        for name, values in (("mean", backbone.mean), ("std", backbone.std)):
            self.register_buffer(name, torch.tensor(values).reshape(-1, 1, 1) * 255)

    def features(self, views: torch.Tensor) -> torch.Tensor:
        """Features float32 [n, d] of views uint8 [n, views, 3, side, side]."""
        count, many = views.shape[:2]
        flat = (views.flatten(0, 1).float() - self.mean) / self.std
        taps = self.network(flat.contiguous(memory_format=torch.channels_last))
        found: torch.Tensor = self.pooled(
            [tap.reshape(count, many, *tap.shape[1:]) for tap in taps]
        )
        return found

    def forward(self, views: torch.Tensor) -> torch.Tensor:
        """Scores [n, classes]."""
        scores: torch.Tensor = self.head(self.features(views))
        return scores


class KeepFrozen(Callback):  # type: ignore[misc]  # fastai has no types
    """Keeps a frozen network out of training mode, and batch normalisation always.

    A frozen network then stays as it is to the last bit. And the statistics that came with the
    weights are of a million photos: those of batches of 16 are so different that the loss of hand
    signs doubled as soon as they were used, from which a few epochs did not recover; tiny batches
    would be worse still.
    """

    order = 0  # after fastai has put the model into training mode

    def __init__(self, network: nn.Module) -> None:
        self._network = network

    def before_train(self) -> None:
        """Take parts out of training mode again."""
        frozen = not any(values.requires_grad for values in self._network.parameters())
        for part in self._network.modules():
            if frozen or isinstance(part, nn.modules.batchnorm._BatchNorm):
                part.training = False


def parameter_groups(model: WholeNetwork) -> list[list[nn.Parameter]]:
    """For fastai's discriminative rates: first stages, all else of the network, head."""
    first = list(model.network.stages[: model.network.cut].parameters())
    known = set(first)
    last = [values for values in model.network.parameters() if values not in known]
    return [first, last, list(model.head.parameters())]
