"""The page for those who sign."""

from __future__ import annotations

from datetime import date

import polars as pl

from flows.figures import Figures
from flows.summary import MOST_UPLOADS, closing_lines, summary_text
from schemas.audit import Findings, Uploads
from tests.support.town import Town
from tests.support.workbooks import ordinary_sheets


def figures(*names: str, files: tuple[str, ...] = (), notes: tuple[str, ...] = ()) -> Figures:
    rows = [
        {
            "upload_id": name,
            "file_name": name,
            "status": "accepted",
            **dict.fromkeys(("rows_read", "rows_accepted"), 1),
            **dict.fromkeys(("rows_rejected", "rows_skipped"), 0),
        }
        for name in names
    ]
    return Figures(
        run_id="2024-06-30-001",
        as_of=date(2024, 6, 30),
        policy_digest="d" * 64,
        uploads=pl.DataFrame(rows, schema=Uploads.frame_schema()),
        findings=Findings.empty(),
        households={"owed": 0, "estimate": 0, "held": 0},
        programmes=[],
        questions=[],
        readings=[],
        files=files,
        notes=notes,
    )


def test_a_night_of_nothing_is_a_short_page() -> None:
    assert summary_text(figures()).count("无。") == 7


def test_many_uploads_still_make_one_page() -> None:
    text = summary_text(figures(*(f"{place}.xlsx" for place in range(MOST_UPLOADS + 5))))
    assert "另有 5 个文件" in text
    assert f"合计 {MOST_UPLOADS + 5} 个文件" in text
    assert len(text.splitlines()) < MOST_UPLOADS + 40


def test_a_file_name_is_no_markup() -> None:
    assert r"\<b\>a\|b\</b\>.xlsx" in summary_text(figures("<b>a|b</b>.xlsx"))


def test_a_file_name_in_a_list_or_a_note_stays_on_its_line_and_is_no_markup() -> None:
    told = figures(files=("甲\n# 乙|[丙]-批注.xlsx",), notes=("「甲\n\x1b[2J乙.xlsx」打不开。",))
    text = summary_text(told)
    assert "\n- 甲 # 乙\\|\\[丙\\]-批注.xlsx\n" in text
    assert "\n- 「甲 \\[2J乙.xlsx」打不开。" in text


def test_what_was_left_out_is_noted_on_the_page_and_counted_on_the_terminal() -> None:
    told = figures(notes=("「甲.xlsx」打不开。",))
    assert "- 「甲.xlsx」打不开。" in summary_text(told)
    lines = closing_lines(told, "out")
    assert "files to look after, named in summary.md under 注意: 1" in lines
    assert "甲" not in "".join(lines)


def test_the_page_of_a_night_has_sums_and_nothing_personal(town: Town) -> None:
    town.upload("甲.xlsx", ordinary_sheets("B-77", "H-77"))
    town.night()
    text = (town.out / "2024-06-30-001" / "summary.md").read_text("utf-8")
    assert "| 房屋征收补偿 | 1 | 171,500.00 | 0.00 | 0.00 | 0.00 | 0.00 |" in text
    for personal in ("某甲", "110101190001010006", "12345678901", "H-77", "B-77"):
        assert personal not in text
