"""The web server, asked by bare sockets: what it ends, what it lets end, and what it refuses."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from nocode_classifier import web_server
from nocode_classifier.listening import listen
from nocode_classifier.web_server import Server, make_server
from tests.sockets import SECONDS, ask, connect, rest

GET = b"GET /%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


class Site:
    """Answers with the body it got; `/slow` only when it is let, `/gradio_api/queue/data` never."""

    def __init__(self) -> None:
        self.asked, self.may = threading.Event(), threading.Event()
        self.listener = listen("127.0.0.1", 0)
        self.port = self.listener.getsockname()[1]
        self.server: Server = make_server(self.app)
        self.thread = threading.Thread(target=self.server.run, args=([self.listener],))
        self.thread.start()

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["path"] == "/gradio_api/queue/data":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            self.asked.set()
            await asyncio.Event().wait()
        if scope["path"] == "/slow":
            self.asked.set()
            await asyncio.to_thread(self.may.wait, SECONDS)
        body = await Request(scope, receive).body()
        await PlainTextResponse(body or b"answered")(scope, receive, send)

    def connect(self, sent: bytes) -> socket.socket:
        return connect(self.port, sent)

    def ask(self, sent: bytes) -> bytes:
        return ask(self.port, sent)

    def stop(self) -> None:
        self.may.set()
        self.server.stop()
        self.thread.join(SECONDS)
        assert not self.thread.is_alive()


@pytest.fixture
def new_site() -> Iterator[Callable[[], Site]]:
    """Makes sites; asked for before constants of the server are changed, it ends after them."""
    with ExitStack() as stack:

        def make() -> Site:
            site = Site()
            stack.callback(site.stop)
            return site

        yield make


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX: "])
def test_who_does_not_end_a_request_is_hung_up_on(
    new_site: Callable[[], Site], monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(web_server, "HEAD_SECONDS", 0.1)
    assert new_site().ask(sent) == b""


def test_who_stops_in_the_middle_of_a_body_is_hung_up_on(
    new_site: Callable[[], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_server, "PAUSE_SECONDS", 0.1)
    sent = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1234"
    assert new_site().ask(sent) == b""


def test_connections_that_say_nothing_make_room_for_those_that_ask(
    new_site: Callable[[], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_server, "most_connections", lambda: 20)
    site = new_site()
    with ExitStack() as stack:
        silent = [stack.enter_context(site.connect(b"GET / HTTP/1.1\r\n")) for _ in range(60)]
        assert site.ask(GET % b"").endswith(b"answered")
        assert rest(silent[0]) == b"", "it said nothing for longest"


def test_where_all_connections_are_asking_one_more_is_told_to_come_later(
    new_site: Callable[[], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_server, "most_connections", lambda: 1)
    site = new_site()
    with site.connect(GET % b"slow") as first:
        assert site.asked.wait(SECONDS)
        refusal = site.ask(GET % b"")
        assert refusal.startswith(b"HTTP/1.1 503 ")
        assert "Too many" in json.loads(refusal.partition(b"\r\n\r\n")[2])["error"]
        site.may.set()
        assert rest(first).endswith(b"answered")


def test_there_are_always_files_left_for_the_app() -> None:
    make_server(PlainTextResponse())
    most = web_server.most_connections()
    assert 50 <= most <= web_server._open_files() - web_server.SPARE_FILES


def test_an_answer_under_way_ends_before_the_server_does(new_site: Callable[[], Site]) -> None:
    site = new_site()
    with site.connect(GET % b"slow") as asking, site.connect(b"GET / HT") as silent:
        assert site.asked.wait(SECONDS)
        site.server.stop()
        assert rest(silent) == b"", "nothing is waited for that was not asked"
        site.may.set()
        assert rest(asking).endswith(b"answered")
    site.thread.join(SECONDS)


def test_what_never_ends_is_not_waited_for(
    new_site: Callable[[], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_server, "FINISH_SECONDS", 600)
    site = new_site()
    with site.connect(GET % b"gradio_api/queue/data") as stream:
        assert site.asked.wait(SECONDS)
        site.stop()
        assert b"200" in rest(stream)


def test_an_answer_that_takes_too_long_is_given_up(
    new_site: Callable[[], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_server, "FINISH_SECONDS", 0.1)
    site = new_site()
    with site.connect(GET % b"slow") as asking:
        assert site.asked.wait(SECONDS)
        site.server.stop()
        assert rest(asking) == b""


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 400_000,
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused_in_words_and_not_logged(
    new_site: Callable[[], Site], caplog: pytest.LogCaptureFixture, sent: bytes
) -> None:
    site = new_site()
    got = site.ask(sent)
    assert got.startswith(b"HTTP/1.1 400 ")
    assert set(json.loads(got.partition(b"\r\n\r\n")[2])) == {"error"}
    assert site.ask(GET % b"").endswith(b"answered")
    assert not caplog.records
