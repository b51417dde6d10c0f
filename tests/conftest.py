"""What every test shares: a home of its own, and photos to work with."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED_PHOTOS = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@pytest.fixture(autouse=True)
def temporary_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test ever touches a real person's projects."""
    folder = tmp_path / "home"
    monkeypatch.setenv("NOCODE_CLASSIFIER_HOME", str(folder))
    return folder
