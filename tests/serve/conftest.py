"""One small model for all tests of serving, and the app in this process or in one of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.serve.answering import Answering
from nocode_classifier.serve.app import build_app
from nocode_classifier.serve.settings import Settings

NewClient = Callable[..., TestClient]


@pytest.fixture(scope="session")
def model_folder(shapes_model: Path) -> Path:
    """A model that tells circles and stripes apart."""
    return shapes_model


@pytest.fixture(scope="session")
def predictor(model_folder: Path) -> Predictor:
    return Predictor(model_folder)


@pytest.fixture
def new_client(model_folder: Path) -> Iterator[NewClient]:
    """Makes apps without Gradio: with settings, and with another way to fetch links."""
    with ExitStack() as stack:

        def make(
            settings: Settings | None = None, *, fetch: Callable[[str], bytes] | None = None
        ) -> TestClient:
            settings = settings or Settings()
            answering = Answering(model_folder, settings, fetch=fetch)
            stack.callback(answering.close)
            app = build_app(answering, settings, with_gradio=False)
            return stack.enter_context(TestClient(app, raise_server_exceptions=False))

        yield make


@pytest.fixture
def client(new_client: NewClient) -> TestClient:
    return new_client()
