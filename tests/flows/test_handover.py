"""What a process hands over arrives as it was, and is gone from memory when it is used no longer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from multiprocessing import Pipe
from pathlib import Path
from threading import Thread

import polars as pl
import pytest

from flows.frames_in_memory import LARGE_BYTES, packed, unpacked, without_the_rest
from flows.handover import receive, send

LARGE = pl.DataFrame(
    {
        "number": pl.int_range(LARGE_BYTES // 8, eager=True),
        "amount": pl.Series([Decimal("1.05")], dtype=pl.Decimal(18, 2)).new_from_index(0, LARGE_BYTES // 8),
        "day": pl.Series([date(2023, 5, 1)]).new_from_index(0, LARGE_BYTES // 8),
        "is_void": pl.Series([None], dtype=pl.Boolean).new_from_index(0, LARGE_BYTES // 8),
    }
).with_columns(text=pl.Series([None, "", "短", "比十二个字节更长的一段文字"] * (LARGE_BYTES // 32)))
SMALL = LARGE.head(5)


def handed_over(*result: object) -> tuple[object, ...]:
    """What arrives, from a thread in the place of a process."""
    ours, theirs = Pipe()
    sender = Thread(target=send, args=(theirs, result))
    sender.start()
    with ours, theirs:
        received = receive(ours)
        sender.join()
    return received


def held_in_memory() -> int:
    return Path("/proc/self/maps").read_text(encoding="utf-8").count("memfd:frames")


@pytest.mark.parametrize("frames", [[], [SMALL], [LARGE], [LARGE, SMALL, LARGE.tail(LARGE_BYTES // 9)]])
def test_frames_arrive_as_they_were(frames: list[pl.DataFrame]) -> None:
    name, received = handed_over("name", frames)

    assert name == "name"
    assert isinstance(received, list)
    assert [frame.schema for frame in received] == [frame.schema for frame in frames]
    assert all(frame.equals(sent) for frame, sent in zip(received, frames, strict=True))
    assert all(frame.n_chunks() == 1 for frame in received)


def test_memory_is_given_back_when_a_frame_is_used_no_longer() -> None:
    [received] = handed_over(LARGE)

    assert held_in_memory() == 1
    del received
    assert held_in_memory() == 0


def test_a_sender_that_is_gone_is_told_as_such() -> None:
    ours, theirs = Pipe()
    theirs.close()

    with ours, pytest.raises(EOFError):
        receive(ours)


def test_what_is_packed_comes_back_in_less_room() -> None:
    content = packed(LARGE)
    assert unpacked(content).equals(LARGE)
    assert unpacked(content).schema == LARGE.schema
    assert len(content) < LARGE.estimated_size() / 4


def test_a_few_rows_do_not_keep_the_texts_of_all() -> None:
    few = LARGE.head(4)
    assert without_the_rest(few).equals(few)
    assert without_the_rest(LARGE.clear()).schema == LARGE.schema
