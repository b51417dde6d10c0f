"""What can go wrong with any service, told through one of them."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from nocode_classifier.collect.sources.api_client import LARGEST_ANSWER, ApiClient, RequestPolicy
from nocode_classifier.collect.sources.source import SourceTrouble
from nocode_classifier.errors import Cancelled, InputError
from tests.fakes.server import Asked, FakeServer, Reply, as_json, half_of, page, too_many

ANSWER = as_json({"good": "answer"})


class Service(FakeServer):
    def answer(self, asked: Asked) -> Reply:
        return ANSWER


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as service:
        yield service


@pytest.fixture
def client(service: Service, policy: RequestPolicy) -> ApiClient:
    return ApiClient("The Museum", service.address, policy)


def test_an_answer_is_read(client: ApiClient, service: Service) -> None:
    assert client.ask("/x", {"q": "bär & co"}).text("good") == "answer"
    assert service.asked[0].query == {"q": "bär & co"}


@pytest.mark.parametrize(
    "spoilt",
    [
        half_of(ANSWER),
        Reply(body=ANSWER.body[:9]),
        page("<html>Please log in to this hotel's network</html>"),
        Reply(body=b"[1, 2]"),
        Reply(body=b"\xff\xfe\x00"),
        Reply(body=b"[" * 100_000),
        Reply(body=b"1" * 10_000),
        Reply(body=b""),
        Reply(body=b"no gzip", headers={"Content-Encoding": "gzip"}),
        Reply(500, b"{}"),
        Reply(502, b"<h1>Bad gateway</h1>"),
    ],
)
def test_a_spoilt_answer_is_asked_for_twice_and_then_trouble(
    client: ApiClient, service: Service, spoilt: Reply
) -> None:
    service.block(1, last=1, refusal=spoilt)
    assert client.ask("/x", {}).has("good")
    service.block(1, refusal=spoilt)
    with pytest.raises(SourceTrouble, match=r"^The Museum .*own\.$") as trouble:
        client.ask("/x", {})
    assert trouble.value.retry_after is not None
    assert len(service.asked) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 451])
def test_a_plain_refusal_is_not_asked_for_again(
    client: ApiClient, service: Service, status: int
) -> None:
    service.block(1, refusal=Reply(status, b"{}"))
    with pytest.raises(SourceTrouble, match=f"HTTP {status}") as trouble:
        client.ask("/x", {})
    assert trouble.value.retry_after is None
    assert len(service.asked) == 1


def test_a_busy_service_that_does_not_say_for_how_long_is_left_alone_for_a_minute(
    client: ApiClient, service: Service
) -> None:
    service.block(1, refusal=too_many(status=503))
    for _ in range(3):
        with pytest.raises(SourceTrouble) as trouble:
            client.ask("/x", {})
        assert trouble.value.retry_after == pytest.approx(60, abs=1)
    assert len(service.asked) == 1


def test_a_compressed_answer_is_unpacked(client: ApiClient, service: Service) -> None:
    packed = gzip.compress(ANSWER.body)
    service.block(1, refusal=Reply(body=packed, headers={"Content-Encoding": "gzip"}))
    assert client.ask("/x", {}).has("good")


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_without_end_is_not_read_to_its_end(
    client: ApiClient, service: Service, packed: bool
) -> None:
    body = b" " * (LARGEST_ANSWER + 1)
    big = Reply(body=body)
    if packed:
        big = Reply(body=gzip.compress(body), headers={"Content-Encoding": "gzip"})
    service.block(1, refusal=big)
    with pytest.raises(SourceTrouble, match="far more than was asked for"):
        client.ask("/x", {})


def test_questions_keep_their_distance_also_from_several_threads(
    service: Service, policy: RequestPolicy
) -> None:
    spacing = 0.15
    client = ApiClient("The Museum", service.address, replace(policy, spacing=spacing))
    threads = [threading.Thread(target=client.ask, args=("/x", {})) for _ in range(4)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Each leaves when its turn has come; how long it is on its way is another matter.
    times = sorted(asked.at - begun for asked in service.asked)
    assert len(times) == 4
    assert all(at >= turn * spacing for turn, at in enumerate(times))


def test_stop_ends_the_wait_for_a_service_that_does_not_answer(
    client: ApiClient, service: Service
) -> None:
    service.block(1, refusal=replace(ANSWER, delay=30.0))
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        client.ask("/x", {}, stop.is_set)
    assert time.monotonic() - begun < 15


def test_stop_ends_the_wait_for_ones_turn(service: Service, policy: RequestPolicy) -> None:
    client = ApiClient("The Museum", service.address, replace(policy, spacing=30))
    client.ask("/x", {})
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    with pytest.raises(Cancelled):
        client.ask("/x", {}, stop.is_set)


def test_a_service_that_never_answers_is_given_up(service: Service, policy: RequestPolicy) -> None:
    client = ApiClient("The Museum", service.address, replace(policy, seconds=0.3))
    service.block(1, refusal=replace(ANSWER, delay=3.0))
    with pytest.raises(SourceTrouble, match="takes too long"):
        client.ask("/x", {})
    assert len(service.asked) == 2


def test_a_service_that_sends_a_byte_now_and_then_is_given_up(policy: RequestPolicy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_drip, args=(server,), daemon=True).start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        client = ApiClient("The Museum", address, replace(policy, seconds=0.5))
        with pytest.raises(SourceTrouble, match="takes too long"):
            client.ask("/x", {})


def _drip(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_drip_into, args=(connection,), daemon=True).start()


def _drip_into(connection: socket.socket) -> None:
    with connection:
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for _ in range(100):
                connection.sendall(b" ")
                time.sleep(0.05)
        except OSError:
            return


def test_a_service_that_is_not_there_is_trouble(policy: RequestPolicy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    client = ApiClient("The Museum", f"http://127.0.0.1:{port}", policy)
    with pytest.raises(SourceTrouble, match="can't be reached"):
        client.ask("/x", {})


def test_redirects_are_followed_but_not_for_ever(client: ApiClient, service: Service) -> None:
    service.block(1, last=1, refusal=Reply(302, headers={"Location": "/y"}))
    assert client.ask("/x", {}).has("good")
    service.block(1, refusal=Reply(302, headers={"Location": "/y"}))
    with pytest.raises(SourceTrouble, match="from one address to the next"):
        client.ask("/x", {})


def test_the_proxy_of_the_environment_is_used(
    service: Service, policy: RequestPolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", service.address)
    monkeypatch.setenv("NO_PROXY", "")
    client = ApiClient("The Museum", "http://museum.invalid", policy)
    assert client.ask("/x", {}).has("good")
    assert service.asked[0].host == "museum.invalid"


def test_a_proxy_that_makes_no_sense_is_said_in_words_without_its_password(
    service: Service, policy: RequestPolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "gopher://me:secret@proxy")
    monkeypatch.setenv("NO_PROXY", "")
    with pytest.raises(SourceTrouble, match="proxy") as trouble:
        ApiClient("The Museum", service.address, policy).ask("/x", {})
    assert "secret" not in str(trouble.value)


def test_a_contact_that_would_add_a_header_is_refused(
    service: Service, policy: RequestPolicy
) -> None:
    client = ApiClient("The Museum", service.address, replace(policy, contact="a@b.c\r\nX: y"))
    with pytest.raises(InputError, match="contact"):
        client.ask("/x", {})
    assert not service.asked
