from __future__ import annotations

import httpx
import pytest

from nocode_classifier.collect.download.hosts import (
    CLOSED_SECONDS,
    DEAF_FAILURES,
    FAILURES,
    MOST_RESTS,
    PROVEN,
    STEADY,
    Host,
    Link,
)
from nocode_classifier.collect.download.outcomes import Trouble
from nocode_classifier.collect.skips import Skip

LONGEST_REST = 30.0


@pytest.fixture
def host() -> Host[int]:
    return Host("photos.example", 4, LONGEST_REST)


def link(tries: int = 0) -> Link[int]:
    return Link(1, httpx.URL("http://photos.example/1"), 20.0, tries=tries)


def busy(seconds: float | None = None) -> Trouble:
    return Trouble(Skip.BUSY, "Busy.", retry_after=seconds)


def broken(*, alive: bool = True) -> Trouble:
    return Trouble(Skip.SERVER_ERROR if alive else Skip.UNREACHABLE, "Broken.", alive=alive)


def test_a_busy_server_rests_as_long_as_it_says_and_is_asked_for_less(host: Host[int]) -> None:
    host.had(busy(12), link(), now=100)
    assert host.is_resting(111)
    assert not host.is_resting(112)
    assert host.width == 2


def test_a_busy_server_that_says_nothing_rests_longer_each_time(host: Host[int]) -> None:
    rests = []
    now = 0.0
    for _ in range(MOST_RESTS):
        host.had(busy(), link(), now)
        rests.append(host.rests_until - now)
        now = host.rests_until
    assert rests == [1, 2, 4]
    host.had(busy(), link(), now)
    assert host.is_closed(now + CLOSED_SECONDS - 1)
    assert host.closed
    assert host.closed.temporary


def test_a_server_that_serves_again_is_trusted_again_step_by_step(host: Host[int]) -> None:
    for now in (0, 100):
        host.had(busy(1), link(), now)
    assert host.width == 1
    for _ in range(2 * STEADY):
        host.did_well()
    assert host.width == 3
    for _ in range(9 * STEADY):
        host.did_well()
    assert host.width == 4


def test_a_server_that_refuses_only_single_addresses_need_not_rest(host: Host[int]) -> None:
    host.had(busy(5), link(), now=0)
    host.did_well()
    host.had(busy(5), link(tries=1), now=10)
    assert not host.is_resting(10)
    host.did_well()
    host.had(busy(5), link(), now=11)
    assert not host.is_resting(11)
    for now in range(20, 24):
        host.had(busy(5), link(), now)
    assert host.is_resting(24)


def test_a_server_that_can_not_be_connected_to_is_given_up_soon(host: Host[int]) -> None:
    for _ in range(DEAF_FAILURES):
        assert not host.is_closed(0)
        host.had(broken(alive=False), link(), now=0)
    assert host.is_closed(CLOSED_SECONDS - 1)
    assert not host.is_closed(CLOSED_SECONDS)


def test_one_success_in_between_keeps_a_server(host: Host[int]) -> None:
    for _ in range(3):
        for _ in range(FAILURES - 1):
            host.had(broken(), link(), now=0)
        host.did_well()
    assert not host.is_closed(0)


def test_a_server_that_sent_something_before_has_more_credit(host: Host[int]) -> None:
    host.did_well()
    for _ in range(PROVEN * FAILURES - 1):
        host.had(broken(), link(), now=0)
    assert not host.is_closed(0)
    host.had(broken(), link(), now=0)
    assert host.is_closed(0)


def test_to_say_no_is_no_failure(host: Host[int]) -> None:
    for _ in range(100):
        host.had(Trouble(Skip.GONE, "Gone."), link(), now=0)
    assert not host.is_closed(0)
