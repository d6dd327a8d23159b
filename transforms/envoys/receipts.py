"""Works the printed arithmetic of the scores out again, from its text alone.

Nothing here shares code with what wrote the text. A text that has none of the forms below is unreadable.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.investment_scores import ScoreItem
from transforms.frames import stacked

_PLACES = 4
_UNIT = pl.lit(10**_PLACES, dtype=pl.Int128)
_ONE = pl.lit(1, dtype=pl.Int128)
_TWO = pl.lit(2, dtype=pl.Int128)
_CENT = pl.lit(10 ** (2 * _PLACES - 2), dtype=pl.Int128)
_STOPPED = "< 0 分，扣完为止，得"


def _number(name: str) -> str:
    return rf"(?<{name}>[0-9][0-9,]*(?:\.[0-9]+)?)"


_FULL = rf"^{_number('full')} 分 - "
_POINTS = rf"{_number('stated')} 分"
_DEDUCTED = rf" × {_number('rate')} 分/(?:天|次|家|个) (?<end>=|{_STOPPED}) {_POINTS}"
_AVERAGE = rf"\({_number('target')} 天 - 驻外 {_number('done')} 天 ÷ {_number('months')} 个月\)"
_AVERAGE_REACHED = rf"驻外 {_number('done')} 天 ÷ {_number('months')} 个月 ≥ {_number('target')} 天"
_DONE = rf"(?:驻外|走访|洽谈) {_number('done')} (?:天|家|个)"
_TARGET = rf"{_number('target')} (?:天|家|个) × {_number('months')} 个月"
_MISSED = rf"\(漏报 {_number('missing')} 次 \+ 迟报 {_number('late')} 次\)"
_GAP = rf"〔驻外 {_number('away')} 天，缺记日志 {_number('done')} 天〕$"

# each name is a whole number of ten-thousandths
_TARGET_VALUE, _DONE_VALUE, _MONTHS_VALUE = pl.col("target"), pl.col("done"), pl.col("months")
_MONTHS_WHOLE = _MONTHS_VALUE // _UNIT
_SHORT_IN_TOTAL = _TARGET_VALUE * _MONTHS_WHOLE - _DONE_VALUE


@dataclass(frozen=True)
class _Form:
    """A form of the text: `short` ÷ `divisor` is missing, `done` ÷ `done_divisor` was done.

    Where nothing is to be deducted, `short` has to be zero or less, and the points are the full mark.
    """

    items: frozenset[ScoreItem]
    pattern: str
    short: pl.Expr
    divisor: pl.Expr = _ONE
    done: pl.Expr = _DONE_VALUE
    done_divisor: pl.Expr = _ONE


_DAYS, _JOURNAL = frozenset({ScoreItem.DAYS_AWAY}), frozenset({ScoreItem.JOURNAL})
_REPORTING = frozenset({ScoreItem.REPORTING})
_IN_TOTAL = frozenset({ScoreItem.DAYS_AWAY, ScoreItem.COMPANY_VISITS, ScoreItem.NEGOTIATIONS})
_BOTH = pl.col("missing") + pl.col("late")

_FORMS = (
    _Form(
        _DAYS,
        f"{_FULL}{_AVERAGE}{_DEDUCTED}$",
        _SHORT_IN_TOTAL,
        divisor=_MONTHS_WHOLE,
        done_divisor=_MONTHS_WHOLE,
    ),
    _Form(
        _DAYS,
        f"{_FULL}取整{_AVERAGE}{_DEDUCTED}$",
        _SHORT_IN_TOTAL // (_MONTHS_WHOLE * _UNIT) * _UNIT,
        done_divisor=_MONTHS_WHOLE,
    ),
    _Form(
        _DAYS,
        f"{_FULL}\\({_TARGET} - {_DONE}\\){_DEDUCTED}$",
        _SHORT_IN_TOTAL,
        done_divisor=_MONTHS_WHOLE,
    ),
    _Form(_IN_TOTAL - _DAYS, f"{_FULL}\\({_TARGET} - {_DONE}\\){_DEDUCTED}$", _SHORT_IN_TOTAL),
    _Form(_DAYS, f"^{_AVERAGE_REACHED}，得满分 {_POINTS}$", _SHORT_IN_TOTAL, done_divisor=_MONTHS_WHOLE),
    _Form(_IN_TOTAL - _DAYS, f"^{_DONE} ≥ {_TARGET}，得满分 {_POINTS}$", _SHORT_IN_TOTAL),
    _Form(_JOURNAL, f"{_FULL}{_number('times')} (?:次|个月){_DEDUCTED}{_GAP}", pl.col("times")),
    _Form(
        _REPORTING,
        f"{_FULL}{_MISSED}{_DEDUCTED}〔应报 {_number('owed')} 次〕$",
        _BOTH,
        done=_BOTH,
    ),
)
_BONUS = rf"^落地 {_number('done')} 个 × {_number('rate')} 分/个 = {_POINTS}$"


def recomputed(items: pl.DataFrame) -> pl.DataFrame:
    """One row per readable text: its `line`, the score in hundredths that it gives and that it states.

    `result` is null where the text claims what is not so. `measured` is in ten-thousandths; `full`, in
    hundredths, is null where the text names no full mark.
    """
    texts = items.select("item", "basis", "full_mark").with_row_index("line")
    return stacked([*(_deducted(texts, form) for form in _FORMS), _added(texts)])


def _read(texts: pl.DataFrame, items: frozenset[ScoreItem], pattern: str) -> pl.LazyFrame:
    """The texts of the form with their numbers as whole ten-thousandths."""
    return (
        texts.lazy()
        .filter(pl.col("item").is_in(sorted(items)))
        .with_columns(parts=pl.col("basis").str.extract_groups(pattern))
        .filter(pl.col("parts").struct.field("stated").is_not_null())
        .select("line", "full_mark", "parts")
        .unnest("parts")
        .with_columns(_exact(pl.exclude("line", "full_mark", "end")), _exact(pl.col("full_mark")))
    )


def _exact(value: pl.Expr) -> pl.Expr:
    plain = value.cast(pl.String).str.replace_all(",", "", literal=True)
    return plain.cast(pl.Decimal(38, _PLACES)).to_physical().cast(pl.Int128)


def _rounded(numerator: pl.Expr, divisor: pl.Expr) -> pl.Expr:
    return (numerator * _TWO + divisor) // (divisor * _TWO)


def _deducted(texts: pl.DataFrame, form: _Form) -> pl.DataFrame:
    rows = _read(texts, form.items, form.pattern)
    has_deduction = "?<end>" in form.pattern
    result: pl.Expr
    if has_deduction:
        left = pl.col("full") * _UNIT * form.divisor - pl.col("rate") * form.short
        result = (
            pl.when((pl.col("end") == "=") & (form.short >= 0) & (left >= 0))
            .then(_rounded(left, form.divisor * _CENT))
            .when((pl.col("end") == _STOPPED) & (left < 0))
            .then(pl.lit(0, dtype=pl.Int128))
        )
    else:
        result = pl.when(form.short <= 0).then(_rounded(pl.col("full_mark") * _UNIT, _CENT))
    return rows.select(
        "line",
        result=result,
        stated=_rounded(pl.col("stated") * _UNIT, _CENT),
        measured=_rounded(form.done, form.done_divisor),
        full=_rounded(pl.col("full") * _UNIT, _CENT)
        if has_deduction
        else pl.lit(value=None, dtype=pl.Int128),
    ).collect()


def _added(texts: pl.DataFrame) -> pl.DataFrame:
    return (
        _read(texts, frozenset({ScoreItem.BONUS}), _BONUS)
        .select(
            "line",
            result=_rounded(_DONE_VALUE * pl.col("rate"), _CENT),
            stated=_rounded(pl.col("stated") * _UNIT, _CENT),
            measured="done",
            full=pl.lit(value=None, dtype=pl.Int128),
        )
        .collect()
    )
