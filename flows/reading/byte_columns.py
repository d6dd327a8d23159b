"""Values that stand somewhere in an array of bytes, put one behind the other, and made a column of texts."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

from flows.reading.divided import NotPlainError
from flows.reading.tags import Bytes, Flags, Places

_SPACE, _UNDERSCORE, _X, _AMPERSAND, _GREATER = (ord(letter) for letter in " _x&>")


def joined_values(data: Bytes, starts: Places, lengths: Places) -> tuple[bytes, Flags]:
    """The values one behind the other, and which of them are special.

    Those are with bytes that may stand for something else, or with white space around.
    """
    ends = np.cumsum(lengths)
    joined = data[np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)]
    is_special = (data[starts] == _SPACE) | (data[starts + lengths - 1] == _SPACE)
    marked = (joined < _SPACE) | (joined == _AMPERSAND) | (joined == _GREATER)
    marked[:-1] |= (joined[:-1] == _UNDERSCORE) & (joined[1:] == _X)
    if marked.any():
        is_special[np.searchsorted(ends, np.flatnonzero(marked), side="right")] = True
    return joined.tobytes(), is_special


def text_series(text: bytes, ends: Places) -> pl.Series:
    """The values that end there as a column.

    Raises:
        NotPlainError: a value is no UTF-8.
    """
    offsets = pa.py_buffer(np.append(0, ends).astype(np.int64))
    values = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(ends), [None, offsets, pa.py_buffer(text)]
    )
    try:
        return pl.Series(pl.from_arrow(values)).cast(pl.String)
    except pl.exceptions.InvalidOperationError:
        raise NotPlainError from None
