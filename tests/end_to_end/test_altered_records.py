"""Whoever alters the books, an approved list or the warehouse is found out, and nothing is paid on top."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pytest

from flows.warehouse.ledger import ledger_of
from flows.warehouse.tables import append
from schemas.payout import Ledger
from tests.support.approved_town import approved_town, copied, execute
from tests.support.payout_frames import card_number
from tests.support.town import Town
from transforms.payout.ledger import answer_entries, appended, chain_failures

Alteration = Callable[[Town], None]
PAYMENT, RECEIVABLES = "房屋征收补偿", "应收清单"
ENTRY = "DELETE FROM payout.ledger WHERE entry_id"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Town, Path]:
    return approved_town(tmp_path_factory.mktemp("original") / "town")


@pytest.fixture
def town(original: tuple[Town, Path], tmp_path: Path) -> Town:
    return copied(original[0], tmp_path / "town")


def shelf(town: Town, batch: str = "HC-0001") -> Path:
    return town.out / "approved" / batch


def sql(*statements: str) -> Alteration:
    return lambda town: execute(town, *statements)


def cell(sheet: str, column: str, value: object, name: str = f"{PAYMENT}-HC-0001.xlsx") -> Alteration:
    """Another value in a column of the first row of a list."""

    def alter(town: Town) -> None:
        path = shelf(town, name[-12:-5]) / name
        book = openpyxl.load_workbook(path)
        rows = list(book[sheet].iter_rows())
        header = next(place for place, row in enumerate(rows) if row[0].value == "序号")
        index = [cell.value for cell in rows[header]].index(column)
        rows[header + 1][index].value = value  # type: ignore[assignment]
        book.save(path)

    return alter


def csv_text(old: str, new: str, *, digest_too: bool = False) -> Alteration:
    def alter(town: Town) -> None:
        path = shelf(town) / f"{PAYMENT}-HC-0001.csv"
        content = path.read_bytes()
        assert old.encode() in content
        path.write_bytes(content.replace(old.encode(), new.encode()))
        if digest_too:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            execute(town, f"UPDATE payout.files SET digest = '{digest}' WHERE file_name = '{path.name}'")

    return alter


def control(**changed: object) -> Alteration:
    def alter(town: Town) -> None:
        path = shelf(town) / "control.json"
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changed), "utf-8")

    return alter


def removed(*names: str) -> Alteration:
    def alter(town: Town) -> None:
        for name in names:
            (shelf(town) / name).unlink()

    return alter


def without_shelf(town: Town) -> None:
    shutil.rmtree(shelf(town))


def written(name: str, content: bytes) -> Alteration:
    def alter(town: Town) -> None:
        (shelf(town) / name).write_bytes(content)

    return alter


def forged_answer(town: Town) -> None:
    """An answer that no receipt gave, with the right digests."""
    with duckdb.connect(str(town.warehouse)) as connection:
        ledger = ledger_of(connection)
        told = pl.DataFrame({"batch_id": ["HC-0002"], "line_number": [1], "is_paid": [True]})
        entries = appended(ledger, answer_entries(ledger, told, ledger["recorded_at"][-1]))
        append(connection, Ledger, entries)
        assert chain_failures(ledger_of(connection)) == []


BOOKS: dict[str, tuple[Alteration, str]] = {
    "an amount in the ledger": (
        sql("UPDATE payout.ledger SET amount = amount + 1 WHERE entry_id = 2"),
        "账簿：第 2 笔账目被改动过",
    ),
    "an entry removed from the middle": (sql(f"{ENTRY} = 5"), "账簿：第 5 笔账目缺失"),
    "the last entries removed, of an approval": (sql(f"{ENTRY} >= 23"), "批次 HC-0002：清单上印的账簿"),
    "the last entry removed, an answer": (
        sql(f"{ENTRY} = (SELECT max(entry_id) FROM payout.ledger)"),
        "批次 HC-0002 第 2 行：支付回执与账簿不符",
    ),
    "an answer added that no receipt gave": (forged_answer, "批次 HC-0002 第 1 行：支付回执与账簿不符"),
    "an amount behind a line": (
        sql("UPDATE payout.line_items SET amount = amount + 1 WHERE due_key LIKE '%B-2%' AND attempt = 1"),
        "批次 HC-0001 第 2 行：清单与账簿不符",
    ),
    "an approved batch made a draft again": (
        sql("UPDATE payout.batches SET status = 'draft' WHERE batch_id = 'HC-0002'"),
        "批次 HC-0002 已批准并印出",
    ),
    "the digest of the ledger in a control file": (
        control(ledger_digest="0" * 64),
        "批次 HC-0001：仓库的账簿与批准时印出的不是同一份",
    ),
}
"""What is wrong with the books themselves: no night and no approval goes on from there."""

LISTS: dict[str, tuple[Alteration, str]] = {
    "an amount of a line": (
        sql("UPDATE payout.lines SET amount = amount + 1 WHERE batch_id = 'HC-0001' AND line_number = 1"),
        "批次 HC-0001：仓库中的清单内容被改动过",
    ),
    "an account of a line": (
        sql(f"UPDATE payout.lines SET bank_account = '{card_number(9)}' WHERE line_number = 2"),
        "批次 HC-0001：仓库中的清单内容被改动过",
    ),
    "who approved": (
        sql("UPDATE payout.batches SET approved_by = '示例王' WHERE batch_id = 'HC-0001'"),
        "HC-0001：控制文件「control.json」与仓库中的批次不符",
    ),
    "an account in the csv": (
        csv_text(card_number(1), card_number(9)),
        "房屋征收补偿-HC-0001.csv第 1 行「银行账号」：与批次不符",
    ),
    "an account in the csv, and the digest of the file": (
        csv_text(card_number(1), card_number(9), digest_too=True),
        "房屋征收补偿-HC-0001.csv第 1 行「银行账号」：与批次不符",
    ),
    "a byte of the csv that says the same": (
        csv_text("\r\n", "\n"),
        "HC-0001：文件「房屋征收补偿-HC-0001.csv」在批准后被改动过",
    ),
    "an account in the workbook": (
        cell("支付清单", "银行账号", card_number(9)),
        "房屋征收补偿-HC-0001.xlsx「支付清单」第 1 行「银行账号」：与批次不符",
    ),
    "an amount behind a line in the workbook": (
        cell("明细", "金额(元)", 1),
        "房屋征收补偿-HC-0001.xlsx「明细」第 1 行「金额(元)」：应为 150000.00，实为 1.00",
    ),
    "the old account on the sheet of changed accounts": (
        cell("变更账户", "上次列入清单时的账户", "同上", f"{PAYMENT}-HC-0002.xlsx"),
        "「变更账户」第 1 行「上次列入清单时的账户」：与批次不符",
    ),
    "who owes": (
        cell("应收清单", "金额(元)", 1, f"{RECEIVABLES}-HC-0002.xlsx"),
        "应收清单-HC-0002.xlsx「应收清单」第 1 行「金额(元)」：应为 25000.00，实为 1.00",
    ),
    "why somebody owes": (
        cell("明细", "算式", "无", f"{RECEIVABLES}-HC-0002.xlsx"),
        "应收清单-HC-0002.xlsx「明细」第 1 行「算式」：与批次不符",
    ),
    "a list taken away": (
        removed(f"{PAYMENT}-HC-0001.csv"),
        "HC-0001：文件「房屋征收补偿-HC-0001.csv」不在了",
    ),
    "all lists of a batch taken away": (without_shelf, "批次 HC-0001：没有已批准的清单文件夹"),
    "a list that can't be read": (
        written(f"{PAYMENT}-HC-0001.xlsx", b"no workbook"),
        "房屋征收补偿-HC-0001.xlsx「支付清单」：读不出来，文件可能已损坏",
    ),
    "a csv that can't be read": (
        written(f"{PAYMENT}-HC-0001.csv", b"\xff\xfe\xfa"),
        "房屋征收补偿-HC-0001.csv：读不出来，文件可能已损坏",
    ),
    "the total in a control file": (control(total_amount="1.00"), "HC-0001：控制文件「control.json」与"),
    "the files in a control file": (control(files={}), "HC-0001：控制文件「control.json」与"),
    "a control file taken away": (removed("control.json"), "HC-0001：控制文件「control.json」不在了"),
    "the rows of the files": (
        sql("DELETE FROM payout.files WHERE batch_id = 'HC-0001'"),
        "HC-0001：控制文件「control.json」与",
    ),
}
"""What differs from what was approved, with the books in order."""


def test_what_nobody_altered_is_in_order(town: Town) -> None:
    done = town.arxan("payouts", "verify")
    assert (done.exit_code, done.output) == (0, "账簿 26 笔、已批准的清单 2 份，全部相符。\n")


@pytest.mark.parametrize(("alter", "place"), [*BOOKS.values(), *LISTS.values()], ids=[*BOOKS, *LISTS])
def test_verify_names_the_place(town: Town, alter: Alteration, place: str) -> None:
    alter(town)
    done = town.arxan("payouts", "verify")
    assert done.exit_code == 1
    assert place in done.output
    assert card_number(9) not in done.output


@pytest.mark.parametrize(("alter", "place"), BOOKS.values(), ids=BOOKS)
def test_nothing_goes_on_from_altered_books(town: Town, alter: Alteration, place: str) -> None:
    alter(town)
    before = town.digest()
    for command in (("nightly",), ("payouts", "approve", "HC-0003", "--by", "示例李")):
        done = town.arxan(*command)
        assert done.exit_code == 1, command
        assert place in done.output, command
    assert town.digest() == before
    assert not (shelf(town, "HC-0003")).exists()


def test_a_damaged_control_file_is_named(town: Town) -> None:
    path = shelf(town) / "control.json"
    path.write_text("{}")
    for command in (("payouts", "verify"), ("nightly",)):
        done = town.arxan(*command)
        assert done.exit_code == 1
        assert f"{path} is damaged: restore it from a backup" in done.output


def test_an_older_copy_of_the_warehouse_is_refused_with_what_to_do(
    original: tuple[Town, Path], town: Town
) -> None:
    shutil.copy(original[1], town.warehouse)
    before, folders = town.digest(), sorted(town.out.iterdir())
    for command in (("payouts", "verify"), ("nightly",)):
        done = town.arxan(*command)
        assert done.exit_code == 1
        assert "批次 HC-0002 已批准并印出（账簿 23 笔），仓库的账簿只有 9 笔" in done.output
        assert "仓库是较早的副本，请换回最新的仓库文件" in done.output
    assert town.digest() == before
    assert sorted(town.out.iterdir()) == folders


def test_a_new_warehouse_beside_approved_lists_is_refused(town: Town) -> None:
    town.warehouse.unlink()
    done = town.arxan("nightly")
    assert done.exit_code == 1
    assert "批次 HC-0001 已批准并印出（账簿 9 笔），仓库的账簿只有 0 笔" in done.output
    assert not town.warehouse.exists()


@pytest.mark.parametrize(
    ("changed", "case"),
    [
        ({"entry_id": 99}, "an obligation listed twice"),
        ({"entry_id": 2, "sequence": 9}, "an entry under a number that there is"),
        ({"entry_id": 99, "sequence": 9, "digest": None}, "an entry with the digest of another"),
        ({"entry_id": 99, "attempt": 2}, "a further attempt that replaces nothing"),
        ({"entry_id": 99, "kind": "failed", "refers_to": 1}, "a second answer to an entry"),
        ({"entry_id": 99, "kind": "failed"}, "an answer to nothing"),
        ({"entry_id": 99, "kind": "paid", "refers_to": 98}, "an entry of no kind"),
    ],
)
def test_the_database_itself_refuses(town: Town, changed: dict[str, object], case: str) -> None:
    with duckdb.connect(str(town.warehouse)) as connection:
        first = ledger_of(connection).row(0, named=True)
        entry = first | {"digest": "f" * 64} | changed
        entry["digest"] = entry["digest"] or first["digest"]
        fields = ", ".join(entry)
        with pytest.raises(duckdb.ConstraintException):
            connection.execute(
                f"INSERT INTO payout.ledger ({fields}) VALUES ({', '.join('?' * len(entry))})",
                list(entry.values()),
            )
        assert ledger_of(connection).height == 26, case
