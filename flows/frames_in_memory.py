"""Frames as they lie in memory that several processes see."""

from __future__ import annotations

import mmap
from io import BytesIO
from typing import BinaryIO, Final

import polars as pl
import pyarrow as pa

LARGE_BYTES: Final = 8 * 1024**2
"""From this size on a frame is worth memory of its own."""
_ALIGNED = 64


def write_if_large(value: object, memory: BinaryIO) -> tuple[int, int] | None:
    """Where the value begins and ends that was written, behind what is there; none but a large frame is."""
    if not isinstance(value, pl.DataFrame) or value.estimated_size() < LARGE_BYTES:
        return None
    start = -(-memory.tell() // _ALIGNED) * _ALIGNED
    memory.seek(start)
    # in one piece, as all frames are: see transforms.frames
    newest = pl.CompatLevel.newest()
    value.write_ipc(memory, compression="uncompressed", compat_level=newest, record_batch_size=value.height)
    return start, memory.tell()


def frame_at(memory: mmap.mmap, place: tuple[int, int]) -> pl.DataFrame:
    """The frame that begins and ends there, which stays where it is."""
    start, end = place
    table = pa.ipc.open_file(pa.py_buffer(memory).slice(start, end - start)).read_all()
    return pl.DataFrame(table)


def packed(frame: pl.DataFrame) -> bytes:
    """The frame in less room than it takes to work with it."""
    memory = BytesIO()
    frame.write_ipc(memory, compression="lz4", compat_level=pl.CompatLevel.newest())
    return memory.getvalue()


def without_the_rest(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rows without the texts of others: those that were filtered away stay in memory with them."""
    return unpacked(packed(frame))


def unpacked(content: bytes) -> pl.DataFrame:
    """The frame that was packed, in one piece."""
    return pl.read_ipc(BytesIO(content)).rechunk()
