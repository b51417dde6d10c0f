from __future__ import annotations

import logging
from typing import Any

import gradio as gr
import pytest

from nocode_classifier.errors import Cancelled, InputError
from nocode_classifier.ui.errors import safely
from nocode_classifier.ui.state import Services


def refuse(services: Services) -> None:
    raise InputError("There is already a class '<b>'.")


def break_down(services: Services) -> None:
    raise KeyError("secret")


def cancel(services: Services) -> None:
    raise Cancelled("Stopped.")


def test_a_refusal_is_shown_as_its_sentence_without_markup(services: Services) -> None:
    with pytest.raises(gr.Error) as caught:
        safely(services, refuse)()
    assert caught.value.message == "There is already a class &#x27;&lt;b&gt;&#x27;."
    assert not caught.value.print_exception


def test_a_surprise_is_a_number_that_is_in_the_log_too(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(gr.Error) as caught:
        safely(services, break_down)()
    number = caught.value.message.split("Number ")[1].split()[0]
    assert "secret" not in caught.value.message
    assert number in caplog.text
    assert "KeyError" in caplog.text


def test_a_cancelled_job_is_a_calm_notice_that_changes_nothing(
    services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    answer: Any = safely(services, cancel)()
    assert answer == gr.skip()
