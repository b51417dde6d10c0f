"""Reading what a server sends, within limits of size, speed and memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from nocode_classifier.collect import formats
from nocode_classifier.collect.download.byte_budget import ByteBudget, Share
from nocode_classifier.collect.download.outcomes import Trouble, too_slow
from nocode_classifier.collect.download.unpacking import Broken, unpacker_for
from nocode_classifier.collect.photo_check import check_bytes
from nocode_classifier.collect.skips import Skip
from nocode_classifier.errors import PhotoRefused
from nocode_classifier.predict.refusals import EMPTY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nocode_classifier.collect.download.rules import Patience, WebRules


class Pace:
    """Gives up a server that keeps sending, but next to nothing."""

    def __init__(self, host: str, patience: Patience) -> None:
        self._host = host
        self._patience = patience
        self.begin()

    def begin(self) -> None:
        """Count from now on."""
        self._since = asyncio.get_running_loop().time()
        self._bytes = 0

    def note(self, size: int) -> None:
        """So many bytes came.

        Raises:
            Trouble: too few in too long a time.
        """
        self._bytes += size
        spent = asyncio.get_running_loop().time() - self._since
        if spent < self._patience.span:
            return
        if self._bytes < spent * self._patience.least:
            raise too_slow(self._host)
        self.begin()


class Body:
    """Collects the bytes of one photo; `share` counts them."""

    def __init__(self, rules: WebRules, memory: ByteBudget, share: Share) -> None:
        self._rules = rules
        self._memory = memory
        self._share = share
        self._parts = BytesIO()
        self._recognised = False

    def expect(self, told: str) -> None:
        """Judge the size that the server announces.

        Raises:
            Trouble: it is too big.
        """
        if told.isdecimal():
            self._check_size(int(told))

    async def read(
        self,
        parts: AsyncIterator[bytes],
        headers: Mapping[str, str],
        pace: Pace,
        limit: asyncio.Timeout,
    ) -> bytes:
        """All of it, unpacked.

        Raises:
            Trouble: it is too big, too slow, damaged, or no photo by its first bytes.
        """
        received = 0
        try:
            unpacker = unpacker_for(headers.get("content-encoding", ""))
            async for part in parts:
                received += len(part)
                self._check_size(received)
                pace.note(len(part))
                for piece in unpacker.feed(part):
                    await self._room(len(piece), pace, limit)
                    self._add(piece)
            unpacker.end()
        except Broken as error:
            raise Trouble(
                Skip.DAMAGED, "The server packed this photo in a way that can't be undone."
            ) from error
        self._recognise()
        return self._parts.getvalue()

    async def _room(self, size: int, pace: Pace, limit: asyncio.Timeout) -> None:
        """Wait for memory; that is not the server's fault, so its time stands still."""
        self._check_size(self._share.held + size)
        if not self._memory.fits(self._share, size):
            async with _paused(limit):
                await self._memory.wait_for(self._share, size)
            pace.begin()
        self._memory.take(self._share, size)

    def _add(self, piece: bytes) -> None:
        self._parts.write(piece)
        if not self._recognised and self._parts.tell() >= formats.HEAD_BYTES:
            self._recognise()

    def _check_size(self, size: int) -> None:
        try:
            check_bytes(size, self._rules.limits)
        except PhotoRefused as error:
            raise Trouble(Skip.TOO_BIG, str(error)) from error

    def _recognise(self) -> None:
        """The first bytes tell a web page or a video from a photo, whatever the headers say."""
        if self._recognised:
            return
        head = self._parts.getbuffer()[: formats.HEAD_BYTES].tobytes()
        if not head:
            raise Trouble(Skip.DAMAGED, EMPTY)
        try:
            formats.recognise(head)
        except PhotoRefused as error:
            raise Trouble(Skip.NOT_A_PHOTO, str(error)) from error
        self._recognised = True


@asynccontextmanager
async def _paused(limit: asyncio.Timeout) -> AsyncIterator[None]:
    """Let a time limit stand still."""
    loop = asyncio.get_running_loop()
    until = limit.when()
    began = loop.time()
    limit.reschedule(None)
    try:
        yield
    finally:
        if until is not None:
            limit.reschedule(until + loop.time() - began)
