"""Photos that the tests draw themselves, and a project to put them into."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project

Draw = Callable[..., bytes]


def draw_photo(
    seed: int = 0,
    form: str = "JPEG",
    size: tuple[int, int] = (64, 48),
    mode: str = "RGB",
    **options: object,
) -> bytes:
    """Coloured blotches as a file's bytes: no two seeds look the same."""
    random = np.random.default_rng(seed)
    coarse = Image.fromarray(random.integers(0, 256, (4, 6, 3), dtype=np.uint8))
    target = BytesIO()
    coarse.resize(size, Image.Resampling.BICUBIC).convert(mode).save(target, form, **options)
    return target.getvalue()


@pytest.fixture
def draw() -> Draw:
    return draw_photo


@pytest.fixture
def project(temporary_home: Path) -> Project:
    return Library(temporary_home).create("Pets", ["cats", "dogs"])


@pytest.fixture
def class_folder(tmp_path: Path) -> Path:
    """Two cats and two dogs, a folder each."""
    root = tmp_path / "pets"
    for seed, name in enumerate(["cats/a.jpg", "cats/b.jpg", "dogs/c.jpg", "dogs/d.jpg"]):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(draw_photo(seed))
    return root
