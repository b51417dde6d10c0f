from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator

import brotli
import pytest

from nocode_classifier.collect.download.unpacking import STEP, Broken, unpacker_for

DATA = bytes(range(256)) * 2000


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "DEFLATE ": bare,
    "br": brotli.compress,
    "": bytes,
    "identity": bytes,
    "utf-8": bytes,
}


def unpacked(coding: str, packed: bytes, step: int = 1000) -> Iterator[bytes]:
    unpacker = unpacker_for(coding)
    for at in range(0, len(packed), step):
        yield from unpacker.feed(packed[at : at + step])
    unpacker.end()


@pytest.mark.parametrize("coding", PACKERS)
def test_what_was_packed_comes_out_again(coding: str) -> None:
    assert b"".join(unpacked(coding, PACKERS[coding](DATA))) == DATA


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_little_never_becomes_much_at_once(coding: str) -> None:
    packed = PACKERS[coding](bytes(50_000_000))
    pieces = unpacked(coding, packed, len(packed))
    assert max(len(next(pieces)) for _ in range(100)) <= 2 * STEP


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
@pytest.mark.parametrize("spoil", [lambda data: data[:-9], lambda data: b"\xff" * len(data)])
def test_what_is_broken_or_cut_off_is_said_so(coding: str, spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Broken):
        list(unpacked(coding, spoil(PACKERS[coding](DATA))))


@pytest.mark.parametrize("coding", ["gzip, br", "zstd"])
def test_what_nobody_asked_for_is_not_undone(coding: str) -> None:
    with pytest.raises(Broken):
        unpacker_for(coding)
