from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from flows.reading.cells import CellValue
from flows.reading.number_formats import NumberFormat, formatted_number, number_format
from tests.support.raw_xlsx import row_of, styles, write_raw_xlsx

PLAIN, PERCENT, DATE, DURATION = (
    NumberFormat.PLAIN,
    NumberFormat.PERCENT,
    NumberFormat.DATE,
    NumberFormat.DURATION,
)
FORMATS: list[tuple[str | int, NumberFormat]] = [
    (0, PLAIN),
    (49, PLAIN),
    (9, PERCENT),
    (10, PERCENT),
    (14, DATE),
    (22, DATE),
    (31, DATE),
    (57, DATE),
    (58, DATE),
    (45, DATE),
    (46, DURATION),
    ("0.00", PLAIN),
    ("General", PLAIN),
    ('General"人"', PLAIN),
    ("#,##0.00;[Red]-#,##0.00", PLAIN),
    ('"日%"0.00', PLAIN),
    ("0.0\\%", PLAIN),
    ("0_%", PLAIN),
    ("0*%", PLAIN),
    ("[DBNum1][$-804]General", PLAIN),
    ('_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', PLAIN),
    ("[$￥-804]#,##0.00", PLAIN),
    ("0.00E+00", PLAIN),
    ("@", PLAIN),
    ("0.0%", PERCENT),
    ("0.00%;[Red]-0.00%", PERCENT),
    ("[<1]0%;0.0", PERCENT),
    ('0%"完成"', PERCENT),
    ("yyyy-mm-dd", DATE),
    ("yyyy/m/d;@", DATE),
    ('[$-804]yyyy"年"m"月"d"日"', DATE),
    ('上午/下午h"时"mm"分"', DATE),
    ("mm:ss.0", DATE),
    ("[h]:mm", DURATION),
    ("[ss].00", DURATION),
]


@pytest.mark.parametrize(("code", "expected"), FORMATS)
def test_a_format_is_known_by_its_number_or_its_code(code: str | int, expected: NumberFormat) -> None:
    stated = number_format(code, None) if isinstance(code, int) else number_format(200, code)

    assert stated is expected


def test_calamine_sees_the_same_dates(tmp_path: Path) -> None:
    cells = "".join(f'<c s="{style}"><v>44260.5</v></c>' for style in range(len(FORMATS)))
    path = write_raw_xlsx(tmp_path / "b", row_of(cells), style_part=styles(*(code for code, _ in FORMATS)))
    values = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes())).get_sheet_by_index(0).to_python()[0]

    its_view = [{datetime: DATE, timedelta: DURATION}.get(type(value), PLAIN) for value in values]
    assert its_view == [PLAIN if expected is PERCENT else expected for _, expected in FORMATS]


@pytest.mark.parametrize(
    ("serial", "expected"),
    [
        (44260.0, date(2021, 3, 5)),
        (44260.604166666664, datetime.fromisoformat("2021-03-05 14:30")),
        (1.0, date(1900, 1, 1)),
        (59.0, date(1900, 2, 28)),
        (61.0, date(1900, 3, 1)),
        (0.5, time(12)),
        (2958465.0, date(9999, 12, 31)),
        (2958466.0, 2958466.0),
        (1e300, 1e300),
        (-5.0, -5.0),
    ],
)
def test_a_serial_number_is_the_date_that_excel_shows(serial: float, expected: CellValue) -> None:
    assert formatted_number(serial, DATE, is_1904=False) == expected


def test_the_1904_system_counts_from_its_first_day() -> None:
    assert formatted_number(0.0, DATE, is_1904=True) == time()
    assert formatted_number(59.0, DATE, is_1904=True) == date(1904, 2, 29)
    assert formatted_number(42798.0, DATE, is_1904=True) == date(2021, 3, 5)


def test_a_duration_may_be_longer_than_a_day_but_not_than_time() -> None:
    assert formatted_number(1.25, DURATION, is_1904=False) == timedelta(hours=30)
    assert formatted_number(1e300, DURATION, is_1904=False) == 1e300
