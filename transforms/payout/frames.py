"""The frames between what a programme computes and its payout lists; every programme hands over these two."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from transforms.money import MONEY

WHOLE_SHARE = Decimal(100)

DUES = pl.Schema(
    {
        "programme": pl.String(),
        "party_id": pl.String(),
        "obligation_key": pl.String(),
        "building_id": pl.String(),
        "item_name": pl.String(),
        "period": pl.String(),
        "amount": MONEY,
        "clause": pl.String(),
        "basis": pl.String(),
        "reading": pl.String(),
    }
)
"""One row per obligation of a party (a household, a claim, an officer) before its payees share it.

`amount` is in 元, negative when the party owes it, never 0; `obligation_key` is unique. `reading` holds the
codes of the readings that it rests on, separated by spaces.
"""

PAYEES = pl.Schema(
    {
        "programme": pl.String(),
        "party_id": pl.String(),
        "party_name": pl.String(),
        "payee_id": pl.String(),
        "payee_name": pl.String(),
        "id_number": pl.String(),
        "account_name": pl.String(),
        "bank_name": pl.String(),
        "bank_account": pl.String(),
        "share": MONEY,
        "is_frozen": pl.Boolean(),
        "party_hold": pl.String(),
    }
)
"""One row per payee of a party, in the order in which they share: the last one takes the rest.

`share` is in percent; a party's shares add up to 100. `party_hold` says in Chinese why nothing may be paid
to the party as a whole, null when nothing stands against it.
"""
