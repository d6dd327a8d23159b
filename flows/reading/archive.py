"""The archive that a workbook is: looked over before anything in it is understood."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Container, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from flows.reading.limits import MIB, ReadingLimits
from flows.reading.unreadable import damaged, password_protected, too_large, unsafe
from flows.reading.zip_layout import check_layout, find_directory

CHUNK_BYTES = 256 * 1024
LOCAL_HEADER = struct.Struct("<4s22xHH")
IS_ENCRYPTED = 0x1
DECLARATIONS = tuple(
    mark.encode(encoding)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)
IN_EVERY_DECLARATION = b"!"
LONGEST_DECLARATION = max(map(len, DECLARATIONS))
READ_ENCODINGS = (b"utf-8", b"us-ascii", b"utf-16")
_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']*)")
NOT_PARSED = ("Basic/", "Dialogs/", "Scripts/")
"""Macros of LibreOffice, which declare a document type and which nobody opens here."""


@dataclass(frozen=True)
class Archive:
    """The parts of a zip archive by name; every byte that is handed out has been checked."""

    data: bytes
    parts: dict[str, zipfile.ZipInfo]

    def find(self, name: str) -> str | None:
        """The part's name as it is stored, whatever case it is written in."""
        if name in self.parts:
            return name
        folded = name.casefold()
        return next((stored for stored in self.parts if stored.casefold() == folded), None)

    def read(self, name: str) -> bytes:
        """A whole part.

        Raises:
            UnreadableWorkbook: no such part, or it is damaged or unsafe.
        """
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part in pieces. Its size and checksum are compared when the last piece has been taken.

        Raises:
            UnreadableWorkbook: no such part, or it is damaged or unsafe.
        """
        stored = self.find(name)
        if stored is None:
            raise damaged(f"part missing: {name}")
        part = self.parts[stored]
        may_declare = not stored.endswith((".xml", ".rels")) or stored.startswith(NOT_PARSED)
        checksum, size, end_of_last = 0, 0, b""
        for chunk in _unpacked(self.data, part):
            checksum, size = zlib.crc32(chunk, checksum), size + len(chunk)
            if size > part.file_size:
                break
            if not may_declare:
                if size == len(chunk):
                    _refuse_other_encodings(chunk)
                _refuse_declarations(end_of_last, chunk)
                end_of_last = (end_of_last + chunk[-LONGEST_DECLARATION:])[-LONGEST_DECLARATION:]
            yield chunk
        if size != part.file_size or checksum != part.CRC:
            raise damaged(f"checksum or size of {stored}")

    def check(self, but: Container[str] = ()) -> None:
        """Read every part to its end, except those named, and forget it.

        Raises:
            UnreadableWorkbook: a part is damaged or unsafe.
        """
        for name in self.parts:
            if name not in but:
                for _ in self.chunks(name):
                    pass


def open_archive(data: bytes, limits: ReadingLimits) -> Archive:
    """The archive's directory, checked for what no spreadsheet program writes.

    Raises:
        UnreadableWorkbook: broken, encrypted, or larger than the limits when unpacked.
    """
    directory = find_directory(data, limits)
    try:
        with zipfile.ZipFile(BytesIO(data)) as file:
            entries = file.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, IndexError) as error:
        raise damaged(type(error).__name__) from None
    if any(entry.flag_bits & IS_ENCRYPTED for entry in entries):
        raise password_protected()
    check_layout(data, directory, entries)
    parts = [entry for entry in entries if not entry.is_dir()]
    _check_sizes(parts, limits)
    names = [entry.filename.casefold() for entry in parts]
    if len(set(names)) < len(names):
        raise damaged("two parts of one name")
    return Archive(data, {entry.filename: entry for entry in parts})


def unpacked_bytes(path: Path, limits: ReadingLimits) -> int:
    """What a file comes to when it is unpacked, as far as its own word for it can be true."""
    size = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as file:
            stated = sum(entry.file_size for entry in file.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, IndexError):
        return size
    return min(stated, size * limits.compression_ratio, limits.unpacked_bytes)


def _check_sizes(entries: list[zipfile.ZipInfo], limits: ReadingLimits) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.unpacked_bytes:
        raise too_large(
            f"文件解压后有 {unpacked // MIB} MB，超过 {limits.unpacked_bytes // MIB} MB 的上限。", "unpacked"
        )
    for entry in entries:
        is_packed_too_well = entry.file_size > limits.compression_ratio * max(entry.compress_size, 1)
        if entry.file_size > limits.ratio_free_bytes and is_packed_too_well:
            raise too_large(
                f"文件的压缩比超过 {limits.compression_ratio} 倍，多半是带格式的空白行或空白列太多。", "ratio"
            )


def _unpacked(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    packed = memoryview(data)[_content_start(data, part) :][: part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        for start in range(0, len(packed), CHUNK_BYTES):
            yield bytes(packed[start : start + CHUNK_BYTES])
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise damaged(f"compression method {part.compress_type}")
    yield from _inflated(packed)


def _inflated(packed: memoryview) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    position = 0
    try:
        while not inflater.eof:
            waiting = inflater.unconsumed_tail
            if not waiting:
                waiting = bytes(packed[position : position + CHUNK_BYTES])
                position += CHUNK_BYTES
            chunk = inflater.decompress(waiting, CHUNK_BYTES)
            if chunk:
                yield chunk
            elif not waiting:
                break
    except zlib.error as error:
        raise damaged(type(error).__name__) from None
    if not inflater.eof or inflater.unused_data or position < len(packed):
        raise damaged("compressed stream and its directory entry differ")


def _content_start(data: bytes, part: zipfile.ZipInfo) -> int:
    header = data[part.header_offset : part.header_offset + LOCAL_HEADER.size]
    if len(header) < LOCAL_HEADER.size:
        raise damaged("local header")
    signature, name_length, extra_length = LOCAL_HEADER.unpack(header)
    if signature != b"PK\x03\x04":
        raise damaged("local header")
    return part.header_offset + LOCAL_HEADER.size + int(name_length) + int(extra_length)


def _refuse_other_encodings(start: bytes) -> None:
    """The readers of values take every part for UTF-8, whatever it says of itself."""
    declared = _ENCODING.match(start)
    if declared and declared[1].lower() not in READ_ENCODINGS:
        raise damaged("encoding of a part")


def _refuse_declarations(before: bytes, chunk: bytes) -> None:
    # one byte that all have in common is found much faster, and is rare
    if IN_EVERY_DECLARATION not in chunk and IN_EVERY_DECLARATION not in before:
        return
    seen = before + chunk
    if any(declaration in seen for declaration in DECLARATIONS):
        raise unsafe("document type or entity declared")
