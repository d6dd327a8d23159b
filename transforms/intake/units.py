"""The units in which people write, and which of them a column takes for its own."""

from __future__ import annotations

from schemas.columns import PERCENT, SQUARE_METRES, TEN_THOUSAND_YUAN, YUAN

_SPELLINGS: dict[str, tuple[str, ...]] = {
    YUAN: ("元",),
    TEN_THOUSAND_YUAN: ("万元", "万"),
    SQUARE_METRES: ("㎡", "m²", "m2", "M²", "M2", "平方米", "平米", "平"),
    PERCENT: ("%",),
    "个月": ("个月", "月"),
    "个": ("个",),
    "家": ("家",),
    "人": ("人",),
    "年": ("年",),
}
_OTHERS = (
    *("角", "分", "百元", "千元", "千", "十万元", "十万", "百万元", "百万", "千万元", "千万", "亿元", "亿"),
    *("美元", "港元", "欧元", "亩", "公顷", "平方公里", "km²", "km2", "平方千米", "平方厘米", "cm²", "cm2"),
    *(
        "平方分米",
        "平方尺",
        "平方英尺",
        "‰",
        "百分点",
        "万人",
        "千人",
        "百人",
        "季",
        "季度",
        "周",
        "天",
        "日",
    ),
)
_ALL = frozenset(_OTHERS).union(*_SPELLINGS.values())


def own_spellings(unit: str | None) -> tuple[str, ...]:
    """How a column's unit may be written behind its numbers; none for a column without unit."""
    return _SPELLINGS.get(unit, (unit,)) if unit else ()


def other_spellings(unit: str | None) -> tuple[str, ...]:
    """The units that are not the column's own, the longest first."""
    return tuple(sorted(_ALL.difference(own_spellings(unit)), key=lambda text: (-len(text), text)))
