from __future__ import annotations

import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from nocode_classifier.collect.photo_check import Limits
from nocode_classifier.serve.options import add_options
from nocode_classifier.serve.rates import Rates, client_of
from nocode_classifier.serve.run import settings_of
from nocode_classifier.serve.settings import Settings
from tests.drawing import draw_photo
from tests.serve.conftest import NewClient

PHOTO = {"file": draw_photo("circle", 600)}
FROM_ELSEWHERE = {"X-Forwarded-For": "203.0.113.9"}


# Keys


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"X-API-Key": "wrong"}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Basic secret"}, 401),
        ({"X-API-Key": "sécret".encode()}, 401),
        ({"X-API-Key": "secret"}, 200),
        ({"Authorization": "Bearer secret"}, 200),
        ({"Authorization": "bearer secret"}, 200),
    ],
)
def test_a_key_is_asked_for(new_client: NewClient, headers: dict[str, str], status: int) -> None:
    client = new_client(Settings(key="secret"))
    answer = client.post("/image", files=PHOTO, headers=headers)
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "asks for a key" in answer.json()["error"]


def test_with_a_key_the_page_is_open_and_gradio_is_closed(new_client: NewClient) -> None:
    client = new_client(Settings(key="secret"))
    assert [client.get(path).status_code for path in ("/", "/health", "/docs")] == [200] * 3
    for path in ("/config", "/gradio_api/info", "/gradio_api/upload", "/gradio_api/mcp/"):
        assert client.get(path).status_code == 401


def test_wrong_keys_are_counted_for_each_client_and_right_ones_are_not(
    new_client: NewClient,
) -> None:
    client = new_client(Settings(key="secret", proxies=1, per_minute=0))

    def ask(key: str, address: str) -> int:
        headers = {"X-API-Key": key, "X-Forwarded-For": address}
        return client.post("/image", files=PHOTO, headers=headers).status_code

    assert [ask(f"wrong {n}", "203.0.113.9") for n in range(12)] == [401] * 10 + [429] * 2
    assert ask("secret", "203.0.113.9") == 429, "or the one that is right could be found"
    assert {ask("secret", "203.0.113.10") for _ in range(12)} == {200}
    assert ask("", "203.0.113.9") == 401, "no key is no wrong one"


def test_wrong_keys_leave_the_allowance_of_right_ones(new_client: NewClient) -> None:
    client = new_client(Settings(key="secret", per_minute=6, proxies=1))
    wrong, right = ({"X-API-Key": key, **FROM_ELSEWHERE} for key in ("wrong", "secret"))
    assert {client.post("/image", files=PHOTO, headers=wrong).status_code for _ in "123"} == {401}
    assert client.post("/image", files=PHOTO, headers=right).status_code == 200


# Rates


def test_who_asks_too_often_is_told_when_to_go_on(new_client: NewClient) -> None:
    client = new_client(Settings(per_minute=30, proxies=1))
    codes = [
        client.post("/image", files=PHOTO, headers=FROM_ELSEWHERE).status_code for _ in range(5)
    ]
    assert codes == [200, 200, 200, 429, 429]
    answer = client.post("/image", files=PHOTO, headers=FROM_ELSEWHERE)
    assert 1 <= int(answer.headers["retry-after"]) <= 2
    assert "faster than this server allows" in answer.json()["error"]
    other = client.post("/image", files=PHOTO, headers={"X-Forwarded-For": "203.0.113.10"})
    assert other.status_code == 200


def test_each_photo_of_a_batch_counts(new_client: NewClient) -> None:
    client = new_client(Settings(per_minute=30, proxies=1))
    many = [("file", PHOTO["file"])] * 3
    assert client.post("/batch", files=many, headers=FROM_ELSEWHERE).status_code == 200
    assert client.post("/image", files=PHOTO, headers=FROM_ELSEWHERE).status_code == 429


def test_the_page_itself_is_never_counted(new_client: NewClient) -> None:
    client = new_client(Settings(per_minute=6, proxies=1))
    assert {client.get("/", headers=FROM_ELSEWHERE).status_code for _ in range(9)} == {200}


def test_allowance_comes_back_with_time() -> None:
    now = 0.0
    rates = Rates(60, now=lambda: now)
    assert [rates.take("a") for _ in range(6)] == [0.0] * 6
    assert rates.take("a") == pytest.approx(1)
    now = 1.0
    assert rates.take("a") == 0.0
    assert rates.take("b", photos=20) == 0.0
    now = 10.0
    assert rates.take("b") > 0


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "client"),
    [
        ("203.0.113.1", "", 0, "203.0.113.1"),
        ("203.0.113.1", "198.51.100.1", 0, "203.0.113.1"),
        ("127.0.0.1", "198.51.100.1", 1, "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", 1, "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.1", 2, "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1", 3, "198.51.100.1"),
        ("127.0.0.1", "", 1, "127.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", 0, "2001:db8:1:2::/64"),
        ("127.0.0.1", "nonsense", 1, "nonsense"),
    ],
)
def test_a_client_is_who_the_last_of_our_proxies_names(
    peer: str, forwarded: str, proxies: int, client: str
) -> None:
    assert client_of(peer, forwarded, proxies) == client


# Sizes


def in_pieces(size: int) -> Iterator[bytes]:
    yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    for _ in range(size // 10_000):
        yield bytes(10_000)


@pytest.mark.parametrize("path", ["/image", "/batch"])
def test_what_is_sent_in_pieces_is_limited_as_well(new_client: NewClient, path: str) -> None:
    small = Settings(batch_bytes=50_000, limits=Limits(max_bytes=50_000))
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = new_client(small).post(path, content=in_pieces(400_000), headers=headers)
    assert answer.status_code == 413


def test_too_much_at_once_is_asked_to_come_later(new_client: NewClient) -> None:
    client = new_client(Settings(held_bytes=1000))
    answer = client.post("/image", files=PHOTO)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")


def test_what_was_held_is_let_go(new_client: NewClient) -> None:
    client = new_client(Settings(held_bytes=3 * len(PHOTO["file"])))
    assert {client.post("/image", files=PHOTO).status_code for _ in range(9)} == {200}


def test_too_many_waiting_are_asked_to_come_later(new_client: NewClient) -> None:
    client = new_client(Settings(waiting=1))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.post("/image", files=PHOTO), range(16)))
    assert {answer.status_code for answer in answers} == {200, 503}


def test_who_sends_too_slowly_is_hung_up_on(new_client: NewClient) -> None:
    client = new_client(Settings(seconds=0.2))
    leaving = threading.Event()

    def slowly() -> Iterator[bytes]:
        yield b"--b\r\n"
        leaving.wait(1)

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    began = time.monotonic()
    answer = client.post("/image", content=slowly(), headers=headers)
    assert answer.status_code in (400, 408)
    assert time.monotonic() - began < 15


# Other websites


def test_pages_of_other_websites_may_not_read_answers_unless_allowed(
    new_client: NewClient,
) -> None:
    headers = {"Origin": "https://example.org"}
    closed = new_client().get("/health", headers=headers)
    assert "access-control-allow-origin" not in closed.headers
    opened = new_client(Settings(origins=("https://example.org",)))
    answer = opened.post("/image", files=PHOTO, headers=headers)
    assert answer.headers["access-control-allow-origin"] == "https://example.org"
    other = opened.get("/health", headers={"Origin": "https://example.com"})
    assert "access-control-allow-origin" not in other.headers
    refused = opened.post("/image", headers=headers)
    assert refused.headers["access-control-allow-origin"] == "https://example.org"


def test_a_browser_may_ask_beforehand_without_the_key(new_client: NewClient) -> None:
    client = new_client(Settings(key="secret", origins=("https://example.org",)))
    asked = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "X-API-Key",
    }
    assert client.options("/image", headers=asked).status_code == 200


ELSEWHERE = "https://example.org"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": ELSEWHERE},
        {"Origin": "null"},
        {"Origin": "http://testserver:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_pages_of_other_websites_may_not_ask_unless_allowed(
    new_client: NewClient, headers: dict[str, str]
) -> None:
    client = new_client(Settings(origins=("https://example.com",)))
    for method, path in (("POST", "/image"), ("GET", "/classify-url"), ("POST", "/gradio_api/run")):
        answer = client.request(method, path, headers=headers)
        assert answer.status_code == 403
        assert "Pages of other websites" in answer.json()["error"]
    assert client.get("/", headers=headers).status_code == 200
    allowed = {**headers, "Origin": "https://example.com"}
    assert client.post("/image", files=PHOTO, headers=allowed).status_code == 200


def test_a_preflight_for_another_website_is_refused_in_words(client: TestClient) -> None:
    asked = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "POST"}
    answer = client.options("/image", headers=asked)
    assert (answer.status_code, set(answer.json())) == (400, {"error"})


def test_behind_a_proxy_what_the_browser_says_of_both_counts(new_client: NewClient) -> None:
    client = new_client(Settings(proxies=1))
    own = {"Origin": ELSEWHERE, "Sec-Fetch-Site": "same-origin"}
    assert client.post("/image", files=PHOTO, headers=own).status_code == 200
    other = {"Origin": ELSEWHERE, "Sec-Fetch-Site": "cross-site"}
    assert client.post("/image", files=PHOTO, headers=other).status_code == 403


@pytest.mark.parametrize(
    ("options", "answered", "refused"),
    [
        ([], ["127.0.0.1:7860", "localhost", "[::1]:80"], ["example.org", "192.168.1.5", ""]),
        (["--host=0.0.0.0"], ["192.168.1.5:7860", "LOCALHOST."], ["example.org", "127.0.0.1@a.b"]),
        (["--allowed-host=example.org"], ["example.org"], ["example.com"]),
        (["--host=0.0.0.0", "--allowed-host=*"], ["example.com"], ["a b"]),
        (["--proxies=1"], ["example.org"], []),
        (["--share"], ["example.org"], []),
    ],
)
def test_only_its_own_names_are_answered_where_no_proxy_is_in_front(
    new_client: NewClient, options: list[str], answered: list[str], refused: list[str]
) -> None:
    parser = ArgumentParser()
    add_options(parser)
    client = new_client(settings_of(parser.parse_args(options)))
    codes = [client.get("/health", headers={"Host": host}).status_code for host in answered]
    assert codes == [200] * len(answered)
    codes = [client.get("/health", headers={"Host": host}).status_code for host in refused]
    assert codes == [403] * len(refused)


def test_a_client_of_the_network_is_counted_and_this_computer_is_not(
    new_client: NewClient,
) -> None:
    client = new_client(Settings(per_minute=6))
    assert [client.post("/image", files=PHOTO).status_code for _ in range(2)] == [200, 429]
    here = TestClient(client.app, client=("127.0.0.1", 5000))
    assert {here.post("/image", files=PHOTO).status_code for _ in range(3)} == {200}
