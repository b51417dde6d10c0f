"""Shots of the camera, as the page hands them over."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from nocode_classifier.collect.intake import Incoming
from nocode_classifier.collect.photo_check import LIMITS, Limits, check_bytes
from nocode_classifier.errors import PhotoRefused

NO_PICTURE = "The camera gave no picture: wait until it shows one and take the photo again."


def from_camera(
    shots: Sequence[str],
    *,
    class_name: str | None = None,
    limits: Limits = LIMITS,
) -> list[Incoming]:
    """The shots of one press of the button, which are one burst.

    Args:
        shots: data URLs ("data:image/jpeg;base64,…"), in the order they were taken.
        class_name: what they show; None leaves it to `add_photos`.
        limits: how big a shot may be.
    """
    burst = secrets.token_hex(8)
    moment = datetime.now().astimezone().strftime("%Y-%m-%d %H.%M.%S")
    return [
        Incoming(
            f"camera {moment} ({number})",
            partial(read_shot, shot, limits),
            class_name,
            "camera",
            burst,
        )
        for number, shot in enumerate(shots, start=1)
    ]


def read_shot(shot: str, limits: Limits) -> bytes:
    """The bytes of the picture in a data URL.

    Raises:
        PhotoRefused: there is no picture in it, or too big a one.
    """
    head, comma, body = shot.partition(",")
    if not comma or not head.startswith("data:") or not head.endswith(";base64"):
        raise PhotoRefused(NO_PICTURE)
    check_bytes(len(body) * 3 // 4, limits)
    try:
        data = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise PhotoRefused(NO_PICTURE) from error
    if not data:
        raise PhotoRefused(NO_PICTURE)
    return data
