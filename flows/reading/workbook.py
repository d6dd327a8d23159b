"""A workbook as it was sent: which of the five formats it is, and the raw cells of its sheets."""

from __future__ import annotations

from pathlib import Path

from flows.reading.archive import Archive, open_archive
from flows.reading.limits import MIB, ReadingLimits
from flows.reading.ods import read_ods
from flows.reading.other_files import refuse_other, refuse_other_archive
from flows.reading.unreadable import UnreadableWorkbook, damaged, password_protected, too_large
from flows.reading.xls import read_xls
from flows.reading.xlsb import read_xlsb
from flows.reading.xlsx import read_xlsx
from schemas.raw_sheet import RawSheet

__all__ = ["ReadingLimits", "UnreadableWorkbook", "read_workbook"]

ZIP_SIGNATURE = b"PK\x03\x04"
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_ENTRY_BYTES = 128
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def read_workbook(path: Path, limits: ReadingLimits | None = None) -> list[RawSheet]:
    """The worksheets of an .xlsx, .xlsm, .xls, .xlsb or .ods, hidden ones too, in the workbook's order.

    What the file is called does not matter.

    Raises:
        UnreadableWorkbook: with what the clerk can do about it.
        OSError: the file can't be opened.
    """
    limits = limits or ReadingLimits()
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise too_large(f"文件有 {size // MIB} MB，超过 {limits.file_bytes // MIB} MB 的上限。", "file")
    data = path.read_bytes()
    try:
        return _sheets(data, limits)
    except (UnreadableWorkbook, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - native code that gives up raises no Exception
        # without its cause: the readers' messages may quote a cell
        raise damaged(type(error).__name__) from None


def _sheets(data: bytes, limits: ReadingLimits) -> list[RawSheet]:
    if data.startswith(ZIP_SIGNATURE):
        return _sheets_of_archive(open_archive(data, limits), limits)
    if data.startswith(OLE_SIGNATURE):
        if _has_stream(data, "EncryptedPackage"):
            raise password_protected()
        if _has_stream(data, "Workbook") or _has_stream(data, "Book"):
            return read_xls(data)
    return refuse_other(data)


def _sheets_of_archive(archive: Archive, limits: ReadingLimits) -> list[RawSheet]:
    if "mimetype" in archive.parts and archive.read("mimetype").strip().startswith(ODS_TYPE):
        return read_ods(archive, limits)
    if archive.find("xl/workbook.bin"):
        return read_xlsb(archive, limits)
    if archive.find("xl/workbook.xml"):
        return read_xlsx(archive, limits)
    return refuse_other_archive(archive)


def _has_stream(data: bytes, name: str) -> bool:
    """Whether the directory of an OLE file, entries of 128 bytes at a multiple of that, has this name."""
    wanted = f"{name}\0".encode("utf-16-le")
    position = data.find(wanted)
    while position >= 0 and position % OLE_ENTRY_BYTES:
        position = data.find(wanted, position + 1)
    return position >= 0
