from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from flows.reading import sheet_xml
from flows.reading.cells import ErrorText, NeverCalculated
from flows.reading.sheet_xml import AsPercentage, SheetLook, look_at_sheet
from flows.reading.unreadable import UnreadableWorkbook
from schemas.raw_sheet import Merge
from tests.support.raw_xlsx import MAIN, row_of, worksheet

PERCENT_STYLES = frozenset({3, 17})
ONE = '<c r="A1"><v>1</v></c>'


def pieces(part: str, size: int) -> Iterator[bytes]:
    data = part.encode()
    return (data[start : start + size] for start in range(0, len(data), size))


def look(part: str, size: int = 1 << 18, percent_styles: frozenset[int] = PERCENT_STYLES) -> SheetLook:
    return look_at_sheet(pieces(part, size), percent_styles)


def named(found: SheetLook) -> dict[tuple[int, int], str]:
    names = {NeverCalculated: "never calculated", AsPercentage: "percent"}
    return {
        (row, column): names.get(type(value), str(value))
        for row, values in found.exceptions.items()
        for column, value in values.items()
    }


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="B4" t="e"><v>#REF!</v></c>', "#REF!"),
        ('<c r="B4" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        ("<c t='e' r='B4'><v>#N/A</v></c>", "#N/A"),
        ('<c r = "B4" t = "e"><v>#N/A</v></c>', "#N/A"),
        ('<c r="B4"><f>A1+1</f></c>', "never calculated"),
        ('<c r="B4"><f>A1+1</f><v></v></c>', "never calculated"),
        ('<c r="B4"><f>A1+1</f><v/></c>', "never calculated"),
        ('<c r="B4"><f t="shared" si="0"/></c>', "never calculated"),
        ('<c r="B4" t="str"><f>A1</f></c>', "never calculated"),
        ('<c r="B4" s="3"><v>0.5</v></c>', "percent"),
        ('<c r="B4" s="17" t="n"><v>0.5</v></c>', "percent"),
        ('<c s="17" r="B4"><v>0.5</v></c>', "percent"),
        ('<c r="B4" s="3"><f>A1/2</f><v>0.5</v></c>', "percent"),
        ('<c r="B4"><v> 5 </v></c>', "5.0"),
        ('<c r="B4"><v>5_0</v></c>', "5_0"),
        ('<c r="B4"><v>five</v></c>', "five"),
    ],
)
def test_what_a_value_does_not_tell_is_found(cell: str, expected: str) -> None:
    assert named(look(worksheet(row_of(cell, 4)))) == {(4, 1): expected}


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B4"><v>5</v></c>',
        '<c r="B4" s="13"><v>-1.5E-7</v></c>',
        '<c r="B4" t="str"><f>IF(A1="","",A1)</f><v></v></c>',
        '<c r="B4"><f>A1&gt;1</f><v>5</v></c>',
        '<c r="B4"><f t="shared" si="0"/><v>5</v></c>',
        '<c r="B4"><f t="shared" ref="B4:B9" si="0">A1</f><v>5</v></c>',
        '<c r="B4" t="s"><v>0</v></c>',
        '<c r="B4" t="b"><f>TRUE()</f><v>1</v></c>',
        '<c r="B4" t="inlineStr"><is><t xml:space="preserve"> 甲 </t></is></c>',
        '<c r="B4" s="2"/>',
        '<c r="B4" s="2"></c>',
        '<c r="B4" s="3"/>',
        '<c r="B4" s="3"></c>',
        '<c r="B4" s="3" t="s"><v>0</v></c>',
        "",
    ],
)
def test_ordinary_cells_are_left_out_unparsed(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(sheet_xml._Listener, "_start_cell", parsed)  # noqa: SLF001

    found = look(worksheet(f'<row r="3" spans="1:2"/>{row_of(cell, 4)}'))

    assert found.exceptions == {}
    assert found.last_row == 4


ODD_CELLS = (
    '<c r="B#n" t="e"><v>#REF!</v></c>',
    '<c r="C#n"><f>A1</f></c>',
    '<c r="D#n" s="3"><v>0.5</v></c>',
    '<c r="E#n" t="inlineStr"><is><r><t>a</t></r></is></c>',
    "",
)


@pytest.mark.parametrize("size", [7, 64, 1000, 1 << 18])
def test_leaving_plain_rows_out_changes_nothing(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(
        row_of(f'<c r="A{number}"><v>1</v></c>' + "".join(odd).replace("#n", str(number)), number)
        for number, odd in enumerate(product(ODD_CELLS, ODD_CELLS), start=3)
    )
    part = worksheet(rows, '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>')
    skimmed = look(part, size)
    monkeypatch.setattr(sheet_xml, "_without_plain_rows", lambda chunks, *_: chunks)
    parsed = look(part)

    assert named(skimmed) == named(parsed)
    assert len(named(parsed)) > 20
    assert skimmed.merges == parsed.merges == [Merge(1, 2, 0, 1)]
    assert skimmed.last_row == parsed.last_row


def test_prefixed_elements_are_read_as_well() -> None:
    part = (
        f"<x:worksheet xmlns:x='{MAIN}'><x:sheetData><x:row r='2'>"
        "<x:c r='A2' t='e'><x:v>#REF!</x:v></x:c><x:c r='B2'><x:f>A1</x:f></x:c>"
        "</x:row></x:sheetData><x:mergeCells><x:mergeCell ref='A2:B2'/></x:mergeCells></x:worksheet>"
    )

    for size in (5, 1000):
        assert named(look(part, size)) == {(2, 0): "#REF!", (2, 1): "never calculated"}
        assert look(part, size).merges == [Merge(2, 2, 0, 1)]


def test_plain_rows_with_a_prefix_are_left_out_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(sheet_xml._Listener, "_start_cell", parsed)  # noqa: SLF001
    part = (
        f'<?xml version="1.0"?><x.1:worksheet xmlns:x.1="{MAIN}"><x.1:sheetData><x.1:row r="7">'
        '<x.1:c r="A7" s="3"><x.1:f>A1</x.1:f><x.1:v>0.5</x.1:v></x.1:c>'
        '<x.1:c r="B7" t="inlineStr"><x.1:is><x.1:t>a</x.1:t></x.1:is></x.1:c>'
        "</x.1:row></x.1:sheetData></x.1:worksheet>"
    )

    assert named(look(part)) == {(7, 0): "percent"}


def test_cells_without_a_reference_follow_the_one_before() -> None:
    rows = (
        '<row r="2"><c r="A2"><v>1</v></c></row>'
        '<row><c/><c t="e"><v>#N/A</v></c></row>'
        '<row r="9"><c r="C9"><v>1</v></c><c t="e"><v>#REF!</v></c></row>'
    )

    assert named(look(worksheet(rows))) == {(3, 1): "#N/A", (9, 3): "#REF!"}


def test_a_default_style_that_shows_percents_counts_for_cells_without_a_style() -> None:
    part = worksheet(row_of('<c r="A1"><v>0.5</v></c><c r="B1" s="1"><v>0.5</v></c>'))

    assert named(look(part, percent_styles=frozenset({0}))) == {(1, 0): "percent"}


def test_an_error_that_the_reader_of_values_does_not_know_is_reported() -> None:
    found = look(worksheet(row_of('<c r="A1" t="e"><v>#SPILL!</v></c><c r="B1" t="e"><v>#N/A</v></c>')))

    assert found.unknown_errors == [(1, 0)]


def test_only_cells_with_content_say_how_far_a_sheet_reaches() -> None:
    part = worksheet(
        row_of('<c r="A2"><v>1</v></c><c r="XFD2" s="5"/>', 2) + row_of('<c r="ZZ3" t="str"><v>x</v></c>', 3)
    )

    assert (look(part).last_row, look(part).column_count) == (3, 702)


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (worksheet(row_of('<c r="A1"><v>1</v></c>'))[:-5], "damaged"),
        (worksheet(row_of('<c r="A1"><v>1</c></v>')), "damaged"),
        (worksheet(row_of('<c r="XFE1"><v>1</v></c>')), "damaged"),
        (worksheet(row_of('<c r="A1048577"><v>1</v></c>', 1048577)), "damaged"),
        (worksheet(row_of('<c r="A1"><v><!-- -->1</v></c>')), "damaged"),
        (worksheet(row_of('<c r="A1"><v><![CDATA[1]]></v></c>')), "damaged"),
        (worksheet(row_of('<c r="A1"><v>1<?x y?>2</v></c>')), "damaged"),
        (worksheet(row_of('<c r="A1"><v>1<b>3</b>2</v></c>')), "damaged"),
        (worksheet(row_of('<c r="A1"><v>1</v><v>2</v></c>')), "damaged"),
        (worksheet(row_of('<c r="A1"><v>&#49;2</v></c>')), "damaged"),
        (worksheet(row_of('<c r="A9"><v>1</v></c>', 9) + row_of('<c r="A2"><v>1</v></c>', 2)), "damaged"),
        (worksheet(row_of('<c r="A2"><v>1</v></c>', 2) + row_of('<c r="A2"><v>2</v></c>', 2)), "damaged"),
        (worksheet(row_of('<c r="A2" t="e"><v>#N/A</v></c>', 2) + row_of('<c r="A2"/>', 2)), "damaged"),
        (worksheet("", f"<sheetData>{row_of(ONE)}</sheetData>"), "damaged"),
        ("<!DOCTYPE worksheet>" + worksheet(""), "unsafe"),
    ],
)
def test_broken_xml_is_refused(part: str, reason: str) -> None:
    with pytest.raises(UnreadableWorkbook) as refused:
        look(part)

    assert refused.value.reason == reason


def test_an_error_is_kept_as_text_of_its_own_kind() -> None:
    found = look(worksheet(row_of('<c r="A1" t="e"><v>#REF!</v></c>')))

    assert isinstance(found.exceptions[1][0], ErrorText)
