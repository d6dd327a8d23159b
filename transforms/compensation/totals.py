"""What households and buildings come to: the sums of the lines, and what waits."""

from __future__ import annotations

import polars as pl

from schemas.compensation import STATUSES, Status
from transforms.compensation.collecting import collected
from transforms.compensation.places import named, spread
from transforms.compensation.sums import stands_in, sums_at
from transforms.money import MONEY, from_cents, to_cents

_ZERO = pl.lit(0, dtype=MONEY)
_TOTALS = ["amount_paid_to", "amount_owed_by", "held_amount", "estimated_amount"]
_RECOGNITION_CODES = ("not_in_register", "no_own_yard", "not_habitable", "no_imagery", "use_differs")
_CENTS = to_cents(pl.col("amount")).cast(pl.Int64) * pl.col("months").cast(pl.Int64)
"""The amount of a line with all its months, in 分."""


def with_waiting(questions: pl.DataFrame, lines: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """The questions with the amount that is held on their building, or household where they name none."""
    held = named(lines.filter(pl.col("status") == Status.HELD), names)
    of_building = (
        held.drop_nulls("building_id").group_by("building_id").agg(on_building=from_cents(_CENTS.sum()))
    )
    of_household = held.group_by("household_id").agg(on_household=from_cents(_CENTS.sum()))
    waiting = pl.when(pl.col("building_id").is_null()).then("on_household").otherwise("on_building")
    return (
        questions.join(of_building, on="building_id", how="left", maintain_order="left")
        .join(of_household, on="household_id", how="left", maintain_order="left")
        .with_columns(waiting_amount=waiting.fill_null(_ZERO).cast(MONEY))
    )


def household_rows(
    cases: pl.DataFrame, names: pl.DataFrame, lines: pl.DataFrame, questions: pl.DataFrame
) -> pl.DataFrame:
    """A row per surveyed household, in their order."""
    is_first = (pl.col("home") != pl.col("home").shift()).fill_null(value=True)
    households = names.filter(is_first).select("household_id")
    owners = cases.select("home", "owner_name").filter(is_first).drop("home")
    parts = [households, owners, _sums(lines, households.height), _open_questions(questions, households)]
    # a household without any item has nothing to be the worst of: its open questions speak for it
    held = pl.col("has_held") | (~pl.col("has_items") & (pl.col("open_questions") > 0))
    return pl.concat(parts, how="horizontal").with_columns(
        *(from_cents(pl.col(name)).alias(name) for name in _TOTALS),
        net_amount=from_cents(pl.col("amount_paid_to") - pl.col("amount_owed_by")),
        status=pl.when(held)
        .then(pl.lit(Status.HELD))
        .when("has_estimate")
        .then(pl.lit(Status.ESTIMATE))
        .otherwise(pl.lit(Status.OWED)),
    )


def _open_questions(questions: pl.DataFrame, households: pl.DataFrame) -> pl.DataFrame:
    """How many `open_questions` each of the households has; those lie sorted by their names."""
    asked = questions.drop_nulls("household_id").group_by("household_id").len("open_questions")
    homes = households["household_id"].search_sorted(asked["household_id"])
    known = households["household_id"].gather(homes, null_on_oob=True).eq_missing(asked["household_id"])
    counts = spread(asked.filter(known), homes.filter(known), households.height)
    return counts.select(pl.col("open_questions").fill_null(0).cast(pl.Int64))


def _sums(lines: pl.DataFrame, homes: int) -> pl.DataFrame:
    """By number of household the totals in 分, and whether it has items at all, held and estimated ones."""
    rows = lines.lazy().select("home", "status", cents=_CENTS).pipe(collected)
    of_status = {status: rows.filter(pl.col("status") == status) for status in STATUSES}
    owed, held, estimated = (of_status[name] for name in (Status.OWED, Status.HELD, Status.ESTIMATE))
    owing = owed.filter(pl.col("cents") < 0)
    in_all, owed_by, held_amount, estimated_amount = (
        sums_at(part["home"], part["cents"], homes) for part in (owed, owing, held, estimated)
    )
    return pl.DataFrame(
        {
            "amount_paid_to": in_all - owed_by,
            "amount_owed_by": -owed_by,
            "held_amount": held_amount,
            "estimated_amount": estimated_amount,
            "has_items": stands_in(rows["home"], homes),
            "has_held": stands_in(held["home"], homes),
            "has_estimate": stands_in(estimated["home"], homes),
        }
    )


def building_rows(cases: pl.DataFrame, names: pl.DataFrame, questions: pl.DataFrame) -> pl.DataFrame:
    """A row per surveyed building: whether it is compensated, and why; `questions` are of the shown pass."""
    doubts = (
        questions.filter(pl.col("code").is_in(_RECOGNITION_CODES))
        .group_by("place", maintain_order=True)
        .agg(doubt=pl.col("message").str.join(""))
    )
    recognised = pl.col("outcome").is_not_null()
    return (
        named(
            cases.select(
                "home", "place", "use", "area_m2", "excess_m2", "is_refused", "outcome", "minute_number"
            ),
            names,
        )
        .join(doubts, on="place", how="left", maintain_order="left")
        .select(
            "building_id",
            "household_id",
            "use",
            compensable_area_m2="area_m2",
            excess_area_m2="excess_m2",
            eligible=pl.when("is_refused")
            .then(pl.lit(value=False))
            .when(pl.col("doubt").is_null())
            .then(pl.lit(value=True)),
            reason=pl.when("is_refused")
            .then(pl.format("认定不予补偿（{}）", "minute_number"))
            .when(recognised)
            .then(pl.format("认定予以补偿（{}）", "minute_number"))
            .when(pl.col("doubt").is_not_null())
            .then(pl.col("doubt"))
            .when(pl.col("use").is_in(["住宅", "经营"]))
            .then(pl.lit("影像登记相符"))
            .otherwise(pl.lit("按评估补偿，无须登记")),
        )
        .sort("building_id")
    )
