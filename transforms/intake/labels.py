"""What the first text of a row says that is no record's: a total, a sign-off line, a note."""

from __future__ import annotations

import polars as pl

_TOTAL = (
    r"^\(?(?:本页|本户|本表|累计|以上|全部)?(?:合计|小计|总计|共计)\)?(?:\([^()]*\))?:?"
    r"(?:[-¥￥]*\d[\d.,]*(?:元|万元|㎡|平方米|户|处|人)?)?$"
)
_SIGNERS = "制表|审核|复核|填表|填报|编制|经办|负责|调查|校对|批准|单位负责|领导"
_SIGNATURE = "签字|签名|签章|盖章|\\([^()]*\\)"
_SIGN_OFF = (
    rf"^(?:(?:{_SIGNERS})(?:人|员|者|组|单位|部门|机关|领导|日期|时间|{_SIGNATURE})*:"
    rf"|(?:{_SIGNERS})人?(?:{_SIGNATURE})?$)"
)
_TOTAL_SOMEWHERE = r"^.{0,12}(?:合计|小计|总计|共计|累计)"
_NOT_SUMMED = r"^(?:平均|(?:金额|人民币)*\(?大写)"
_WHO = rf"{_SIGNERS}|报送|监督|审批|分管|主管"
_NOTE = (
    rf"^(?:(?:{_WHO})(?:人|员|者|组|单位|部门|机关|领导|日期|时间|意见|{_WHO}|{_SIGNATURE})*(?::|$)"
    r"|(?:填报|制表|报送|编制)(?:单位|部门)|(?:主管|分管)领导|监督人|(?:审批|审核|批准)意见|以下空白"
    r"|附?注[\d一二三]?[:.、]|(?:备注|说明|填表说明|填报说明|日期|单位)[:(]|第\d+页|共\d+[页户处人条行笔])"
)


def is_label(texts: pl.Series) -> pl.Series:
    """Whether a text is nothing but the label of a total or of a sign-off line.

    Here and below, texts have no white space and no full-width ASCII.
    """
    return _says(texts, f"{_TOTAL}|{_SIGN_OFF}")


def names_total(texts: pl.Series) -> pl.Series:
    """Whether a text names a total, whatever else it says."""
    return _says(texts, _TOTAL_SOMEWHERE)


def may_be_total(texts: pl.Series) -> pl.Series:
    """Whether a text may be the label of a total, of an average, or of a sum in words."""
    return _says(texts, f"{_TOTAL_SOMEWHERE}|{_NOT_SUMMED}")


def may_be_note(texts: pl.Series) -> pl.Series:
    """Whether a text may be a note, or stand beside a signature."""
    return _says(texts, _NOTE)


def may_be_label(texts: pl.Series) -> pl.Series:
    """Whether a text may be a label or a note of any kind."""
    return _says(texts, f"{_TOTAL}|{_SIGN_OFF}|{_TOTAL_SOMEWHERE}|{_NOT_SUMMED}|{_NOTE}")


def _says(texts: pl.Series, pattern: str) -> pl.Series:
    return texts.str.contains(pattern).fill_null(value=False)
