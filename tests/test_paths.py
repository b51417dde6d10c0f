from __future__ import annotations

import os
from pathlib import Path

import pytest

from nocode_classifier import paths
from tests.places import open_to_all, read_only


def test_a_cache_that_cannot_be_written_is_a_temporary_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_to_all() as place:
        monkeypatch.setenv(paths.CACHE_VARIABLE, str(place))
        with read_only(place):
            found = paths.cache()
            (found / "x").touch()
        assert found != place
        assert Path(os.environ[paths.CACHE_VARIABLE]) == found
