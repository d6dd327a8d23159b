"""The mistakes that are rejected: each kind is made in turn, in rows that no other branch rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from flows.sample.cells import BooleanCell, FormulaCell, NumericCell, Record, TextCell
from flows.sample.people import with_last_digit_wrong
from schemas.housing import (
    Agreements,
    Appraisals,
    HouseholdSurvey,
    ImageryRegister,
    Payees,
    Recognitions,
    SpecialDecisions,
)
from schemas.investment import (
    CompanyVisits,
    EnvoyJournal,
    EnvoyReports,
    Envoys,
    IncentiveClaims,
    Introducers,
    Negotiations,
    OfficerActivities,
    OfficerExpenses,
    Projects,
    PromotionOfficers,
    TravelTickets,
)
from schemas.sheet import Sheet

FUTURE_DAY = date(2031, 3, 5)
NO_SUCH_DAY = TextCell("2021-02-30")
LOST_REFERENCE = FormulaCell("=#REF!", "#REF!")
NEVER_CALCULATED = FormulaCell("=1200*3", "")
OTHER_UNIT = TextCell("3.5万")

Changes = Callable[[Record], Record]
Condition = Callable[[Record], bool]
Spoil = Callable[[list[Record]], list[Record] | None]
"""The rows with the mistake in them, or None when they give no occasion for it."""


@dataclass(frozen=True)
class Defect:
    """One kind of mistake on one sheet."""

    name: str
    sheet: type[Sheet]
    spoil: Spoil


def _mistyped(changes: Changes, where: Condition = lambda _: True) -> Spoil:
    """One row, the only one of its household, has a mistake."""

    def spoil(rows: list[Record]) -> list[Record] | None:
        if len(rows) != 1 or not where(rows[0]):
            return None
        return [rows[0] | changes(rows[0])]

    return spoil


def _one_of_many(changes: Changes) -> Spoil:
    """The last row has a mistake."""
    return lambda rows: [*rows[:-1], rows[-1] | changes(rows[-1])] if rows else None


def _twice(rows: list[Record]) -> list[Record] | None:
    """The last row is there twice."""
    return [*rows, dict(rows[-1])] if rows else None


def _in_contradiction(rows: list[Record]) -> list[Record] | None:
    """Two buildings of one household have different owners."""
    return [rows[0], *(row | {"owner_name": "示例某"} for row in rows[1:])] if len(rows) > 1 else None


def _as_number(value: object) -> NumericCell:
    """A long number as Excel keeps it when typed into a numeric cell."""
    return NumericCell(float("".join(character for character in str(value) if character.isdigit())))


def _day_before(row: Record, field: str) -> date:
    day = row[field]
    if not isinstance(day, date):
        reason = f"{field} is no date"
        raise TypeError(reason)
    return day - timedelta(days=1)


def _survey(name: str, changes: Changes, where: Condition = lambda _: True) -> Defect:
    return Defect(name, HouseholdSurvey, _mistyped(changes, where))


def _has_account(row: Record) -> bool:
    return row["bank_account"] is not None


def _is_residence(row: Record) -> bool:
    return row["surveyed_use"] == "住宅"


def _is_signed(row: Record) -> bool:
    return row["signing_status"] == "已签约"


def _is_exchanged(row: Record) -> bool:
    return row.get("method") == "产权调换"


HOUSING_DEFECTS: tuple[Defect, ...] = (
    # those for which few households give an occasion come first
    Defect("contradiction", HouseholdSurvey, _in_contradiction),
    Defect("same_key_twice", HouseholdSurvey, _twice),
    Defect("lost_reference", Appraisals, _mistyped(lambda _: {"appraised_amount": LOST_REFERENCE})),
    Defect("other_unit", Appraisals, _mistyped(lambda _: {"appraised_amount": OTHER_UNIT})),
    Defect("never_calculated", Appraisals, _mistyped(lambda _: {"appraised_amount": NEVER_CALCULATED})),
    Defect("no_number", Appraisals, _mistyped(lambda _: {"appraised_amount": TextCell("待定")})),
    Defect("no_agreement_number", Agreements, _mistyped(lambda _: {"agreement_number": None}, _is_signed)),
    Defect(
        "deadline_before_notice",
        Agreements,
        _mistyped(lambda row: {"deadline_on": _day_before(row, "notified_on")}),
    ),
    Defect(
        "handover_before_signing",
        Agreements,
        _mistyped(lambda row: {"handed_over_on": _day_before(row, "signed_on")}, _is_exchanged),
    ),
    Defect("no_estate", Agreements, _mistyped(lambda _: {"resettlement_estate": None}, _is_exchanged)),
    Defect("method_off_list", Agreements, _mistyped(lambda _: {"method": "货币"}, _is_signed)),
    Defect(
        "number_with_characters",
        ImageryRegister,
        _mistyped(lambda row: {"building_id": f"{row['building_id']}号"}),
    ),
    Defect("register_key_twice", ImageryRegister, _twice),
    _survey("wrong_check_digit", lambda row: {"id_number": with_last_digit_wrong(str(row["id_number"]))}),
    _survey("id_in_numeric_cell", lambda row: {"id_number": _as_number(row["id_number"])}),
    _survey(
        "account_in_numeric_cell", lambda row: {"bank_account": _as_number(row["bank_account"])}, _has_account
    ),
    _survey("account_with_letters", lambda _: {"bank_account": "存折待补"}, _has_account),
    _survey("missing_required", lambda _: {"surveyed_on": None}),
    _survey("missing_origin", lambda _: {"residence_origin": None}, _is_residence),
    _survey("off_list", lambda _: {"residence_origin": "单位分房"}, _is_residence),
    _survey("future_date", lambda _: {"surveyed_on": FUTURE_DAY}),
    _survey("no_such_day", lambda _: {"surveyed_on": NO_SUCH_DAY}),
    _survey("year_and_month_as_number", lambda _: {"household_since": NumericCell(2016.1)}),
    _survey("too_many_decimals", lambda _: {"floor_area_m2": Decimal("86.567")}),
    _survey("area_of_zero", lambda _: {"floor_area_m2": Decimal(0)}),
    _survey("area_too_large", lambda _: {"floor_area_m2": Decimal(860_000)}),
    _survey("true_in_number", lambda _: {"floor_area_m2": BooleanCell(value=True)}),
)
ENVOY_DEFECTS: tuple[Defect, ...] = (
    Defect(
        "return_before_arrival",
        TravelTickets,
        _one_of_many(lambda row: {"returned_on": _day_before(row, "arrived_on")}),
    ),
    Defect("nothing_done", EnvoyJournal, _one_of_many(lambda _: {"work_done": " "})),
    Defect("journal_of_the_future", EnvoyJournal, _one_of_many(lambda _: {"day": FUTURE_DAY})),
    Defect("journal_twice", EnvoyJournal, _twice),
    Defect("period_unlike_kind", EnvoyReports, _one_of_many(lambda _: {"period": "2021年第一期"})),
    Defect(
        "credit_code_wrong",
        CompanyVisits,
        _one_of_many(lambda row: {"company_code": with_last_digit_wrong(str(row["company_code"]))}),
    ),
    Defect(
        "credit_code_in_numeric_cell",
        CompanyVisits,
        _one_of_many(lambda row: {"company_code": _as_number(row["company_code"])}),
    ),
    Defect("depth_unclear", Negotiations, _one_of_many(lambda _: {"is_in_depth": "待定"})),
)


class Spoiler:
    """Makes a mistake at every so many occasions, each kind in its turn."""

    def __init__(self, defects: tuple[Defect, ...], every: int) -> None:
        self._waiting = list(defects)
        self._every = every
        self._occasions = 0

    def spoil(self, rows: Mapping[type[Sheet], list[Record]]) -> tuple[type[Sheet], list[Record]] | None:
        """Puts a mistake into the rows when it is time; the sheet and its right rows, for a correction."""
        self._occasions += 1
        if self._occasions % self._every:
            return None
        for place, defect in enumerate(self._waiting):
            right = rows.get(defect.sheet, [])
            wrong = defect.spoil(right)
            if wrong is not None:
                kept = list(right)
                right[:] = wrong
                self._waiting.append(self._waiting.pop(place))
                return defect.sheet, kept
        return None


@dataclass(frozen=True)
class WrongRow:
    """A row added to a register: a copy of its first row with these changes, under a key of its own."""

    name: str
    sheet: type[Sheet]
    changes: Record


WRONG_ROWS: tuple[WrongRow, ...] = (
    WrongRow("area_not_recognised", Recognitions, {"building_id": "TC-900001", "recognised_area_m2": None}),
    WrongRow(
        "decided_in_other_unit", SpecialDecisions, {"decision_number": "待补号", "decided_amount": OTHER_UNIT}
    ),
    WrongRow("share_of_nothing", Payees, {"household_id": "H-900001", "share": Decimal(0)}),
    WrongRow("rank_off_list", Envoys, {"envoy_id": "DS-90", "rank_title": "科员"}),
    WrongRow(
        "total_below_fixed",
        Projects,
        {
            "project_id": "XM-2021-901",
            "fixed_investment_10k_yuan": Decimal(6000),
            "total_investment_10k_yuan": Decimal(5000),
        },
    ),
    WrongRow(
        "production_before_landing",
        Projects,
        {"project_id": "XM-2021-902", "landed_on": date(2022, 5, 1), "in_production_on": date(2021, 5, 1)},
    ),
    WrongRow(
        "target_missing",
        Introducers,
        {"introducer_id": "YZ-2021-901", "introducer_kind": "单位", "investment_target_10k_yuan": None},
    ),
    WrongRow(
        "official_unclear",
        Introducers,
        {"introducer_id": "YZ-2021-902", "introducer_kind": "自然人", "is_public_official": None},
    ),
    WrongRow(
        "funding_too_low", PromotionOfficers, {"officer_id": "TJ-2021-901", "funding_limit": Decimal(20_000)}
    ),
    WrongRow(
        "companies_not_counted",
        OfficerActivities,
        {"activity_id": "HD-2021-901", "companies": TextCell("约十家")},
    ),
    WrongRow(
        "invoice_of_zero", OfficerExpenses, {"invoice_number": "20219001", "expense_amount": Decimal(0)}
    ),
    WrongRow("article_off_list", IncentiveClaims, {"claim_id": "SB-2021-901", "article": "第八条"}),
    WrongRow("year_in_words", IncentiveClaims, {"claim_id": "SB-2021-902", "year": TextCell("二〇二二")}),
)
