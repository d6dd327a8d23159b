"""Clause 十三 and section 'what is owed, and when': where a case stands and what that does to its items."""

from __future__ import annotations

import polars as pl

from schemas.compensation import Status
from schemas.compensation_items import (
    ALL_ITEMS,
    MOVING_BUSINESS,
    MOVING_RESIDENCE,
    NOT_COMPENSATED,
)
from schemas.housing import (
    HOUSEHOLD_FACTS,
    HouseholdSurvey,
)
from transforms import wording
from transforms.compensation.cases import (
    BUSINESS,
    IS_UNCLEAR,
    OWNER_MISSING,
    RESIDENCE,
    SIGNED,
    TITLE_UNCLEAR,
)
from transforms.compensation.clause_11_moving import RULING_SUBJECT
from transforms.compensation.collecting import collected
from transforms.compensation.households import NO_PLACE
from transforms.compensation.items import STATUS
from transforms.compensation.places import looked_up
from transforms.compensation.questions import Question, ask, no_questions, only_where
from transforms.compensation.sums import stands_in, sums_at
from transforms.money import from_cents, to_cents

_FACTS_DIFFER = "household_facts_differ"
_HELD, _OWED, _ESTIMATE = (
    pl.lit(status, dtype=STATUS) for status in (Status.HELD, Status.OWED, Status.ESTIMATE)
)


def title_questions(decisions: pl.DataFrame) -> list[Question]:
    """Buildings of unclear title or missing owner that no compensation decision has settled."""
    status = pl.col("signing_status")
    return only_where(
        ~pl.col("is_refused") & ~_is_ruled(decisions),
        Question(
            "title_unclear", "十三(一)", "产权不明，须经公证后报请作出补偿决定。", status == TITLE_UNCLEAR
        ),
        Question(
            "owner_missing",
            "十三(一)",
            "产权人下落不明，须经公证后报请作出补偿决定。",
            status == OWNER_MISSING,
        ),
    )


def agreed_amount_questions(
    cases: pl.LazyFrame, lines: pl.DataFrame, questions: pl.DataFrame
) -> pl.DataFrame:
    """Buildings whose signed amount is not what the rules give for their one-off items.

    Buildings that wait for another answer are not compared: their amount is not known yet.
    """
    agreed = (
        cases.filter(pl.col("agreed_amount").is_not_null(), ~_is_among(questions["place"]))
        .select("home", "place", "agreed_amount")
        .pipe(collected)
    )
    if agreed.is_empty():
        return no_questions()
    one_off = [item.code for item in ALL_ITEMS if item.is_one_off]
    height = int(agreed["place"][-1]) + 1
    of_buildings = (
        lines.lazy()
        .filter(pl.col("item").is_in(one_off), pl.col("place") < height)
        .select("place", cents=to_cents(pl.col("amount")).cast(pl.Int64))
        .pipe(collected)
    )
    computed = sums_at(of_buildings["place"], of_buildings["cents"], height).gather(agreed["place"])
    compared = agreed.lazy().with_columns(computed=from_cents(pl.lit(computed)))
    message = pl.concat_str(
        pl.lit("协议金额 "),
        wording.money(pl.col("agreed_amount")),
        pl.lit("，按条款计算 "),
        wording.money(pl.col("computed")),
        pl.lit("，相差 "),
        wording.money(pl.col("agreed_amount") - pl.col("computed")),
        pl.lit("，请核对协议或重新签订。"),
    )
    return ask(
        compared,
        Question("agreed_amount_differs", "五", message, pl.col("agreed_amount") != pl.col("computed")),
    )


def household_questions(survey: pl.DataFrame) -> pl.DataFrame:
    """Households whose rows came to differ about what belongs to the household.

    `survey` has, with their `home`, the rows of households that have several.
    """
    titles = {name: HouseholdSurvey.columns[name].header for name in HOUSEHOLD_FACTS}
    differing = pl.concat_str(
        [
            pl.when(pl.col(name).drop_nulls().n_unique() > 1).then(pl.lit(title))
            for name, title in titles.items()
        ],
        separator="、",
        ignore_nulls=True,
    )
    return (
        survey.group_by("home", maintain_order=True)
        .agg(differing=differing)
        .filter(pl.col("differing") != "")
        .select(
            "home",
            place=NO_PLACE,
            code=pl.lit(_FACTS_DIFFER),
            clause=pl.lit("八(1)"),
            message=pl.format("同一户各行的{}不一致，请核对后重新上报。", "differing"),
        )
    )


def held_homes(questions: pl.DataFrame) -> pl.Series:
    """The households of which everything waits."""
    return questions.filter(pl.col("code") == _FACTS_DIFFER)["home"]


def statuses(
    lines: pl.DataFrame, cases: pl.LazyFrame, questions: pl.DataFrame, decisions: pl.DataFrame
) -> pl.Series:
    """The `status` of each line that is no special decision: owed, held or estimate."""
    whole = pl.col("home").is_in(held_homes(questions).unique().implode())
    is_unclear = IS_UNCLEAR & ~pl.col("is_refused")
    buildings = cases.select(
        "home",
        "place",
        "use",
        is_signed=(pl.col("signing_status") == SIGNED) & ~pl.col("is_refused"),
        waits=_is_among(questions["place"]) | is_unclear,
        is_ruled=_is_ruled(decisions),
    ).pipe(collected)
    of_building = buildings.select(
        "place",
        of_building=_status(whole, pl.col("waits") | pl.col("is_ruled"), pl.col("is_signed")),
        of_refused=pl.when(whole).then(_HELD).otherwise(_OWED),
    )
    ruled = decisions.filter((pl.col("subject") == RULING_SUBJECT) & pl.col("building_id").is_null())["home"]
    household_waits = pl.col("waits") | pl.col("home").is_in(ruled.unique().implode())
    signed, use = pl.col("is_signed"), pl.col("use")
    with_any = {
        "waits": pl.col("waits"),
        "signed_residence": signed & (use == RESIDENCE),
        "signed_business": signed & (use == BUSINESS),
    }
    homes = 0 if buildings.is_empty() else int(buildings["home"][-1]) + 1
    of_household = (
        pl.LazyFrame(
            {name: stands_in(buildings.filter(is_so)["home"], homes) for name, is_so in with_any.items()}
        )
        .with_row_index("home")
        .select(
            "home",
            of_residences=_status(whole, household_waits, pl.col("signed_residence")),
            of_businesses=_status(whole, household_waits, pl.col("signed_business")),
            # only moving items are ever estimated: the reward exists only once all is signed
            of_all=_status(whole, household_waits, pl.lit(value=True)),
        )
        .pipe(collected)
    )
    return (
        pl.concat(
            [
                lines.select("place", "item"),
                looked_up(lines["place"], of_building, "place"),
                looked_up(lines["home"], of_household, "home"),
            ],
            how="horizontal",
        )
        .select(
            status=pl.when(pl.col("item") == NOT_COMPENSATED.code)
            .then("of_refused")
            .when(pl.col("place").is_not_null())
            .then("of_building")
            .when(pl.col("item") == MOVING_RESIDENCE.code)
            .then("of_residences")
            .when(pl.col("item") == MOVING_BUSINESS.code)
            .then("of_businesses")
            .otherwise("of_all")
        )
        .to_series()
    )


def _status(is_held_whole: pl.Expr, waits: pl.Expr, is_signed: pl.Expr) -> pl.Expr:
    return pl.when(is_held_whole | waits).then(_HELD).when(is_signed).then(_OWED).otherwise(_ESTIMATE)


def _is_among(places: pl.Series) -> pl.Expr:
    return pl.col("place").is_in(places.drop_nulls().unique().implode())


def _is_ruled(decisions: pl.DataFrame) -> pl.Expr:
    """Whether a compensation decision of its own household stands in for what is computed of a building."""
    rulings = decisions.filter(pl.col("subject") == RULING_SUBJECT)
    whole = rulings.filter(pl.col("building_id").is_null())["home"]
    return _is_among(rulings["place"]) | pl.col("home").is_in(whole.unique().implode())
