"""征收补偿结算单: what one household gets and owes, on one page, for it and the clerks to sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from flows.household_case import HouseholdCase
from flows.lists.form_sheet import Cell, FormSheet
from flows.lists.payment_list import chinese_date, reading_notes
from flows.lists.print_layout import CellStyle, PrintedBook
from flows.lists.settlement_tables import (
    ALTERNATIVE_BLOCKS,
    BUILDING_BLOCKS,
    ITEM_BLOCKS,
    PAYMENT_BLOCKS,
    QUESTION_BLOCKS,
    WIDTHS,
    alternative_rows,
    building_rows,
    item_rows,
    question_rows,
)
from transforms.payout.amount_in_words import amount_in_words
from transforms.policy import Policy

SHEET_TITLE = "征收补偿结算单"
SIGNERS = ("被征收人（签字）", "经办人（签字）", "复核人（签字）")
TO_SIGN = "本结算单依据下列暂定理解计算，签字前请确认："
_WARNINGS = {
    "estimate": "有尚未签约的房屋：估算的金额仅供参考，不得据以付款",
    "held": "有暂缓的金额：待定事项落实前不支付，也不计入净额",
}
_NOTHING_LISTED = "尚未列入任何清单"
_SIGNED_MEANS = (
    "签字表示已核对以上应付项目、算式和金额；暂缓、估算的金额和待定事项，以落实后重新出具的结算单为准。"
)
_SIGNATURE = "{}：\n\n日期：　　　　年　　月　　日"
_SIGNATURE_HEIGHT = 64
_SHOWN_OF_DIGEST = 16


@dataclass(frozen=True)
class Basis:
    """What a sheet rests on: the run, its day, its policy.

    `readings` has a sentence for each provisional reading; `is_separate` says that what either side owes is
    paid in full, without set-off.
    """

    run_id: str
    as_of: date
    policy_digest: str
    policy: Policy
    readings: Mapping[str, str]
    is_separate: bool


def settlement_workbook(case: HouseholdCase, summary: Mapping[str, Any], basis: Basis) -> bytes:
    """The workbook for a household and its row of `compensation.households`.

    The same case and basis give the same bytes.
    """
    book = PrintedBook(basis.as_of)
    sheet = FormSheet(book, SHEET_TITLE, WIDTHS)
    _add_head(sheet, case, summary, basis)
    sheet.add_table("房屋", BUILDING_BLOCKS, building_rows(case))
    sheet.add_table("补偿项目", ITEM_BLOCKS, item_rows(case))
    sheet.add_heading("合计")
    _add_sums(sheet, summary, is_separate=basis.is_separate)
    readings = basis.policy.content.readings
    sheet.add_table("待定事项", QUESTION_BLOCKS, question_rows(case, readings))
    sheet.add_table("待定理解的各种结果", ALTERNATIVE_BLOCKS, alternative_rows(case, readings))
    if case.payments.is_empty():
        sheet.add_heading(f"支付情况：{_NOTHING_LISTED}")
    sheet.add_table("支付情况", PAYMENT_BLOCKS, case.payments)
    codes = pl.Series(case.reading_codes(), dtype=pl.String)
    for note in reading_notes(codes, basis.readings, TO_SIGN):
        sheet.add_text(note, "heading" if note == TO_SIGN else "plain")
    _add_records(sheet, case)
    _add_signatures(sheet)
    sheet.set_up_print(
        foot_left=f"运行 {basis.run_id}　截至 {basis.as_of.isoformat()}",
        foot_right=f"政策摘要 {basis.policy_digest[:_SHOWN_OF_DIGEST]}",
    )
    return book.content()


def _add_head(sheet: FormSheet, case: HouseholdCase, summary: Mapping[str, Any], basis: Basis) -> None:
    sheet.add_text(SHEET_TITLE, "title")
    sheet.add_text(
        f"户编号：{summary['household_id']}　　被征收人：{summary['owner_name']}　　"
        f"截至：{chinese_date(basis.as_of)}　　单位：元",
        "heading",
    )
    sheet.add_text(f"依据：{basis.policy.content.title}（{basis.policy.content.document}）")
    statuses = {summary["status"], *case.items["status"]}
    for warning in (text for status, text in _WARNINGS.items() if status in statuses):
        sheet.add_text(warning, "warning")


def _add_sums(sheet: FormSheet, summary: Mapping[str, Any], *, is_separate: bool) -> None:
    paid_to, owed_by, net = summary["amount_paid_to"], summary["amount_owed_by"], summary["net_amount"]
    if is_separate:
        told = "不抵销：以上两项分别全额支付和收取"
    else:
        told = f"{'由被征收人支付' if net < 0 else '付给被征收人'}：{amount_in_words(abs(net))}"
    for label, amount, words in (
        ("应付合计（付给户）", paid_to, amount_in_words(paid_to)),
        ("户应付合计（户支付）", owed_by, amount_in_words(owed_by)),
        ("净额", net, told),
    ):
        sheet.add_cells(_sum_cells(label, amount, words))
    sheet.add_cells(
        [
            Cell("暂缓（不计入净额）", 0, 2, "total"),
            Cell(summary["held_amount"], 3, 3, "total_amount"),
            Cell("估算（不计入净额）", 4, 5, "total"),
            Cell(summary["estimated_amount"], 6, 8, "total_amount"),
        ]
    )


def _sum_cells(label: str, amount: Decimal, words: str) -> list[Cell]:
    return [Cell(label, 0, 2, "total"), Cell(amount, 3, 3, "total_amount"), Cell(words, 4, 8, "total")]


def _add_records(sheet: FormSheet, case: HouseholdCase) -> None:
    sheet.add_text("依据记录（上报的工作簿、工作表和行）：", "small")
    for number, name, row, file_name in case.records.select(
        "number", "sheet", "row_number", "file_name"
    ).iter_rows():
        sheet.add_text(f"{number}．{name}第{row}行（{file_name}）", "small")


def _add_signatures(sheet: FormSheet) -> None:
    sheet.add_text(_SIGNED_MEANS)
    places: Sequence[tuple[int, int]] = ((0, 2), (3, 4), (5, 8))
    sheet.add_cells(
        [
            Cell(_SIGNATURE.format(role), first, last, CellStyle.TEXT)
            for role, (first, last) in zip(SIGNERS, places, strict=True)
        ],
        height=_SIGNATURE_HEIGHT,
    )
