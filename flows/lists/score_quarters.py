"""The sheet 季度通报: the ranking of every quarter that has ended, as it is posted."""

from __future__ import annotations

import polars as pl

from flows.lists.form_sheet import Block, FormSheet
from flows.lists.print_layout import CellStyle, PrintedBook
from flows.lists.score_ranking import QUARTER_ENDS, QUARTER_NAMES, ScoredYear

QUARTERS_SHEET = "季度通报"
_WIDTHS = (10, 18, 18, 16, 16, 16)
_BLOCKS = (
    Block("名次", "rank", 0, 0, CellStyle.COUNT),
    Block("大使编号", "envoy_id", 1, 1, CellStyle.CENTRED),
    Block("姓名", "envoy_name", 2, 2, CellStyle.CENTRED),
    Block("基本分", "base_score", 3, 3, CellStyle.AMOUNT),
    Block("加分项", "bonus", 4, 4, CellStyle.AMOUNT),
    Block("总分", "total", 5, 5, CellStyle.AMOUNT),
)
_NONE_ENDED = "本年度尚无结束的季度。"


def add_quarters(book: PrintedBook, scored: ScoredYear, foot: str) -> None:
    """A table per quarter, each from the beginning of the year to the quarter's end."""
    sheet = FormSheet(book, QUARTERS_SHEET, _WIDTHS)
    sheet.add_text(f"阿尔山市派驻招商大使{scored.year}年季度考评排名通报", "title")
    sheet.add_text("各季度的得分为年初至该季度末的累计得分　　　　单位：分")
    quarters = scored.rankings["quarter"].unique().sort().to_list()
    for quarter in quarters:
        rows = scored.rankings.filter(pl.col("quarter") == quarter).sort("rank", "envoy_id", nulls_last=True)
        sheet.add_table(
            f"{QUARTER_NAMES[quarter]}（至{scored.year}年{QUARTER_ENDS[quarter]}）", _BLOCKS, rows
        )
    if not quarters:
        sheet.add_text(_NONE_ENDED)
    sheet.set_up_print(foot_left=f"季度通报　{scored.year} 年", foot_right=foot)
