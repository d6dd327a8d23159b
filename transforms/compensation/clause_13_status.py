"""Clause 十三 and section 'what is owed, and when': where a case stands and what that does to its items."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from schemas.compensation import Status
from schemas.compensation_items import ALL_ITEMS, NOT_COMPENSATED
from schemas.housing import (
    HOUSEHOLD_FACTS,
    Agreements,
    Appraisals,
    HouseholdSurvey,
    Payees,
    Recognitions,
    SpecialDecisions,
)
from transforms import wording
from transforms.compensation.cases import OWNER_MISSING, SIGNED, TITLE_UNCLEAR
from transforms.compensation.clause_11_moving import RULING_SUBJECT, misplaced
from transforms.compensation.questions import Question, ask, no_questions
from transforms.frames import stacked
from transforms.money import MONEY

_FACTS_DIFFER = "household_facts_differ"
_NO_TEXT = pl.lit(value=None, dtype=pl.String)


def title_questions(cases: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """Buildings of unclear title or missing owner that no compensation decision has settled."""
    open_cases = cases.filter(~pl.col("is_refused")).filter(~_is_ruled(decisions))
    status = pl.col("signing_status")
    return ask(
        open_cases,
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
    cases: pl.DataFrame, items: pl.DataFrame, questions: pl.DataFrame
) -> pl.DataFrame:
    """Buildings whose signed amount is not what the rules give for their one-off items.

    Buildings that wait for another answer are not compared: their amount is not known yet.
    """
    one_off = [item.code for item in ALL_ITEMS if item.is_one_off]
    sums = (
        items.filter(pl.col("item").is_in(one_off) & pl.col("building_id").is_not_null())
        .group_by("building_id")
        .agg(computed=pl.col("amount").sum().cast(MONEY))
    )
    compared = (
        cases.filter(pl.col("agreed_amount").is_not_null())
        .join(questions, on="building_id", how="anti")
        .join(sums, on="building_id", how="left")
        .with_columns(computed=pl.col("computed").fill_null(pl.lit(0, dtype=MONEY)))
    )
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
    """Households whose rows came to differ about what belongs to the household."""
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
        survey.group_by("household_id", maintain_order=True)
        .agg(differing=differing)
        .filter(pl.col("differing") != "")
        .select(
            "household_id",
            building_id=_NO_TEXT,
            code=pl.lit(_FACTS_DIFFER),
            clause=pl.lit("八(1)"),
            message=pl.format("同一户各行的{}不一致，请核对后重新上报。", "differing"),
        )
    )


def waiting_records(records: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Records that point at a building or household whose survey has not arrived."""
    survey = records[HouseholdSurvey.table]
    waiting = [
        records[sheet.table]
        .join(survey, on="building_id", how="anti")
        .select(pl.col("building_id").unique(maintain_order=True))
        .select(
            household_id=_NO_TEXT,
            building_id="building_id",
            code=pl.lit(f"{sheet.table}_without_survey"),
            clause=pl.lit("八(1)"),
            message=pl.lit(f"有「{sheet.title}」而没有入户调查，等入户调查表上报。"),
        )
        for sheet in (Recognitions, Appraisals, Agreements)
    ]
    decisions = records[SpecialDecisions.table]
    households = survey.group_by("household_id").agg(buildings=pl.col("building_id"))
    unknown = [
        rows.join(households, on="household_id", how="anti")
        .unique("household_id", maintain_order=True)
        .select(
            "household_id",
            building_id=_NO_TEXT,
            code=pl.lit(f"{sheet.table}_without_survey"),
            clause=pl.lit(clause),
            message=pl.lit(f"有「{sheet.title}」而没有该户的入户调查，请核对户编号，或等入户调查表上报。"),
        )
        for sheet, clause, rows in (
            (SpecialDecisions, "十一", decisions),
            (Payees, "十三(一)", records[Payees.table]),
        )
    ]
    elsewhere = (
        decisions.join(households, on="household_id")
        .filter(misplaced())
        .select(
            "household_id",
            building_id=_NO_TEXT,
            code=pl.lit("decision_on_other_building"),
            clause=pl.lit("十一"),
            message=pl.format("决定 {} 所列房屋不在该户名下，请核对房屋编号。", "decision_number"),
        )
    )
    return stacked([no_questions(), *waiting, *unknown, elsewhere])


def held_households(questions: pl.DataFrame) -> pl.Series:
    """The households of which everything waits."""
    return questions.filter(pl.col("code") == _FACTS_DIFFER)["household_id"]


def with_status(
    items: pl.DataFrame,
    special: pl.DataFrame,
    cases: pl.DataFrame,
    questions: pl.DataFrame,
    decisions: pl.DataFrame,
) -> pl.DataFrame:
    """All lines with their `status`: owed, held or estimate."""
    is_open = pl.col("building_id").is_in(questions["building_id"].drop_nulls().implode())
    is_unclear = pl.col("signing_status").is_in([TITLE_UNCLEAR, OWNER_MISSING]) & ~pl.col("is_refused")
    buildings = cases.select(
        "household_id",
        "building_id",
        "use",
        is_signed=(pl.col("signing_status") == SIGNED) & ~pl.col("is_refused"),
        waits=is_open | is_unclear,
        is_ruled=_is_ruled(decisions),
    )
    whole = held_households(questions)
    of_building = items.filter(pl.col("building_id").is_not_null()).join(
        buildings.drop("household_id", "use"), on="building_id", how="left", maintain_order="left"
    )
    kind = (
        pl.when(pl.col("item") == "moving_residence")
        .then(pl.lit("住宅"))
        .when(pl.col("item") == "moving_business")
        .then(pl.lit("经营"))
    )
    households = buildings.group_by("household_id").agg(waits=pl.col("waits").any())
    kinds = buildings.group_by("household_id", "use").agg(is_signed=pl.col("is_signed").any())
    ruled = decisions.filter((pl.col("subject") == RULING_SUBJECT) & pl.col("building_id").is_null())
    of_household = (
        items.filter(pl.col("building_id").is_null())
        .with_columns(use=kind)
        .join(households, on="household_id", how="left", maintain_order="left")
        .join(kinds, on=["household_id", "use"], how="left", maintain_order="left")
        .with_columns(
            # only moving items are ever estimated: the reward exists only once all is signed
            is_signed=pl.col("is_signed").fill_null(value=True),
            is_ruled=pl.col("household_id").is_in(ruled["household_id"].implode()),
        )
    )
    columns = [*items.columns, "is_signed", "waits", "is_ruled"]
    status = (
        pl.when(pl.col("household_id").is_in(whole.implode()))
        .then(pl.lit(Status.HELD))
        .when(pl.col("item") == NOT_COMPENSATED.code)
        .then(pl.lit(Status.OWED))
        .when(pl.col("waits") | pl.col("is_ruled"))
        .then(pl.lit(Status.HELD))
        .when("is_signed")
        .then(pl.lit(Status.OWED))
        .otherwise(pl.lit(Status.ESTIMATE))
    )
    computed = stacked([of_building.select(columns), of_household.select(columns)]).with_columns(
        status=status
    )
    return stacked([computed.select([*items.columns, "status"]), special])


def _is_ruled(decisions: pl.DataFrame) -> pl.Expr:
    """Whether a compensation decision of its own household stands in for what is computed of a building."""
    rulings = decisions.filter(pl.col("subject") == RULING_SUBJECT)
    whole = rulings.filter(pl.col("building_id").is_null())["household_id"]
    named = rulings.drop_nulls("building_id").select(pl.struct("household_id", "building_id"))
    return pl.struct("household_id", "building_id").is_in(named.to_series().implode()) | pl.col(
        "household_id"
    ).is_in(whole.implode())
