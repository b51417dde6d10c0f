"""The calls, asked all that their own OpenAPI page allows and much that it doesn't."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import BaseSchema, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from nocode_classifier.errors import Unavailable
from nocode_classifier.serve.answering import Answering
from nocode_classifier.serve.app import build_app
from nocode_classifier.serve.settings import Settings
from tests.drawing import draw_photo

pytestmark = pytest.mark.slow

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
]


def no_internet(address: str) -> bytes:
    """The fuzzer must not ask the internet; what is refused before, `test_rest` looks at."""
    if address.startswith("http"):
        raise Unavailable("There is no connection to the internet.")
    return draw_photo("circle", 1)


@pytest.fixture(scope="module")
def schema(model_folder: Path) -> Iterator[BaseSchema]:
    answering = Answering(model_folder, fetch=no_internet)
    app = build_app(answering, Settings(), with_gradio=False)
    yield schemathesis.openapi.from_asgi("/openapi.json", app)
    answering.close()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(
    ("path", "method"),
    [("/health", "get"), ("/image", "post"), ("/classify-url", "get"), ("/batch", "post")],
)
def test_nothing_that_is_sent_breaks_the_calls(
    schema: BaseSchema, path: str, method: str, mode: GenerationMode
) -> None:
    strategy = schema[path][method].as_strategy(generation_mode=mode)

    @given(case=strategy)
    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Case) -> None:
        case.call_and_validate(checks=CHECKS)

    if (path, mode) == ("/health", GenerationMode.NEGATIVE):
        return  # it takes nothing that could be wrong
    ask()


def test_the_fuzzer_knows_every_call(schema: BaseSchema) -> None:
    assert set(schema) == {"/health", "/image", "/classify-url", "/batch"}
