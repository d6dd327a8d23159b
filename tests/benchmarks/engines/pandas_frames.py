"""The plan in pandas, in whole 分: merges, masks, one frame per item, concatenated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from schemas.housing import Agreements, Appraisals, HouseholdSurvey, ImageryRegister
from tests.benchmarks.engines.outcome import Outcome, Records, in_order
from tests.benchmarks.town import AS_OF

WANTED = {
    HouseholdSurvey: (
        "household_id", "building_id", "surveyed_use", "residence_origin", "structure", "floor_area_m2",
        "has_title", "material_grade", "months_in_business", "has_licence", "has_interruption_proof",
        "housing_assistance", "household_since",
    ),
    ImageryRegister: ("building_id", "registered_area_m2"),
    Agreements: (
        "building_id", "signing_status", "method", "disputes_price", "signed_on", "vacated_on", "deadline_on",
        "handed_over_on", "resettlement_kind", "resettlement_estate", "resettlement_area_m2",
        "buyback_area_m2", "under_construction", "self_arranged",
    ),
    Appraisals: ("building_id", "subject", "appraised_amount", "appraised_on"),
}  # fmt: skip
FREEZE_ON = pd.Timestamp(2021, 1, 7)
FLAT_PRICE, PROTECTED = 3000, 5000


class PandasFrames:
    """A run of equal months is one line, as with `amounts`. Decimals come as whole 分 and 0.01 ㎡."""

    def prepare(self, records: Records) -> dict[str, Any]:
        decimals = pl.selectors.decimal()
        return {
            sheet.table: records[sheet.table]
            .select(names)
            .with_columns((decimals * 100).cast(pl.Int64), pl.selectors.boolean().fill_null(value=False))
            .with_columns(pl.col(pl.Int64).fill_null(0))
            .to_pandas()
            for sheet, names in WANTED.items()
        }

    def compute(self, prepared: dict[str, Any]) -> tuple[Any, Any]:
        cases = _cases(prepared)
        households = _households(cases)
        lines = pd.concat([*_one_off(cases), *_monthly(cases), *_of_household(households)], ignore_index=True)
        sums = (lines["cents"] * lines["months"]).groupby(lines["household_id"], sort=False).sum()
        totals = households.set_index("household_id")["is_signed"].to_frame()
        totals["total"] = sums.reindex(totals.index, fill_value=0)
        totals["owed"] = totals["total"].where(totals["is_signed"], 0)
        totals["estimated"] = totals["total"].where(~totals["is_signed"], 0)
        return lines, totals

    def outcome(self, computed: tuple[Any, Any]) -> Outcome:
        lines, totals = computed
        return Outcome(len(lines), in_order(pl.from_pandas(totals.reset_index())))


def _cases(prepared: dict[str, Any]) -> Any:  # noqa: ANN401 pandas is not among the typed libraries here
    appraisals = prepared[Appraisals.table]
    is_house = appraisals["subject"] == "房屋"
    houses = appraisals[is_house].sort_values("appraised_on").drop_duplicates("building_id", keep="last")
    attached = appraisals[~is_house].groupby("building_id", sort=False)["appraised_amount"].sum()
    cases = (
        prepared[HouseholdSurvey.table]
        .merge(prepared[ImageryRegister.table], on="building_id", how="left")
        .merge(prepared[Agreements.table], on="building_id", how="left")
        .merge(
            houses[["building_id", "appraised_amount"]].rename(columns={"appraised_amount": "appraised"}),
            on="building_id",
            how="left",
        )
        .merge(attached.rename("attachments").reset_index(), on="building_id", how="left")
    )
    cases[["appraised", "attachments"]] = cases[["appraised", "attachments"]].fillna(0).astype("int64")
    cases["is_residence"] = (cases["surveyed_use"] == "住宅").to_numpy(bool)
    cases["is_business"] = (cases["surveyed_use"] == "经营").to_numpy(bool)
    is_registered = cases["is_residence"] | cases["is_business"]
    cases["area"] = np.where(
        is_registered,
        np.minimum(cases["floor_area_m2"], cases["registered_area_m2"]),
        cases["floor_area_m2"],
    )
    cases["is_signed"] = (cases["signing_status"] == "已签约").to_numpy(bool)
    cases["is_exchanged"] = (cases["method"] == "产权调换").to_numpy(bool, na_value=False)
    cases["is_running"] = (
        cases["is_business"]
        & (cases["months_in_business"] >= 24)
        & cases["has_licence"]
        & ~cases["has_interruption_proof"]
    )
    cases["is_protected"] = cases["housing_assistance"] & cases["is_residence"] & (cases["area"] < PROTECTED)
    cases["is_by_appraisal"] = ~is_registered | cases["disputes_price"]
    cases["house"] = np.where(cases["is_by_appraisal"], cases["appraised"], cases["area"] * _rate(cases))
    is_after = cases["household_since"] > FREEZE_ON
    cases["is_frozen"] = cases["household_id"].isin(cases.loc[is_after, "household_id"])
    return cases


def _rate(cases: Any) -> Any:  # noqa: ANN401
    structure, grade = cases["structure"], cases["material_grade"]
    return np.select(
        [
            cases["is_residence"]
            & (cases["residence_origin"] == "林业局工区房").to_numpy(bool, na_value=False),
            cases["is_residence"],
            cases["has_title"] & (structure == "砖混").to_numpy(bool, na_value=False),
            cases["has_title"],
            (structure == "砖木").to_numpy(bool, na_value=False),
            (grade == "一级").to_numpy(bool, na_value=False),
        ],
        [3000, 2500, 6000, 4200, 5000, 3500],
        2000,
    )


def _line(rows: Any, item: str, cents: Any, months: Any = 1) -> Any:  # noqa: ANN401
    return pd.DataFrame(
        {
            "household_id": rows["household_id"],
            "building_id": rows.get("building_id"),
            "item": item,
            "months": months,
            "cents": cents,
        }
    )


def _one_off(cases: Any) -> list[Any]:  # noqa: ANN401
    paid, exchanged = cases[~cases["is_exchanged"]], cases[cases["is_exchanged"]]
    attached = cases[cases["attachments"] > 0]
    lacking = paid[paid["is_protected"] & (paid["house"] < PROTECTED * FLAT_PRICE)]
    bought = cases[cases["buyback_area_m2"] > 0]
    running = cases[cases["is_running"]]
    return [
        _line(paid, "house", paid["house"]),
        _line(attached, "attachments", attached["attachments"]),
        _line(lacking, "housing_floor", PROTECTED * FLAT_PRICE - lacking["house"]),
        _line(bought, "buyback", -bought["buyback_area_m2"] * FLAT_PRICE),
        _line(exchanged, "exchange_difference", _difference(exchanged)),
        _line(running, "business_stoppage", running["area"] * 300),
    ]


def _difference(rows: Any) -> Any:  # noqa: ANN401
    area, flat = rows["area"], rows["resettlement_area_m2"]
    entitled = area * np.where(rows["resettlement_kind"] == "多层", 12, 13)
    entitled = np.where(rows["is_protected"], np.maximum(entitled, PROTECTED * 10), entitled)
    by_area = np.minimum(flat, area) * 5500 + np.maximum(flat - area, 0) * 6500
    new = np.where(rows["resettlement_estate"] == "天池商业区商服房", flat * 6000, by_area)
    return np.where(rows["is_residence"], (entitled - flat * 10) * 300, rows["house"] - new)


def _month(days: Any) -> Any:  # noqa: ANN401
    return days.dt.year * 12 + days.dt.month


def _monthly(cases: Any) -> list[Any]:  # noqa: ANN401
    return [*_overdue_stoppage(cases), *_transition(cases)]


def _overdue_stoppage(cases: Any) -> list[Any]:  # noqa: ANN401
    rows = cases[cases["is_running"] & cases["is_exchanged"]]
    start = rows["signed_on"] + pd.DateOffset(months=24)
    end = rows["handed_over_on"].fillna(pd.Timestamp(AS_OF))
    is_late = end > start
    rows, start, end = rows[is_late], start[is_late], end[is_late]
    elapsed = (_month(end) - _month(start)).astype("int64")
    whole = elapsed - (start.dt.day > end.dt.day)
    begins = start.copy()
    for months in whole.unique():
        begins = begins.where(whole != months, start + pd.DateOffset(months=int(months)))
    days = (end - begins).dt.days
    rest = rows["handed_over_on"].notna() & (days > 0)
    part = np.where(days <= 15, 15, 30)
    some = whole > 0
    return [
        _line(rows[some], "business_stoppage_overdue", rows.loc[some, "area"] * 30, whole[some]),
        _line(rows[rest], "business_stoppage_overdue", (rows["area"] * part)[rest]),
    ]


def _transition(cases: Any) -> list[Any]:  # noqa: ANN401
    is_waiting = cases["is_exchanged"] & cases["under_construction"] & cases["self_arranged"]
    rows = cases[is_waiting & cases["vacated_on"].notna()]
    handed = rows["handed_over_on"]
    last = _month(handed).fillna(AS_OF.year * 12 + AS_OF.month - 1)
    waited = (last - _month(rows["vacated_on"]) + 1).astype("int64").clip(lower=0)
    is_short = (handed.dt.day <= 15) & handed.notna()
    rate = np.where(rows["is_residence"], 12, 30)
    floor = np.where(rows["is_frozen"], 0, np.where(rows["is_residence"], 60_000, 150_000))
    item = np.where(rows["is_residence"], "transition_residence", "transition_business")
    found = []
    for suffix, months, factor, short in (
        ("", waited.clip(upper=24), 1, is_short & (waited <= 24)),
        ("_overdue", (waited - 24).clip(lower=0), 2, is_short & (waited > 24)),
    ):
        cents = np.maximum(rows["area"] * rate * factor, floor)
        code = pd.Series(item, index=rows.index) + suffix
        whole = months - short.astype("int64")
        for some, halves, count in ((whole > 0, 1, whole), (short, 2, whole * 0 + 1)):
            found.append(_line(rows[some], "", (cents // halves)[some], count[some]).assign(item=code[some]))
    return found


def _households(cases: Any) -> Any:  # noqa: ANN401
    is_in_time = (
        cases["is_signed"]
        & (cases["signed_on"] <= cases["deadline_on"])
        & (cases["vacated_on"] <= cases["deadline_on"])
    )
    facts = cases[["household_id", "is_frozen", "is_signed"]].assign(
        has_residence=cases["is_residence"],
        has_business=cases["is_business"],
        is_late=~is_in_time,
        moves_residence=cases["is_residence"] & cases["is_exchanged"],
        moves_business=cases["is_business"] & cases["is_exchanged"],
    )
    return facts.groupby("household_id", sort=False).any().reset_index()


def _of_household(households: Any) -> list[Any]:  # noqa: ANN401
    free = households[~households["is_frozen"]]
    rewarded = free[free["has_residence"] & ~free["is_late"]]
    lines = [_line(rewarded, "signing_reward", 2_000_000)]
    for kind, rate in (("residence", 150_000), ("business", 250_000)):
        moving = free[free[f"has_{kind}"]]
        moves = np.where(moving[f"moves_{kind}"], 2, 1)
        lines.append(_line(moving, f"moving_{kind}", moves * rate))
    return lines
