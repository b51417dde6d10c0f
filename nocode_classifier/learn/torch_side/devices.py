"""What a network is trained on: a graphics card where there is one, else the processor."""

from __future__ import annotations

import torch


def best_device() -> torch.device:
    """CUDA, Apple's MPS or the processor, the first there is."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")
