"""Photos that are slow to decode, and the others meanwhile."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PIL import Image

from nocode_classifier.collect.photo_check import check_header
from nocode_classifier.errors import Busy
from nocode_classifier.predict.photos import PhotoSource
from nocode_classifier.predict.predictor import Answer, Predictor
from nocode_classifier.serve.answering import Answering, is_big
from nocode_classifier.serve.app import build_app
from nocode_classifier.serve.settings import Settings
from tests.drawing import draw_photo
from tests.elsewhere import run
from tests.patience import wait_until
from tests.serve.running import get
from tests.serve.serving import in_thread
from tests.sockets import SECONDS, connect, rest

SMALL = draw_photo("circle", 800)


def drawn(width: int, height: int, form: str, **options: bool) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height)).save(made, form, **options)
    return made.getvalue()


BIG = drawn(3000, 2100, "PNG")


class Held:
    """A predictor that takes as long over big photos as it is told to."""

    def __init__(self, real: Predictor) -> None:
        self.real, self.begun, self.at_once, self.most = real, 0, 0, 0
        self.may = threading.Event()

    def predict(self, photo: PhotoSource) -> Answer:
        if photo == BIG:
            self.begun, self.at_once = self.begun + 1, self.at_once + 1
            self.most = max(self.most, self.at_once)
            assert self.may.wait(SECONDS)
            self.at_once -= 1
        return self.real.predict(photo)


def holding(folder: Path, settings: Settings) -> tuple[Answering, Held]:
    answering = Answering(folder, settings)
    held = Held(answering._narrow)
    answering._narrow = answering._wide = cast("Predictor", held)
    return answering, held


@pytest.fixture
def held(model_folder: Path) -> Iterator[tuple[Answering, Held]]:
    answering, held = holding(model_folder, Settings(big_waiting=3))
    yield answering, held
    held.may.set()
    answering.close()


async def begun(held: Held) -> None:
    while not held.begun:
        await asyncio.sleep(0.01)


def test_big_photos_are_decoded_one_at_a_time_and_others_meanwhile(
    held: tuple[Answering, Held],
) -> None:
    answering, predictor = held

    async def ask() -> None:
        big = [asyncio.create_task(answering.answer(BIG)) for _ in range(5)]
        await begun(predictor)
        assert (await answering.answer(SMALL)).label == "circle"
        predictor.may.set()
        outcomes = await asyncio.gather(*big, return_exceptions=True)
        assert [type(each) for each in outcomes].count(Busy) == 2
        assert (predictor.begun, predictor.most) == (3, 1)

    run(ask())


def test_who_waits_too_long_is_asked_to_come_later(model_folder: Path) -> None:
    answering, predictor = holding(model_folder, Settings(patience=0.05))

    async def ask() -> None:
        first = asyncio.create_task(answering.answer(BIG))
        await begun(predictor)
        with pytest.raises(Busy, match="try again"):
            await answering.answer(BIG)
        predictor.may.set()
        assert (await first).label
        assert predictor.begun == 1

    run(ask())
    answering.close()


def test_nothing_is_decoded_for_those_who_have_left(held: tuple[Answering, Held]) -> None:
    answering, predictor = held
    form = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n%s\r\n--b--\r\n'
    )
    body = form % BIG
    head = b"POST /image HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n"
    kind = b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    request = head % len(body) + kind + body
    app = build_app(answering, Settings(), with_gradio=False)
    with in_thread(app) as port, connect(port, request) as first:
        wait_until(lambda: predictor.begun)
        with connect(port, request):
            wait_until(lambda: answering._big == 2)
            assert get(f"http://127.0.0.1:{port}/health").status_code == 200
        wait_until(lambda: answering._big == 1)
        predictor.may.set()
        assert b'"guess"' in rest(first)
    assert predictor.begun == 1


@pytest.mark.parametrize(
    ("photo", "big"),
    [
        (drawn(3000, 2100, "JPEG"), False),
        (drawn(3000, 2100, "JPEG", progressive=True), True),
        (drawn(3000, 2100, "WEBP"), True),
        (drawn(3000, 1900, "PNG"), False),
    ],
)
def test_what_can_not_be_decoded_at_a_fraction_is_big_sooner(photo: bytes, big: bool) -> None:
    image, _ = check_header(photo)
    assert is_big(image, photo) == big
