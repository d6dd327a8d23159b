"""Builds the records of envoys from what a case says, and a faultless year for the rest."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from schemas.envoy_policy import EnvoyParameter
from schemas.investment import (
    INVESTMENT_SHEETS,
    CompanyVisits,
    EnvoyJournal,
    EnvoyReports,
    Envoys,
    Introducers,
    Negotiations,
    Projects,
    TravelTickets,
)
from schemas.policy import DatedValue, ReadingState, ReadingVersion
from schemas.sheet import Sheet
from tests.support.records import frame
from transforms.policy import Policy

DAY = timedelta(days=1)
LAST_DAY = date(2024, 12, 31)
ENVOY: dict[str, Any] = {
    "born_on": date(1975, 6, 1),
    "rank_title": "正科级",
    "region": "京津冀片区",
    "posted_on": date(2022, 1, 1),
    "posting_ends_on": LAST_DAY,
}
VISIT = {"company_name": "示例科技有限公司", "company_location": "天津市"}
NEGOTIATION = {"project_name": "示例项目", "is_in_depth": True}
PROJECT: dict[str, Any] = {
    "project_name": "示例康养项目",
    "investor_name": "示例科技有限公司",
    "investor_code": "91000000000000000K",
    "fixed_investment_10k_yuan": "5000",
    "total_investment_10k_yuan": "900000",
    "industry": "文化旅游",
    "is_key_supported": True,
    "landed_on": date(2022, 6, 1),
    "verification": "已核实",
    "has_violation": False,
}
Rows = dict[type[Sheet], list[dict[str, Any]]]


def envoy_records(
    envoys: Mapping[str, Mapping[str, Any]], more: Mapping[str, list[dict[str, Any]]] | None = None
) -> dict[str, pl.DataFrame]:
    """The records of these envoys, and rows of further ones by sheet title.

    Left out, an envoy's `stays` are ten days of each month, `journal` every day away, `reports` all in
    time, `companies` five and `projects` three new ones a month; `landed` is none. See `_done`.
    """
    rows: Rows = {sheet: [] for sheet in INVESTMENT_SHEETS}
    for envoy_id, facts in envoys.items():
        posting = {name: facts[name] for name in ENVOY if name in facts}
        envoy = ENVOY | {"envoy_id": envoy_id, "envoy_name": f"示例{envoy_id}"} | posting
        rows[Envoys].append(envoy)
        for sheet, row in _done(envoy, facts):
            rows[sheet].append({"envoy_id": envoy_id} | row)
        _introduce(rows, envoy_id, facts.get("landed", []))
    for sheet in INVESTMENT_SHEETS:
        rows[sheet] += (more or {}).get(sheet.title, [])
    return {sheet.table: frame(sheet, rows[sheet]) for sheet in INVESTMENT_SHEETS}


def _done(envoy: dict[str, Any], facts: Mapping[str, Any]) -> Iterator[tuple[type[Sheet], dict[str, Any]]]:
    months = list(months_of(envoy["posted_on"], envoy["posting_ends_on"] or LAST_DAY))
    tickets = [
        ticket(text, place)
        for place, text in enumerate(facts.get("stays", [f"{month} + 10" for month in months]))
    ]
    for row in tickets:
        yield TravelTickets, row | {"ticket_number": f"{envoy['envoy_id']}-{row['ticket_number']}"}
    unwritten = set(facts.get("unwritten", []))
    for day in facts.get("journal", sorted({day for row in tickets for day in days_of(row)} - unwritten)):
        yield EnvoyJournal, {"day": day, "work_done": "走访示例公司"}
    until = envoy["posting_ends_on"] or LAST_DAY
    given = facts.get("reports", {})
    in_post = {name: on for name, on in all_reports() if envoy["posted_on"] <= on <= until}
    sent = {} if given == "none" else in_post | given
    for name, submitted_on in sent.items():
        if submitted_on is not None:
            kind, period = name.split(" ")
            yield EnvoyReports, {"report_kind": kind, "period": period, "submitted_on": submitted_on}
    for row in _contacts(facts.get("companies"), months, 5, "company_code"):
        yield CompanyVisits, VISIT | {"visited_on": row.pop("day")} | row
    for row in _contacts(facts.get("projects"), months, 3, "project_id"):
        yield Negotiations, NEGOTIATION | {"negotiated_on": row.pop("day")} | row


def ticket(text: str, place: int) -> dict[str, Any]:
    """A stay `2022-03-01 + 10` of ten days, or `2022-03-01 .. 2022-03-10`; `refunded` after it."""
    said, _, refunded = text.partition(" refunded")
    first, sign, last = said.split(" ") if " " in said else (said, "+", "1")
    arrived_on = date.fromisoformat(first)
    returned_on = arrived_on + (int(last) - 1) * DAY if sign == "+" else date.fromisoformat(last)
    return {
        "ticket_number": f"P{place}",
        "ticket_kind": "机票",
        "arrived_on": arrived_on,
        "returned_on": returned_on,
        "is_refunded": True if refunded or text.endswith("refunded") else None,
    }


def days_of(row: Mapping[str, Any]) -> Iterator[date]:
    day = row["arrived_on"]
    while day <= row["returned_on"]:
        yield day
        day += DAY


def _contacts(
    given: int | list[dict[str, Any]] | None, months: list[date], per_month: int, key: str
) -> Iterator[dict[str, Any]]:
    """So many a month; as a number, so many in all from the first month on; or the rows themselves."""
    if isinstance(given, list):
        yield from (dict(row) for row in given)
        return
    for number in range(per_month * len(months) if given is None else given):
        yield {"day": months[number // per_month], key: f"{key}-{number}"}


def _introduce(rows: Rows, envoy_id: str, landed: list[dict[str, Any]]) -> None:
    number = {"introducer_id": f"YZ-{envoy_id}"}
    if landed:
        introducer = {"introducer_name": "示例", "introducer_kind": "招商大使", "envoy_id": envoy_id}
        rows[Introducers].append(number | introducer)
    rows[Projects] += [
        PROJECT | number | {"project_id": f"{envoy_id}-XM{place}"} | project
        for place, project in enumerate(landed)
    ]


def months_of(first: date, last: date) -> Iterator[date]:
    """The first day in post of each month that is touched."""
    day = first
    while day <= last:
        yield day
        day = date(day.year, day.month, calendar.monthrange(day.year, day.month)[1]) + DAY


def all_reports() -> Iterator[tuple[str, date]]:
    """Every report of 2020 to 2024 with the last day of its period, on which it is sent."""
    for year in range(2020, 2025):
        for month in range(1, 13):
            last = date(year, month, calendar.monthrange(year, month)[1])
            yield f"月报 {year}-{month:02d}", last
            if month % 3 == 0:
                yield f"季报 {year}Q{month // 3}", last
    sunday = date(2020, 1, 5)
    while sunday <= LAST_DAY:
        iso = sunday.isocalendar()
        yield f"周报 {iso.year}-W{iso.week:02d}", sunday
        sunday += 7 * DAY


def changed(policy: Policy, readings: Mapping[str, str], values: Mapping[str, Any]) -> Policy:
    """The policy with readings taken as the case says, and other values from the first day or a given one."""
    content = policy.content
    first_day = policy.first_day()
    taken = {
        name: content.readings[name].model_copy(
            update={
                "versions": (
                    ReadingVersion(effective_from=first_day, state=ReadingState.PROVISIONAL, choice=choice),
                )
            }
        )
        for name, choice in readings.items()
    }
    priced = {}
    for name, said in values.items():
        parameter = content.parameters[EnvoyParameter(name)]
        dated = said if isinstance(said, dict) else {first_day: said}
        added = tuple(
            DatedValue(effective_from=day, value=Decimal(str(value))) for day, value in dated.items()
        )
        kept = tuple(v for v in parameter.values if v.effective_from < added[0].effective_from)
        priced[name] = parameter.model_copy(update={"values": kept + added})
    return Policy(
        content.model_copy(
            update={"readings": content.readings | taken, "parameters": content.parameters | priced}
        )
    )
