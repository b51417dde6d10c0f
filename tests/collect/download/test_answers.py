from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from nocode_classifier.collect.download.fetch import retry_after


@pytest.mark.parametrize(
    ("told", "seconds"), [("0", 0), (" 120 ", 120), ("Sun, 06 Nov 1994", None)]
)
def test_the_time_to_wait_may_be_a_number(told: str, seconds: float | None) -> None:
    assert retry_after(told) == seconds


def test_the_time_to_wait_may_be_a_date() -> None:
    then = datetime.now(UTC) + timedelta(seconds=60)
    found = retry_after(format_datetime(then, usegmt=True))
    assert found is not None
    assert 57 < found <= 60
    assert retry_after("Sun, 06 Nov 1994 08:49:37 GMT") == 0


@pytest.mark.parametrize("told", ["", "soon", "-5", "1.5", "9" * 40, "Sun, 99 Foo 1994 08:49 GMT"])
def test_nonsense_says_nothing(told: str) -> None:
    assert retry_after(told) is None
