"""Text that is hostile to a workbook."""

from __future__ import annotations

import pytest

from flows.workbooks.safe_text import spreadsheet_text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("户主\x00姓\x0b名\x1f", "户主姓名"),
        ("换\n行\t栏", "换\n行\t栏"),
        ("非\ufffe字\uffff符", "非字符"),
        ("半\ud83d个", "半个"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    ],
)
def test_what_xml_refuses_is_left_out(text: str, kept: str) -> None:
    assert spreadsheet_text(text) == kept


def test_long_text_is_cut_to_what_a_cell_holds() -> None:
    assert len(spreadsheet_text("长" * 40_000)) == 32_767


def test_letters_of_two_units_are_not_cut_in_half() -> None:
    assert spreadsheet_text("𠮷" * 20_000) == "𠮷" * 16_383
