"""The file formats of Xet storage, read back: xorbs (chunks of files), shards (what is where).

After the public Xet protocol specification (https://huggingface.co/docs/xet): xorb, shard and
hashing pages. BLAKE3, which names chunks and xorbs, is not computed here; that a file is put
together right is told by its SHA-256 instead.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

ENTRY = 48
BOOKEND = b"\xff" * 32
SHARD_VERSION = 2
WITH_VERIFICATION = 1 << 31
WITH_SHA256 = 1 << 30
LARGEST_XORB = 64 * 1024 * 1024
LARGEST_CHUNK = 128 * 1024

_LZ4_MAGIC = 0x184D2204
_CRC64_NVME = 0x9A6C9329AC4BC9B5  # the polynomial 0xAD93D23594C93659, reflected


class MalformedError(ValueError):
    """Bytes that are not what they should be."""


@dataclass(frozen=True)
class Term:
    """A run of chunks of one xorb, as a piece of a file; `end` is exclusive."""

    xorb: str
    size: int
    start: int
    end: int


@dataclass(frozen=True)
class SharedFile:
    """A file that a shard registers."""

    name: str
    sha256: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Shard:
    """What a shard says: files, and how many chunks each new xorb has."""

    files: tuple[SharedFile, ...]
    chunks: Mapping[str, int]


def read_xorb(data: bytes) -> list[bytes]:
    """The chunks of a xorb, expanded.

    Raises:
        MalformedError: the headers do not fit the bytes.
    """
    if len(data) > LARGEST_XORB:
        raise MalformedError("the xorb is larger than 64 MiB")
    return [_expand(kind, packed, size) for kind, packed, size in _packed_chunks(data)]


def _packed_chunks(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    at, end = 0, _end_of_chunks(data)
    while at < end:
        version, kind = data[at], data[at + 4]
        packed = int.from_bytes(data[at + 1 : at + 4], "little")
        size = int.from_bytes(data[at + 5 : at + 8], "little")
        if version != 0 or size > LARGEST_CHUNK or at + 8 + packed > end:
            raise MalformedError(f"the chunk at {at} of the xorb is malformed")
        yield kind, data[at + 8 : at + 8 + packed], size
        at += 8 + packed


def _end_of_chunks(data: bytes) -> int:
    """Where the footer begins, if there is one: it is followed by its length."""
    if len(data) < 8:
        raise MalformedError("the xorb is too short")
    begin = len(data) - 4 - int.from_bytes(data[-4:], "little")
    return begin if begin > 0 and data[begin : begin + 7] == b"XETBLOB" else len(data)


def _expand(kind: int, packed: bytes, size: int) -> bytes:
    match kind:
        case 0:
            plain = packed
        case 1:
            plain = lz4(packed)
        case 2:
            plain = _ungrouped(lz4(packed))
        case _:
            raise MalformedError(f"nobody knows the compression {kind}")
    if len(plain) != size:
        raise MalformedError("a chunk is not as long as its header says")
    return plain


def _ungrouped(data: bytes) -> bytes:
    """Undo the grouping of every fourth byte."""
    plain, at = bytearray(len(data)), 0
    for offset in range(4):
        count = len(range(offset, len(data), 4))
        plain[offset::4] = data[at : at + count]
        at += count
    return bytes(plain)


def lz4(data: bytes) -> bytes:
    """Expand an LZ4 frame (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md)."""
    if len(data) < 7 or int.from_bytes(data[:4], "little") != _LZ4_MAGIC:
        raise MalformedError("this is no LZ4 frame")
    flags = data[4]
    at = 6 + (8 if flags & 0x08 else 0) + (4 if flags & 0x01 else 0) + 1
    plain = bytearray()
    while length := int.from_bytes(data[at : at + 4], "little"):
        block = data[at + 4 : at + 4 + (length & 0x7FFFFFFF)]
        if length >> 31:
            plain += block
        else:
            _expand_block(block, plain)
        at += 4 + len(block) + (4 if flags & 0x10 else 0)
    return bytes(plain)


def _expand_block(block: bytes, plain: bytearray) -> None:
    at = 0
    while at < len(block):
        token = block[at]
        count, at = _length(block, at + 1, token >> 4)
        plain += block[at : at + count]
        at += count
        if at >= len(block):
            return
        back = int.from_bytes(block[at : at + 2], "little")
        count, at = _length(block, at + 2, token & 15)
        _repeat(plain, back, count + 4)


def _length(block: bytes, at: int, count: int) -> tuple[int, int]:
    if count == 15:
        while True:
            more = block[at]
            at, count = at + 1, count + more
            if more != 255:
                break
    return count, at


def _repeat(plain: bytearray, back: int, count: int) -> None:
    if not 0 < back <= len(plain):
        raise MalformedError("an LZ4 block points before its beginning")
    piece = bytes(plain[len(plain) - back : len(plain) - back + count])
    while len(piece) < count:
        piece += piece[: count - len(piece)]
    plain += piece


def read_shard(data: bytes) -> Shard:
    """What an uploaded shard says.

    Raises:
        MalformedError: it has a footer, lacks the hashes that an upload must have, or is broken.
    """
    if len(data) < ENTRY * 3 or data[:14] != b"HFRepoMetaData":
        raise MalformedError("this is no shard")
    version, footer = struct.unpack_from("<QQ", data, 32)
    if version != SHARD_VERSION or footer != 0:
        raise MalformedError("an uploaded shard is of version 2 and has no footer")
    entries = _Entries(data)
    files, chunks = tuple(_files(entries)), dict(_xorbs(entries))
    if entries.at != len(data):
        raise MalformedError("something follows the end of the shard")
    return Shard(files, chunks)


class _Entries:
    """The 48-byte entries of a shard, one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, ENTRY

    def next(self) -> bytes:
        entry = self.data[self.at : self.at + ENTRY]
        if len(entry) < ENTRY:
            raise MalformedError("the shard breaks off")
        self.at += ENTRY
        return entry


def _files(entries: _Entries) -> Iterator[SharedFile]:
    while not (head := entries.next()).startswith(BOOKEND):
        flags, count = struct.unpack_from("<II", head, 32)
        if not (flags & WITH_VERIFICATION and flags & WITH_SHA256):
            raise MalformedError("a file of the shard lacks its verification or its SHA-256")
        terms = tuple(_term(entries.next()) for _ in range(count))
        for _ in range(count):
            entries.next()
        yield SharedFile(as_hex(head[:32]), as_hex(entries.next()[:32]), terms)


def _term(entry: bytes) -> Term:
    _, size, start, end = struct.unpack_from("<IIII", entry, 32)
    return Term(as_hex(entry[:32]), size, start, end)


def _xorbs(entries: _Entries) -> Iterator[tuple[str, int]]:
    while not (head := entries.next()).startswith(BOOKEND):
        _, count = struct.unpack_from("<II", head, 32)
        for _ in range(count):
            entries.next()
        yield as_hex(head[:32]), count


def as_hex(value: bytes) -> str:
    """A hash as Xet writes it: each eight bytes are one little-endian number."""
    return "".join(value[at : at + 8][::-1].hex() for at in range(0, 32, 8))


def put_together(file: SharedFile, xorbs: Mapping[str, list[bytes]]) -> bytes:
    """The content of a file.

    Raises:
        MalformedError: a xorb is missing, or the pieces do not make the file that was announced.
    """
    content = bytearray()
    for term in file.terms:
        if term.xorb not in xorbs:
            raise MalformedError(f"the xorb {term.xorb} was not uploaded")
        piece = b"".join(xorbs[term.xorb][term.start : term.end])
        if term.end > len(xorbs[term.xorb]) or len(piece) != term.size:
            raise MalformedError("a piece of a file is not as long as the shard says")
        content += piece
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise MalformedError("the pieces do not make the file with this SHA-256")
    return bytes(content)


def crc64_nvme(data: bytes) -> int:
    """CRC-64/NVME, the checksum that an upload grant is asked with."""
    crc = 0xFFFFFFFFFFFFFFFF
    table = _crc_table()
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFFFFFFFFFF


def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (_CRC64_NVME if value & 1 else 0)
        table.append(value)
    return table
