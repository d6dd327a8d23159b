"""How a rule states an entitlement: its arithmetic, the conditions it fails, what it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from schemas.policy import ReadingState
from schemas.sheet import Sheet
from transforms.frames import stacked
from transforms.money import MONEY
from transforms.payout.investment_dues import claim_key, reward_key
from transforms.policy import RATE, Policy

ENTRIES: dict[str, pl.DataType] = {
    "entry_id": pl.String(),
    "introducer_id": pl.String(),
    "introducer_name": pl.String(),
    "project_id": pl.String(),
    "year": pl.Int64(),
    "item": pl.String(),
    "claim_id": pl.String(),
    "claimant_name": pl.String(),
    "article": pl.String(),
    "recipient": pl.String(),
    "competes_as": pl.String(),
    "base": MONEY,
    "rate": RATE,
    "amount": MONEY,
    "basis": pl.String(),
    "failing": pl.String(),
    "decision": pl.String(),
    "pointer": pl.String(),
    "merit": pl.String(),
    "reading": pl.String(),
    "clause": pl.String(),
    "selected_on": pl.Date(),
    "arises_on": pl.Date(),
    "policy_version": pl.Date(),
    "sources": pl.String(),
}
"""One row per reward (`item` given) or claim (`item` null), before it is known what becomes of it.

`failing` names the conditions it fails, `decision` what is to be decided, `pointer` where it went instead,
`merit` why it is granted; all null but the last in the ordinary case. `competes_as` is the policy as which
it competes for the highest, null where it does not; `recipient` is the ID number, never shown.
`selected_on` selects the parameters.
"""
WAITS: dict[str, pl.DataType] = {
    "entry_id": pl.String(),
    "code": pl.String(),
    "reason": pl.String(),
    "sheet": pl.String(),
    "subject_id": pl.String(),
    "clause": pl.String(),
    "message": pl.String(),
    "sources": pl.String(),
    "amount_without_entry": MONEY,
}
"""One row per entry and thing that it waits for; without a `message` nobody is asked."""


@dataclass(frozen=True)
class Condition:
    """A condition of the text: where `fails` is true, `text` says so."""

    fails: pl.Expr
    text: str | pl.Expr


@dataclass(frozen=True)
class Wait:
    """What keeps an entry waiting where `when` is true, and who is asked what about which record."""

    code: str
    clause: str
    when: pl.Expr
    reason: str | pl.Expr
    message: str | pl.Expr | None
    sheet: type[Sheet]
    sources: str


@dataclass(frozen=True)
class Stated:
    """What one or several rules state: `ENTRIES` and their `WAITS`."""

    entries: pl.DataFrame
    waits: pl.DataFrame


def stated(rows: pl.DataFrame, *waits: Wait) -> Stated:
    """The rows as entries, with the waits that arise; `ENTRIES` columns that the rows lack are null."""
    absent = {name: dtype for name, dtype in ENTRIES.items() if name not in rows.columns}
    filled = rows.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in absent.items())
    identified = filled.with_columns(
        entry_id=pl.when(pl.col("item").is_null()).then(claim_key()).otherwise(reward_key())
    )
    return Stated(
        identified.select(pl.col(name).cast(dtype) for name, dtype in ENTRIES.items()),
        stacked([no_waits(), *(waiting(identified, wait) for wait in waits)]),
    )


def waiting(rows: pl.DataFrame, wait: Wait, amount_without_entry: pl.Expr | None = None) -> pl.DataFrame:
    """`WAITS` of the rows that wait; the rows have `entry_id`, the sheet's key and the named sources."""
    columns = {
        "entry_id": pl.col("entry_id"),
        "code": pl.lit(wait.code),
        "reason": as_text(wait.reason),
        "sheet": pl.lit(wait.sheet.title),
        "subject_id": pl.col(wait.sheet.key[0]),
        "clause": pl.lit(wait.clause),
        "message": as_text(wait.message),
        "sources": pl.col(wait.sources),
        "amount_without_entry": pl.lit(None) if amount_without_entry is None else amount_without_entry,
    }
    return rows.filter(wait.when.fill_null(value=False)).select(
        columns[name].cast(dtype).alias(name) for name, dtype in WAITS.items()
    )


def joined(parts: Sequence[Stated]) -> Stated:
    """What all the rules state together."""
    return Stated(
        stacked([pl.DataFrame(schema=ENTRIES), *(part.entries for part in parts)]),
        stacked([no_waits(), *(part.waits for part in parts)]),
    )


def no_waits() -> pl.DataFrame:
    """Nothing to wait for."""
    return pl.DataFrame(schema=WAITS)


def failing(*conditions: Condition) -> pl.Expr:
    """The texts of the conditions that a row fails, joined; null when it fails none."""
    # a text that lacks one of its numbers is null, which must not pass for a condition that is met
    texts = (
        pl.when(condition.fails.fill_null(value=False)).then(
            pl.coalesce(as_text(condition.text), pl.lit("不符合条件"))
        )
        for condition in conditions
    )
    return joined_texts(*texts, separator="；")


def joined_texts(*texts: pl.Expr, separator: str) -> pl.Expr:
    """The texts that are there, joined; null when there is none."""
    text = pl.concat_str(list(texts), separator=separator, ignore_nulls=True)
    return pl.when(text != "").then(text)


def as_text(text: str | pl.Expr | None) -> pl.Expr:
    """A constant text, or the one that is worked out per row."""
    return text if isinstance(text, pl.Expr) else pl.lit(text, dtype=pl.String)


def undecided_on(policy: Policy, reading: str, on: pl.Expr) -> pl.Expr:
    """Whether the reading is undecided on each row's date."""
    result = pl.lit(value=False)
    for version in policy.content.readings[reading].versions:
        is_undecided = pl.lit(version.state is ReadingState.UNDECIDED)
        result = pl.when(on >= version.effective_from).then(is_undecided).otherwise(result)
    return result
