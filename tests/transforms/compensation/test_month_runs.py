"""Equal months in a row are one line; their sum and their arithmetic are those of the months."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.compensation.month_runs import month_runs, run_basis, run_period
from transforms.receipts import recomputed

ALIKE = ["item", "basis"]


def rows(*months: tuple[str | None, str], item: str = "住宅临时安置补偿费") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "item": [item] * len(months),
            "basis": [f"1 × {amount} 元 = {amount} 元" for _, amount in months],
            "period": [period for period, _ in months],
            "amount": [Decimal(amount) for _, amount in months],
        },
        schema={"item": pl.String, "basis": pl.String, "period": pl.String, "amount": pl.Decimal(18, 2)},
    )


def runs(found: pl.DataFrame) -> list[tuple[object, ...]]:
    shown = month_runs(found, ALIKE).with_columns(period=run_period())
    return shown.select("period", "months", "month_amount", "amount").rows()


FIVE, SIX, TEN = Decimal("5.00"), Decimal("6.00"), Decimal("10.00")


@pytest.mark.parametrize(
    ("case", "months", "expected"),
    [
        (
            "over the turn of a year",
            [("2021-12", "5.00"), ("2022-01", "5.00")],
            [("2021-12 至 2022-01", 2, FIVE, TEN)],
        ),
        (
            "in any order",
            [("2022-01", "5.00"), ("2021-12", "5.00")],
            [("2021-12 至 2022-01", 2, FIVE, TEN)],
        ),
        (
            "a gap parts them",
            [("2021-01", "5.00"), ("2021-03", "5.00")],
            [("2021-01", 1, FIVE, FIVE), ("2021-03", 1, FIVE, FIVE)],
        ),
        (
            "another amount parts them",
            [("2021-01", "5.00"), ("2021-02", "6.00"), ("2021-03", "5.00")],
            [("2021-01", 1, FIVE, FIVE), ("2021-02", 1, SIX, SIX), ("2021-03", 1, FIVE, FIVE)],
        ),
        (
            "months by their first day, the last day of February among them",
            [("2023-01-31", "5.00"), ("2023-02-28", "5.00")],
            [("2023-01-31 起 2 个月", 2, FIVE, TEN)],
        ),
        (
            "what has no month stands alone",
            [(None, "5.00"), (None, "5.00")],
            [(None, 1, FIVE, FIVE), (None, 1, FIVE, FIVE)],
        ),
        ("nothing", [], []),
    ],
)
def test_runs_of_months(
    case: str, months: list[tuple[str | None, str]], expected: list[tuple[object, ...]]
) -> None:
    assert runs(rows(*months)) == expected, case


def test_runs_stand_where_their_first_row_stood() -> None:
    found = pl.concat(
        [
            rows((None, "7.00"), item="甲"),
            rows(("2021-01", "5.00"), item="乙"),
            rows((None, "1.00"), item="丙"),
        ]
    )
    assert month_runs(found, ALIKE)["item"].to_list() == ["甲", "乙", "丙"]


def test_the_arithmetic_says_what_a_month_gives_and_how_many_there_are() -> None:
    found = month_runs(rows(("2021-07", "1735.20"), ("2021-08", "1735.20")), ALIKE)
    assert found.select(run_basis()).item() == (
        "每月 1 × 1735.20 元 = 1735.20 元\n2 个月 × 1,735.20 元 = 3,470.40 元"
    )


@given(
    st.lists(
        st.tuples(
            st.integers(min_value=0, max_value=60), st.sampled_from(["0.01", "5.00", "833.33", "-7.50"])
        ),
        unique_by=lambda month: month[0],
        max_size=40,
    )
)
def test_runs_lose_no_month_and_no_amount_and_their_arithmetic_holds(months: list[tuple[int, str]]) -> None:
    found = rows(*((f"{2020 + month // 12}-{month % 12 + 1:02}", amount) for month, amount in months))
    grouped = month_runs(found, ALIKE)
    assert grouped["months"].sum() == len(months)
    assert sum(grouped["amount"], Decimal(0)) == sum(found["amount"], Decimal(0))
    last_equation = grouped.select(run_basis()).to_series().str.split("\n").list.last()
    checked = recomputed(last_equation)
    assert checked["result"].to_list() == checked["stated"].to_list()
