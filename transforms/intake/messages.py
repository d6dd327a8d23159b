"""What is said to the clerk about a cell that could not be read: the rule, and how to mend it.

`{value}` stands for what the cell holds, `{header}` for the column, `{unit}` for its unit, and `{note}`
for what only the sheet knows.
"""

from __future__ import annotations

from schemas.columns import Column

_SET_TO_TEXT = "请先把单元格格式设为“文本”，再重新录入"

_MESSAGES: dict[str, str] = {
    "required": "「{header}」必须填写，请补填。",
    "hidden_characters": "「{header}」里有看不见的字符（控制符、文字方向符等），"
    "请清空单元格后重新录入，不要粘贴。",
    "excel_error": "单元格是 Excel 的错误值「{value}」，请改正公式，或直接填写正确的值。",
    "formula_without_value": "公式没有算出结果，请用 Excel 或 WPS 打开文件，重新计算并保存，或直接填写值。",
    "merged_number": "「{header}」的单元格合并了几行，无法知道每行各是多少，请取消合并，逐行填写。",
    "duplicate_column": "「{header}」有两列（{note}列），这一行两处填的不一样，请只留一列，填正确的值。",
    "not_a_number": "「{value}」不是数，请只填数字{in_unit}。",
    "date_in_number": "单元格是日期「{value}」，不是数，请把单元格格式改为“常规”，再填数字{in_unit}。",
    "boolean_in_number": "单元格是逻辑值「{value}」，不是数，请填数字{in_unit}。",
    "unit_of_another_size": "「{value}」的单位不是{unit}，请换算成{unit}，只填数字。",
    "header_in_another_unit": "表头写的单位是「{note}」，应为{unit}：请把这一列换算成{unit}，并改正表头。",
    "too_many_decimals": "「{value}」的小数位太多，最多 {scale} 位，请按实际的数四舍五入后填写。",
    "not_a_whole_number": "「{value}」不是整数，请填整数{in_unit}。",
    "out_of_range": "「{value}」的位数太多，请核对后重新填写。",
    "not_a_date": "「{value}」不是有效的日期，请写成 2021-03-05 这样的年月日。",
    "number_not_a_date": "「{value}」是数，不是日期，请把单元格格式改为“日期”，并核对显示的年月日。",
    "year_and_month": "「{value}」只有年和月（2016.1 可能是 1 月或 10 月），请写成 2016-01-05 这样的年月日。",
    "in_future": "日期「{value}」晚于业务日期 {note}，尚未发生的事不能填写，请核对。",
    "not_yes_or_no": "「{value}」看不出是{choices}，请{yes_or_no}。",
    "number_in_text_column": "「{header}」录在了数值单元格里，Excel 只保留 15 位数字，后面的已经丢失："
    + _SET_TO_TEXT
    + "全部号码。",
    "short_number_in_text_column": "「{header}」的单元格不是文本，前面如有 0 已经丢失："
    + _SET_TO_TEXT
    + "全部号码。",
    "identifier_changed_by_excel": "「{value}」已被 Excel 改成了数或日期，不再是原来的编号："
    + _SET_TO_TEXT
    + "。",
    "identifier_as_number": "编号「{value}」录在了数值单元格里，前面如有 0 已经丢失，请核对；"
    + _SET_TO_TEXT
    + "可免此提醒。",
}
_RULE_OF = {
    "number_not_a_date": "not_a_date",
    "header_in_another_unit": "unit_of_another_size",
    "short_number_in_text_column": "number_in_text_column",
}


def rule_name(problem: str) -> str:
    """The rule that a problem is reported under."""
    return _RULE_OF.get(problem, problem)


def message_of(problem: str, column: Column, note: str = "") -> str:
    """The message of a problem in a column, with `{value}` still in it."""
    yes, _, no = column.kind.value.partition("/")
    facts = {
        "header": column.header,
        "unit": column.unit or "",
        "in_unit": f"（单位：{column.unit}）" if column.unit else "",
        "scale": str(column.scale),
        "choices": f"“{yes}”还是“{no}”",
        "yes_or_no": f"填“{yes}”，其余留空" if column.only_yes_or_blank else f"填“{yes}”或“{no}”",
        "note": note,
    }
    text = _MESSAGES[problem]
    for name, fact in facts.items():
        text = text.replace(f"{{{name}}}", fact)
    return text
