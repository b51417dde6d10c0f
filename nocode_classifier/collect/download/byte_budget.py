"""Keeping the bytes of all downloads together within bounds."""

from __future__ import annotations

import asyncio


class Share:
    """What one download holds."""

    def __init__(self) -> None:
        self.held = 0


class ByteBudget:
    """Lets downloads grow as long as they all fit, and else only the oldest.

    The oldest may always grow once what the others hold fits, so that they never all wait for each
    other; it exceeds the total by one photo at most. All calls come from one event loop.
    """

    def __init__(self, total: int) -> None:
        self._total = total
        self._held = 0
        self._shares: dict[Share, None] = {}
        self._changed = asyncio.Event()

    @property
    def is_full(self) -> bool:
        """Whether beginning one more download makes no sense."""
        return self._held >= self._total

    def open(self) -> Share:
        """Begin a download."""
        share = Share()
        self._shares[share] = None
        return share

    def fits(self, share: Share, size: int) -> bool:
        """Whether a download may grow now."""
        if self._held + size <= self._total:
            return True
        return share is next(iter(self._shares)) and self._held - share.held <= self._total

    async def wait_for(self, share: Share, size: int) -> None:
        """Wait until a download may grow."""
        while not self.fits(share, size):
            await self._changed.wait()

    def take(self, share: Share, size: int) -> None:
        """Let a download grow."""
        share.held += size
        self._held += size

    def finish(self, share: Share, *, kept: int = 0) -> None:
        """A download is over; what is kept stays counted until it is given back."""
        del self._shares[share]
        self.give_back(share.held - kept)

    def give_back(self, size: int) -> None:
        """So many bytes are no longer held."""
        self._held -= size
        self._changed.set()
        self._changed = asyncio.Event()
