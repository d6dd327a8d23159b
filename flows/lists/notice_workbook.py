"""The public notice by household, as a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flows.lists.payment_list import chinese_date, reading_notes
from flows.lists.print_layout import CellStyle, PrintedBook, PrintedColumn, PrintedPage, total_of
from transforms.payout.public_notice import (
    KIND_HEADERS,
    NOTICE_COLUMNS,
    Settlement,
    owed_items,
    public_notice,
)

NOTICE_SHEET = "分户补偿公示"
_RESTS_ON = "公示的金额依据下列暂定理解计算："
_AMOUNT_WIDTH = 13
_PRINTED = {
    "household_id": PrintedColumn("户编号", "household_id", 12, CellStyle.CENTRED),
    "owner_name": PrintedColumn("被征收人", "owner_name", 11),
    "masked_id_number": PrintedColumn("证件号码", "masked_id_number", 20, CellStyle.CENTRED),
    "masked_account": PrintedColumn("银行账号", "masked_account", 21, CellStyle.CENTRED),
    "building_count": PrintedColumn("房屋处数", "building_count", 6, CellStyle.COUNT),
    "compensated_area_m2": PrintedColumn("补偿面积(㎡)", "compensated_area_m2", 10, CellStyle.AMOUNT),
    **{
        field: PrintedColumn(header, field, _AMOUNT_WIDTH, CellStyle.AMOUNT)
        for field, header in KIND_HEADERS.items()
    },
    "net_amount": PrintedColumn("合计净额", "net_amount", _AMOUNT_WIDTH, CellStyle.AMOUNT),
}


def notice_workbook(settlement: Settlement, readings: Mapping[str, str], *, as_of: date) -> bytes:
    """The workbook of `public_notice`: name shown, ID number and account masked, nothing else personal."""
    rows = public_notice(settlement)
    page = PrintedPage(
        sheet_name=NOTICE_SHEET,
        title="阿尔山市房屋征收分户补偿情况公示",
        warning="",
        heading=f"截至：{chinese_date(as_of)}　　　　单位：元　　　　负数为被征收人应付的金额",
        columns=tuple(_PRINTED[field] for field in NOTICE_COLUMNS),
    )
    book = PrintedBook(as_of)
    sheet = book.add_page(page)
    sheet.add_rows(rows)
    sheet.add_total(total_of(rows["net_amount"]), "net_amount")
    sheet.add_notes(reading_notes(owed_items(settlement)["reading"], readings, _RESTS_ON))
    return book.content()
