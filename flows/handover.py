"""What a process hands to its parent: large frames in memory that both see, everything else through a pipe.

That memory has no name and is in no file, so that nothing is left of it when a process is killed. A frame
that is received lies in it for as long as it is used, and is not copied.
"""

from __future__ import annotations

import mmap
import os
import pickle
from importlib import import_module
from io import BytesIO
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from typing import Any, BinaryIO

Place = tuple[int, int]
_FRAMES = "flows.frames_in_memory"
"""Loaded where there are frames: it takes a while, and somebody may be waiting for a result without one."""


def send(connection: Connection, result: tuple[object, ...]) -> None:
    """Hand over a result; `receive` takes it at the other end."""
    with os.fdopen(os.memfd_create("frames"), "w+b") as memory:
        packed = BytesIO()
        _Pickler(packed, memory).dump(result)
        memory.flush()
        has_frames = memory.tell() > 0
        connection.send((packed.getvalue(), has_frames))
        if has_frames:
            send_handle(connection, memory.fileno(), None)


def receive(connection: Connection) -> tuple[Any, ...]:
    """What was handed over. Raises EOFError or OSError when the other end is gone."""
    packed, has_frames = connection.recv()
    if not has_frames:
        return _unpacked(packed, None)
    with os.fdopen(recv_handle(connection), "rb") as memory:
        return _unpacked(packed, mmap.mmap(memory.fileno(), 0, prot=mmap.PROT_READ))


def _unpacked(packed: bytes, memory: mmap.mmap | None) -> tuple[Any, ...]:
    result: tuple[Any, ...] = _Unpickler(packed, memory).load()
    return result


class _Pickler(pickle.Pickler):
    def __init__(self, packed: BytesIO, memory: BinaryIO) -> None:
        super().__init__(packed, pickle.HIGHEST_PROTOCOL)
        self._memory = memory
        self._frames = import_module(_FRAMES)

    def persistent_id(self, value: object) -> Place | None:
        """Where in memory a large frame is; nothing for anything else."""
        place: Place | None = self._frames.write_if_large(value, self._memory)
        return place


class _Unpickler(pickle.Unpickler):
    def __init__(self, packed: bytes, memory: mmap.mmap | None) -> None:
        super().__init__(BytesIO(packed))
        self._memory = memory

    def persistent_load(self, place: Place) -> object:
        """The frame that is there."""
        frame: object = import_module(_FRAMES).frame_at(self._memory, place)
        return frame
