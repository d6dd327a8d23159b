"""The lists of one large batch, in a process of their own: `python -m … LINES REPEATS FOLDER ANSWER`."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import xlsxwriter
from python_calamine import CalamineWorkbook

from flows.lists.batch_content import BatchContent
from flows.lists.payment_list import DETAIL_COLUMNS, PAYMENT_COLUMNS, payment_csv, payment_workbook
from flows.lists.private_file import write_private
from flows.lists.read_back import read_back
from flows.lists.writing import payment_path
from flows.payouts import provisional_readings
from flows.policies import load_policies
from schemas.housing import HouseholdSurvey, Payees
from tests.benchmarks.engines.ours import POLICIES
from tests.benchmarks.measuring import seconds_of
from tests.benchmarks.town import AS_OF, town
from tests.support.whole_draft import contents_of_draft, drafted_at_once
from transforms.compensation.settlement import settle
from transforms.payout.batches import Occasion, Terms
from transforms.payout.obligations import housing_dues
from transforms.payout.past import Past
from transforms.payout.payees import housing_payees
from transforms.payout.stretches import PAYEES_AT_ONCE

LINES_OF_HUNDRED_HOUSEHOLDS = 76


class ListsDifferError(ValueError):
    """What was written is not what was read back."""


def main(lines: int, repeats: int, folder: Path, answer: Path) -> None:
    """Write ours and the plain ones in turn, and how long each took."""
    policies = load_policies(POLICIES)
    readings = provisional_readings(policies, AS_OF)
    # what is owed by households is a list of its own
    content = batch_of(lines)
    content = replace(content, owing=content.owing.clear())
    batch_id, programme = content.batch_id, content.batch["programme"]
    workbook, table = (payment_path(folder, programme, batch_id, ending) for ending in ("xlsx", "csv"))
    tables = {"支付清单": content.payment_rows().select(_fields(PAYMENT_COLUMNS)),
              "明细": content.item_rows().select(_fields(DETAIL_COLUMNS))}  # fmt: skip
    plain = folder / "plain.xlsx"
    failures: list[str] = []
    work: dict[str, Callable[[], object]] = {
        "workbook, ours": lambda: write_private(workbook, payment_workbook(content, readings)),
        "workbook, plain xlsxwriter": lambda: plain_workbook(plain, tables),
        "csv, ours": lambda: write_private(table, payment_csv(content.payment_rows())),
        "csv, plain polars": lambda: tables["支付清单"].write_csv(
            folder / "plain.csv", include_bom=True, quote_style="always"
        ),
        "read back and compared, ours": lambda: failures.extend(read_back(folder, [content])),
        "workbook read alone, calamine": lambda: read_alone(plain),
    }
    seconds: dict[str, list[float]] = defaultdict(list)
    for _ in range(repeats):
        for subject, task in work.items():
            seconds[subject].append(seconds_of(task))
    if failures:
        reason = f"{len(failures)} differences"
        raise ListsDifferError(reason)
    told = {
        "lines": content.lines.height,
        "seconds": seconds,
        "facts": {
            "workbook, ours": {"obligations": content.items.height, "mb": workbook.stat().st_size >> 20}
        },
    }
    answer.write_text(json.dumps(told), encoding="utf-8")


def batch_of(lines: int) -> BatchContent:
    """The draft of a clean town that has about so many payees."""
    records = town(-(-lines * 100 // LINES_OF_HUNDRED_HOUSEHOLDS))
    settlement = settle(records, load_policies(POLICIES).compensation, AS_OF)
    draft = drafted_at_once(
        housing_dues(settlement.line_items),
        housing_payees(records[HouseholdSurvey.table], records[Payees.table]),
        Past.none(),
        Occasion(AS_OF, "2023-12-31-001", "示例操作员", {}),
        Terms(),
        PAYEES_AT_ONCE,
    )
    return next(contents_of_draft(draft))


def plain_workbook(path: Path, tables: dict[str, pl.DataFrame]) -> None:
    """The same cells without formats, with the least memory."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        for name, rows in tables.items():
            page = book.add_worksheet(name)
            page.write_row(0, 0, rows.columns)
            for number, values in enumerate(rows.iter_rows(), 1):
                for place, value in enumerate(values):
                    if isinstance(value, str):
                        page.write_string(number, place, value)
                    elif value is not None:
                        page.write_number(number, place, value)


def read_alone(path: Path) -> None:
    """Every cell of every sheet, as Python values."""
    with CalamineWorkbook.from_path(path) as book:
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _fields(columns: tuple[object, ...]) -> list[str]:
    return [str(getattr(column, "field", column)) for column in columns]


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
