"""How a duty is stated as a row of the review: met, not met, or not to be judged yet, and in words why."""

from __future__ import annotations

import polars as pl

from schemas.investment_payments import OfficerDuty
from transforms import wording

NO_INTRODUCER = "没有引资人编号，无法对应项目，请在「产业推介官」表补填"
NOT_IN_FORCE = "办法当时尚未施行，不作评价"
REVIEW_SCHEMA: dict[str, pl.DataType] = {
    "officer_id": pl.String(),
    "officer_name": pl.String(),
    "engagement_year": pl.Int64(),
    "duty": pl.String(),
    "met": pl.Boolean(),
    "detail": pl.String(),
    "clause": pl.String(),
}


def state(rows: pl.DataFrame, duty: OfficerDuty, clause: str, met: pl.Expr, detail: pl.Expr) -> pl.DataFrame:
    """One row of the review per row, which may have an `engagement_year`."""
    year = pl.col("engagement_year") if "engagement_year" in rows.columns else pl.lit(value=None)
    return rows.select(
        "officer_id",
        "officer_name",
        engagement_year=year,
        duty=pl.lit(duty.value),
        met=met,
        detail=detail,
        clause=pl.lit(clause),
    ).cast(REVIEW_SCHEMA)  # type: ignore[arg-type]  # the stubs know only Python types as values


def enough(measured: pl.Expr, needed: pl.Expr, unknown: pl.Expr) -> pl.Expr:
    """Whether what is known is enough; null while it is not but the time still runs or something is unknown.

    `unknown` names the records that don't say how much, null where there are none.
    """
    is_open = pl.col("is_running") | unknown.is_not_null()
    is_enough = measured >= needed
    return pl.when(is_enough | ~is_open).then(is_enough)


def counted(
    what: pl.Expr, measured: pl.Expr, needed: pl.Expr, unit: str, *, remark: pl.Expr, time: str
) -> pl.Expr:
    """What was counted against what is needed, a remark where there is one, and whether time still runs."""
    text = pl.format(
        f"{{}} {{}} {unit}，应有 {{}} {unit}", what, wording.plain(measured), wording.plain(needed)
    )
    running = pl.when("is_running").then(pl.lit(f"{time}尚未结束"))
    whole = pl.concat_str(text, remark, running, separator="；", ignore_nulls=True)
    return pl.when(needed.is_not_null()).then(whole).otherwise(pl.lit(NOT_IN_FORCE))
