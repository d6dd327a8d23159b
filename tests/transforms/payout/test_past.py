"""What has been listed before, in the order in which it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import polars as pl

from transforms.payout.past import Past

BATCHES = ["HC-9999", "HC-10000", "HC-10001", "RW-0001"]


def test_lines_stand_in_the_order_of_the_approvals_which_that_of_the_numbers_is_not() -> None:
    past = replace(
        Past.none(),
        batches=pl.DataFrame(
            {
                "batch_id": BATCHES,
                "programme": ["房屋征收补偿"] * 3 + ["招商引资奖励"],
                "approved_at": [datetime.fromisoformat(f"2024-03-0{day}T09:00:00") for day in (1, 2, 3, 3)],
            }
        ),
        lines=pl.DataFrame(
            [(batch, number) for number in (2, 10, 1) for batch in reversed(BATCHES)],
            schema=["batch_id", "line_number"],
            orient="row",
        ),
    )
    found = past.programmed_lines().select("batch_id", "line_number")
    assert found.rows() == [(batch, number) for batch in BATCHES for number in (1, 2, 10)]
