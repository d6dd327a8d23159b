"""The columns of the granting workbook's sheets; their names and the order of the sheets."""

from __future__ import annotations

from flows.lists.print_layout import CellStyle, PrintedColumn
from schemas.payout import Programme

GRANTING_TITLE = "奖补核定表"
REWARD_SHEET = Programme.INTRODUCTION_REWARD.value
INCENTIVE_SHEET = Programme.INVESTMENT_INCENTIVE.value
EXPENSE_SHEET, DUTY_SHEET, DECISION_SHEET = "推介官经费", "推介官履职", "报请决定"

_RESULT = PrintedColumn("结果", "result", 8.5, CellStyle.CENTRED)
_AMOUNT = PrintedColumn("金额(元)", "amount", 14, CellStyle.AMOUNT)
_REASON = PrintedColumn("理由", "reason", 28)
_BASIS = PrintedColumn("算式", "basis", 31)
_PROJECT = PrintedColumn("项目", "project", 18)
_OFFICER = PrintedColumn("推介官", "named", 16)
_YEAR = PrintedColumn("聘期年度", "year", 9, CellStyle.CENTRED)

REWARD_COLUMNS = (
    _RESULT,
    PrintedColumn("引资人", "named", 16),
    _PROJECT,
    PrintedColumn("奖励", "item_name", 11),
    PrintedColumn("基数(元)", "base", 15, CellStyle.AMOUNT),
    PrintedColumn("标准", "standard", 8.5, CellStyle.CENTRED),
    _AMOUNT,
    _REASON,
    PrintedColumn("条款", "clause", 12),
    _BASIS,
)
INCENTIVE_COLUMNS = (
    _RESULT,
    PrintedColumn("申报人", "named", 16),
    _PROJECT,
    PrintedColumn("政策", "article", 9, CellStyle.CENTRED),
    PrintedColumn("年度", "year", 6, CellStyle.COUNT),
    PrintedColumn("基数(元、人)", "base", 15, CellStyle.AMOUNT),
    PrintedColumn("标准", "standard", 8.5, CellStyle.CENTRED),
    _AMOUNT,
    _REASON,
    PrintedColumn("条款", "clause", 12),
    _BASIS,
)
EXPENSE_COLUMNS = (
    _OFFICER,
    _YEAR,
    PrintedColumn("发票号码", "invoice_number", 22, CellStyle.CENTRED),
    PrintedColumn("发生日期", "day", 11, CellStyle.CENTRED),
    PrintedColumn("发票金额(元)", "expense_amount", 14, CellStyle.AMOUNT),
    PrintedColumn("报销金额(元)", "reimbursed", 14, CellStyle.AMOUNT),
    _RESULT,
    _REASON,
    PrintedColumn("条款", "clause", 11, CellStyle.CENTRED),
    _BASIS,
)
DUTY_COLUMNS = (
    PrintedColumn("推介官", "named", 26),
    _YEAR,
    PrintedColumn("职责", "duty_name", 15),
    PrintedColumn("结果", "result", 11, CellStyle.CENTRED),
    PrintedColumn("说明", "detail", 72),
    PrintedColumn("条款", "clause", 11, CellStyle.CENTRED),
)
DECISION_COLUMNS = (
    PrintedColumn("序号", "number", 5.5, CellStyle.COUNT),
    PrintedColumn("类别", "kind", 13),
    PrintedColumn("结果", "result", 8.5, CellStyle.CENTRED),
    PrintedColumn("受奖人、申报人或项目", "named", 18),
    PrintedColumn("事项", "matter", 20),
    PrintedColumn("涉及金额(元)", "amount", 15, CellStyle.AMOUNT),
    _REASON,
    PrintedColumn("怎样落实", "settled_by", 30),
    PrintedColumn("条款", "clause", 13),
    PrintedColumn("决定意见", "decision", 20),
)
