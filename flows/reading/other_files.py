"""Files that are no workbook: told by their content, so that the message can say what to do."""

from __future__ import annotations

import re
from typing import NoReturn

from flows.reading.archive import Archive
from flows.reading.unreadable import SAVE_AS_XLSX, UnreadableWorkbook, not_a_workbook

UNPACK_FIRST = "请先解压，再上传里面的工作簿。"
FILL_IN_WORKBOOK = "请把内容填进模板工作簿后上传。"

BY_SIGNATURE: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", " PDF 文件", FILL_IN_WORKBOOK),
    (b"\xff\xd8\xff", "图片", FILL_IN_WORKBOOK),
    (b"\x89PNG", "图片", FILL_IN_WORKBOOK),
    (b"GIF8", "图片", FILL_IN_WORKBOOK),
    (b"BM", "图片", FILL_IN_WORKBOOK),
    (b"Rar!", "压缩包", UNPACK_FIRST),
    (b"7z\xbc\xaf\x27\x1c", "压缩包", UNPACK_FIRST),
    (b"\x1f\x8b", "压缩包", UNPACK_FIRST),
    (b"PK\x05\x06", "空的压缩包", UNPACK_FIRST),
    (b"{\\rtf", " Word 文档", FILL_IN_WORKBOOK),
    (b"\xd0\xcf\x11\xe0", "其他 Office 文档（不是表格）", FILL_IN_WORKBOOK),
    (b"\x09\x00", " Excel 95 之前的旧格式文件", SAVE_AS_XLSX),
    (b"\x09\x02", " Excel 95 之前的旧格式文件", SAVE_AS_XLSX),
    (b"\x09\x04", " Excel 95 之前的旧格式文件", SAVE_AS_XLSX),
)
BY_FOLDER = (("word/", " Word 文档"), ("ppt/", " PowerPoint 演示文稿"))
_HTML = re.compile(r"<(?:!doctype html|html|head|meta|table|script)\b", re.IGNORECASE)
_START_BYTES = 4096
_CONTROL = frozenset(map(chr, range(32))) - {"\t", "\n", "\r", "\f"}


def refuse_other(data: bytes) -> NoReturn:
    """Say what the file is.

    Raises:
        UnreadableWorkbook: always.
    """
    if not data.strip(b"\0"):
        raise UnreadableWorkbook("empty", "文件是空的，没有内容。请检查原文件，保存后重新上传。")
    for signature, what_it_is, what_to_do in BY_SIGNATURE:
        if data.startswith(signature):
            raise not_a_workbook(what_it_is, what_to_do)
    start = _as_text(data[:_START_BYTES])
    if start is None:
        raise not_a_workbook("无法识别的文件", f"文件可能已损坏。{SAVE_AS_XLSX}")
    if _HTML.search(start):
        raise not_a_workbook("网页（只是改了扩展名）")
    if start.lstrip().startswith("<"):
        raise not_a_workbook(" XML 文件")
    raise not_a_workbook("文本文件（如 CSV）")


def refuse_other_archive(archive: Archive) -> NoReturn:
    """Say what the archive is.

    Raises:
        UnreadableWorkbook: always.
    """
    for folder, what_it_is in BY_FOLDER:
        if any(name.startswith(folder) for name in archive.parts):
            raise not_a_workbook(what_it_is, FILL_IN_WORKBOOK)
    if "mimetype" in archive.parts:
        raise not_a_workbook(" OpenDocument 文档（不是表格）", FILL_IN_WORKBOOK)
    raise not_a_workbook("压缩包", UNPACK_FIRST)


def _as_text(start: bytes) -> str | None:
    """The start of a text file in one of the encodings in use, or None."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        text = start.decode(encoding, errors="ignore")
        if len(text.encode(encoding)) >= len(start) - 3:
            return None if _CONTROL & set(text) else text.lstrip("\ufeff")
    return None
