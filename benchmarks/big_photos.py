"""How much memory `serve` takes for the biggest photos that it answers, and keeps afterwards."""

from __future__ import annotations

import http.client
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.machine import MEGABYTE, alone
from benchmarks.rows import Row, Section, told
from benchmarks.serving import HOST, KIND, LONGEST, form_of, serving, train
from benchmarks.setting import Setting

BIG_FORMS: dict[str, dict[str, Any]] = {
    "PNG": {"compress_level": 1},
    "WEBP": {"quality": 1, "method": 0},
    "TIFF": {"compression": "tiff_lzw"},
    "JPEG": {"quality": 50},
    "JPEG progressive": {"quality": 50, "progressive": True},
}
"""Formats and how they are written here."""


def measure(setting: Setting) -> Section:
    """Each format, with a server of its own."""
    photos, target = setting.photos / "hotdog" / "train", setting.work / "model"
    model = alone(train, photos, target, setting.cache)
    return Section(tuple(_measure(setting, model, form) for form in BIG_FORMS))


def _measure(setting: Setting, model: Path, form: str) -> Row:
    """The biggest photo of a format that is answered, sent by three at once."""
    with serving(setting, model) as server:
        for millions in (100, 75, 50, 40, 30, 24, 16, 12):
            data = alone(_drawn, millions, form)
            answers = [_status(server.port, data)]
            if answers == [200]:
                break
        with ThreadPoolExecutor(3) as pool:
            answers += pool.map(lambda _: _status(server.port, data), range(3))
        note = f"{len(data) / MEGABYTE:.1f} MB; {server.memory:.0f} MB afterwards; {answers}"
        return told(
            f"`serve`, most memory for {form} of {millions} megapixels",
            f"{server.peak:.0f} MB",
            note,
        )


def _drawn(millions: int, form: str) -> bytes:
    side = int((millions * 1e6) ** 0.5)
    made = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((side, side)).save(
        made, form.split()[0], **BIG_FORMS[form]
    )
    return made.getvalue()


def _status(port: int, photo: bytes) -> int:
    connection = http.client.HTTPConnection(HOST, port, timeout=LONGEST)
    connection.request("POST", "/image", form_of(photo), {"Content-Type": KIND})
    status = connection.getresponse().status
    connection.close()
    return status
