"""支付回执 as workbooks: what is entered, what is found wanting, and that it stays so."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from schemas.housing import PaymentReceipts
from schemas.sheet import Sheet
from tests.support.approved_town import TODAY, approve, copied, drafted_town, night
from tests.support.town import Town
from tests.support.workbooks import Row, void

MORNING = datetime(2024, 6, 29, 8)  # noqa: DTZ001 Beijing time
PAID, FAILED = "成功", "失败"
UNKNOWN, TWICE, AT_ODDS, NOTHING = (
    f"receipt_{name}" for name in ("unknown_line", "twice", "contradicts", "nothing_to_void")
)
VERIFIED = "已批准的清单 1 份，全部相符"


def receipt(line: int, result: str = PAID, batch: str = "HC-0001", why: str = "户名不符") -> Row:
    return {
        "batch_id": batch,
        "line_number": line,
        "result": result,
        "paid_on": TODAY,
        "failure_reason": why if result == FAILED else None,
    }


def voided(line: int) -> Row:
    return void(batch_id="HC-0001", line_number=line)


def answer(town: Town, *uploads: list[Row], name: str = "回执") -> None:
    """A night after uploads of receipts, in this order."""
    for place, rows in enumerate(uploads):
        sheets: dict[type[Sheet], list[Row]] = {PaymentReceipts: rows}
        town.upload(f"{name}{place}.xlsx", sheets, MORNING + timedelta(minutes=place))
    night(town)


def entered(town: Town) -> list[tuple[object, ...]]:
    """The answered lines of HC-0001, with the answer of all of a line's entries."""
    return town.ask(
        "SELECT DISTINCT line_number, kind FROM payout.ledger WHERE kind IN ('confirmed', 'failed') "
        "ORDER BY ALL"
    )


def found(town: Town) -> list[tuple[object, ...]]:
    return town.ask("SELECT rule FROM audit.findings ORDER BY file_name, row_number")


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return drafted_town(tmp_path_factory.mktemp("drafted") / "town")


@pytest.fixture(scope="module")
def approved(drafted: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """HC-0001 is approved, and of its three lines the first is paid and the second came back."""
    town = copied(drafted, tmp_path_factory.mktemp("approved") / "town")
    approve(town, "HC-0001")
    answer(town, [receipt(1), receipt(2, FAILED)], name="首批")
    return town


@pytest.fixture
def town(approved: Town, tmp_path: Path) -> Town:
    return copied(approved, tmp_path / "town")


BEFORE = [(1, "confirmed"), (2, "failed")]
THIRD_PAID = [*BEFORE, (3, "confirmed")]


def test_answers_are_entered_for_every_obligation_of_a_line(approved: Town) -> None:
    assert entered(approved) == BEFORE
    assert approved.ask("SELECT kind, count(*), sum(amount) FROM payout.ledger GROUP BY ALL ORDER BY 1") == [
        ("confirmed", 3, 171500),
        ("failed", 3, 121500),
        ("listed", 9, 364500),
    ]
    assert approved.ask("SELECT status FROM payout.batches") == [("approved",)]
    assert found(approved) == []


@pytest.mark.parametrize(
    ("uploads", "rules", "answered"),
    [
        pytest.param([[receipt(1, batch="HC-0009")]], [UNKNOWN], BEFORE, id="of a batch that there is not"),
        pytest.param([[receipt(4)]], [UNKNOWN], BEFORE, id="of a line that there is not"),
        pytest.param([[receipt(1)]], [TWICE], BEFORE, id="the same again"),
        pytest.param([[receipt(2, FAILED, why="另一原因")]], [TWICE], BEFORE, id="a failure again"),
        pytest.param([[receipt(1, FAILED)]], [AT_ODDS], BEFORE, id="a failure after a payment"),
        pytest.param([[receipt(2)]], [AT_ODDS], BEFORE, id="a payment after a failure"),
        pytest.param([[voided(1)]], [AT_ODDS], BEFORE, id="an answer withdrawn"),
        pytest.param([[voided(3)]], [NOTHING], BEFORE, id="withdrawn before there was one"),
        pytest.param(
            [[receipt(3)], [receipt(3), receipt(9)]], [TWICE, UNKNOWN], THIRD_PAID, id="twice in one night"
        ),
        pytest.param([[receipt(3)], [receipt(3, FAILED)]], [AT_ODDS] * 2, BEFORE, id="both in one night"),
        pytest.param([[receipt(3)], [voided(3)]], [AT_ODDS] * 2, BEFORE, id="withdrawn the same night"),
    ],
)  # fmt: skip
def test_what_can_not_be_entered_is_a_finding_and_changes_nothing(
    town: Town, uploads: list[list[Row]], rules: list[str], answered: list[tuple[object, ...]]
) -> None:
    answer(town, *uploads)
    assert found(town) == [(rule,) for rule in rules]
    assert entered(town) == answered
    assert town.ask("SELECT payee_id, reason FROM payout.held") == [
        ("H-2", "清单 HC-0001 第 2 行付款失败（户名不符），请更正收款账户后再列入")
    ]
    assert VERIFIED in town.arxan("payouts", "verify").output
    folder = max(town.out.glob(f"{TODAY}-*"))
    for name, message in town.ask("SELECT file_name, message FROM audit.findings"):
        listed = openpyxl.load_workbook(folder / f"{Path(str(name)).stem}-批注.xlsx").worksheets[0]
        assert message in [row[-1] for row in listed.iter_rows(values_only=True)]


def test_a_finding_says_where_it_stands_and_what_to_do(town: Town) -> None:
    answer(town, [receipt(3), receipt(1, FAILED)])
    assert town.ask(
        "SELECT file_name, sheet, row_number, header, field, value, severity, message FROM audit.findings"
    ) == [
        (
            "回执0.xlsx", "支付回执", 3, "序号", "line_number", "1", "warning",
            "清单 HC-0001 第 1 行已有不同的回执，这一行未入账；请与财政部门核实后以书面处理。",
        )
    ]  # fmt: skip


def test_a_batch_is_settled_when_each_of_its_lines_has_its_receipt(town: Town) -> None:
    answer(town, [receipt(3)])
    assert town.ask("SELECT status FROM payout.batches") == [("settled",)]
    assert "已结清" in town.arxan("payouts", "list").output


def test_a_receipt_before_its_batch_is_approved_is_never_entered(drafted: Town, tmp_path: Path) -> None:
    town = copied(drafted, tmp_path / "town")
    answer(town, [receipt(1)])
    assert found(town) == [(UNKNOWN,)]
    approve(town, "HC-0001")
    night(town)
    assert entered(town) == []
    assert VERIFIED in town.arxan("payouts", "verify").output
    answer(town, [receipt(1), receipt(2), receipt(3)], name="再报")
    assert [line for line, _ in entered(town)] == [1, 2, 3]
    assert VERIFIED in town.arxan("payouts", "verify").output
