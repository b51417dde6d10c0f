"""Shots of the camera, as the page hands them over."""

from __future__ import annotations

import base64
import binascii

from nocode_classifier.collect.photo_check import Limits, check_bytes
from nocode_classifier.errors import PhotoRefused

NO_PICTURE = "The camera gave no picture: wait until it shows one and take the photo again."


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
