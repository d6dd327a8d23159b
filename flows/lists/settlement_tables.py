"""The tables of a household's settlement sheet, as a resident reads them, on one grid of columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from flows.household_case import STATUS_WORDS, HouseholdCase
from flows.lists.form_sheet import Block
from flows.lists.print_layout import CellStyle
from schemas.compensation_items import ALL_ITEMS
from schemas.policy import Reading
from transforms.compensation.month_runs import alternative_runs, item_runs

_DIGITS = 4
"""With so many, numbers of records sort as text; no household has more."""
_WHOLE_HOUSEHOLD = "全户"

# the grid: 序号, 房屋编号, 项目, 算式 (two), 条款, 金额, 状态, 依据
WIDTHS = (5, 11.5, 23.5, 21, 21, 9.5, 14.5, 6.5, 8.5)
BUILDING_BLOCKS = (
    Block("房屋编号", "building_id", 0, 1, CellStyle.CENTRED),
    Block("用途", "use", 2, 2, CellStyle.CENTRED),
    Block("面积", "areas", 3, 3),
    Block("是否补偿及理由", "reason", 4, 5),
    Block("签约", "agreement", 6, 8),
)
ITEM_BLOCKS = (
    Block("序号", "number", 0, 0, CellStyle.CENTRED),
    Block("房屋编号", "building_id", 1, 1, CellStyle.CENTRED),
    Block("项目", "name", 2, 2),
    Block("算式", "basis", 3, 4),
    Block("条款", "clause", 5, 5, CellStyle.CENTRED),
    Block("金额(元)", "amount", 6, 6, CellStyle.AMOUNT),
    Block("状态", "status", 7, 7, CellStyle.CENTRED),
    Block("依据", "records", 8, 8, CellStyle.CENTRED),
)
QUESTION_BLOCKS = (
    Block("房屋编号", "building_id", 0, 1, CellStyle.CENTRED),
    Block("条款", "clause", 2, 2, CellStyle.CENTRED),
    Block("待定的是什么、怎样落实", "message", 3, 5),
    Block("暂缓的金额(元)", "waiting_amount", 6, 8, CellStyle.AMOUNT),
)
ALTERNATIVE_BLOCKS = (
    Block("房屋编号", "building_id", 0, 1, CellStyle.CENTRED),
    Block("项目", "name", 2, 2),
    Block("待定的理解", "question", 3, 4),
    Block("若按", "choice", 5, 6),
    Block("金额(元)", "amount", 7, 8, CellStyle.AMOUNT),
)
PAYMENT_BLOCKS = (
    Block("收款人编号", "payee_id", 0, 1, CellStyle.CENTRED),
    Block("去向", "place", 2, 2),
    Block("事由", "reason", 3, 5),
    Block("金额(元)", "amount", 6, 8, CellStyle.AMOUNT),
)


def building_rows(case: HouseholdCase) -> pl.DataFrame:
    """The buildings: what counts, why, and where their signing stands."""
    signed = (
        pl.when(pl.col("signed_on").is_not_null())
        .then(pl.format("{}，{} {}", pl.col("method").fill_null("方式未定"), "signing_status", "signed_on"))
        .otherwise(pl.coalesce("signing_status", pl.lit("尚无协议")))
    )
    excess = (
        pl.when(pl.col("excess_area_m2") > 0)
        .then(pl.format("\n超出登记 {} ㎡", "excess_area_m2"))
        .otherwise(pl.lit(""))
    )
    is_compensated = (
        pl.when("eligible").then(pl.lit("补偿：")).when(~pl.col("eligible")).then(pl.lit("不予补偿："))
    )
    return case.buildings.join(case.agreements, on="building_id", how="left", maintain_order="left").select(
        "building_id",
        "use",
        areas=pl.format("计入 {} ㎡", "compensable_area_m2") + excess,
        reason=is_compensated.otherwise(pl.lit("待认定：")) + pl.col("reason"),
        agreement=signed,
    )


def item_rows(case: HouseholdCase) -> pl.DataFrame:
    """The items, equal months as one row, with the numbers of the records that they rest on."""
    return (
        item_runs(case.items)
        .with_row_index("number", 1)
        .select(
            pl.col("number").cast(pl.String),
            _household_where_null(),
            "basis",
            "clause",
            "amount",
            name=pl.concat_str("item_name", "period", separator="\n", ignore_nulls=True),
            status=pl.col("status").replace_strict(STATUS_WORDS, return_dtype=pl.String),
            records=_record_numbers(case.records),
        )
    )


def _record_numbers(records: pl.DataFrame) -> pl.Expr:
    """The numbers of an item's records, rising."""
    rows = records.select("source", pl.format("{}", "number").str.zfill(_DIGITS)).rows()
    number = pl.element().replace(dict(rows)).sort().str.strip_chars_start("0")
    return pl.col("sources").str.split(" ").list.eval(number).list.join("、")


def question_rows(case: HouseholdCase, readings: Mapping[str, Reading]) -> pl.DataFrame:
    """The questions; a reading's own without the names of its choices, which mean nothing on paper."""
    sentences = {
        name: f"{reading.question}？待书面决定，各种理解的金额见下表。" for name, reading in readings.items()
    }
    return case.questions.select(
        _household_where_null(),
        "clause",
        "waiting_amount",
        message=pl.coalesce(pl.col("code").replace_strict(sentences, default=None), "message"),
    )


def alternative_rows(case: HouseholdCase, readings: Mapping[str, Reading]) -> pl.DataFrame:
    """What each choice of an undecided reading gives."""
    titles = {item.code: item.title for item in ALL_ITEMS}
    questions = {name: reading.question for name, reading in readings.items()}
    choices = {
        f"{name} {choice}": meaning
        for name, reading in readings.items()
        for choice, meaning in reading.choices.items()
    }
    return alternative_runs(case.alternatives).select(
        _household_where_null(),
        "amount",
        name=pl.concat_str(
            pl.col("item").replace_strict(titles, return_dtype=pl.String),
            "period",
            separator="\n",
            ignore_nulls=True,
        ),
        question=pl.col("reading").replace_strict(questions, return_dtype=pl.String),
        choice=pl.format("{} {}", "reading", "choice").replace_strict(choices, return_dtype=pl.String),
    )


def _household_where_null() -> pl.Expr:
    return pl.col("building_id").fill_null(pl.lit(_WHOLE_HOUSEHOLD))
