"""One envoy's sheet: the score item by item with its arithmetic, the duties, and every row behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from flows.envoy_words import COUNTS_WORDS, DUTY_ORDER, DUTY_TITLES, ITEM_ORDER, MET_WORDS, item_title
from flows.lists.form_sheet import Block
from flows.lists.payment_list import chinese_date
from flows.lists.print_layout import CellStyle, PrintedBook
from flows.lists.score_charts import Bars, CellRange, ChartedForm, bars_beside, chart_height
from flows.lists.score_ranking import ScoredYear
from transforms.wording import plain

# the grid: 项目, 实际, 目标, 差额, 扣分, 得分, 满分, 条款, 算式 (two)
_WIDTHS = (11, 11, 7.5, 7.5, 7.5, 7.5, 7.5, 18, 13, 22)
_NAME, _SCORE, _FULL_MARK = 0, 5, 6
_ITEM_BLOCKS = (
    Block("项目", "item_name", _NAME, _NAME, CellStyle.CENTRED),
    Block("实际", "measured", 1, 1, CellStyle.CENTRED),
    Block("目标", "target", 2, 2, CellStyle.CENTRED),
    Block("差额", "shortfall", 3, 3, CellStyle.CENTRED),
    Block("扣分", "deduction", 4, 4, CellStyle.CENTRED),
    Block("得分", "score", _SCORE, _SCORE, CellStyle.AMOUNT),
    Block("满分", "full_mark", _FULL_MARK, _FULL_MARK, CellStyle.AMOUNT),
    Block("条款", "clause", 7, 7, CellStyle.CENTRED),
    Block("算式", "basis", 8, 9),
)
_DUTY_BLOCKS = (
    Block("职责", "title", 0, 1, CellStyle.CENTRED),
    Block("履行", "met", 2, 3, CellStyle.CENTRED),
    Block("情况", "detail", 4, 8),
    Block("条款", "clause", 9, 9, CellStyle.CENTRED),
)
_QUESTION_BLOCKS = (
    Block("工作表", "sheet", 0, 1, CellStyle.CENTRED),
    Block("条款", "clause", 2, 3, CellStyle.CENTRED),
    Block("待定的是什么、怎样落实", "message", 4, 9),
)
_EVIDENCE_BLOCKS = (
    Block("计入", "counted", 0, 0, CellStyle.CENTRED),
    Block("日期", "day", 1, 1, CellStyle.CENTRED),
    Block("内容", "what", 2, 6),
    Block("理由", "reason", 7, 8),
    Block("来源", "source", 9, 9),
)
_SIGNATURE = "招商大使（签字）：____________________　　　　考核人（签字）：____________________"
_FILES = "以下各行的来源（〔 〕内为文件的序号）："
_SHOWN_OF_UPLOAD = 16


@dataclass(frozen=True)
class EnvoyRows:
    """What an envoy's sheet shows of a year beside the row of the score, items and duties as rows of them.

    `file_names` has the file of each upload, at least of those of the evidence.
    """

    items: pl.DataFrame
    duties: pl.DataFrame
    questions: pl.DataFrame
    evidence: pl.DataFrame
    file_names: Mapping[str, str]


def add_envoy(
    book: PrintedBook,
    sheet_name: str,
    scored: ScoredYear,
    score: Mapping[str, Any],
    rows: EnvoyRows,
    notes: Sequence[str],
    foot: str,
) -> None:
    """The sheet of a row of the ranking, the evidence in the order in which it stands."""
    sheet = ChartedForm(book, sheet_name, _WIDTHS)
    sheet.add_text(f"招商大使{scored.year}年度考评明细{scored.mark()}", "title")
    sheet.add_text(_who(score), "heading")
    sheet.add_text(_result(score))
    if scored.is_provisional:
        sheet.add_text(scored.warning(), "warning")
    sheet.add_table("考评项目", _ITEM_BLOCKS, rows.items)
    _add_chart(book, sheet, sheet_name, rows.items)
    sheet.add_table("职责（不计分）", _DUTY_BLOCKS, rows.duties)
    sheet.add_table("待定事项", _QUESTION_BLOCKS, rows.questions)
    for note in notes:
        sheet.add_text(note)
    sheet.add_text("")
    sheet.add_text(_SIGNATURE)
    _add_evidence(sheet, rows)
    sheet.set_up_print(foot_left=f"考评明细　{scored.year} 年度{scored.mark()}　&A", foot_right=foot)


def _who(score: Mapping[str, Any]) -> str:
    return f"大使编号：{score['envoy_id']}　　　　姓名：{score['envoy_name']}　　　　单位：分"


def _result(score: Mapping[str, Any]) -> str:
    by_bonus = "（因加分优秀）" if score["is_excellent_by_bonus"] else ""
    proposed = f"　　建议：{score['consequence']}" if score["consequence"] else ""
    period = f"{chinese_date(score['starts_on'])}至{chinese_date(score['ends_on'])}"
    return (
        f"考评期间：{period}，在任 {score['months']} 个月\n"
        f"总分 {score['total']} = 基本分 {score['base_score']} + 加分 {score['bonus']}，"
        f"{score['grade']}{by_bonus}，第 {score['rank']} 名{proposed}"
    )


def item_rows(items: pl.DataFrame) -> pl.DataFrame:
    """The items of any envoys in the order of a sheet, with numbers as people write them."""
    numbers = [plain(pl.col(name)).alias(name) for name in ("measured", "target", "shortfall", "deduction")]
    return items.sort(pl.col("item").cast(ITEM_ORDER)).with_columns(numbers)


def duty_rows(duties: pl.DataFrame) -> pl.DataFrame:
    """The duties of any envoys in the order of a sheet, in words."""
    titles = {duty.value: title for duty, title in DUTY_TITLES.items()}
    return duties.sort(pl.col("duty").cast(DUTY_ORDER)).select(
        "envoy_id",
        "detail",
        "clause",
        title=pl.col("duty").replace_strict(titles, return_dtype=pl.String),
        met=pl.when("met")
        .then(pl.lit(MET_WORDS[True]))
        .when(~pl.col("met"))
        .then(pl.lit(MET_WORDS[False]))
        .otherwise(pl.lit(MET_WORDS[None])),
    )


def _add_evidence(sheet: ChartedForm, rows: EnvoyRows) -> None:
    """The rows behind each item; their files are named once and then by number."""
    uploads = sorted(
        rows.evidence["upload_id"].drop_nulls().unique(),
        key=lambda upload_id: (rows.file_names.get(upload_id, ""), upload_id),
    )
    numbers = {upload_id: str(number) for number, upload_id in enumerate(uploads, 1)}
    if uploads:
        sheet.add_text(_FILES, "small")
    for upload_id, number in numbers.items():
        name = rows.file_names.get(upload_id, "")
        sheet.add_text(f"〔{number}〕{name}（上传编号 {upload_id[:_SHOWN_OF_UPLOAD]}）", "small")
    shown = evidence_rows(rows.evidence, numbers)
    for (item,), found in shown.partition_by("item", as_dict=True, maintain_order=True).items():
        sheet.add_table(_evidence_title(str(item), found), _EVIDENCE_BLOCKS, found)


def evidence_rows(found: pl.DataFrame, file_numbers: Mapping[str, str]) -> pl.DataFrame:
    """The rows behind the items in words; what was never sent has no source."""
    number = pl.col("upload_id").replace(dict(file_numbers))
    return found.select(
        "item",
        "counts",
        "what",
        "reason",
        source=pl.format("{}第{}行〔{}〕", "sheet", "row_number", number),
        day=pl.col("happened_on").cast(pl.String),
        counted=pl.when("counts").then(pl.lit(COUNTS_WORDS[True])).otherwise(pl.lit(COUNTS_WORDS[False])),
    )


def _evidence_title(item: str, found: pl.DataFrame) -> str:
    counted = found["counts"].sum()
    return f"依据：{item_title(item)}（计入 {counted} 条，不计 {found.height - counted} 条）"


def _add_chart(book: PrintedBook, sheet: ChartedForm, sheet_name: str, items: pl.DataFrame) -> None:
    """Each item's score beside its full mark; the bonus has none."""
    bars = items["full_mark"].count()
    # the items stand right above, the bonus as the last of them
    first_row = sheet.next_row - items.height

    def cells(column: int) -> CellRange:
        return CellRange(sheet_name, first_row, first_row + bars - 1, column)

    series = [Bars("得分", cells(_SCORE)), Bars("满分", cells(_FULL_MARK))]
    sheet.add_chart(bars_beside(book, "各项得分与满分", cells(_NAME), series), chart_height(2 * bars))
