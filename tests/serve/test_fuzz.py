"""The calls, asked all that their own OpenAPI page allows and much that it doesn't."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

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

from nocode_classifier import web_server
from nocode_classifier.errors import Unavailable
from nocode_classifier.own_pages import Names
from nocode_classifier.serve.answering import Answering
from nocode_classifier.serve.app import build_app
from nocode_classifier.serve.settings import Settings
from tests.drawing import draw_photo
from tests.serve.serving import in_thread
from tests.sockets import ask

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


@pytest.mark.parametrize("examples", [15, pytest.param(120, marks=pytest.mark.gate)])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(
    ("path", "method"),
    [("/health", "get"), ("/image", "post"), ("/classify-url", "get"), ("/batch", "post")],
)
def test_nothing_that_is_sent_breaks_the_calls(
    schema: BaseSchema, path: str, method: str, mode: GenerationMode, examples: int
) -> None:
    strategy = schema[path][method].as_strategy(generation_mode=mode)

    @given(case=strategy)
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS)

    if (path, mode) == ("/health", GenerationMode.NEGATIVE):
        return  # it takes nothing that could be wrong
    ask()


def test_the_fuzzer_knows_every_call(schema: BaseSchema) -> None:
    assert set(schema) == {"/health", "/image", "/classify-url", "/batch"}


# What is no call at all


NOTHING = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
ANSWER = re.compile(rb"HTTP/1\.1 (\d{3}) [^\r]*\r\n")
METHODS = (
    b"GET",
    b"POST",
    b"HEAD",
    b"PUT",
    b"OPTIONS",
    b"CONNECT",
    b"TRACE",
    b"get",
    b"X" * 900,
    b"",
)
PATHS = (
    *(
        b"/",
        b"/image",
        b"/batch",
        b"/health",
        b"/docs",
        b"/classify-url?url=%00",
        b"/page/%2e%2e/a",
    ),
    *(b"*", b"http://evil/health", b"//", b"/%", b"/%ff%fe", b"/\xff", b"", b"/" + b"a" * 9000),
    *(
        b"/classify-url?url=" + b"a" * 9000,
        b"/gradio_api/run/predict",
        b"/image?x=\x00",
        b"evil:80",
    ),
)
HEADERS = (
    *(b"Host: localhost", b"Host: evil", b"Host:", b"Host: a, b", b"Host: [::1", b"Origin: null"),
    *(b"Content-Length: -1", b"Content-Length: 5", b"Content-Length: " + b"9" * 30),
    *(b"Content-Length: 99999999", b"Content-Length: 1, 2", b"Transfer-Encoding: chunked"),
    *(b"Transfer-Encoding: gzip, chunked", b"Expect: 100-continue", b"Expect: all"),
    *(b"Upgrade: websocket", b"Connection: upgrade", b"Connection: keep-alive", b"X: \x00"),
    *(
        b"X-API-Key: \xff\xfe",
        b"X-Forwarded-For: " + b"1," * 999,
        b"no colon",
        b": empty",
        b" fold",
    ),
    *(b"Content-Type: multipart/form-data", b"Content-Type: multipart/form-data; boundary=b"),
    *(b"Content-Type: multipart/form-data; boundary=" + b"b" * 999, b"Content-Type: \xff"),
    *(b"Range: bytes=9-1", b"If-None-Match: *", b"Accept: \xff", b"Sec-Fetch-Site: x"),
)
PIECES = (
    *(
        b"--b\r\n",
        b"--b--\r\n",
        b"\r\n\r\n",
        b"\r\n",
        b"0\r\n\r\n",
        b"5\r\nhello\r\n",
        b"ffffffff\r\n",
    ),
    *(b"zz\r\n", b"-1\r\n", b"5;x=y\r\nhel", b"a" * 5000, b"\x00" * 99, b"\xff\xd8\xff\xe0JFIF"),
    b'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n',
    b'Content-Disposition: form-data; name="' + b"f" * 5000 + b'"\r\n\r\n',
    b"Content-Disposition: form-data; name*=utf-8''%ff\r\n\r\n",
    NOTHING.replace(b"Connection: close", b"X: y"),
)


def made_up(chance: random.Random) -> bytes:
    """A request that is wrong in one way or another, or no request."""
    if chance.random() < 0.1:
        return chance.randbytes(chance.randrange(2000))
    some = [chance.choice(HEADERS) for _ in range(chance.choice((0, 1, 1, 2, 9, 300)))]
    first = chance.choice(METHODS[:3] * 5 + METHODS) + b" " + chance.choice(PATHS)
    line = first + chance.choice((b" HTTP/1.1", b" HTTP/1.1", b" HTTP/1.0", b" HTTP/9.9", b""))
    host = [b"Host: localhost"] * (chance.random() < 0.8)
    body = b"".join(chance.choice(PIECES) for _ in range(chance.randrange(9)))
    sent = bytearray(b"\r\n".join([line, *host, *some]) + b"\r\n\r\n" + body)
    for _ in range(chance.choice((0, 0, 0, 1, 9))):
        sent[chance.randrange(len(sent))] = chance.randrange(256)
    return bytes(sent[: chance.choice((len(sent), len(sent), chance.randrange(len(sent))))])


def is_in_words(got: bytes) -> bool:
    """Whether each refusal in what came is a sentence, as JSON."""
    _, *answers = ANSWER.split(got)
    for status, rest in zip(answers[::2], answers[1::2], strict=True):
        head, _, body = rest.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        if int(status) >= 400 and length and body:
            refusal = json.loads(body[: int(length[1])])
            if set(refusal) != {"error"} or not refusal["error"]:
                return False
    return got == b"" or got.startswith(b"HTTP/1.1 ")


@pytest.mark.parametrize("count", [60, pytest.param(1700, marks=pytest.mark.gate)])
def test_whatever_arrives_is_refused_in_words_or_hung_up_on(
    model_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    count: int,
) -> None:
    for name in ("HEAD_SECONDS", "PAUSE_SECONDS", "IDLE_SECONDS"):
        monkeypatch.setattr(web_server, name, 0.2)
    quick = Settings(seconds=0.2, names=Names(), per_minute=0)
    answering = Answering(model_folder, quick, fetch=no_internet)
    sent = [made_up(random.Random(seed)) for seed in range(count)]
    with (
        in_thread(build_app(answering, quick, with_gradio=False)) as port,
        ThreadPoolExecutor(16) as pool,
    ):
        got = list(pool.map(partial(ask, port), sent))
        assert ask(port, NOTHING).startswith(b"HTTP/1.1 200 ")
    answering.close()
    assert [(s, g) for s, g in zip(sent, got, strict=True) if not is_in_words(g)] == []
    assert not caplog.records
