"""The plan as an OpenFisca tax and benefit system: parameters with dates, a formula for each item.

Amounts are float32, as OpenFisca has it. For what it has no place, polars stands in: the sheets are joined,
texts become truths and dates numbers of months.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from tests.benchmarks.engines.joined import joined
from tests.benchmarks.engines.outcome import Outcome, Records, in_order
from tests.benchmarks.town import AS_OF

PERIOD = f"{AS_OF:%Y-%m}"
SINCE = "2021-01-07"
BUILDING = build_entity(key="building", plural="buildings", label="A surveyed building", is_person=True)
HOUSEHOLD = build_entity(
    key="household",
    plural="households",
    label="A household with its buildings",
    roles=[{"key": "member", "plural": "members", "label": "A building of it"}],
)
RATES = {
    "residence_workers": 3000, "residence_self_built": 2500, "titled_concrete": 6000, "titled_other": 4200,
    "untitled_timber": 5000, "first_grade": 3500, "second_grade": 2000, "flat_price": 3000,
    "multi_storey": 1.2, "high_rise": 1.3, "protected_m2": 50, "within": 5500, "beyond": 6500,
    "single": 6000, "stoppage": 300, "stoppage_overdue": 30, "continuous_months": 24,
    "signing_reward": 20000, "moving_residence": 1500, "moving_business": 2500, "transition_residence": 12,
    "transition_residence_floor": 600, "transition_business": 30, "transition_business_floor": 1500,
    "transition_months": 24, "overdue_factor": 2,
}  # fmt: skip
FACTS = {
    "area": float, "floor_m2": float, "registered_m2": float, "flat_m2": float, "buyback_m2": float,
    "appraised": float, "attachments": float, "months_in_business": float, "months_waited": float,
    "overdue_stoppage_months": float, "is_residence": bool, "is_business": bool, "is_workers": bool,
    "is_concrete": bool, "is_timber": bool, "has_title": bool, "is_first_grade": bool, "has_licence": bool,
    "is_interrupted": bool, "is_assisted": bool, "is_signed": bool, "is_exchanged": bool, "is_disputed": bool,
    "is_in_time": bool, "is_frozen": bool, "is_multi_storey": bool, "is_single_price": bool,
    "is_short": bool,
}  # fmt: skip
ITEMS = (
    "house", "attachments_paid", "housing_floor", "buyback", "exchange_difference", "stoppage",
    "stoppage_overdue", "transition_ordinary", "transition_overdue",
)  # fmt: skip
HOUSEHOLD_ITEMS = ("signing_reward", "moving_residence", "moving_business")


@dataclass(frozen=True)
class Arrays:
    """The facts as arrays, and the households that the buildings belong to."""

    facts: dict[str, Any]
    building_ids: Any
    household_ids: Any
    household_of_building: Any


class OpenfiscaPlan:
    """Line items as an array each, one value per building or household; months are counted, not listed."""

    def __init__(self) -> None:
        self.system = _system()

    def prepare(self, records: Records) -> Records:
        return records

    def compute(self, prepared: Records) -> tuple[dict[str, Any], Arrays]:
        arrays = _arrays(prepared)
        builder = SimulationBuilder()
        builder.create_entities(self.system)
        builder.declare_person_entity("building", arrays.building_ids)
        population = builder.declare_entity("household", arrays.household_ids)
        members = np.zeros(len(arrays.building_ids), dtype=np.int8)
        builder.join_with_persons(population, arrays.household_of_building, roles=members)
        simulation = builder.build(self.system)
        for name, values in arrays.facts.items():
            simulation.set_input(name, PERIOD, values)
        wanted = (*ITEMS, *HOUSEHOLD_ITEMS, "owed", "estimated")
        return {name: simulation.calculate(name, PERIOD) for name in wanted}, arrays

    def outcome(self, computed: tuple[dict[str, Any], Arrays]) -> Outcome:
        found, arrays = computed
        totals = pl.DataFrame(
            {
                "household_id": arrays.household_ids,
                "owed": np.asarray(found["owed"], dtype=np.float64) * 100,
                "estimated": np.asarray(found["estimated"], dtype=np.float64) * 100,
            }
        )
        lines = sum(int(np.count_nonzero(found[name])) for name in (*ITEMS, *HOUSEHOLD_ITEMS))
        return Outcome(lines, in_order(totals))


def _arrays(records: Records) -> Arrays:
    rows = joined(records)
    households = rows.select(pl.col("household_id").unique(maintain_order=True))
    numbered = households.with_row_index("at")
    place = rows.join(numbered, on="household_id", how="left", maintain_order="left")
    return Arrays(
        {name: rows[name].to_numpy() for name in FACTS if name != "area"},
        rows["building_id"].to_numpy(),
        households["household_id"].to_numpy(),
        place["at"].to_numpy(),
    )


def _system() -> Any:  # noqa: ANN401 OpenFisca is not among the typed libraries here
    system = TaxBenefitSystem([BUILDING, HOUSEHOLD])
    values = {name: {"values": {SINCE: {"value": value}}} for name, value in RATES.items()}
    system.parameters = ParameterNode("", data={"plan": values})
    for name, kind in FACTS.items():
        formula = _area if name == "area" else None
        system.add_variable(_variable(name, BUILDING, formula, kind))
    for name, formula in _formulas():
        system.add_variable(_variable(name, BUILDING, formula))
    for name, formula in _household_formulas():
        system.add_variable(_variable(name, HOUSEHOLD, formula))
    return system


def _variable(name: str, entity: Any, formula: Any = None, kind: type = float) -> type:  # noqa: ANN401
    parts = {"value_type": kind, "entity": entity, "definition_period": DateUnit.MONTH, "label": name}
    return type(name, (Variable,), parts if formula is None else parts | {"formula": formula})


def _area(building: Any, period: Any) -> Any:  # noqa: ANN401
    is_registered = building("is_residence", period) + building("is_business", period)
    surveyed = building("floor_m2", period)
    return np.where(is_registered, np.minimum(surveyed, building("registered_m2", period)), surveyed)


def _standard_rate(building: Any, period: Any, parameters: Any) -> Any:  # noqa: ANN401
    rate = parameters(period).plan
    has_title = building("has_title", period)
    return np.select(
        [
            building("is_workers", period),
            building("is_residence", period),
            has_title * building("is_concrete", period),
            has_title,
            building("is_timber", period),
            building("is_first_grade", period),
        ],
        [
            rate.residence_workers, rate.residence_self_built, rate.titled_concrete, rate.titled_other,
            rate.untitled_timber, rate.first_grade,
        ],
        rate.second_grade,
    )  # fmt: skip


def _house_value(building: Any, period: Any) -> Any:  # noqa: ANN401
    is_registered = building("is_residence", period) + building("is_business", period)
    by_standard = building("area", period) * building("standard_rate", period)
    is_by_appraisal = np.logical_not(is_registered) + building("is_disputed", period)
    return np.where(is_by_appraisal, building("appraised", period), by_standard)


def _is_protected(building: Any, period: Any, parameters: Any) -> Any:  # noqa: ANN401
    is_small = building("area", period) < parameters(period).plan.protected_m2
    return building("is_assisted", period) * building("is_residence", period) * is_small


def _exchange_difference(building: Any, period: Any, parameters: Any) -> Any:  # noqa: ANN401
    rate = parameters(period).plan
    area, flat = building("area", period), building("flat_m2", period)
    entitled = area * np.where(building("is_multi_storey", period), rate.multi_storey, rate.high_rise)
    is_protected = building("is_protected", period)
    entitled = np.where(is_protected, np.maximum(entitled, rate.protected_m2), entitled)
    by_area = np.minimum(flat, area) * rate.within + np.maximum(flat - area, 0) * rate.beyond
    new = np.where(building("is_single_price", period), flat * rate.single, by_area)
    of_residence = (entitled - flat) * rate.flat_price
    difference = np.where(
        building("is_residence", period), of_residence, building("house_value", period) - new
    )
    return building("is_exchanged", period) * difference


def _housing_floor(building: Any, period: Any, parameters: Any) -> Any:  # noqa: ANN401
    rate = parameters(period).plan
    lacking = np.maximum(rate.protected_m2 * rate.flat_price - building("house_value", period), 0)
    return np.logical_not(building("is_exchanged", period)) * building("is_protected", period) * lacking


def _is_running(building: Any, period: Any, parameters: Any) -> Any:  # noqa: ANN401
    is_long = building("months_in_business", period) >= parameters(period).plan.continuous_months
    is_licensed = building("has_licence", period) * np.logical_not(building("is_interrupted", period))
    return building("is_business", period) * is_long * is_licensed


def _stoppage_overdue(building: Any, period: Any, parameters: Any) -> Any:  # noqa: ANN401
    rate = parameters(period).plan.stoppage_overdue
    months = building("is_running", period) * building("overdue_stoppage_months", period)
    return building("area", period) * rate * months


def _transition(building: Any, period: Any, rate: Any, *, is_overdue: bool) -> Any:  # noqa: ANN401
    is_residence = building("is_residence", period)
    monthly = building("area", period) * np.where(
        is_residence, rate.transition_residence, rate.transition_business
    )
    floor = np.where(is_residence, rate.transition_residence_floor, rate.transition_business_floor)
    floor = floor * np.logical_not(building("is_frozen", period))
    waited, ordinary = building("months_waited", period), rate.transition_months
    is_short, is_past = building("is_short", period), waited > ordinary
    if is_overdue:
        months = np.maximum(waited - ordinary, 0) - 0.5 * is_short * is_past
        return np.maximum(monthly * rate.overdue_factor, floor) * months
    months = np.minimum(waited, ordinary) - 0.5 * is_short * np.logical_not(is_past)
    return np.maximum(monthly, floor) * months


def _formulas() -> Iterator[tuple[str, Any]]:
    yield "standard_rate", _standard_rate
    yield "house_value", _house_value
    yield "is_protected", _is_protected
    yield "is_running", _is_running
    yield "house", lambda b, p: np.logical_not(b("is_exchanged", p)) * b("house_value", p)
    yield "attachments_paid", lambda b, p: b("attachments", p)
    yield "housing_floor", _housing_floor
    yield "buyback", lambda b, p, parameters: -b("buyback_m2", p) * parameters(p).plan.flat_price
    yield "exchange_difference", _exchange_difference
    yield "stoppage", lambda b, p, parameters: b("is_running", p) * b("area", p) * parameters(p).plan.stoppage
    yield "stoppage_overdue", _stoppage_overdue
    yield (
        "transition_ordinary",
        lambda b, p, parameters: _transition(b, p, parameters(p).plan, is_overdue=False),
    )
    yield (
        "transition_overdue",
        lambda b, p, parameters: _transition(b, p, parameters(p).plan, is_overdue=True),
    )
    yield "building_total", lambda b, p: sum(b(item, p) for item in ITEMS)


def _moving(kind: str) -> Any:  # noqa: ANN401
    def formula(household: Any, period: Any, parameters: Any) -> Any:  # noqa: ANN401
        is_kind = household.members(f"is_{kind}", period)
        is_exchanged = household.any(is_kind * household.members("is_exchanged", period))
        is_frozen = household.any(household.members("is_frozen", period))
        rate = getattr(parameters(period).plan, f"moving_{kind}")
        return household.any(is_kind) * np.logical_not(is_frozen) * np.where(is_exchanged, 2, 1) * rate

    return formula


def _signing_reward(household: Any, period: Any, parameters: Any) -> Any:  # noqa: ANN401
    has_residence = household.any(household.members("is_residence", period))
    is_in_time = household.all(household.members("is_in_time", period))
    is_frozen = household.any(household.members("is_frozen", period))
    rewarded = has_residence * is_in_time * np.logical_not(is_frozen)
    return rewarded * parameters(period).plan.signing_reward


def _household_formulas() -> Iterator[tuple[str, Any]]:
    def total(household: Any, period: Any) -> Any:  # noqa: ANN401
        of_buildings = household.sum(household.members("building_total", period))
        return of_buildings + sum(household(item, period) for item in HOUSEHOLD_ITEMS)

    def is_signed(household: Any, period: Any) -> Any:  # noqa: ANN401
        return household.any(household.members("is_signed", period))

    yield "signing_reward", _signing_reward
    yield "moving_residence", _moving("residence")
    yield "moving_business", _moving("business")
    yield "owed", lambda h, p: is_signed(h, p) * total(h, p)
    yield "estimated", lambda h, p: np.logical_not(is_signed(h, p)) * total(h, p)
