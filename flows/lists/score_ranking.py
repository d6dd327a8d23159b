"""The sheet 排名: the ranking as it is posted, with the score of each item, and the envoys compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from flows.lists.payment_list import chinese_date
from flows.lists.print_layout import (
    CellStyle,
    PrintedBook,
    PrintedColumn,
    PrintedPage,
    PrintedSheet,
    total_of,
)
from flows.lists.score_charts import MOST_BARS, Bars, CellRange, chart_height, stacked_bars
from schemas.investment_scores import SCORE_ITEM_TITLES, Grade, ScoreItem
from transforms.envoys.evaluation import Evaluation

RANKING_SHEET = "排名"
QUARTER_NAMES = {1: "第一季度", 2: "第二季度", 3: "第三季度", 4: "第四季度"}
PROVISIONAL = "暂计：年度尚未结束，得分和名次随以后的记录变动"
QUARTER_ENDS = {1: "3月31日", 2: "6月30日", 3: "9月30日", 4: "12月31日"}
_HUNDREDTH = Decimal("0.01")
_LAST_QUARTER = 4
_SCORE_WIDTH = 9.5
_WHO = (
    PrintedColumn("大使编号", "envoy_id", 11, CellStyle.CENTRED),
    PrintedColumn("姓名", "envoy_name", 11, CellStyle.CENTRED),
)
_ITEMS = tuple(
    PrintedColumn(title, item.value, _SCORE_WIDTH, CellStyle.AMOUNT)
    for item, title in SCORE_ITEM_TITLES.items()
    if item is not ScoreItem.BONUS
)
_SUMS = (
    PrintedColumn("基本分", "base_score", _SCORE_WIDTH, CellStyle.AMOUNT),
    PrintedColumn(SCORE_ITEM_TITLES[ScoreItem.BONUS], "bonus", _SCORE_WIDTH, CellStyle.AMOUNT),
    PrintedColumn("总分", "total", _SCORE_WIDTH, CellStyle.AMOUNT),
    PrintedColumn("等次", "grade", 8, CellStyle.CENTRED),
)
_REMARK = PrintedColumn("备注", "remark", 21)


@dataclass(frozen=True)
class ScoredYear:
    """A year's part of an evaluation, and how it is told of.

    `quarter` is the ended quarter that is posted, while the year itself is not over.
    """

    year: int
    scores: pl.DataFrame
    items: pl.DataFrame
    rankings: pl.DataFrame
    duties: pl.DataFrame
    ends_on: date
    is_provisional: bool
    quarter: int | None

    def mark(self) -> str:
        """What marks it as not final in titles and feet."""
        return "（暂计）" if self.is_provisional else ""

    def warning(self) -> str:
        """What stands above each of its tables."""
        return PROVISIONAL if self.is_provisional else ""


def scored_years(evaluation: Evaluation) -> list[ScoredYear]:
    """Every scored year, the earliest first."""
    return [_scored_year(evaluation, year) for year in evaluation.scores["year"].unique().sort()]


def _scored_year(evaluation: Evaluation, year: int) -> ScoredYear:
    is_its = pl.col("year") == year
    scores = evaluation.scores.filter(is_its)
    rankings = evaluation.rankings.filter(is_its)
    ended = rankings["quarter"].to_list()
    is_provisional = bool(scores["is_provisional"].any())
    return ScoredYear(
        year=year,
        scores=scores,
        items=evaluation.items.filter(is_its),
        rankings=rankings,
        duties=evaluation.duties.filter(is_its),
        ends_on=max(scores["ends_on"]),
        is_provisional=is_provisional,
        quarter=max(ended) if is_provisional and ended else None,
    )


def ranking_rows(scored: ScoredYear) -> pl.DataFrame:
    """The envoys in the order that is posted, with `remark`, a column per item, and those of the quarter.

    An envoy without a rank in the posted quarter comes after those who have one.
    """
    marks = scored.items.pivot("item", index="envoy_id", values="score")
    absent = [item.value for item in ScoreItem if item.value not in marks.columns]
    marks = marks.with_columns(pl.lit(None, dtype=pl.Decimal(18, 2)).alias(name) for name in absent)
    quarter = scored.rankings.filter(pl.col("quarter") == (scored.quarter or _LAST_QUARTER)).select(
        "envoy_id", posted_rank="rank", posted_total="total"
    )
    order = ["posted_rank", "rank", "envoy_id"] if scored.quarter else ["rank", "envoy_id"]
    return (
        scored.scores.join(marks.drop(ScoreItem.BONUS.value), on="envoy_id", how="left")
        .join(quarter, on="envoy_id", how="left")
        .sort(order, nulls_last=True)
        .with_columns(remark=_remark())
    )


def _remark() -> pl.Expr:
    """How long in post, and whether the grade is owed to the bonus alone."""
    by_bonus = pl.when("is_excellent_by_bonus").then(pl.lit("因加分优秀"))
    return pl.concat_str(pl.format("在任 {} 个月", "months"), by_bonus, separator="；", ignore_nulls=True)


def ranking_columns(scored: ScoredYear) -> tuple[PrintedColumn, ...]:
    """The columns of the ranking: the posted quarter's first, while there is one."""
    rank = PrintedColumn("名次", "rank", 6, CellStyle.COUNT)
    if scored.quarter is None:
        return (rank, *_WHO, *_ITEMS, *_SUMS, _REMARK)
    name = QUARTER_NAMES[scored.quarter]
    posted = PrintedColumn(f"{name}名次", "posted_rank", 9, CellStyle.COUNT)
    total = PrintedColumn(f"{name}总分", "posted_total", _SCORE_WIDTH, CellStyle.AMOUNT)
    to_date = PrintedColumn("至今名次", "rank", 6, CellStyle.COUNT)
    return (posted, *_WHO, total, *_ITEMS, *_SUMS, to_date, _REMARK)


def add_ranking(book: PrintedBook, scored: ScoredYear, notes: Sequence[str], foot: str) -> pl.DataFrame:
    """The sheet with its chart and notes; gives its rows, as they stand on it."""
    rows, columns = ranking_rows(scored), ranking_columns(scored)
    page = PrintedPage(
        sheet_name=RANKING_SHEET,
        title=_title(scored),
        warning=scored.warning(),
        heading=_heading(scored),
        columns=columns,
        foot_left=f"考评成绩　{scored.year} 年度{scored.mark()}",
        foot_right=foot,
    )
    sheet = book.add_page(page)
    first_row = sheet.next_row
    sheet.add_rows(rows)
    sheet.add_notes([_totals(rows)])
    _add_chart(book, sheet, scored, columns, first_row)
    sheet.add_notes(notes)
    return rows


def _title(scored: ScoredYear) -> str:
    if scored.quarter is None:
        return f"阿尔山市派驻招商大使{scored.year}年度考评成绩排名{scored.mark()}"
    return f"阿尔山市派驻招商大使{scored.year}年{QUARTER_NAMES[scored.quarter]}考评排名通报"


def _heading(scored: ScoredYear) -> str:
    ends_on = chinese_date(scored.ends_on)
    if scored.quarter is None:
        return f"考评期间：{chinese_date(min(scored.scores['starts_on']))}至{ends_on}　　　　单位：分"
    quarter = f"{QUARTER_NAMES[scored.quarter]}：年初至{QUARTER_ENDS[scored.quarter]}"
    return f"{quarter}　　　　各项得分、等次和至今名次：截至{ends_on}，暂计　　　　单位：分"


def _totals(rows: pl.DataFrame) -> str:
    """How many envoys there are, how many of each grade, and their average."""
    counts = dict(rows.group_by("grade").len().iter_rows())
    grades = "，".join(f"{grade.value} {counts.get(grade.value, 0)} 人" for grade in Grade)
    average = (total_of(rows["total"]) / rows.height).quantize(_HUNDREDTH, ROUND_HALF_UP)
    return f"合计 {rows.height} 人：{grades}；总分平均 {average} 分。"


def _add_chart(
    book: PrintedBook,
    sheet: PrintedSheet,
    scored: ScoredYear,
    columns: Sequence[PrintedColumn],
    first_row: int,
) -> None:
    """The five items and the bonus of each envoy, as they stand in the table, those in front alone."""
    shown = min(scored.scores.height, MOST_BARS)
    places = {column.field: place for place, column in enumerate(columns)}

    def cells(field: str) -> CellRange:
        return CellRange(RANKING_SHEET, first_row, first_row + shown - 1, places[field])

    until = f"（截至{chinese_date(scored.ends_on)}，暂计）" if scored.is_provisional else ""
    front = f"，前 {shown} 名" if shown < scored.scores.height else ""
    series = [Bars(title, cells(item.value)) for item, title in SCORE_ITEM_TITLES.items()]
    chart = stacked_bars(book, f"各项得分{until}{front}", cells("envoy_name"), series)
    sheet.add_chart(chart, chart_height(shown))
