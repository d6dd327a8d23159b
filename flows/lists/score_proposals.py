"""The sheet 建议事项: what article 二十 lists for decision, and the duties that were not met."""

from __future__ import annotations

import polars as pl

from flows.envoy_words import DUTY_ORDER, DUTY_TITLES
from flows.lists.form_sheet import Block, FormSheet
from flows.lists.print_layout import CellStyle, PrintedBook
from flows.lists.score_ranking import ScoredYear

PROPOSALS_SHEET = "建议事项"
_WIDTHS = (11, 11, 10, 8, 14, 46, 12)
_CONSEQUENCE_BLOCKS = (
    Block("大使编号", "envoy_id", 0, 0, CellStyle.CENTRED),
    Block("姓名", "envoy_name", 1, 1, CellStyle.CENTRED),
    Block("总分", "total", 2, 2, CellStyle.AMOUNT),
    Block("等次", "grade", 3, 3, CellStyle.CENTRED),
    Block("建议", "consequence", 4, 4, CellStyle.CENTRED),
    Block("决定意见（手填）", "decision", 5, 6),
)
_DUTY_BLOCKS = (
    Block("大使编号", "envoy_id", 0, 0, CellStyle.CENTRED),
    Block("姓名", "envoy_name", 1, 1, CellStyle.CENTRED),
    Block("职责", "duty_title", 2, 3),
    Block("情况", "detail", 4, 5),
    Block("条款", "clause", 6, 6, CellStyle.CENTRED),
)
_CONSEQUENCES, _DUTIES = "第二十条的建议（由决策者决定）", "未履行的职责（不计分）"
_NOTHING, _NOT_YET = "无。", "年度结束后提出。"
_SIGNATURE = "决定人（签字）：____________________　　　　日期：________年____月____日"


def add_proposals(book: PrintedBook, scored: ScoredYear, foot: str) -> None:
    """Both tables, in the order of rank; each says so where it has nothing."""
    sheet = FormSheet(book, PROPOSALS_SHEET, _WIDTHS)
    sheet.add_text(f"阿尔山市派驻招商大使{scored.year}年度考评建议事项{scored.mark()}", "title")
    warning = scored.warning()
    sheet.add_text(warning or "单位：分", "warning" if warning else "plain")
    none_yet = _NOT_YET if scored.is_provisional else _NOTHING
    _add_table(sheet, _CONSEQUENCES, _CONSEQUENCE_BLOCKS, consequence_rows(scored), none_yet)
    _add_table(sheet, _DUTIES, _DUTY_BLOCKS, unmet_duties(scored), _NOTHING)
    sheet.add_text("")
    sheet.add_text(_SIGNATURE)
    sheet.set_up_print(foot_left=f"建议事项　{scored.year} 年度{scored.mark()}", foot_right=foot)


def consequence_rows(scored: ScoredYear) -> pl.DataFrame:
    """The envoys of whom something is proposed, with an empty `decision`."""
    return (
        scored.scores.filter(pl.col("consequence").is_not_null())
        .sort("rank", "envoy_id", nulls_last=True)
        .with_columns(decision=pl.lit(""))
    )


def unmet_duties(scored: ScoredYear) -> pl.DataFrame:
    """The duties that were not met, with `duty_title`; what can't be judged yet is none of them."""
    names = scored.scores.select("envoy_id", "envoy_name", "rank")
    titles = {duty.value: title for duty, title in DUTY_TITLES.items()}
    return (
        scored.duties.filter(~pl.col("met"))
        .join(names, on="envoy_id", how="left")
        .sort("rank", "envoy_id", pl.col("duty").cast(DUTY_ORDER), nulls_last=True)
        .with_columns(duty_title=pl.col("duty").replace_strict(titles, return_dtype=pl.String))
    )


def _add_table(
    sheet: FormSheet, title: str, blocks: tuple[Block, ...], rows: pl.DataFrame, nothing: str
) -> None:
    if rows.is_empty():
        sheet.add_heading(title)
        sheet.add_text(nothing)
    sheet.add_table(title, blocks, rows)
