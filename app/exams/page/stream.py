"""Joins a gzip stream from parts that are each compressed on their own: a full flush ends a part at a byte, with no way back into it."""

import struct
import zlib
from typing import NamedTuple

from app.exams.page import checksum

HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # gzip, deflate, no name, no time, unknown system
LAST_BLOCK = b"\x03\x00"  # an empty block that says: the end
QUIET = 5000  # bytes; zlib gives way to other threads for more, and getting back takes longer than the sum
WORTH_COMPRESSING = 6000  # bytes; a stored block could hold 65,535


class Piece(NamedTuple):
    """A part of a page: its bytes, and the same compressed so that it fits between any others."""

    raw: bytes
    packed: bytes


class Middle(NamedTuple):
    """All questions of one attempt: compressed together, with the checksum and length of their bytes."""

    packed: bytes
    crc: int
    size: int
    shift: int

    @property
    def raw(self):
        return zlib.decompress(self.packed + LAST_BLOCK, -zlib.MAX_WBITS)


def pack(text):
    """Return the Pieces of a text that is sent many times: compressed as well as possible, summed without letting threads in."""
    raw = text.encode()
    parts = [raw[start : start + QUIET] for start in range(0, len(raw), QUIET)]
    return [Piece(part, b"") for part in parts[:-1]] + [Piece(parts[-1], _deflated(raw, 9))] if parts else []


def loose(text):
    """Return the Piece of a text that is sent once: a short one uncompressed, which costs five bytes and no time."""
    raw = text.encode()
    size = len(raw)
    if size > WORTH_COMPRESSING:
        return Piece(raw, _deflated(raw, 1))
    return Piece(raw, b"\x00" + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + raw)


def _deflated(raw, level):
    deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflate.compress(raw) + deflate.flush(zlib.Z_FULL_FLUSH)


def middle(text):
    """Return the Middle of an attempt's questions: their texts resemble each other, so that together they take a quarter of the bytes."""
    raw = text.encode()
    return Middle(_deflated(raw, 3), zlib.crc32(raw), len(raw), checksum.shift(len(raw)))


def gzipped(head, between, foot):
    """Return the gzip file of a page: pieces, a Middle, pieces."""
    crc, above = _summed(head, 0, 0)
    crc, size = _summed(foot, checksum.joined(crc, between.crc, between.shift), above + between.size)
    packed = [*[piece[1] for piece in head], between.packed, *[piece[1] for piece in foot]]
    return b"".join((HEADER, *packed, LAST_BLOCK, struct.pack("<II", crc, size & 0xFFFFFFFF)))


def _summed(pieces, crc, size):
    """Return the checksum and size that go on from `crc` and `size`. Piece by piece: zlib lets other threads in for long texts."""
    for raw, _packed in pieces:
        crc = zlib.crc32(raw, crc)
        size += len(raw)
    return crc, size


def plain(head, between, foot):
    """Return the page's bytes, for a client that takes no gzip."""
    return b"".join([*[piece.raw for piece in head], between.raw, *[piece.raw for piece in foot]])
