"""A sheet that is read by column is read as it would be with care, to the cell."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading import archive, divided, xlsx
from flows.reading.archive import open_archive
from flows.reading.divided import NotPlainError
from flows.reading.large_xlsx import read_large
from flows.reading.limits import ReadingLimits
from flows.reading.plain_cells import shared_indexes
from flows.reading.positions import column_letters
from flows.reading.tags import PADDING, Run
from flows.reading.unreadable import UnreadableWorkbook
from flows.reading.workbook import read_workbook
from schemas.raw_sheet import Merge
from tests.support.hostile import MEMORY, TIME, TOO_LARGE, Case, cases
from tests.support.raw_xlsx import raw_xlsx_parts, row_of, shared_texts, styles, worksheet, write_parts

Outcome = list[tuple[str, pl.DataFrame, tuple[Merge, ...], bool]] | str
STYLES = styles(0, 9, 14, "yyyy-mm-dd hh:mm", "[h]:mm", "0.0%", "h:mm")
NEVER, ALWAYS = 1 << 60, 0
TEXTS = (
    "甲",
    "B-0000001",
    "",
    " a ",
    "a b",
    "\ta\n",
    "\u00a0a\u3000",
    "a&#10;b",
    "a&lt;",
    "_x000D_",
    "_x",
    "a\rb",
    "a>b",
    "&#65;",
    "&amp;amp;",
    "&apos;",
    "1",
    "𠮷\U0010fffd",
    "\ufeff",
)
BROKEN_TEXTS = ("<", "&x;", "\ufffe", "&", "]]>")
ITEMS = (
    *(f"<t>{text}</t>" for text in TEXTS),
    '<t xml:space="preserve"> a </t>',
    '<t xml:space="preserve">a</t>',
    '<t>甲</t><phoneticPr fontId="1" type="noConversion"/>',
    '<t>甲</t><rPh sb="0" eb="1"><t>jia</t></rPh>',
    "<r><t>甲</t></r><r><t>乙</t></r>",
    "<t/>",
    "",
    "<t>甲</t> ",
)
NUMBERS = (
    "0",
    "5",
    "60.5",
    "-3.25",
    "007",
    "-0",
    "0.50",
    ".5",
    "5.",
    "1e5",
    "1E-7",
    "-1.5e+300",
    "1e400",
    "+5",
    " 5 ",
    "56.300000000000004",
    "0.1000000000000000055",
    "123456789012345",
    "1234567890123456",
    "152202198001011234",
    "44228",
    "44228.5",
    "59",
    "60",
    "61",
    "0.25",
    "2958466",
    "-1",
    "five",
    "0x10",
    "1_0",
    "NaN",
    "",
    "１２",
)
FORMULAS = (
    "",
    "<f>A1</f>",
    "<f>A1&gt;1</f>",
    '<f t="shared" si="0"/>',
    '<f t="shared" ref="A1:B2" si="0">A1</f>',
    "<f/>",
)


def read(path: Path, large_bytes: int) -> Outcome:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xlsx, "LARGE_BYTES", large_bytes)
        try:
            return [(sheet.name, sheet.cells, sheet.merges, sheet.is_hidden) for sheet in read_workbook(path)]
        except UnreadableWorkbook as error:
            return f"{error.reason}: {error.message}"


def is_same(one: Outcome, other: Outcome) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str) and one == other
    return len(one) == len(other) and all(
        mine[0] == its[0]
        and mine[1].equals(its[1])
        and mine[1].schema == its[1].schema
        and mine[2:] == its[2:]
        for mine, its in zip(one, other, strict=True)
    )


ODD_CELLS = (
    ">\n<v>5</v></c>",
    "><v/></c>",
    "><f>A1</f></c>",
    ' t="s"/>',
    "><v>5</v> </c>",
    "><v>5</v><f>A1</f></c>",
    ' t="inlineStr"><is><r><t>甲</t></r><r><rPr><b/></rPr><t>乙</t></r></is></c>',
    ' x="1"><v>5</v></c>',
    ' t="e"><v>#N/A</v></c>',
    ">5<v>5</v></c>",
    "><v xml:space='preserve'>5</v></c>",
    "><v>5</v><extLst><ext/></extLst></c>",
    ' t="inlineStr"><is><t>甲</t><t>乙</t></is></c>',
)
BROKEN_CELLS = (
    ' t="zz"><v>5</v></c>',
    "><v>5</v><v>6</v></c>",
    "/><v>5</v>",
    "><!-- x --><v>5</v></c>",
    "><v><![CDATA[5]]></v></c>",
    ' t="e"><v>#HACK!</v></c>',
    ' t="s"><v> 1</v></c>',
    f' t="s"><v>{len(ITEMS) + 9}</v></c>',
    "><v>5</v>",
    *(f' t="inlineStr"><is><t>{text}</t></is></c>' for text in BROKEN_TEXTS),
)
PLAIN_ATTRIBUTES = ("", ' spans="1:3"', ' ht="15" customHeight="1"', ' x14ac:dyDescent="0.25"')
ODD_ATTRIBUTES = (*PLAIN_ATTRIBUTES, " a='1'", ' a="&amp;"', ' a="/"', ' a="1"  b="2"', " ")
BROKEN_ATTRIBUTES = (*PLAIN_ATTRIBUTES, ' r="3"', ' a="1" a="1"', ' a="<"', "/")
PLAIN, ODD, BROKEN = 0, 1, 2


@st.composite
def cell_bodies(draw: st.DrawFn, how: int) -> str:
    """What stands behind a cell's reference."""
    style = draw(st.sampled_from(("", *(f' s="{style}"' for style in range(8)))))
    text, formula = draw(st.sampled_from(TEXTS)), draw(st.sampled_from(FORMULAS if how else FORMULAS[:4]))
    stated = draw(st.sampled_from(("", "", ' t="n"')))
    kind = draw(st.sampled_from("nnnssttib-" if how == PLAIN else "nstipbo" if how == ODD else "nstiX"))
    bodies = {
        "n": lambda: f"{stated}>{formula}<v>{draw(st.sampled_from(NUMBERS))}</v></c>",
        "s": lambda: f' t="s"><v>{draw(st.sampled_from((*range(len(ITEMS) - 4), "00")))}</v></c>',
        "t": lambda: f' t="str">{formula}<v>{text}</v></c>',
        "i": lambda: f' t="inlineStr"><is><t>{text}</t></is></c>',
        "p": lambda: f' t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>',
        "b": lambda: f' t="b">{formula}<v>{draw(st.sampled_from("012"))}</v></c>',
        "o": lambda: draw(st.sampled_from(ODD_CELLS)),
        "X": lambda: draw(st.sampled_from(BROKEN_CELLS)),
        "-": lambda: draw(st.sampled_from(("/>", "></c>"))),
    }
    return style + bodies[kind]()


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """Plain rows, and in some sheets odd or even broken ones among them."""
    worst = draw(st.sampled_from((PLAIN, ODD, ODD, BROKEN)))
    number, rows = draw(st.integers(1, 3)), []
    for _ in range(draw(st.integers(1, 6))):
        how = worst if draw(st.integers(0, 2)) == 0 else PLAIN
        column, cells = -1, []
        for body in draw(st.lists(cell_bodies(how), min_size=0, max_size=4)):
            column += draw(st.sampled_from(((1, 1, 1, 2), (1, 1, 2, 30, 180), (1, 1, 0))[how]))
            cells.append(f'<c r="{column_letters(max(column, 0))}{number}"{body}')
        attributes = draw(st.sampled_from((PLAIN_ATTRIBUTES, ODD_ATTRIBUTES, BROKEN_ATTRIBUTES)[how]))
        behind = draw(st.sampled_from((("",), ("", "", "\n", "x"), ("", "", '<row r="900"/>', "<x/>"))[how]))
        rows.append(f'<row r="{number}"{attributes}>{"".join(cells)}</row>{behind}')
        number += draw(st.sampled_from(((1, 1, 2, 9), (1, 1, 2, 9), (1, 1, 2, 0, -1))[how]))
    merges = '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
    return worksheet("".join(rows), draw(st.sampled_from(("", merges))))


def written(folder: Path, sheet: str, items: Sequence[str] = ITEMS) -> Path:
    parts: dict[str, str | bytes] = {
        **raw_xlsx_parts({"表一": sheet, "表二": worksheet(row_of('<c r="B1"><v>1</v></c>'))})
    }
    parts |= {"xl/styles.xml": STYLES, "xl/sharedStrings.xml": shared_texts(*items)}
    return write_parts(folder / f"sheet-{os.getpid()}.xlsx", parts)


@given(sheets(), st.lists(st.sampled_from(ITEMS), min_size=0, max_size=3), st.sampled_from((64, 1 << 20)))
def test_by_column_is_the_same_as_with_care(
    tmp_path_factory: pytest.TempPathFactory, sheet: str, items: list[str], run_bytes: int
) -> None:
    path = written(tmp_path_factory.getbasetemp(), sheet, (*ITEMS[:-4], *items))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(divided, "RUN_BYTES", run_bytes)
        patch.setattr(archive, "CHUNK_BYTES", run_bytes)
        by_column, with_care = read(path, ALWAYS), read(path, NEVER)
    assert is_same(by_column, with_care), by_column


KINDS = [case for case in cases() if case.expected not in (MEMORY, TIME, TOO_LARGE)]


@pytest.mark.parametrize("case", KINDS, ids=lambda case: case.name)
def test_a_hostile_workbook_is_read_or_refused_by_column_as_with_care(tmp_path: Path, case: Case) -> None:
    path = tmp_path / "a"
    path.write_bytes(case.content)

    assert is_same(read(path, ALWAYS), read(path, NEVER))


def only_by_column(path: Path, monkeypatch: pytest.MonkeyPatch) -> pl.DataFrame:
    """The cells of the first sheet; what is not plain is an error here."""
    monkeypatch.setattr(xlsx, "LARGE_BYTES", ALWAYS)
    monkeypatch.delattr(xlsx, "read_carefully")
    return read_workbook(path)[0].cells


PLAIN_ROW = (
    '<c r="A{0}" t="s"><v>1</v></c><c r="B{0}" s="1"><v>0.25</v></c><c r="C{0}" s="2"><v>44228</v></c>'
    '<c r="D{0}" t="inlineStr"><is><t>丙&amp;丁</t></is></c><c r="E{0}" s="5"/>'
    '<c r="F{0}"><f>A1</f><v>56.300000000000004</v></c>'
)


def test_a_number_has_the_fifteen_digits_that_excel_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = {
        "999999999999999": "999999999999999", "-999999999999999": "-999999999999999",
        "1234567890123456": "1234567890123460", "12345678901234.56": "12345678901234.6",
        "-0.12345678901234567": "-0.123456789012346", "99999999999999.9": "99999999999999.9",
    }  # fmt: skip
    rows = (row_of(f'<c r="A{row}"><v>{number}</v></c>', row) for row, number in enumerate(numbers, start=1))

    cells = only_by_column(written(tmp_path, worksheet("".join(rows))), monkeypatch)

    assert cells["text_0"].to_list() == list(numbers.values())


@pytest.mark.parametrize("run_bytes", [64, 1 << 20])
def test_plain_rows_with_odd_ones_among_them_are_read_by_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_bytes: int
) -> None:
    monkeypatch.setattr(divided, "RUN_BYTES", run_bytes)
    monkeypatch.setattr(archive, "CHUNK_BYTES", run_bytes)
    rows = [row_of(PLAIN_ROW.format(number), number) for number in range(2, 40)]
    rows[20] = row_of('<c r="A22" t="e"><v>#REF!</v></c><c t="s"><v>0</v></c>', 22)
    path = written(tmp_path, worksheet("".join(rows)), ["<t>甲</t>", "<t>_x000D_乙</t>"])

    cells = only_by_column(path, monkeypatch)

    assert cells.height == 38
    assert cells.row(0)[1::2] == ("\r乙", "0.25", "2021-02-01", "丙&丁", None, "56.3")
    assert cells.row(0)[2::2] == ("text", "percent", "date", "text", "blank", "number")
    assert cells.row(20)[:5] == (22, "#REF!", "error", "甲", "text")
    assert cells["row_number"].to_list() == list(range(2, 40))
    assert cells.drop("row_number").slice(21).is_duplicated().all()


def test_a_small_sheet_beside_a_large_one_has_its_shared_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = worksheet("".join(row_of(PLAIN_ROW.format(number), number) for number in range(1, 40)))
    small = worksheet(row_of('<c r="A1" t="s"><v>2</v></c><c r="B1" t="s"><v>0</v></c>'))
    parts = raw_xlsx_parts({"表一": large, "表二": small})
    parts |= {
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": shared_texts("<t>甲</t>", "<t>乙</t>", "<t>_x000D_丙</t>"),
    }
    path = write_parts(tmp_path / "a", parts)
    monkeypatch.setattr(xlsx, "LARGE_BYTES", len(large))
    monkeypatch.delattr(xlsx, "read_carefully")

    first, second = read_workbook(path)

    assert first.cells["text_0"].unique().to_list() == ["乙"]
    assert second.cells.row(0) == (1, "\r丙", "text", "甲", "text")


@pytest.mark.parametrize(
    "row",
    [
        '<row><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="2"><!-- --><c r="A2"><v>1</v></c></row>',
        '<row r="02"><c r="A2"><v>1</v></c></row>',
        '<row r="2"><row r="3"></row></row>',
        '</sheetData><other><row r="2"><c r="A2"><v>1</v></c></row></other><sheetData>',
        '</sheetData><sheetData><row r="2"><c r="A2"><v>1</v></c></row>',
    ],
)
def test_a_sheet_whose_rows_are_not_written_as_usual_is_left_to_the_careful_reader(
    tmp_path: Path, row: str
) -> None:
    path = written(tmp_path, worksheet(row_of('<c r="A1"><v>1</v></c>') + row))
    archived = open_archive(path.read_bytes(), ReadingLimits())

    with pytest.raises((NotPlainError, UnreadableWorkbook)):
        read_large(archived, ReadingLimits(), ["xl/worksheets/sheet1.xml"])


def test_a_damaged_part_is_found(tmp_path: Path) -> None:
    path = written(tmp_path, worksheet(row_of('<c r="A1"><v>1</v></c>')))
    content = bytearray(path.read_bytes())
    place = content.index(
        b"PK\x01\x02", content.index(b"xl/worksheets/sheet1.xml", content.index(b"PK\x01\x02")) - 60
    )
    content[place + 16] ^= 1
    path.write_bytes(bytes(content))

    assert str(read(path, ALWAYS)).startswith("damaged")
    assert is_same(read(path, ALWAYS), read(path, NEVER))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("00000007", 7),
        ("12345678", 12345678),
        ("123456789", None),
        ("", None),
        ("1a", None),
        ("-1", None),
        (" 1", None),
        ("1:", None),
        ("/1", None),
    ],
)
def test_indexes_are_whole_numbers_of_eight_digits(text: str, expected: int | None) -> None:
    written = f">{text}<".encode()
    data = Run.of(written + PADDING, 0, len(written)).data

    (value,), (is_number,) = shared_indexes(data, np.array([1]), np.array([len(text)]))

    assert (int(value) if is_number else None) == expected
