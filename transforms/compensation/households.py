"""What the per-household clauses need to know of a household: a row each, over all its buildings."""

from __future__ import annotations

import polars as pl

from schemas.compensation_policy import CompensationParameter as Named
from transforms.compensation.cases import EXCHANGE_METHOD, SIGNED
from transforms.compensation.collecting import all_collected, collected
from transforms.compensation.neighbours import alone_and_several
from transforms.frames import stacked
from transforms.policy import Policy

NO_PLACE = pl.lit(value=None, dtype=pl.UInt32)
"""The building of a line that is the household's."""


def by_home(rows: pl.LazyFrame, *of_several: pl.Expr) -> pl.LazyFrame:
    """A row per household: its only row as it stands, or `of_several`, a value per column over its rows.

    The rows of a household must follow each other. Most have one building, and those need no grouping.
    """
    alone, several = alone_and_several(rows, "home")
    grouped = several.group_by("home", maintain_order=True).agg(*of_several)
    return stacked(all_collected([alone, grouped.select(alone.collect_schema().names())])).lazy()


def with_freeze(cases: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The cases with `is_after_freeze` (决定 六): the household was set up after the freeze.

    That is so by the date of any of its buildings.
    """
    freeze_on = policy.day(Named.FREEZE_ON, pl.col("effective_on"))
    since = pl.col("household_since")
    # few households are that new, and only those are looked at
    first = cases.lazy().select(freeze_on.min()).pipe(collected).item()
    if first is None:
        return cases.with_columns(is_after_freeze=pl.lit(value=False))
    facts = cases.select("home", "household_since", "effective_on")
    recent = facts.filter(since > first)["home"].unique().implode()
    frozen = (
        facts.lazy()
        .filter(pl.col("home").is_in(recent))
        .group_by("home")
        .agg(is_after=since.max() > freeze_on.min())
        .filter("is_after")
        .pipe(collected)
    )
    return cases.with_columns(is_after_freeze=pl.col("home").is_in(frozen["home"].implode()))


def by_kind(cases: pl.LazyFrame, use: str) -> pl.LazyFrame:
    """Households with a compensated building of a use: whether one is signed or exchanged, and the freeze.

    `effective_on` is the first signing among them, or the as-of date. Exchanges that are only intended
    count while nothing of the kind is signed.
    """
    is_signed = pl.col("signing_status") == SIGNED
    is_exchanged = pl.col("method") == EXCHANGE_METHOD
    on = pl.col("effective_on")
    return by_home(
        cases.filter((pl.col("use") == use) & ~pl.col("is_refused")).select(
            "home",
            "sources",
            "is_after_freeze",
            is_signed=is_signed,
            is_exchanged=is_exchanged,
            is_signed_exchange=is_signed & is_exchanged,
            signed_on=pl.when(is_signed).then(on),
            known_on=on,
        ),
        pl.col("sources").str.join(" "),
        pl.col("is_after_freeze", "is_signed", "is_exchanged", "is_signed_exchange").any(),
        pl.col("signed_on").min(),
        pl.col("known_on").max(),
    ).with_columns(
        place=NO_PLACE,
        is_exchanged=pl.when("is_signed").then("is_signed_exchange").otherwise("is_exchanged"),
        effective_on=pl.when("is_signed").then("signed_on").otherwise("known_on"),
    )
