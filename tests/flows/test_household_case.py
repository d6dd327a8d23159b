"""What the warehouse says of one household, and of no other."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

from flows.household_case import household_case
from flows.warehouse.migrate import make_tables

BATCH = (
    "('HC-0001', '房屋征收补偿', 'approved', DATE '2024-06-30', 1, 5, 'x', NULL, NULL, "
    "'2024-06-30-001', '示例', NULL, NULL)"
)


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse."""
    with duckdb.connect() as connection:
        make_tables(connection)
        yield connection


def line(payee_id: str, number: int, batch: str = "HC-0001") -> str:
    return f"('{batch}', {number}, '{payee_id}', '某甲', '1', '某甲', '行', '1', 5, '住宅补偿', NULL)"


def entry(number: int, kind: str, payee_id: str, amount: int) -> str:
    key = f"房屋征收补偿/H-1/B-1/{number}/"
    moment = "TIMESTAMP '2024-07-05 09:00:00'"
    answered = "NULL" if kind == "listed" else number - 1
    chain = f"'{key}', {answered}, '{number - 1}', '{number}'"
    return f"({number}, {moment}, '{kind}', '{key}', 1, 1, '{payee_id}', {amount}, 'HC-0001', 1, {chain})"


def test_without_a_survey_there_is_no_summary(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = household_case(warehouse, "H-1")
    assert found.summary is None
    assert found.reading_codes() == []
    frames = (found.buildings, found.items, found.alternatives, found.questions, found.payments)
    assert all(frame.is_empty() for frame in (*frames, found.records))


def test_payments_are_lines_and_what_the_bank_said_of_them(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute(f"INSERT INTO payout.batches VALUES {BATCH}")
    warehouse.execute(
        f"INSERT INTO payout.lines VALUES {line('H-1', 1)}, {line('H-1#2', 2)}, {line('H-10', 3)}"
    )
    entries = (entry(1, "listed", "H-1", 5), entry(2, "confirmed", "H-1", 3), entry(3, "confirmed", "H-1", 2))
    warehouse.execute(
        f"INSERT INTO payout.ledger VALUES {', '.join(entries)}, {entry(4, 'failed', 'H-1#2', 5)}"
    )
    found = household_case(warehouse, "H-1").payments.select("payee_id", "place", "amount").rows()
    five = Decimal("5.00")
    assert found == [
        ("H-1", "清单 HC-0001 第1笔（已批准）", five),
        ("H-1#2", "清单 HC-0001 第2笔（已批准）", five),
        ("H-1", "银行已付：清单 HC-0001 第1笔", five),
        ("H-1#2", "付款失败：清单 HC-0001 第1笔", five),
    ]


def test_lines_of_another_programme_are_another_matter(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute(f"INSERT INTO payout.batches VALUES {BATCH.replace('房屋征收补偿', '招商引资奖励')}")
    warehouse.execute(f"INSERT INTO payout.lines VALUES {line('H-1', 1)}")
    assert household_case(warehouse, "H-1").payments.is_empty()
