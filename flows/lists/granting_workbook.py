"""The workbook for those who decide on rewards, incentives and promotion officers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from flows.lists import granting_rows as rows_of
from flows.lists.granting_decisions import CASE_BY_CASE, decision_rows
from flows.lists.granting_pages import (
    DECISION_COLUMNS,
    DECISION_SHEET,
    DUTY_COLUMNS,
    DUTY_SHEET,
    EXPENSE_COLUMNS,
    EXPENSE_SHEET,
    GRANTING_TITLE,
    INCENTIVE_COLUMNS,
    INCENTIVE_SHEET,
    REWARD_COLUMNS,
    REWARD_SHEET,
)
from flows.lists.payment_list import SIGNERS, chinese_date, reading_notes
from flows.lists.print_layout import CellStyle, PrintedBook, PrintedColumn, PrintedPage, PrintedSheet
from transforms.frames import stacked

_WARNING = "供核定和报请决定使用，不是付款依据；付款以批准的支付清单为准"
_RESTS_ON = "本表依据下列暂定理解核定，签字前请确认："
_UNIT = "　　　　单位：元"
_NONE = "没有。"
_OUTCOMES = tuple(rows_of.OUTCOME_WORDS.values())
_REIMBURSED = (rows_of.WHOLE, rows_of.PART, rows_of.NONE, rows_of.UNREGISTERED)
_KEPT = (rows_of.MET, rows_of.NOT_MET, rows_of.NOT_YET)


@dataclass(frozen=True)
class GrantingSource:
    """What the workbook shows: rows of the tables of `investment`; `projects`, of 投资项目, has the names."""

    rewards: pl.DataFrame
    incentives: pl.DataFrame
    expenses: pl.DataFrame
    reviews: pl.DataFrame
    questions: pl.DataFrame
    projects: pl.DataFrame

    def is_empty(self) -> bool:
        """Whether there is nothing to be shown to anybody."""
        shown = (self.rewards, self.incentives, self.expenses, self.reviews, self._one_by_one())
        return all(frame.is_empty() for frame in shown)

    def _one_by_one(self) -> pl.DataFrame:
        return self.questions.filter(pl.col("code") == CASE_BY_CASE)


def granting_workbook(source: GrantingSource, readings: Mapping[str, str], *, as_of: date) -> bytes:
    """Five sheets: rewards, incentives, the officers' funds and duties, and what is to be decided.

    `readings` has a sentence for each provisional reading. No ID number and no account is in it. The same
    input gives the same bytes.
    """
    rewards = rows_of.reward_rows(source.rewards, source.projects)
    incentives = rows_of.incentive_rows(source.incentives, source.projects)
    expenses, duties = rows_of.expense_rows(source.expenses), rows_of.duty_rows(source.reviews)
    decisions = decision_rows(rewards, incentives, source.questions, source.projects)
    book = PrintedBook(as_of)
    for name, columns, rows, notes in (
        (REWARD_SHEET, REWARD_COLUMNS, rewards, rows_of.totals(rewards, _OUTCOMES, "amount")),
        (INCENTIVE_SHEET, INCENTIVE_COLUMNS, incentives, rows_of.totals(incentives, _OUTCOMES, "amount")),
        (EXPENSE_SHEET, EXPENSE_COLUMNS, expenses, rows_of.totals(expenses, _REIMBURSED, "reimbursed")),
        (DUTY_SHEET, DUTY_COLUMNS, duties, rows_of.totals(duties, _KEPT)),
    ):
        named = _readings(rows, readings)
        _sheet(book, name, columns, rows, [*notes, *named], as_of)
    both = stacked([rewards.select("reading"), incentives.select("reading")])["reading"]
    signed = [*rows_of.totals(decisions, _OUTCOMES, "amount"), *reading_notes(both, readings, _RESTS_ON)]
    sheet = _sheet(book, DECISION_SHEET, DECISION_COLUMNS, decisions, signed, as_of)
    sheet.add_signatures(SIGNERS)
    return book.content()


def _sheet(
    book: PrintedBook,
    name: str,
    columns: tuple[PrintedColumn, ...],
    rows: pl.DataFrame,
    notes: Sequence[str],
    as_of: date,
) -> PrintedSheet:
    has_amounts = any(column.style is CellStyle.AMOUNT for column in columns)
    page = PrintedPage(
        sheet_name=name,
        title=f"阿尔山市{GRANTING_TITLE}：{name}",
        warning=_WARNING,
        heading=f"截至：{chinese_date(as_of)}{_UNIT if has_amounts else ''}",
        columns=columns,
        foot_left=GRANTING_TITLE,
        foot_right=name,
    )
    sheet = book.add_page(page)
    sheet.add_rows(rows)
    sheet.add_notes(notes if rows.height else [_NONE, *notes])
    return sheet


def _readings(rows: pl.DataFrame, readings: Mapping[str, str]) -> list[str]:
    return reading_notes(rows["reading"], readings, _RESTS_ON) if "reading" in rows.columns else []
