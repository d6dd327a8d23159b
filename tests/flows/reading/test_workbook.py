from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt

from flows.reading import workbook
from flows.reading.workbook import ReadingLimits, UnreadableWorkbook, read_workbook
from schemas.raw_sheet import RawSheet
from tests.support import ods, xlsb
from tests.support.filled_cells import filled_cells
from tests.support.raw_xlsx import raw_xlsx_parts, row_of, worksheet, write_parts

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def make_xlsx(path: Path) -> Path:
    book = openpyxl.Workbook()
    book["Sheet"].append(["甲", 1])
    book.save(path)
    return path


def make_xlsm(path: Path) -> Path:
    cells = '<c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="B1"><v>1</v></c>'
    parts: dict[str, str | bytes] = {**raw_xlsx_parts({"Sheet": worksheet(row_of(cells))})}
    parts["[Content_Types].xml"] = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
    )
    parts["xl/vbaProject.bin"] = OLE_SIGNATURE + bytes(512)
    return write_parts(path, parts)


def make_xls(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet")
    sheet.write(0, 0, "甲")
    sheet.write(0, 1, 1)
    book.save(str(path))
    return path


def make_xlsb(path: Path) -> Path:
    return xlsb.write_xlsb(path, [xlsb.XlsbSheet("Sheet", {(0, 0): "甲", (0, 1): 1})])


def make_ods(path: Path) -> Path:
    row = ods.row_of(ods.cell("甲") + ods.cell("1", "float", "1"))
    return ods.write_ods(path, ods.table(row, "Sheet"))


FORMATS = {"xlsx": make_xlsx, "xlsm": make_xlsm, "xls": make_xls, "xlsb": make_xlsb, "ods": make_ods}
every_format = pytest.mark.parametrize("make", FORMATS.values(), ids=FORMATS.keys())


def read_or_none(path: Path) -> list[RawSheet] | None:
    """None when refused; any other exception is a failure of the test."""
    try:
        return read_workbook(path)
    except UnreadableWorkbook:
        return None


def refusal(path: Path, limits: ReadingLimits | None = None) -> UnreadableWorkbook:
    with pytest.raises(UnreadableWorkbook) as refused:
        read_workbook(path, limits)
    return refused.value


@every_format
@pytest.mark.parametrize("name", ["a", "表.xlsx", "表.xls", "表.csv", "表.ods"])
def test_a_format_is_known_by_its_content(tmp_path: Path, make: Callable[[Path], Path], name: str) -> None:
    made = make(tmp_path / "made.xlsx")
    path = Path(shutil.move(made, tmp_path / name))

    (sheet,) = read_workbook(path)
    assert sheet.name == "Sheet"
    assert filled_cells(sheet) == {"A1": ("text", "甲"), "B1": ("number", "1")}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("房屋编号,户编号\nF-1,H-1\n".encode(), "文本文件"),
        ("房屋编号\t户编号\r\n".encode("gb18030"), "文本文件"),
        ("房屋编号".encode("utf-16"), "文本文件"),
        (b"<html><head></head><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html></html>", "网页"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "XML"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xff\xd8\xff\xe0....JFIF", "图片"),
        (b"\x89PNG\r\n", "图片"),
        (b"Rar!\x1a\x07", "解压"),
        (b"7z\xbc\xaf\x27\x1c", "解压"),
        (b"{\\rtf1 ...}", "Word"),
        (b"\x09\x08\x00\x01\x02\x03", "无法识别"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "旧格式"),
        (random.Random(5).randbytes(4000), "无法识别"),  # noqa: S311 - test data, not a secret
        (OLE_SIGNATURE + bytes(504) + "WordDocument".encode("utf-16-le"), "Office"),
    ],
)
def test_another_kind_of_file_is_named_with_what_to_do(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    refused = refusal(tmp_path / "a.xlsx")

    assert refused.reason == "not_a_workbook"
    assert says in refused.message
    assert "请" in refused.message


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"word/document.xml": "<w/>"}, "Word"),
        ({"ppt/presentation.xml": "<p/>"}, "PowerPoint"),
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, "OpenDocument"),
        ({"调查表.xlsx": "PK"}, "解压"),
    ],
)
def test_another_kind_of_archive_is_named_with_what_to_do(
    tmp_path: Path, parts: dict[str, str | bytes], says: str
) -> None:
    refused = refusal(write_parts(tmp_path / "a.xlsx", parts))

    assert refused.reason == "not_a_workbook"
    assert says in refused.message


@pytest.mark.parametrize("content", [b"", bytes(4096)])
def test_an_empty_file_is_called_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)

    assert refusal(tmp_path / "a.xlsx").reason == "empty"


def test_an_encrypted_office_file_asks_for_the_password_to_be_removed(tmp_path: Path) -> None:
    directory = "EncryptedPackage".encode("utf-16-le").ljust(128, b"\0")
    (tmp_path / "a.xlsx").write_bytes(OLE_SIGNATURE + bytes(504) + directory)
    refused = refusal(tmp_path / "a.xlsx")

    assert refused.reason == "password"
    assert "密码" in refused.message


def test_a_file_over_the_size_limit_is_not_even_opened(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "a.xlsx")
    size = path.stat().st_size

    assert read_workbook(path, ReadingLimits(file_bytes=size))
    assert refusal(path, ReadingLimits(file_bytes=size - 1)).reason == "too_large"
    assert ReadingLimits().file_bytes == 200 * 1024**2


def test_a_file_that_is_not_there_is_no_matter_of_the_clerk(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_workbook(tmp_path / "a.xlsx")


@every_format
def test_a_file_cut_short_anywhere_is_read_the_same_or_refused(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    data = make(tmp_path / "a.xlsx").read_bytes()
    for end in range(0, len(data), max(len(data) // 40, 1)):
        (tmp_path / "b").write_bytes(data[:end])
        read = read_or_none(tmp_path / "b")
        assert read is None or filled_cells(read[0]) == {"A1": ("text", "甲"), "B1": ("number", "1")}


@pytest.mark.parametrize("make", [make_xlsx, make_xlsb, make_ods])
def test_a_flipped_bit_is_found_or_does_no_harm(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    data = make(tmp_path / "a.xlsx").read_bytes()
    (untouched,) = read_workbook(tmp_path / "a.xlsx")
    chance = random.Random(11)  # noqa: S311 - which bits are flipped is no secret
    for _ in range(120):
        flipped = bytearray(data)
        flipped[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        (tmp_path / "b").write_bytes(flipped)
        read = read_or_none(tmp_path / "b")
        assert read is None or read[0].cells.equals(untouched.cells)


def test_an_xls_with_flipped_bits_never_ends_in_another_exception(tmp_path: Path) -> None:
    data = make_xls(tmp_path / "a.xls").read_bytes()
    chance = random.Random(12)  # noqa: S311
    for _ in range(120):
        flipped = bytearray(data)
        flipped[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        (tmp_path / "b").write_bytes(flipped)
        read_or_none(tmp_path / "b")


class PanicException(BaseException):
    """As native code raises it: no Exception."""


@pytest.mark.parametrize(
    "raised", [PanicException("甲"), RuntimeError("甲"), AssertionError(), RecursionError()]
)
def test_a_reader_that_gives_up_leaves_a_damaged_file_and_no_cell_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: BaseException
) -> None:
    def give_up(*_: object) -> None:
        raise raised

    monkeypatch.setattr(workbook, "read_xlsx", give_up)
    refused = refusal(make_xlsx(tmp_path / "a.xlsx"))

    assert refused.reason == "damaged"
    assert refused.detail == type(raised).__name__
    assert "甲" not in str(refused)
    assert refused.__suppress_context__


@pytest.mark.parametrize("raised", [MemoryError, KeyboardInterrupt, SystemExit])
def test_what_is_no_fault_of_the_file_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: type[BaseException]
) -> None:
    def stop(*_: object) -> None:
        raise raised

    monkeypatch.setattr(workbook, "read_xlsx", stop)
    with pytest.raises(raised):
        read_workbook(make_xlsx(tmp_path / "a.xlsx"))


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_entities_in_any_part_are_unsafe(tmp_path: Path, part: str) -> None:
    parts = raw_xlsx_parts({"表一": worksheet("")})
    parts[part] = f'<!DOCTYPE x [<!ENTITY a "aaaa">]>{parts[part]}'

    assert refusal(write_parts(tmp_path / "a.xlsx", parts)).reason == "unsafe"
