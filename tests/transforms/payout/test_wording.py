"""The 事由 that a resident reads beside an amount."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from transforms.payout.wording import reasons_of_payment, reasons_of_receivable

Item = tuple[str, str | None, str]
SEVERAL: list[Item] = [
    ("住宅补偿", None, "100.00"),
    ("临时安置", "2021-06", "1.00"),
    ("临时安置", "2021-05", "1.00"),
    ("临时安置", "2021-07", "1.00"),
    ("超期安置", "2021-08", "1.00"),
    ("差价", None, "-30.00"),
    ("回购", "2021-09", "-0.01"),
]


def obligations(**items: list[Item]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            ("补偿", payee, name, period, Decimal(amount))
            for payee, rows in items.items()
            for name, period, amount in rows
        ],
        schema={
            "programme": pl.String,
            "payee_id": pl.String,
            "item_name": pl.String,
            "period": pl.String,
            "amount": pl.Decimal(18, 2),
        },
        orient="row",
    )


def test_what_is_paid_is_named_with_its_months_and_then_what_is_taken_off() -> None:
    found = reasons_of_payment(obligations(A=SEVERAL, B=[("差价", None, "7.00")]))
    assert found.columns == ["programme", "payee_id", "reason"]
    assert found.sort("payee_id").rows() == [
        (
            "补偿",
            "A",
            "住宅补偿、临时安置（2021-05 至 2021-07）、超期安置（2021-08）；扣除：差价、回购（2021-09）",
        ),
        ("补偿", "B", "差价"),
    ]


def test_what_is_receivable_is_named_and_then_what_was_set_off() -> None:
    found = reasons_of_receivable(obligations(A=SEVERAL, B=[("差价", None, "-7.00")]))
    assert found.sort("payee_id").rows() == [
        (
            "补偿",
            "A",
            "差价、回购（2021-09）；已抵扣：住宅补偿、临时安置（2021-05 至 2021-07）、超期安置（2021-08）",
        ),
        ("补偿", "B", "差价"),
    ]


def test_the_names_stand_in_the_order_of_the_obligations_however_many() -> None:
    names = [f"项目{number * 37 % 101}" for number in range(101)]
    found = reasons_of_payment(obligations(A=[(name, None, "1.00") for name in names]))
    assert found["reason"].to_list() == ["、".join(names)]
