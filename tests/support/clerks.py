"""Clerks who know each house of a town, and fill in the workbooks that a step of its story needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from schemas.housing import (
    Agreements,
    HouseholdSurvey,
    ImageryRegister,
    Payees,
    PaymentReceipts,
    Recognitions,
)
from schemas.sheet import Sheet
from tests.support.payout_frames import card_number, id_number
from tests.support.records import FLAT
from tests.support.workbooks import Row, agreement, register, survey, void

Sheets = dict[type[Sheet], list[Row]]


@dataclass
class Clerks:
    """What the clerks know of each house, and the workbooks that they make of it."""

    houses: dict[str, dict[str, Any]] = field(default_factory=dict)

    def sheets(self, uploaded: Mapping[str, Any], today: date) -> Sheets:
        """The sheets of a step's workbook."""
        found: Sheets = defaultdict(list)
        for kind, what in uploaded.items():
            made: Callable[[Any, date], Iterator[tuple[type[Sheet], Row]]] = getattr(self, f"_{kind}")
            for sheet, row in made(what, today):
                found[sheet].append(row)
        return found

    def _houses(self, what: dict[str, dict[str, Any]], _: date) -> Iterator[tuple[type[Sheet], Row]]:
        for building, facts in what.items():
            self.houses[building] = facts
            yield HouseholdSurvey, self._survey(building)
            yield ImageryRegister, register(building, registered_area_m2=facts["area"])
            if facts.get("is_signed", True):
                yield Agreements, self._agreement(building)

    def _survey(self, building: str) -> Row:
        facts = self.houses[building]
        serial = int(facts["household"].removeprefix("H-"))
        return survey(
            building,
            facts["household"],
            owner_name=f"示例{serial}",
            account_name=f"示例{serial}",
            id_number=id_number(serial),
            bank_account=card_number(facts.get("account", serial)),
            floor_area_m2=facts["area"],
        )

    def _agreement(self, building: str) -> Row:
        facts = self.houses[building]
        signed = agreement(building, agreement_number=f"XY-{building}")
        if "flat" not in facts:
            return signed
        return signed | FLAT | {
            "resettlement_area_m2": facts["flat"],
            "under_construction": True,
            "self_arranged": True,
            "signed_on": facts["moves_on"],
            "vacated_on": facts["moves_on"],
            "deadline_on": facts["moves_on"],
            "handed_over_on": facts.get("handed_over_on"),
        }  # fmt: skip

    def _recognised(self, what: dict[str, int], today: date) -> Iterator[tuple[type[Sheet], Row]]:
        for building, area in what.items():
            yield (
                Recognitions,
                {
                    "building_id": building,
                    "outcome": "予以补偿",
                    "recognised_use": "住宅",
                    "recognised_area_m2": area,
                    "recognised_origin": "自建",
                    "minute_number": f"示例纪要{today:%m%d}",
                    "recognised_on": today,
                },
            )

    def _accounts(self, what: dict[str, int], _: date) -> Iterator[tuple[type[Sheet], Row]]:
        for building, account in what.items():
            self.houses[building]["account"] = account
            yield HouseholdSurvey, self._survey(building)

    def _signed(self, what: list[str], _: date) -> Iterator[tuple[type[Sheet], Row]]:
        for building in what:
            yield Agreements, self._agreement(building)

    def _handed_over(self, what: dict[str, date], _: date) -> Iterator[tuple[type[Sheet], Row]]:
        for building, day in what.items():
            self.houses[building]["handed_over_on"] = day
            yield Agreements, self._agreement(building)

    def _withdrawn(self, what: list[str], _: date) -> Iterator[tuple[type[Sheet], Row]]:
        for building in what:
            for sheet in (HouseholdSurvey, ImageryRegister, Agreements):
                yield sheet, void(building_id=building)

    def _payees(self, what: dict[str, dict[int, int]], _: date) -> Iterator[tuple[type[Sheet], Row]]:
        for household, shares in what.items():
            for place, (serial, share) in enumerate(shares.items()):
                yield (
                    Payees,
                    {
                        "household_id": household,
                        "payee_name": f"示例{serial}",
                        "payee_id_kind": "居民身份证",
                        "payee_id_number": id_number(serial),
                        "payee_role": "共有人" if place else "本人",
                        "share": share,
                        "account_name": f"示例{serial}",
                        "bank_name": "示例银行",
                        "bank_account": card_number(serial),
                    },
                )

    def _receipts(self, what: dict[str, dict[int, str]], today: date) -> Iterator[tuple[type[Sheet], Row]]:
        for batch, lines in what.items():
            for line, told in lines.items():
                is_paid = told == "成功"
                yield (
                    PaymentReceipts,
                    {
                        "batch_id": batch,
                        "line_number": line,
                        "result": "成功" if is_paid else "失败",
                        "paid_on": today,
                        "failure_reason": None if is_paid else told,
                    },
                )
