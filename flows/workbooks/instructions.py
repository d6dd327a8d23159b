"""The sheet 填写说明 of a template: how to fill it in, then every column of every sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from schemas.columns import Column, Kind
from schemas.sheet import VOID_HEADER, Sheet
from schemas.sheets import INSTRUCTIONS_TITLE

YES_NO_CHOICES, YES_CHOICE, HAS_NOT_CHOICES = ("是", "否"), ("是",), ("有", "无")
EARLIEST_DAY = date(1900, 1, 1)
VOID_COLUMN = Column(
    VOID_HEADER,
    Kind.YES_NO,
    "撤销该编号的记录时填“是”，其余空白；填“是”的行只需填写编号列",
    only_yes_or_blank=True,
    name="is_void",
)

ROW_MEANINGS = {
    "imagery_register": "2016 年 5 月影像资料登记的一处房屋",
    "household_survey": "入户调查的一处房屋；一户有几处房屋就填几行",
    "recognitions": "认定工作组已有结论的一处房屋；以认定为准，优先于登记和调查",
    "appraisals": "一份评估报告对一处房屋（或其附属物）的评估结果",
    "agreements": "一处房屋的签约进展和协议内容",
    "special_decisions": "一项“一事一议”决定",
    "payees": "一户的一位收款人；只在收款人不是被征收人本人一人时填写",
    "payment_receipts": "付款清单中一笔款项的支付结果，由财政部门填写",
    "envoys": "一位派驻招商大使",
    "travel_tickets": "一张机票或车票，证明从到达日期至返回日期在驻地",
    "envoy_journal": "一位招商大使一天的招商日志",
    "envoy_reports": "一位招商大使一个所属期的一次信息报送",
    "company_visits": "一位招商大使一天对一家企业的走访",
    "negotiations": "一位招商大使一天对一个项目的洽谈",
    "projects": "一个投资项目",
    "introducers": "一位引资人（个人或单位）及其收款账户",
    "promotion_officers": "一位产业推介官（个人或单位）的一个聘期",
    "officer_activities": "产业推介官的一次活动",
    "officer_expenses": "产业推介官的一张发票",
    "incentive_claims": "一项优惠政策申报",
}
"""What a row of each sheet is, for those who fill it in, by table name."""

_GUIDANCE = (
    "工作表的名称和第 1 行的表头请勿改动；不需要的工作表可以整张删除，列的先后可以调整。",
    "深红色表头的列必须填写；浅蓝色表头的列按实际情况填写，说明中写明“必填”条件的除外。",
    "每张表第 2 行的灰色斜体字是示例，填报前请整行删除。",
    "有下拉列表的单元格请从列表中选择；选中单元格会显示该列的说明。",
    "证件号码、统一社会信用代码、银行账号的列已设为文本，请直接录入全部数字，不要把数字格式的号码粘贴进来。",
    "日期写成 2021-03-05；面积以㎡为单位，金额以元为单位，投资额以万元为单位（见各列说明），最多两位小数。",
    "同一编号再次上报时，以后报的一行替换先报的一行；要撤销一条记录，在“作废”列填“是”并填写编号即可。",
    "填好后保存为 .xlsx，放入收件文件夹；有问题的行会退回，并附上标注好的“-批注.xlsx”，改正后重新上报即可。",
)
_COLUMNS = ("工作表", "表头", "必填", "类型", "单位", "可选项或范围", "说明")
_WIDTHS = (14, 20, 6, 16, 7, 44, 60)


def write_instructions(book: xlsxwriter.Workbook, title: str, sheets: Sequence[type[Sheet]]) -> None:
    """Add the sheet 填写说明 to a template."""
    page = book.add_worksheet(INSTRUCTIONS_TITLE)
    last_column = len(_COLUMNS) - 1
    plain = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#BFBFBF"})
    band = book.add_format({"bold": True, "bg_color": "#D9E1F2", "border": 1, "text_wrap": True})
    heading = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3864", "border": 1})
    needed = book.add_format(
        {"bold": True, "font_color": "#C00000", "border": 1, "border_color": "#BFBFBF", "valign": "top"}
    )
    guidance = book.add_format({"text_wrap": True, "valign": "top"})
    _lay_out(page)
    page.merge_range(0, 0, 0, last_column, title, book.add_format({"bold": True, "font_size": 16}))
    row = 1
    for number, sentence in enumerate(_GUIDANCE, start=1):
        page.merge_range(row, 0, row, last_column, f"{number}. {sentence}", guidance)
        row += 1
    row += 1
    for place, name in enumerate(_COLUMNS):
        page.write_string(row, place, name, heading)
    for sheet in sheets:
        row += 1
        page.merge_range(row, 0, row, last_column, _sheet_sentence(sheet), band)
        for column in (*sheet.columns.values(), VOID_COLUMN):
            row += 1
            for place, text in enumerate(_column_cells(sheet, column)):
                page.write_string(row, place, text, needed if text and _COLUMNS[place] == "必填" else plain)


def _lay_out(page: Worksheet) -> None:
    for place, width in enumerate(_WIDTHS):
        page.set_column(place, place, width)
    page.set_default_row(18)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer("&C第 &P 页，共 &N 页")


def _sheet_sentence(sheet: type[Sheet]) -> str:
    key = "＋".join(f"「{sheet.columns[name].header}」" for name in sheet.key)
    return f"{sheet.title}：一行是{ROW_MEANINGS[sheet.table]}。同一张表内{key}不得重复。"


def _column_cells(sheet: type[Sheet], column: Column) -> tuple[str, ...]:
    return (
        sheet.title,
        column.header,
        "必填" if column.required else "",
        column.kind.value,
        column.unit or "",
        "；".join(limit_phrases(column)),
        column.description,
    )


def choices_of(column: Column) -> tuple[str, ...]:
    """What the column's drop-down offers; empty for a column without one."""
    if column.kind is Kind.YES_NO:
        return YES_CHOICE if column.only_yes_or_blank else YES_NO_CHOICES
    if column.kind is Kind.HAS_NOT:
        return HAS_NOT_CHOICES
    return column.choices


def limit_phrases(column: Column) -> Iterator[str]:
    """The column's limits in words."""
    if choices := choices_of(column):
        yield "、".join(choices)
    if column.pattern_hint:
        yield column.pattern_hint
    if column.minimum is not None:
        yield f"{'大于' if column.above_minimum else '不小于'} {_plain(column.minimum)}"
    if column.maximum is not None:
        yield f"不大于 {_plain(column.maximum)}"
    if column.kind is Kind.DECIMAL:
        yield f"最多 {column.scale} 位小数"
    if column.kind is Kind.DATE:
        yield "日期，可以晚于今天" if column.may_be_future else "日期，不能晚于今天"


def _plain(number: Decimal) -> str:
    return f"{number:,f}"
