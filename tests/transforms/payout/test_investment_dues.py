"""What was granted becomes obligations, and each has one payee, with or without an account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from schemas.investment import IncentiveClaims, Introducers
from schemas.investment_payments import Outcome
from tests.support.granting_cases import granted, records
from tests.support.payout_frames import card_number, id_number
from transforms.payout.accounts import failed_accounts
from transforms.payout.frames import DUES, PAYEES
from transforms.payout.holds import with_hold_reasons
from transforms.payout.investment_dues import (
    claim_payees,
    incentive_dues,
    introducer_payees,
    reward_dues,
)
from transforms.payout.past import Past

ACCOUNT = {"account_name": "某甲", "bank_name": "示例银行", "bank_account": card_number(1)}
_NO_TAX = {"committed": 10, "tax": "0"}
TOWN: dict[str, Any] = {
    "introducers": [
        {"kind": "单位", "target": "5000", **ACCOUNT},
        {"id": "I2"},
        {"id": "I/3", "kind": "第三方机构", "person": 0, **ACCOUNT, "bank_account": card_number(3)},
    ],
    "projects": [
        {"introducer": "I1"},
        {"id": "P2", "introducer": "I2"},
        {"id": "P3", "introducer": "I/3", "total": "7000"},
        {"id": "P4", "introducer": "I2", "fixed": "4999.99"},
    ],
    "claims": [
        {"jobs": 301, **ACCOUNT, "bank_account": card_number(4)},
        {"id": "C2", "project": "P3", "article": "第十二条", "on_schedule": True},
        {"id": "C3", "project": "P2", "jobs": 300},
        {
            "id": "C4",
            "project": "P2",
            "article": "第九条",
            "since": date(2022, 1, 1),
            "committed": 10,
            "tax": "0",
        },
    ],
}


def test_what_is_granted_and_not_zero_is_due() -> None:
    result = granted(TOWN)
    rewards, incentives = reward_dues(result.rewards), incentive_dues(result.incentives)
    assert rewards.schema == DUES
    assert incentives.schema == DUES
    columns = ["party_id", "obligation_key", "item_name", "period", "amount"]
    assert rewards.select(columns).rows() == [
        ("I/3", "招商引资奖励/I%2F3/P3//agency_reward", "第三方招商代理机构奖励", None, Decimal("210000.00")),
        ("I1", "招商引资奖励/I1//2022/unit_reward", "单位招商引资奖励", "2022", Decimal("50000.00")),
        ("I2", "招商引资奖励/I2/P2//introducer_reward", "引资人奖励", None, Decimal("180000.00")),
    ]
    assert incentives.select(columns).rows() == [
        ("C1", "优惠政策奖补/C1", "优惠政策第十五条奖补", "2022", Decimal("60200.00"))
    ]


def test_each_party_has_one_payee_for_the_whole() -> None:
    night = records(TOWN)
    payees = introducer_payees(night[Introducers.table])
    assert payees.schema == PAYEES
    assert payees.select("party_id", "payee_id", "share", "is_frozen", "party_hold").row(1) == (
        "I1",
        "I1",
        Decimal(100),
        False,
        None,
    )
    assert claim_payees(night[IncentiveClaims.table])["payee_id"].to_list() == ["C1", "C2", "C3", "C4"]


def test_a_missing_account_or_id_number_is_held_with_the_reason() -> None:
    payees = with_hold_reasons(
        introducer_payees(records(TOWN)[Introducers.table]), failed_accounts(Past.none())
    )
    reasons = dict(payees.select("party_id", "hold_reason").rows())
    assert reasons["I1"] is None
    assert reasons["I2"] == "收款账户不完整，请补录开户名、开户银行、银行账号"
    assert reasons["I/3"] == "缺少证件号码，请补录"


def result(number: int, amount: str | None, outcome: Outcome = Outcome.GRANTED) -> dict[str, Any]:
    """A row of rewards and of incentives in one: what is due of either is read from the same fields."""
    return {
        "introducer_id": f"I{number}",
        "claim_id": f"C{number}",
        "project_id": "P1",
        "year": 2022,
        "item": "unit_reward",
        "item_name": "单位招商引资奖励",
        "article": "第十五条",
        "outcome": outcome.value,
        "amount": None if amount is None else Decimal(amount),
        "clause": "办法 第五条",
        "basis": f"1 × {amount} 元 = {amount} 元",
        "reading": "a_reading",
    }


def results(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema_overrides={"amount": pl.Decimal(18, 2)})


def test_a_due_says_all_that_its_row_says() -> None:
    rows = results(result(1, "5.00"))
    same = {
        "building_id": None,
        "period": "2022",
        "amount": Decimal("5.00"),
        "clause": "办法 第五条",
        "basis": "1 × 5.00 元 = 5.00 元",
        "reading": "a_reading",
    }
    assert reward_dues(rows).rows(named=True) == [
        {
            "programme": "招商引资奖励",
            "party_id": "I1",
            "obligation_key": "招商引资奖励/I1/P1/2022/unit_reward",
            "item_name": "单位招商引资奖励",
            **same,
        }
    ]
    assert incentive_dues(rows).rows(named=True) == [
        {
            "programme": "优惠政策奖补",
            "party_id": "C1",
            "obligation_key": "优惠政策奖补/C1",
            "item_name": "优惠政策第十五条奖补",
            **same,
        }
    ]


@pytest.mark.parametrize("dues", [reward_dues, incentive_dues])
def test_without_an_amount_or_another_outcome_nothing_is_due(dues: Callable[..., pl.DataFrame]) -> None:
    rows = results(result(1, None), result(2, "0.00"), result(3, "-1.00"), result(4, "1.00", Outcome.HELD))
    assert dues(rows)["amount"].to_list() == [Decimal("-1.00")]
    assert dues(rows, Outcome.HELD)["amount"].to_list() == [Decimal("1.00")]


def test_dues_stand_by_party_and_then_by_key_as_people_count() -> None:
    rows = [
        {**result(party, "1.00"), "project_id": f"P{project}"} for party in (10, 9, 1) for project in (10, 9)
    ]
    keys = [
        f"招商引资奖励/I{party}/P{project}/2022/unit_reward" for party in (1, 9, 10) for project in (9, 10)
    ]
    assert reward_dues(results(*rows))["obligation_key"].to_list() == keys
    assert incentive_dues(results(*rows[::2]))["party_id"].to_list() == ["C1", "C9", "C10"]


def test_of_keys_that_do_not_begin_with_the_party_the_party_decides() -> None:
    rows = results(
        *({**result(number, "1.00"), "claim_id": name} for number, name in ((1, "A/9"), (2, "A-1")))
    )
    assert incentive_dues(rows)["party_id"].to_list() == ["A-1", "A/9"]


@pytest.mark.parametrize(
    ("payees", "programme", "number", "name"),
    [
        (introducer_payees, "招商引资奖励", "introducer_id", "introducer_name"),
        (claim_payees, "优惠政策奖补", "claim_id", "claimant_name"),
    ],
)
def test_a_payee_is_paid_with_all_that_its_record_says(
    payees: Callable[[pl.DataFrame], pl.DataFrame], programme: str, number: str, name: str
) -> None:
    record = {number: "N-1", name: "某甲", "id_number": id_number(1), **ACCOUNT}
    frame = payees(pl.DataFrame([record, {**record, number: "N-10"}, {**record, number: "N-9"}]))
    assert frame.row(0, named=True) == {
        "programme": programme,
        "party_id": "N-1",
        "party_name": "某甲",
        "payee_id": "N-1",
        "payee_name": "某甲",
        "id_number": id_number(1),
        **ACCOUNT,
        "share": Decimal("100.00"),
        "is_frozen": False,
        "party_hold": None,
    }
    assert frame["payee_id"].to_list() == ["N-1", "N-9", "N-10"]
