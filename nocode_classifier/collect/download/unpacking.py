"""Undoing the packing of an answer, a little at a time.

We ask for photos as they are, which they are packed already; a server that packs them all the same
gets no chance to fill the memory with what a few bytes unpack into.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

STEP = 65536
"""So many bytes come out at once at most."""


class Broken(Exception):
    """What came is not packed as the server says, or is cut off."""


class Unpacker(Protocol):
    """Takes bytes as they come and gives them back unpacked."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What these bytes unpack into, at most about `STEP` at a time.

        Raises:
            Broken: they can't be unpacked.
        """

    def end(self) -> None:
        """Say that nothing follows.

        Raises:
            Broken: something is missing.
        """


def unpacker_for(coding: str) -> Unpacker:
    """What undoes a Content-Encoding.

    A coding that nobody knows is taken for none, as browsers do: whether a photo comes out, the
    door says.

    Raises:
        Broken: it is packed several times, or in a way that can't be undone here.
    """
    match coding.strip().lower():
        case "gzip" | "x-gzip" | "deflate":
            return Deflated()
        case "br":
            return Brotli()
        case "zstd" | "compress" | "x-compress" | "dcb" | "dcz":
            raise Broken
        case several if "," in several:
            raise Broken
        case _:
            return Plain()


class Plain:
    """Not packed."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bytes themselves."""
        yield data

    def end(self) -> None:
        """Nothing can be missing."""


class Deflated:
    """Packed by gzip or zlib, or bare, as some servers understand "deflate"."""

    def __init__(self) -> None:
        self._work = zlib.decompressobj(wbits=32 + zlib.MAX_WBITS)
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What these bytes unpack into; what follows the packed photo is ignored."""
        while data and not self._work.eof:
            yield self._unpack(data)
            data = self._work.unconsumed_tail

    def _unpack(self, data: bytes) -> bytes:
        try:
            unpacked = self._work.decompress(data, STEP)
        except zlib.error as error:
            if self._begun:
                raise Broken from error
            self._work = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
            self._begun = True
            return self._unpack(data)
        self._begun = True
        return unpacked

    def end(self) -> None:
        """Check that the end has come."""
        if not self._work.eof:
            raise Broken


class Brotli:
    """Packed by Brotli.

    Raises:
        Broken: this installation can't undo it.
    """

    def __init__(self) -> None:
        try:
            import brotli
        except ImportError as error:  # a server that only answers goes without
            raise Broken from error

        self._work = brotli.Decompressor()
        self._error = brotli.error

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What these bytes unpack into."""
        piece = self._unpack(data)
        while piece or not self._work.can_accept_more_data():
            yield piece
            piece = self._unpack(b"")

    def _unpack(self, data: bytes) -> bytes:
        try:
            unpacked: bytes = self._work.process(data, output_buffer_limit=STEP)
        except self._error as error:
            raise Broken from error
        return unpacked

    def end(self) -> None:
        """Check that the end has come."""
        if not self._work.is_finished():
            raise Broken
