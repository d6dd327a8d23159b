"""Why a file can't be read, and what the clerk can do about it."""

from __future__ import annotations

from typing import Literal

from flows.cage import Cause

Reason = Literal[
    "empty", "not_a_workbook", "password", "damaged", "too_large", "unsafe",
    "too_much_memory", "too_much_time", "reader_crashed",
]  # fmt: skip

SAVE_AS_XLSX = "请用 Excel 或 WPS 打开，另存为 .xlsx 工作簿后重新上传。"


class UnreadableWorkbook(Exception):  # noqa: N818 - a finding about the file, not a fault of the program
    """A file that can't be read as a workbook.

    `message` is Chinese, says what to do and contains no cell's value; `reason` is a short code; `detail`
    names what the reader stumbled over, for the log.
    """

    def __init__(self, reason: Reason, message: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason: Reason = reason
        self.message = message
        self.detail = detail


def damaged(detail: str) -> UnreadableWorkbook:
    """The file has the look of a workbook but its content is broken."""
    return UnreadableWorkbook(
        "damaged", f"文件已损坏或保存不完整，无法读取。{SAVE_AS_XLSX}打不开时请向报送人要原文件。", detail
    )


def password_protected() -> UnreadableWorkbook:
    """The file, or a part of it, is encrypted."""
    return UnreadableWorkbook(
        "password", "文件设有密码，无法读取。请用 Excel 或 WPS 打开，去掉密码后保存，再重新上传。"
    )


def too_large(fact: str, detail: str = "") -> UnreadableWorkbook:
    """The file, unpacked, is larger than the limits; `fact` says in Chinese by what."""
    return UnreadableWorkbook("too_large", f"{fact}请删去多余的内容，或分成几个文件后重新上传。", detail)


def unsafe(detail: str, what: str = "实体声明") -> UnreadableWorkbook:
    """The file contains what no spreadsheet program writes and what may harm the reader."""
    return UnreadableWorkbook("unsafe", f"文件里有不安全的内容（{what}），没有读取。{SAVE_AS_XLSX}", detail)


def exceeded(cause: Cause) -> UnreadableWorkbook:
    """Reading the file was ended, since it took more than a file of its size may, or since it crashed."""
    make_smaller = "请删去多余的行、列和格式（尤其是远离数据的单元格），或分成几个文件后重新上传。"
    if cause is Cause.MEMORY:
        return UnreadableWorkbook(
            "too_much_memory", f"读取这个文件需要的内存超过上限，没有读取。{make_smaller}", cause
        )
    if cause is Cause.PROCESSOR_TIME:
        return UnreadableWorkbook(
            "too_much_time", f"读取这个文件需要的处理器时间超过上限，没有读取。{make_smaller}", cause
        )
    return UnreadableWorkbook(
        "reader_crashed", f"读取这个文件时读取程序崩溃，文件多半已损坏，没有读取。{SAVE_AS_XLSX}", cause
    )


def not_a_workbook(what_it_is: str, what_to_do: str = SAVE_AS_XLSX) -> UnreadableWorkbook:
    """The file is something else; both arguments are Chinese sentences' parts for the clerk."""
    return UnreadableWorkbook("not_a_workbook", f"这不是工作簿，而是{what_it_is}。{what_to_do}")
