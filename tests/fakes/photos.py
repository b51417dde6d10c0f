"""A place that has the photos which the fake services find."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote

from tests.drawing import SHAPES, draw_photo
from tests.fakes.server import Asked, FakeServer, Reply, page

Photos = Callable[[str, int], bytes]
"""Gives the bytes of a photo for search words and a number from 0 on."""

ENDINGS = {".jpg", ".jpeg", ".png", ".webp"}


def drawn_photos(words: str, number: int) -> bytes:
    """A drawn photo; words that name a shape get it, others always the same one of theirs."""
    named = [shape for shape in SHAPES if shape in words]
    digest = hashlib.sha256(words.encode()).digest()
    shape = named[0] if named else sorted(SHAPES)[digest[0] % len(SHAPES)]
    return draw_photo(shape, int.from_bytes(digest[:3]) + number, (320, 240))


def photos_of(folder: Path) -> Photos:
    """Photos from a folder, or from the folder inside it whose name the words begin with.

    Numbers beyond the last photo begin again with the first.
    """

    def photo(words: str, number: int) -> bytes:
        inside = [each for each in folder.iterdir() if each.is_dir()]
        named = [each for each in inside if words.startswith(each.name)]
        files = sorted(
            path
            for path in (named[0] if named else folder).rglob("*")
            if path.suffix.lower() in ENDINGS
        )
        return files[number % len(files)].read_bytes()

    return photo


class PhotoHost(FakeServer):
    """Serves real photos at the addresses that the fake services give out.

    Attributes:
        fetched: paths of the photos that were asked for, in the order of arrival.
    """

    def __init__(self, photos: Photos = drawn_photos, *, delay: float = 0.0) -> None:
        super().__init__()
        self._photos = photos
        self._delay = delay

    @property
    def fetched(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def address_of(self, service: str, words: str, number: int) -> str:
        """Where a photo is; every service has its own addresses, and other photos at them."""
        return f"{self.address}/{service}/{quote(words, safe='')}/{number}.jpg"

    def answer(self, asked: Asked) -> Reply:
        parts = asked.path.strip("/").split("/")
        if len(parts) < 3 or not parts[-1].endswith(".jpg"):
            return page("There is nothing here.", 404)
        service, words, number = parts[0], unquote(parts[1]), int(parts[2].partition(".")[0])
        # Each service has its own ten thousand photos.
        first = 10_000 * (hashlib.sha256(service.encode()).digest()[0] % 10)
        body = self._photos(words, first + number)
        return Reply(body=body, kind="image/jpeg", delay=self._delay)
