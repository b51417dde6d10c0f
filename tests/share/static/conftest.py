"""A small trained model to make pages of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.learning import drawn_photos, train_on


@pytest.fixture(scope="session")
def shapes_model(tmp_path_factory: pytest.TempPathFactory, backbone_cache: Path) -> Path:
    """Tells circles from stripes."""
    folder = tmp_path_factory.mktemp("shapes")
    photos = drawn_photos(folder / "photos", {"circle": 20, "stripes": 20})
    return train_on(photos, folder / "model", backbone_cache).folder
