from __future__ import annotations

import csv
import stat
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from flows.lists import payment_list
from flows.lists import read_back as reading_back
from flows.lists.many_rows import MANY
from flows.lists.payment_list import (
    PAYMENT_COLUMNS,
    UnsafeCellError,
    payment_csv,
    reading_notes,
)
from flows.lists.read_back import read_back
from flows.lists.writing import write_lists
from tests.support.payout_frames import (
    AS_OF,
    buildings_frame,
    card_number,
    drafted,
    id_number,
    items_frame,
    line_item,
    payee,
    payees_frame,
    survey_frame,
    surveyed,
)
from tests.support.whole_draft import contents_of_draft
from transforms.payout.public_notice import Settlement

ITEMS = items_frame(
    line_item("H-1", "house_residence", "100000.53", reading="half_month"),
    line_item("H-1", "attachments", "7.00"),
    line_item("H-1", "buyback", "-0.05"),
    line_item("H-2", "house_residence", "0.07", building_id="B-2"),
    line_item("H-3", "buyback", "-1234.50", building_id="B-3"),
)
SURVEY = survey_frame(surveyed("H-1", 1), surveyed("H-2", 2), surveyed("H-3", 3))
PAYEES = payees_frame(payee("H-1", 11, "50"), payee("H-1", 12, "50"))
DRAFT = drafted(ITEMS, SURVEY, PAYEES)
CONTENTS = list(contents_of_draft(DRAFT))
SETTLEMENT = Settlement(ITEMS, buildings_frame(("B-1", "H-1", "60.00", True)), SURVEY)
READINGS = {"half_month": "半月的理解。", "set_off": "抵扣的理解。"}
WORKBOOK, TABLE = "房屋征收补偿-HC-0001.xlsx", "房屋征收补偿-HC-0001.csv"


@pytest.fixture(params=[1, MANY], ids=["by column", "by cell"])
def _either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists are read back as long ones are, and as short ones."""
    monkeypatch.setattr(reading_back, "MANY", request.param)


def written(folder: Path) -> list[Path]:
    return write_lists(CONTENTS, SETTLEMENT, READINGS, folder, as_of=AS_OF)


def cells(path: Path, sheet: str) -> list[list[object]]:
    book = openpyxl.load_workbook(path)
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def test_a_night_writes_its_lists_readable_by_their_owner_alone(tmp_path: Path) -> None:
    files = written(tmp_path / "night")
    assert [path.name for path in files] == [WORKBOOK, TABLE, "应收清单-HC-0001.xlsx", "分户补偿公示.xlsx"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert sorted(path.name for path in (tmp_path / "night").iterdir()) == sorted(p.name for p in files)


@pytest.mark.usefixtures("_either_way")
def test_what_is_written_reads_back_as_the_batch(tmp_path: Path) -> None:
    written(tmp_path)
    assert read_back(tmp_path, CONTENTS) == []


def test_what_is_as_it_should_be_is_seen_by_whole_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> list[str]:
        raise AssertionError

    written(tmp_path)
    monkeypatch.setattr(reading_back, "MANY", 1)
    monkeypatch.setattr(reading_back, "_sheet_failures", refuse)
    monkeypatch.setattr(reading_back, "_table_failures", refuse)
    assert read_back(tmp_path, CONTENTS) == []


@pytest.mark.usefixtures("_either_way")
def test_detail_of_more_rows_than_a_sheet_has_goes_on_on_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payment_list, "MOST_ROWS", 3)
    written(tmp_path)
    assert openpyxl.load_workbook(tmp_path / WORKBOOK).sheetnames == ["支付清单", "明细", "明细2", "明细3"]
    amounts = [cells(tmp_path / WORKBOOK, name)[4:-1] for name in ("明细", "明细2", "明细3")]
    assert [len(rows) for rows in amounts] == [3, 3, 1]
    assert read_back(tmp_path, CONTENTS) == []
    monkeypatch.setattr(payment_list, "MOST_ROWS", 4)
    assert read_back(tmp_path, CONTENTS)[0] == "房屋征收补偿-HC-0001.xlsx「明细」：应有 4 行，实有 3 行"


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = written(tmp_path / "first"), written(tmp_path / "second")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_writing_again_replaces_what_stood_there_and_narrows_who_may_read_it(tmp_path: Path) -> None:
    (tmp_path / TABLE).write_text("anything")
    (tmp_path / TABLE).chmod(0o644)
    written(tmp_path)
    assert stat.S_IMODE((tmp_path / TABLE).stat().st_mode) == 0o600
    assert read_back(tmp_path, CONTENTS) == []


def test_the_csv_has_every_field_in_quotes_and_every_digit(tmp_path: Path) -> None:
    written(tmp_path)
    content = (tmp_path / TABLE).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    first = content.decode("utf-8-sig").splitlines()[0]
    assert first == (
        '"序号","编号","收款人","证件号码","开户名","开户银行","银行账号","金额(元)","金额大写","事由"'
    )
    with (tmp_path / TABLE).open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    assert row["证件号码"] == id_number(11)
    assert row["银行账号"] == card_number(11)
    assert row["金额(元)"] == "50003.74"
    assert row["金额大写"] == "人民币伍万零叁元柒角肆分"
    assert row["事由"] == "house_residence、attachments；扣除：buyback"


def test_a_cell_that_a_spreadsheet_would_run_is_never_written() -> None:
    rows = CONTENTS[0].payment_rows().with_columns(payee_name=pl.lit("=1+1"))
    with pytest.raises(UnsafeCellError, match="收款人"):
        payment_csv(rows)


def test_the_workbook_is_ready_to_sign(tmp_path: Path) -> None:
    written(tmp_path)
    table = cells(tmp_path / WORKBOOK, "支付清单")
    assert table[0][0] == "阿尔山市房屋征收补偿支付清单（草稿）"
    assert table[1][0] == "草稿：未经批准，不得据以付款"
    assert table[2][0] == "批次号：HC-0001　　　　日期：2021年6月30日　　　　单位：元"
    assert table[3] == [column.header for column in PAYMENT_COLUMNS]
    assert table[7][0] == "合计"
    assert table[7][7:9] == [100007.55, "人民币壹拾万零柒元伍角伍分"]
    below = [str(row[0]) for row in table[8:]]
    assert below[:3] == ["本清单依据下列暂定理解编制，签字前请确认：", "1．半月的理解。", "2．抵扣的理解。"]
    assert below[3].startswith("控制数：3 笔；银行账号摘要 ")
    assert below[3].endswith(f"清单摘要 {DRAFT.batches['digest'].item()}")
    assert below[4] == "批次 HC-0001　共 3 笔　合计 100,007.55 元（人民币壹拾万零柒元伍角伍分）"
    assert [text[:3] for text in below[5:]] == ["经办人", "复核人", "负责人"]
    assert all("日期" in text for text in below[5:])


def test_the_workbook_prints_on_a4_across_with_headings_and_numbers_on_each_page(tmp_path: Path) -> None:
    written(tmp_path)
    book = openpyxl.load_workbook(tmp_path / WORKBOOK)
    for sheet in book.worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        # one page wide is what a sheet that fits pages is when it says nothing of its width
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$4"
        assert sheet.oddFooter is not None
        assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"


def test_the_second_sheet_has_every_obligation_with_its_arithmetic_and_clause(tmp_path: Path) -> None:
    written(tmp_path)
    rows = cells(tmp_path / WORKBOOK, "明细")[4:]
    assert len(rows) == 7 + 1
    assert rows[0][0] == 1
    assert rows[0][3:9] == [
        "H-1",
        "B-1",
        "house_residence",
        None,
        "1 × 100000.53 元 = 100000.53 元〔份额 50.00%：50,000.27 元〕",
        "方案 五(一)1",
    ]
    assert sum(Decimal(str(row[9])) for row in rows[:-1]) == Decimal("100007.55")


def test_an_approved_list_is_no_draft(tmp_path: Path) -> None:
    approved = replace(DRAFT, batches=DRAFT.batches.with_columns(status=pl.lit("approved")))
    write_lists(contents_of_draft(approved), SETTLEMENT, READINGS, tmp_path, as_of=AS_OF)
    with zipfile.ZipFile(tmp_path / WORKBOOK) as archive:
        assert "草稿" not in archive.read("xl/sharedStrings.xml").decode()


def test_who_owes_is_listed_with_the_reason(tmp_path: Path) -> None:
    written(tmp_path)
    rows = cells(tmp_path / "应收清单-HC-0001.xlsx", "应收清单")
    assert rows[4] == [1, "H-3", "示例3", 1234.5, "人民币壹仟贰佰叁拾肆元伍角整", "buyback"]


def test_the_public_notice_shows_no_number_that_could_be_misused(tmp_path: Path) -> None:
    written(tmp_path)
    with zipfile.ZipFile(tmp_path / "分户补偿公示.xlsx") as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "示例1" in text
    for serial in (1, 2, 3, 11, 12):
        assert id_number(serial) not in text
        assert card_number(serial) not in text


@pytest.mark.parametrize("name", [WORKBOOK, TABLE, "应收清单-HC-0001.xlsx"])
def test_a_list_that_is_missing_is_found(tmp_path: Path, name: str) -> None:
    written(tmp_path)
    (tmp_path / name).unlink()
    assert f"{name}：没有这个文件" in read_back(tmp_path, CONTENTS)


@pytest.mark.usefixtures("_either_way")
def test_a_changed_amount_is_found_in_the_csv(tmp_path: Path) -> None:
    written(tmp_path)
    content = (tmp_path / TABLE).read_text(encoding="utf-8")
    (tmp_path / TABLE).write_text(content.replace('"0.07"', '"0.08"'), encoding="utf-8")
    assert read_back(tmp_path, CONTENTS) == [f"{TABLE}第 3 行「金额(元)」：应为 0.07，实为 0.08"]


@pytest.mark.usefixtures("_either_way")
@pytest.mark.parametrize(
    ("cell", "value", "failure"),
    [
        ("H7", 0.08, "第 3 行「金额(元)」：应为 0.07，实为 0.08"),
        ("H7", 0.070000001, "第 3 行「金额(元)」：应为 0.07，实为 0.070000001"),
        ("C5", " 示例12", "第 1 行「收款人」：与批次不符"),
        ("C6", None, "第 2 行「收款人」：与批次不符"),
        ("G5", "62", "第 1 行「银行账号」：与批次不符"),
        ("G5", 6200000000000000000, "第 1 行「银行账号」：与批次不符"),
        ("H8", 100007.56, "合计：应为 100007.55，实为 100007.56"),
        ("A7", "合计", "应有一行表头和一行合计，实有 1 和 2 行"),
    ],
)
def test_a_changed_cell_is_found_in_the_workbook(
    tmp_path: Path, cell: str, value: str | float, failure: str
) -> None:
    written(tmp_path)
    book = openpyxl.load_workbook(tmp_path / WORKBOOK)
    book["支付清单"][cell] = value
    book.save(tmp_path / WORKBOOK)
    found = read_back(tmp_path, CONTENTS)
    assert len(found) == 1
    assert failure in found[0]
    assert card_number(11) not in found[0]


@pytest.mark.usefixtures("_either_way")
def test_a_batch_of_receivables_alone_has_no_payment_list(tmp_path: Path) -> None:
    items = items_frame(line_item("H-3", "buyback", "-1234.50", building_id="B-3"))
    draft = drafted(items, SURVEY)
    files = write_lists(
        contents_of_draft(draft), Settlement(items, buildings_frame(), SURVEY), {}, tmp_path, as_of=AS_OF
    )
    assert [path.name for path in files] == ["应收清单-HC-0001.xlsx", "分户补偿公示.xlsx"]
    assert read_back(tmp_path, contents_of_draft(draft)) == []


def test_a_reading_without_a_sentence_stops_the_lists() -> None:
    with pytest.raises(KeyError, match="half_month"):
        reading_notes(pl.Series(["half_month set_off"]), {"set_off": "抵扣。"})


def test_settled_set_off_is_not_named() -> None:
    assert reading_notes(pl.Series(["set_off", None]), {}) == []
