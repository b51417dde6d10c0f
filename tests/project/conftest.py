"""A library, a project and photos that the tests of this room draw themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import NewPhoto
from nocode_classifier.project.store.thumbnails import make_thumbnail


def drawn(seed: int = 0, size: tuple[int, int] = (48, 32)) -> Image.Image:
    """Coloured noise: no two seeds look the same."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (4, 6, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def jpeg(seed: int = 0, **options: object) -> bytes:
    out = BytesIO()
    drawn(seed).save(out, "JPEG", **options)
    return out.getvalue()


def make_photo(seed: int = 0, data: bytes | None = None, **changes: Any) -> NewPhoto:
    """A photo as it comes through the photo check."""
    data = jpeg(seed) if data is None else data
    fields: dict[str, Any] = {
        "data": data,
        "sha256": hashlib.sha256(data).hexdigest(),
        "suffix": ".jpg",
        "width": 48,
        "height": 32,
        "perceptual_hash": f"{seed:016x}",
        "thumbnail": make_thumbnail(data),
        "name": f"photo {seed}.jpg",
        "source": "upload",
    }
    return NewPhoto(**{**fields, **changes})


@pytest.fixture
def new_photo() -> Callable[..., NewPhoto]:
    return make_photo


@pytest.fixture
def library(temporary_home: Path) -> Library:
    return Library(temporary_home)


@pytest.fixture
def project(library: Library) -> Project:
    """Cats and dogs, without photos."""
    return library.create("Pets", ["cats", "dogs"])


@pytest.fixture
def pets(project: Project) -> Project:
    """Cats and dogs with three photos each."""
    for seed in range(6):
        project.add_photo(make_photo(seed), project.classes()[seed % 2].id)
    return project
