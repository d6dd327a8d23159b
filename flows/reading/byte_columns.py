"""Values that stand somewhere in an array of bytes, put one behind the other, and made a column of texts."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

from flows.reading.divided import NotPlainError
from flows.reading.tags import Bytes, Flags, Places

_SPACE, _UNDERSCORE, _X, _AMPERSAND, _GREATER = (ord(letter) for letter in " _x&>")


def joined_values(data: Bytes, starts: Places, lengths: Places, order: Places) -> tuple[bytes, Places, Flags]:
    """The values one behind the other in this order, where each ends, and which of them are special.

    Those are with bytes that may stand for something else, or with white space around. The values stand in
    the data one behind another.

    Raises:
        NotPlainError: they don't.
    """
    # to Arrow: the values and, before each of them, what stands between
    bounds = np.zeros(2 * len(starts) + 1, dtype=np.int32)
    bounds[1::2], bounds[2::2] = starts, starts + lengths
    if (np.diff(bounds) < 0).any() or bounds[-1] > len(data):
        raise NotPlainError
    pieces = pa.BinaryArray.from_buffers(
        pa.binary(), 2 * len(starts), [None, pa.py_buffer(bounds), pa.py_buffer(data)]
    )
    values = pieces.take(pa.array(2 * order + 1))
    ends = np.cumsum(lengths[order])
    joined = np.frombuffer(values.buffers()[2], dtype=np.uint8)[: ends[-1] if len(ends) else 0]
    first, last = starts[order], (starts + lengths - 1)[order]
    is_special = (data[first] == _SPACE) | (data[last] == _SPACE)
    marked = (joined < _SPACE) | (joined == _AMPERSAND) | (joined == _GREATER)
    marked[:-1] |= (joined[:-1] == _UNDERSCORE) & (joined[1:] == _X)
    if marked.any():
        is_special[np.searchsorted(ends, np.flatnonzero(marked), side="right")] = True
    return joined.tobytes(), ends, is_special


def text_series(text: bytes, ends: Places) -> pl.Series:
    """The values that end there as a column.

    Raises:
        NotPlainError: a value is no UTF-8.
    """
    offsets = pa.py_buffer(np.append(0, ends).astype(np.int64))
    values = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(ends), [None, offsets, pa.py_buffer(text)]
    )
    # as an array by itself polars takes it with pyarrow's functions, and these take long to load
    column = pl.DataFrame(pa.record_batch([values], names=["text"]))["text"]
    try:
        return column.alias("").cast(pl.String)
    except pl.exceptions.InvalidOperationError:
        raise NotPlainError from None
