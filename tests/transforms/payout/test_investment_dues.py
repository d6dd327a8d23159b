"""What was granted becomes obligations, and each has one payee, with or without an account."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from schemas.investment import IncentiveClaims, Introducers
from tests.support.granting_cases import granted, records
from tests.support.payout_frames import card_number
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
