from __future__ import annotations

from collections.abc import Iterator

import pytest

from nocode_classifier.collect.sources.api_client import RequestPolicy
from tests.fakes.photos import PhotoHost


@pytest.fixture
def photos() -> Iterator[PhotoHost]:
    with PhotoHost() as host:
        yield host


@pytest.fixture
def policy(monkeypatch: pytest.MonkeyPatch) -> RequestPolicy:
    """In a hurry, and on this computer whatever proxy the environment names."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return RequestPolicy(contact="tests@example.org", spacing=0.01, patience=0.5, seconds=3)
