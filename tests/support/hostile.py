"""Workbooks that are hostile or odd, each with what must become of it."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.support import ods
from tests.support.raw_xlsx import raw_xlsx_parts, row_of, shared_texts, styles, worksheet

Cells = dict[str, tuple[str, str | None]]
Parts = dict[str, str | bytes]

SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
GOOD_CELLS = '<c r="A1" t="s"><v>0</v></c><c r="B1"><v>7</v></c>'
GOOD_TEXT = "<t>甲乙</t>"
GOOD: Cells = {"A1": ("text", "甲乙"), "B1": ("number", "7")}
DAMAGED, UNSAFE, TOO_LARGE, PASSWORD = "damaged", "unsafe", "too_large", "password"
MEMORY, TIME = "too_much_memory", "too_much_time"
_DECLARATION = '<?xml version="1.0" encoding="{}"?>'
_BOMB = "<!DOCTYPE a [" + "".join(
    f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x"}">' for n in range(9)
) + "]>"  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A file's content, and the cells that must be read or the reason why it must be refused."""

    name: str
    content: bytes
    expected: Cells | str


def good_parts(rows: str = "", text: str = GOOD_TEXT, behind: str = "") -> Parts:
    """A workbook of one sheet."""
    parts: Parts = {**raw_xlsx_parts({"表一": worksheet(rows or row_of(GOOD_CELLS), behind)})}
    parts[TEXTS] = shared_texts(text)
    return parts


def packed(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as an archive, with the same bytes every time."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return written.getvalue()


def repacked(content: bytes) -> bytes:
    """An archive with the same bytes every time, whenever its parts were made."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts: Parts = {part.filename: archive.read(part) for part in archive.infolist()}
    if "docProps/core.xml" in parts:
        parts["docProps/core.xml"] = "<coreProperties/>"
    return packed(parts)


def cases() -> Iterator[Case]:
    """All kinds."""
    for group in (_of_archives, _of_directories, _of_xml, _of_values, _of_texts, _of_sizes, _of_others):
        yield from group()


def _of_archives() -> Iterator[Case]:
    good = good_parts()
    for title, name in (
        ("a name that climbs", "../../etc/cron.d/x"),
        ("a name from the root", "/etc/passwd"),
        ("a name with backslashes", "xl\\worksheets\\sheet2.xml"),
        ("a name with a drive", "C:/x"),
        ("a name of dots", "xl/./x"),
        ("a name with a line break", "xl/a\nb"),
        ("a very long name", "xl/" + "x" * 300),
    ):
        yield Case(title, packed(good | {name: "x"}), UNSAFE)
    yield Case(
        "a name in other letters again", packed(good | {"XL/workbook.xml": good["xl/workbook.xml"]}), DAMAGED
    )
    yield Case("a name in Chinese", packed(good | {"xl/媒体/图.png": "x"}), GOOD)
    yield Case("ten thousand parts", packed(good | {f"xl/media/{n}": "" for n in range(10_001)}), TOO_LARGE)
    yield Case("stored, not packed", packed(good, zipfile.ZIP_STORED), GOOD)
    yield Case("packed by LZMA", packed(good, zipfile.ZIP_LZMA), DAMAGED)
    yield Case("packed by BZIP2", packed(good, zipfile.ZIP_BZIP2), DAMAGED)
    yield Case("a workbook in a workbook", packed(good | {"xl/embeddings/a.xlsx": packed(good)}), GOOD)
    yield Case("macros", packed(good | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(512)}), GOOD)
    yield Case("written as a stream", _streamed(good), GOOD)
    yield Case("in 64 bits", _in_64_bits(good), GOOD)
    for part in ("xl/workbook.xml", "_rels/.rels", SHEET):
        without = {name: content for name, content in good.items() if name != part}
        yield Case(
            f"without {part}", packed(without), "not_a_workbook" if part == "xl/workbook.xml" else DAMAGED
        )


def _of_directories() -> Iterator[Case]:
    data = packed(good_parts())
    directory, end = data.index(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    yield Case("cut in the directory", data[: (directory + end) // 2], DAMAGED)
    yield Case("cut in the end record", data[: end + 10], DAMAGED)
    yield Case("bytes behind", data + b"\0", DAMAGED)
    yield Case("a page behind", data + b"<html></html>", DAMAGED)
    yield Case("a comment", _changed(data, end + 20, b"\x02\x00") + b"ok", GOOD)
    yield Case("bytes before", b"#!/bin/sh\n" + data, "not_a_workbook")
    yield Case("another archive before", packed({"a": "x"}) + data, DAMAGED)
    yield Case("another archive behind", data + packed(good_parts(text="<t>丙</t>")), DAMAGED)
    yield Case("a second end record", data + data[end:], DAMAGED)
    yield Case("bytes between parts and directory", _with_gap(data, directory, end), DAMAGED)
    yield Case("a size that is too small", _changed(data, directory + 24, struct.pack("<I", 10)), DAMAGED)
    yield Case("a size of 4 GiB", _changed(data, directory + 24, struct.pack("<I", 0xFFFFFFF0)), DAMAGED)
    yield Case("a checksum of another", _changed(data, directory + 16, b"\1\2\3\4"), DAMAGED)
    yield Case("fewer parts than there are", _changed(data, end + 8, b"\1\0\1\0"), DAMAGED)
    yield Case("another name in the part", _changed(data, 30, b"X"), DAMAGED)
    yield Case("two parts in one place", _changed(data, _second_entry(data) + 42, bytes(4)), DAMAGED)
    yield Case("an encrypted part", _changed(data, directory + 8, b"\1"), PASSWORD)


def _of_xml() -> Iterator[Case]:
    good = good_parts()
    for part in ("xl/workbook.xml", SHEET, TEXTS, "xl/styles.xml", "_rels/.rels"):
        yield Case(f"a bomb of entities in {part}", packed(good | {part: _BOMB + str(good[part])}), UNSAFE)
        yield Case(f"{part} cut", packed(good | {part: str(good[part])[:-4]}), DAMAGED)
    file_entity = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    yield Case(
        "an entity from a file", packed(good | {TEXTS: file_entity + shared_texts("<t>&x;</t>")}), UNSAFE
    )
    yield Case("an entity that is not declared", packed(good_parts(text="<t>甲&x;</t>")), DAMAGED)
    yield Case("texts that say GBK", _texts_in("GBK", "gbk"), DAMAGED)
    yield Case("texts in UTF-8 that say Latin", _texts_in("ISO-8859-1", "utf-8"), DAMAGED)
    yield Case("texts in UTF-16", _texts_in("UTF-16", "utf-16"), DAMAGED)
    yield Case("texts that say UTF-8", _texts_in("UTF-8", "utf-8"), GOOD)
    yield Case(
        "texts that are no UTF-8",
        packed(good | {TEXTS: shared_texts("<t>x</t>").encode().replace(b"x", b"\xff")}),
        DAMAGED,
    )
    deep = "<a>" * 100_000 + "</a>" * 100_000
    yield Case("elements a hundred thousand deep", packed(good_parts(behind=deep)), GOOD)
    twice = str(good["_rels/.rels"]).replace(
        "<Relationship ", '<Relationship Id="rId1" Type="x" Target="y"/><Relationship '
    )
    yield Case("two relations of one id", packed(good | {"_rels/.rels": twice}), DAMAGED)
    outside = str(good["xl/_rels/workbook.xml.rels"]).replace(
        "worksheets/sheet1.xml", "../../../../etc/passwd"
    )
    yield Case(
        "a relation that leads outside", packed(good | {"xl/_rels/workbook.xml.rels": outside}), DAMAGED
    )
    book = str(good["xl/workbook.xml"])
    yield Case(
        "a link to another workbook",
        packed(good | {"xl/externalLinks/externalLink1.xml": "<externalLink/>"}),
        GOOD,
    )
    sheet = book[book.index("<sheet ") : book.index("</sheets>")]
    yield Case(
        "two sheets of one name", packed(good | {"xl/workbook.xml": book.replace(sheet, sheet * 2)}), DAMAGED
    )


def _of_values() -> Iterator[Case]:
    one: Cells = {"A1": ("number", "12")}
    kinds: tuple[tuple[str, str, Cells | str], ...] = (
        ("a comment in a number", '<c r="A1"><v>1<!-- -->2</v></c>', DAMAGED),
        ("an instruction in a number", '<c r="A1"><v>1<?x y?>2</v></c>', DAMAGED),
        ("an element in a number", '<c r="A1"><v>1<b>9</b>2</v></c>', DAMAGED),
        ("raw text in a number", '<c r="A1"><v><![CDATA[12]]></v></c>', DAMAGED),
        ("references in a number", '<c r="A1"><v>&#49;2</v></c>', DAMAGED),
        ("spaces around a number", '<c r="A1"><v> 12 </v></c>', one),
        ("spaces around the number of a text", '<c r="A1" t="s"><v> 0</v></c>', DAMAGED),
        ("two values", '<c r="A1"><v>1</v><v>2</v></c>', DAMAGED),
        ("a cell in a cell", '<c r="A1"><c r="B1"><v>1</v></c></c>', DAMAGED),
        ("no number", '<c r="A1"><v>NaN</v></c>', {"A1": ("error", "#NUM!")}),
        ("endless", '<c r="A1"><v>-INF</v></c>', {"A1": ("error", "#NUM!")}),
        ("too large for a number", '<c r="A1"><v>1e400</v></c>', {"A1": ("error", "#NUM!")}),
        ("almost too large", '<c r="A1"><v>1e308</v></c>', {"A1": ("number", "1" + "0" * 308)}),
        ("almost nothing", '<c r="A1"><v>1e-7</v></c>', {"A1": ("number", "0.0000001")}),
        ("hexadecimal", '<c r="A1"><v>0x10</v></c>', {"A1": ("error", "0x10")}),
        ("Python's thousands", '<c r="A1"><v>1_000</v></c>', {"A1": ("error", "1_000")}),
        ("full-width digits", '<c r="A1"><v>１２</v></c>', {"A1": ("error", "１２")}),
        ("a text that is not there", '<c r="A1" t="s"><v>5</v></c>', DAMAGED),
        ("a text of a negative number", '<c r="A1" t="s"><v>-1</v></c>', DAMAGED),
        ("a type that is none", '<c r="A1" t="zz"><v>5</v></c>', DAMAGED),
        ("a style that is not there", '<c r="A1" s="999"><v>12</v></c>', one),
        ("an unknown error", '<c r="A1" t="e"><v>#HACK!</v></c>', DAMAGED),
        ("a formula never calculated", '<c r="A1"><f>1+1</f></c>', {"A1": ("uncalculated", None)}),
        (
            "a command for DDE",
            '<c r="A1" t="str"><f>cmd|\'/c calc\'!A0</f><v>x</v></c>',
            {"A1": ("text", "x")},
        ),
        ("a cell beyond the last column", '<c r="XFE1"><v>1</v></c>', DAMAGED),
        ("a cell beyond the last row", '<c r="A1048577"><v>1</v></c>', DAMAGED),
        ("a reference to many places", '<c r="A1:B2"><v>1</v></c>', DAMAGED),
        ("one cell twice, of which the last counts", '<c r="A1"><v>9</v></c><c r="A1"><v>12</v></c>', one),
    )
    for title, cell, expected in kinds:
        yield Case(title, packed(good_parts(row_of(cell))), expected)
    one_row = row_of('<c r="A1"><v>1</v></c>')
    yield Case("one row twice", packed(good_parts(one_row * 2)), DAMAGED)
    yield Case("rows backwards", packed(good_parts(row_of('<c r="A2"><v>1</v></c>', 2) + one_row)), DAMAGED)
    yield Case("cells in two places", packed(good_parts(behind=f"<sheetData>{one_row}</sheetData>")), DAMAGED)
    yield Case(
        "a merge beyond the sheet",
        packed(good_parts(behind='<mergeCells><mergeCell ref="A1:XFE9"/></mergeCells>')),
        DAMAGED,
    )
    percent = good_parts(row_of('<c r="A1" s="1"><v>0.5</v></c>')) | {"xl/styles.xml": styles(0, 9)}
    yield Case("a percent", packed(percent), {"A1": ("percent", "0.5")})
    apart = str(percent[SHEET]).replace("0.5", " .5")
    yield Case("a percent written oddly", packed(percent | {SHEET: apart}), {"A1": ("percent", "0.5")})


def _of_texts() -> Iterator[Case]:
    for title, written, meant in (
        ("a formula as text", '=HYPERLINK("http://x","y")', None),
        ("a command as text", "@SUM(1+1)*cmd|' /C calc'!A0", None),
        ("marks of direction", "甲\u202e乙\u2066丙", None),
        ("marks of no width", "甲\u200b乙\ufeff", None),
        ("letters of private use", "甲\ue863", None),
        ("letters beyond the first plane", "𠮷\U0010fffd", None),
        ("as long as can be", "长" * 32_767, None),
        ("longer than can be", "长" * 40_000, None),
        ("a control character as Excel writes it", "甲_x0001_乙", "甲\x01乙"),
        ("a line end as Excel writes it", "甲_x000D_", "甲\r"),
        ("what looks like one and is none", "甲_x005F_x000D_", "甲_x000D_"),
        ("an SQL command", "'; DROP TABLE audit.uploads; --", None),
        ("a pattern", "{value}{0}%s$1\\1", None),
    ):  # fmt: skip
        quoted = written.replace("&", "&amp;").replace("<", "&lt;")
        expected = GOOD | {"A1": ("text", meant or written)}
        yield Case(title, packed(good_parts(text=f"<t>{quoted}</t>")), expected)
    for title, text in (
        ("a text with a comment", "<t>甲<!-- x -->乙</t>"),
        ("a text with an instruction", "<t>甲<?x y?>乙</t>"),
        ("a raw text", "<t><![CDATA[甲乙]]></t>"),
        ("a text of references", "<t>&#x7532;&#20057;</t>"),
        ("a text in runs", "<r><t>甲</t></r><r><rPr><b/></rPr><t>乙</t></r>"),
        ("a text with its sound", '<t>甲乙</t><rPh sb="0" eb="1"><t>jia</t></rPh>'),
    ):
        yield Case(title, packed(good_parts(text=text)), GOOD)


def _of_sizes() -> Iterator[Case]:
    first = row_of('<c r="A1"><v>1</v></c>')
    corner = '<row r="1048576"><c r="{}1048576"><v>1</v></c></row>'
    yield Case("two cells in opposite corners", packed(good_parts(first + corner.format("XFD"))), TOO_LARGE)
    yield Case("two cells far apart", packed(good_parts(first + corner.format("GA"))), MEMORY)
    wide = row_of('<c r="XFD12000"><v>1</v></c>', 12_000)
    yield Case("a cell far to the right of row 12 000", packed(good_parts(wide)), TIME)
    yield Case("a bomb", packed(good_parts() | {"xl/media/a": bytes(11 * 1024**2)}), TOO_LARGE)
    cells = ods.cell("x", attributes='table:number-columns-repeated="1000"')
    rows = ods.row_of(cells, 'table:number-rows-repeated="150000"')
    content = (
        f"<office:document-content {ods.NAMESPACES}><office:body><office:spreadsheet>{ods.table(rows)}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    repeated: Parts = {"mimetype": ods.MIMETYPE, "content.xml": content}
    yield Case("an .ods of a hundred million repeated cells", packed(repeated), TIME)


def _of_others() -> Iterator[Case]:
    yield Case("nothing", b"", "empty")
    yield Case("zeros", bytes(10_000), "empty")
    yield Case("an empty archive", packed({}), "not_a_workbook")
    yield Case("a program", b"\x7fELF" + bytes(100), "not_a_workbook")
    yield Case("text", b"=cmd|' /C calc'!A0", "not_a_workbook")
    yield Case(
        "an .xls that is only its beginning",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "not_a_workbook",
    )
    ole = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000))
    ole[1024 : 1024 + 18] = "Workbook\0".encode("utf-16-le")
    yield Case("an .xls without content", bytes(ole), DAMAGED)


def _changed(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def _second_entry(data: bytes) -> int:
    return data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)


def _with_gap(data: bytes, directory: int, end: int) -> bytes:
    moved = data[:directory] + b"gap!" + data[directory:]
    return _changed(moved, end + 4 + 16, struct.pack("<I", directory + 4))


def _texts_in(stated: str, used: str) -> bytes:
    return packed(
        good_parts() | {TEXTS: (_DECLARATION.format(stated) + shared_texts(GOOD_TEXT)).encode(used)}
    )


class _Stream(io.RawIOBase):
    """Takes bytes and can't go back: what is written to it has its sizes behind each part."""

    def __init__(self) -> None:
        super().__init__()
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, more: object) -> int:
        self.data += bytes(more)  # type: ignore[call-overload] # whatever has bytes
        return len(bytes(more))  # type: ignore[call-overload]


def _streamed(parts: Parts) -> bytes:
    stream = _Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return bytes(stream.data)


def _in_64_bits(parts: Parts) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            with archive.open(name, "w", force_zip64=True) as part:
                part.write(content.encode() if isinstance(content, str) else content)
    return written.getvalue()
