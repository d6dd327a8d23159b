"""Whether an archive is laid out as spreadsheet programs write it, byte for byte accounted for.

Readers differ in how they take an archive with something before, between or behind its parts, with parts
that overlap, or with a part's own header saying other than the directory: each may see another workbook.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from flows.reading.limits import ReadingLimits
from flows.reading.unreadable import damaged, too_large, unsafe

_LOCAL_HEADER = struct.Struct("<4s2xHH4xIIIHH")
_END = struct.Struct("<4s4x2H2IH")
_END_64 = struct.Struct("<4sQ20xQQQ")
_END_SIZE, _LOCATOR_SIZE = 22, 20
_IS_ENCRYPTED, _HAS_DESCRIPTOR, _IS_UTF_8 = 0x1, 0x8, 0x800
_DESCRIPTOR_SIZES = (0, 12, 16, 20, 24)
"""Of what may stand behind a part that was written before its size was known."""
_DIRECTORY_BYTES_PER_PART = 512
_IN_ZIP_64 = 0xFFFFFFFF
_UNSAFE_NAME = re.compile(r"(?:^|/)\.\.?(?:/|$)|^/|\\|^[A-Za-z]:|[\x00-\x1f\x7f]")
_LONGEST_NAME = 255


@dataclass(frozen=True)
class Directory:
    """Where the list of parts stands, and of how many."""

    start: int
    end: int
    parts: int


def find_directory(data: bytes, limits: ReadingLimits) -> Directory:
    """The archive's directory, which ends where its own end record begins, and that with the file.

    Raises:
        UnreadableWorkbook: cut off, with more behind it, or with more parts than the limits.
    """
    at = data.rfind(b"PK\x05\x06")
    if at < 0 or at + _END_SIZE > len(data):
        raise damaged("no end of directory")
    _, _, parts, size, start, comment = _END.unpack_from(data, at)
    if at + _END_SIZE + comment != len(data):
        raise damaged("more behind the archive, or less")
    end = at
    if data[at - _LOCATOR_SIZE : at].startswith(b"PK\x06\x07"):
        end, parts, size, start = _directory_64(data, at - _LOCATOR_SIZE)
    if start + size != end:
        raise damaged("directory and its end differ")
    if parts > limits.parts or size > limits.parts * _DIRECTORY_BYTES_PER_PART:
        raise too_large(f"文件里有 {parts} 个部件，超过 {limits.parts} 个的上限。", "parts")
    return Directory(start, end, parts)


def _directory_64(data: bytes, locator_at: int) -> tuple[int, int, int, int]:
    (at,) = struct.unpack_from("<Q", data, locator_at + 8)
    if at + _END_64.size > locator_at or data[at : at + 4] != b"PK\x06\x06":
        raise damaged("end of directory (64 bits)")
    _, length, parts, size, start = _END_64.unpack_from(data, at)
    if at + 12 + length != locator_at:
        raise damaged("end of directory (64 bits)")
    return at, parts, size, start


def check_layout(data: bytes, directory: Directory, entries: Sequence[zipfile.ZipInfo]) -> None:
    """The parts follow each other from the first byte up to the directory, each as listed there.

    Raises:
        UnreadableWorkbook: they don't, or a part's name leads elsewhere.
    """
    if len(entries) != directory.parts:
        raise damaged("number of parts")
    in_order = sorted(entries, key=lambda entry: entry.header_offset)
    starts = [*(entry.header_offset for entry in in_order), directory.start]
    if starts[0] != 0:
        raise damaged("something before the first part")
    for entry, next_start in zip(in_order, starts[1:], strict=True):
        name = entry.orig_filename
        if len(name) > _LONGEST_NAME or _UNSAFE_NAME.search(name):
            raise unsafe("name of a part", "部件的名称")
        _check_part(data, entry, next_start)


def _check_part(data: bytes, entry: zipfile.ZipInfo, next_start: int) -> None:
    start = entry.header_offset
    if start + _LOCAL_HEADER.size > next_start or data[start : start + 4] != b"PK\x03\x04":
        raise damaged("local header")
    _, flags, method, *sums, name_length, extra_length = _LOCAL_HEADER.unpack_from(data, start)
    name_start = start + _LOCAL_HEADER.size
    name = data[name_start : name_start + name_length]
    encoding = "utf-8" if entry.flag_bits & _IS_UTF_8 else "cp437"
    if name.decode(encoding, "replace") != entry.orig_filename or method != entry.compress_type:
        raise damaged("a part's header and the directory differ")
    if (flags ^ entry.flag_bits) & _IS_ENCRYPTED:
        raise damaged("a part's header and the directory differ")
    is_written_behind = bool(flags & _HAS_DESCRIPTOR)
    stated = (entry.CRC, entry.compress_size, entry.file_size)
    unknown = {0, _IN_ZIP_64} if is_written_behind else {_IN_ZIP_64}
    if any(here not in (there, *unknown) for here, there in zip(sums, stated, strict=True)):
        raise damaged("a part's header and the directory differ")
    behind = next_start - (name_start + name_length + extra_length + entry.compress_size)
    if behind not in (_DESCRIPTOR_SIZES if is_written_behind else (0,)):
        raise damaged("bytes that belong to no part, or to two")
