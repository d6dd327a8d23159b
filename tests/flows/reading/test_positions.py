from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading.limits import LAST_COLUMN, LAST_ROW, ReadingLimits
from flows.reading.positions import cell_position, check_reach, column_letters
from flows.reading.unreadable import UnreadableWorkbook


@pytest.mark.parametrize(
    ("reference", "position"),
    [("A1", (1, 0)), ("Z9", (9, 25)), ("aa10", (10, 26)), ("XFD1048576", (1048576, 16383))],
)
def test_a_reference_is_a_row_and_a_column(reference: str, position: tuple[int, int]) -> None:
    assert cell_position(reference) == position


@pytest.mark.parametrize("reference", ["", "A", "1", "A0", "XFE1", "A1048577", "$A$1", "A1:B2", "AAAA1"])
def test_what_is_no_cell_of_a_sheet_is_refused(reference: str) -> None:
    with pytest.raises(UnreadableWorkbook):
        cell_position(reference)


@given(st.integers(0, LAST_COLUMN - 1), st.integers(1, LAST_ROW))
def test_letters_and_columns_agree(column: int, row: int) -> None:
    assert cell_position(f"{column_letters(column)}{row}") == (row, column)


def test_a_far_corner_is_named_in_the_message() -> None:
    check_reach("表一", LAST_ROW, 182, ReadingLimits())
    with pytest.raises(UnreadableWorkbook) as refused:
        check_reach("表一", LAST_ROW, LAST_COLUMN, ReadingLimits())

    assert refused.value.reason == "too_large"
    assert "“表一”" in refused.value.message
    assert "XFD1048576" in refused.value.message
