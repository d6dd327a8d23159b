"""The table of marks: what each item deducts or adds, exactly, rounded once, with its arithmetic in words."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.envoy_policy import EnvoyParameter as Named
from schemas.envoy_policy import EnvoyReading
from schemas.investment_scores import ScoreItem
from transforms import wording
from transforms.money import MONEY, from_cents, round_half_up, scaled
from transforms.policy import RATE

_PLACES = 4
_UNIT = pl.lit(10**_PLACES, dtype=pl.Int128)
_NOTHING = pl.lit(0, dtype=pl.Int128)
_ONE = pl.lit(1, dtype=pl.Int128)
_NO_RATE = pl.lit(value=None, dtype=RATE)
_NO_TEXT = pl.lit(value=None, dtype=pl.String)
_MONTHS = pl.col("months")


@dataclass(frozen=True)
class Deduction:
    """An item with a full mark: `short` ÷ `divisor` units are missing, each costs `rate`.

    `short` is in ten-thousandths; a negative one is nothing missing. `missing` says in words how it comes
    about, `enough` that nothing is missing. `measured` is what was done and `off_target` how far that is
    from the target, both in ten-thousandths and to be divided by `measured_divisor`.
    """

    item: ScoreItem
    clause: str
    full: Named
    rate: Named
    unit: str
    short: pl.Expr
    missing: pl.Expr
    measured: pl.Expr
    off_target: pl.Expr
    target: pl.Expr
    enough: pl.Expr = _NO_TEXT
    note: pl.Expr = pl.lit("")  # noqa: RUF009 an expression is a value
    divisor: pl.Expr = _ONE
    measured_divisor: pl.Expr = _ONE
    reading: pl.Expr = _NO_TEXT


def _times_of(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.Int128) * _UNIT


def _per_month(target: Named) -> pl.Expr:
    return scaled(pl.col(target), _PLACES) * _MONTHS.cast(pl.Int128)


def _words(*parts: str | pl.Expr) -> pl.Expr:
    return pl.concat_str([pl.lit(part) if isinstance(part, str) else part for part in parts])


def _counted(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String)


def _days_away() -> Deduction:
    short = _per_month(Named.DAYS_AWAY_PER_MONTH) - _times_of(pl.col("days_away"))
    months = _MONTHS.cast(pl.Int128)
    whole, in_total = pl.col("average_whole"), pl.col("total")
    whole_days = pl.max_horizontal(short, _NOTHING) // (_UNIT * months) * _UNIT
    target, done = wording.plain(pl.col(Named.DAYS_AWAY_PER_MONTH)), _counted("days_away")
    average = _words("(", target, " 天 - 驻外 ", done, " 天 ÷ ", _counted("months"), " 个月)")
    total = _words("(", target, " 天 × ", _counted("months"), " 个月 - 驻外 ", done, " 天)")
    return Deduction(
        ScoreItem.DAYS_AWAY,
        "第五条、附表1",
        Named.DAYS_AWAY_FULL,
        Named.DAYS_AWAY_DEDUCTION,
        "天",
        short=pl.when(whole).then(whole_days).otherwise(short),
        divisor=pl.when(whole | in_total).then(_ONE).otherwise(months),
        missing=pl.when(in_total).then(total).when(whole).then(_words("取整", average)).otherwise(average),
        enough=_words("驻外 ", done, " 天 ÷ ", _counted("months"), " 个月 ≥ ", target, " 天"),
        measured=_times_of(pl.col("days_away")),
        off_target=short,
        measured_divisor=months,
        target=pl.col(Named.DAYS_AWAY_PER_MONTH),
        reading=pl.when(short > 0).then(pl.col(f"rests_on_{EnvoyReading.DAYS_SHORT}")),
    )


def _journal() -> Deduction:
    gap_months = pl.col("journal_gap_months")
    times = pl.when("each_month").then(gap_months).otherwise((gap_months > 0).cast(pl.Int64))
    unit = pl.when("each_month").then(pl.lit(" 个月")).otherwise(pl.lit(" 次"))
    note = ("〔驻外 ", _counted("days_away"), " 天，缺记日志 ", _counted("journal_gap_days"), " 天〕")
    return Deduction(
        ScoreItem.JOURNAL,
        "第八条、附表2",
        Named.JOURNAL_FULL,
        Named.JOURNAL_DEDUCTION,
        "次",
        short=_times_of(times),
        missing=_words(times.cast(pl.String), unit),
        note=_words(*note),
        measured=_times_of(pl.col("journal_gap_days")),
        off_target=_times_of(pl.col("journal_gap_days")),
        target=pl.lit(0),
        reading=pl.when(gap_months > 1).then(pl.col(f"rests_on_{EnvoyReading.JOURNAL_GAP}")),
    )


def _reporting() -> Deduction:
    missed = pl.col("reports_missing") + pl.col("reports_late")
    return Deduction(
        ScoreItem.REPORTING,
        "第九条、附表3",
        Named.REPORTING_FULL,
        Named.REPORTING_DEDUCTION,
        "次",
        short=_times_of(missed),
        missing=_words(
            "(漏报 ", _counted("reports_missing"), " 次 + 迟报 ", _counted("reports_late"), " 次)"
        ),
        note=_words("〔应报 ", _counted("reports_owed"), " 次〕"),
        measured=_times_of(missed),
        off_target=_times_of(missed),
        target=pl.lit(0),
    )


def _contacts(
    item: ScoreItem, clause: str, names: tuple[Named, Named, Named], done: str, words: tuple[str, str]
) -> Deduction:
    """`names` are the full mark, the target a month and the deduction; `words` the deed and the unit."""
    full, per_month, rate = names
    deed, unit = words
    short = _per_month(per_month) - _times_of(pl.col(done))
    target = _words(wording.plain(pl.col(per_month)), f" {unit} × ", _counted("months"), " 个月")
    did = _words(f"{deed} ", _counted(done), f" {unit}")
    return Deduction(
        item,
        clause,
        full,
        rate,
        unit,
        short=short,
        missing=_words("(", target, " - ", did, ")"),
        enough=_words(did, " ≥ ", target),
        measured=_times_of(pl.col(done)),
        off_target=short,
        target=_four_places(_per_month(per_month)),
    )


def _four_places(ten_thousandths: pl.Expr) -> pl.Expr:
    wide = pl.Decimal(38, _PLACES)
    return (ten_thousandths.cast(wide) / pl.lit(10**_PLACES, dtype=wide)).cast(RATE)


DEDUCTIONS: tuple[Deduction, ...] = (
    _days_away(),
    _journal(),
    _reporting(),
    _contacts(
        ScoreItem.COMPANY_VISITS,
        "第六条、附表4",
        (Named.COMPANY_VISITS_FULL, Named.COMPANY_VISITS_PER_MONTH, Named.COMPANY_VISITS_DEDUCTION),
        "companies",
        ("走访", "家"),
    ),
    _contacts(
        ScoreItem.NEGOTIATIONS,
        "第七条、附表5",
        (Named.NEGOTIATIONS_FULL, Named.NEGOTIATIONS_PER_MONTH, Named.NEGOTIATIONS_DEDUCTION),
        "negotiations",
        ("洽谈", "个"),
    ),
)
BONUS_CLAUSE = "第十三条、附表6"


def cents_of(item: ScoreItem) -> str:
    """The column that `score_cents` gives an item's score in."""
    return f"{item}_cents"


def score_cents() -> dict[str, pl.Expr]:
    """The score of every item in hundredths of a point, by the column's name."""
    scores = {cents_of(deduction.item): _deduced_cents(deduction) for deduction in DEDUCTIONS}
    per_project = scaled(pl.col(Named.BONUS_PER_PROJECT), _PLACES)
    bonus = round_half_up(per_project * pl.col("landed").cast(pl.Int128), 10 ** (_PLACES - 2))
    return {
        name: cents.cast(pl.Int64) for name, cents in (scores | {cents_of(ScoreItem.BONUS): bonus}).items()
    }


def _costs(deduction: Deduction) -> pl.Expr:
    """In 10⁻⁸ points, times the divisor; not stopped at the full mark."""
    return pl.max_horizontal(deduction.short, _NOTHING) * scaled(pl.col(deduction.rate), _PLACES)


def _full(deduction: Deduction) -> pl.Expr:
    """In 10⁻⁸ points, times the divisor."""
    return scaled(pl.col(deduction.full), _PLACES) * _UNIT * deduction.divisor


def _deduced_cents(deduction: Deduction) -> pl.Expr:
    left = pl.max_horizontal(_full(deduction) - _costs(deduction), _NOTHING)
    return round_half_up(left, deduction.divisor * pl.lit(10 ** (2 * _PLACES - 2), dtype=pl.Int128))


def item_columns(deduction: Deduction) -> dict[str, pl.Expr]:
    """The item's columns of EnvoyScoreItems but the envoy and the year, over rows that have the scores."""
    costs, full = _costs(deduction), _full(deduction)
    score = from_cents(pl.col(cents_of(deduction.item)))
    off_target = pl.max_horizontal(deduction.off_target, _NOTHING)
    working = _words(
        wording.plain(pl.col(deduction.full)),
        " 分 - ",
        deduction.missing,
        " × ",
        wording.plain(pl.col(deduction.rate)),
        " 分/",
        deduction.unit,
    )
    points = _words(wording.number(score, least=2, most=2), " 分", deduction.note)
    basis = (
        pl.when((deduction.off_target <= 0) & deduction.enough.is_not_null())
        .then(_words(deduction.enough, "，得满分 ", points))
        .when(costs > full)
        .then(_words(working, " < 0 分，扣完为止，得 ", points))
        .otherwise(_words(working, " = ", points))
    )
    return {
        "measured": _four_places(round_half_up(deduction.measured, deduction.measured_divisor)),
        "target": deduction.target.cast(RATE),
        "shortfall": _four_places(round_half_up(off_target, deduction.measured_divisor)),
        "deduction": _four_places(
            round_half_up(
                pl.min_horizontal(costs, full),
                deduction.divisor * pl.lit(10**_PLACES, dtype=pl.Int128),
            )
        ),
        "score": score,
        "full_mark": from_cents(round_half_up(scaled(pl.col(deduction.full), _PLACES), 10 ** (_PLACES - 2))),
        "clause": pl.lit(deduction.clause),
        "basis": basis,
        "reading": deduction.reading,
    }


def bonus_columns() -> dict[str, pl.Expr]:
    """The bonus' columns, likewise."""
    score = from_cents(pl.col(cents_of(ScoreItem.BONUS)))
    rate = wording.plain(pl.col(Named.BONUS_PER_PROJECT))
    points = wording.number(score, least=2, most=2)
    return {
        "measured": pl.col("landed").cast(RATE),
        "target": _NO_RATE,
        "shortfall": _NO_RATE,
        "deduction": _NO_RATE,
        "score": score,
        "full_mark": pl.lit(value=None, dtype=MONEY),
        "clause": pl.lit(BONUS_CLAUSE),
        "basis": _words("落地 ", _counted("landed"), " 个 × ", rate, " 分/个 = ", points, " 分"),
        "reading": _NO_TEXT,
    }
