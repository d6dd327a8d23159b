"""Whole nights through the command line, on small real workbooks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import ParamSpec, TypeVar

import polars as pl
import pytest
from openpyxl import Workbook

from flows import intake, staging, steps
from flows.night import night
from flows.warehouse.lock import exclusive
from flows.warehouse.night_copy import night_file
from schemas.housing import Agreements, HouseholdSurvey, ImageryRegister, Payees
from tests.support.in_line import in_line
from tests.support.town import Town
from tests.support.workbooks import agreement, ordinary_sheets, survey, void, write_workbook

P = ParamSpec("P")
R = TypeVar("R")
FIRST_RUN, SECOND_RUN = "2024-06-30-001", "2024-06-30-002"
MORNING, NOON = datetime(2024, 6, 1, 8, 0), datetime(2024, 6, 1, 12, 0)  # noqa: DTZ001 Beijing time
NETS = "SELECT household_id, net_amount FROM compensation.households ORDER BY 1"
HISTORY = (
    "SELECT floor_area_m2, is_void, replaced_by IS NULL FROM survey.household_survey_history AS record "
    "JOIN audit.uploads USING (upload_id) ORDER BY sequence"
)


def test_the_first_night_lands_computes_and_lists(town: Town) -> None:
    town.upload("甲.xlsx", ordinary_sheets())
    told = town.night().output
    assert told.startswith("running directly")
    assert "171,500.00 元 to pay in 1 lines" in told
    assert town.ask(NETS) == [("H-1", Decimal("171500.00"))]
    assert town.ask("SELECT run_id, uploads_new, rows_accepted FROM audit.runs") == [(FIRST_RUN, 1, 3)]
    assert {path.name for path in (town.out / FIRST_RUN).iterdir()} == {
        "summary.md",
        "分户补偿公示.xlsx",
        "房屋征收补偿-HC-0001.csv",
        "房屋征收补偿-HC-0001.xlsx",
    }


def test_the_same_night_again_finds_nothing_new_and_changes_no_table(town: Town) -> None:
    town.upload("甲.xlsx", ordinary_sheets())
    town.night()
    before = town.tables("audit.runs")
    town.night()
    assert town.tables("audit.runs") == before
    assert town.ask("SELECT run_id, uploads_new FROM audit.runs ORDER BY 1") == [
        (FIRST_RUN, 1),
        (SECOND_RUN, 0),
    ]
    lists = [(town.out / run / "房屋征收补偿-HC-0001.csv").read_bytes() for run in (FIRST_RUN, SECOND_RUN)]
    assert lists[0] == lists[1]


def test_a_night_without_uploads_is_a_night(town: Town) -> None:
    town.night()
    assert town.ask("SELECT uploads_new FROM audit.runs") == [(0,)]
    assert [path.name for path in (town.out / FIRST_RUN).iterdir()] == ["summary.md"]


def test_a_later_row_replaces_the_earlier_one_which_stays_in_the_history(town: Town) -> None:
    town.upload("甲.xlsx", ordinary_sheets())
    town.night()
    town.upload("甲改.xlsx", {HouseholdSurvey: [survey(floor_area_m2=50)]})
    town.night()
    assert town.ask("SELECT floor_area_m2 FROM survey.household_survey") == [(Decimal("50.00"),)]
    assert town.ask(HISTORY) == [(Decimal("60.00"), False, False), (Decimal("50.00"), False, True)]
    assert town.ask(NETS) == [("H-1", Decimal("146500.00"))]


def test_a_withdrawn_row_is_gone_and_can_come_back(town: Town) -> None:
    town.upload("甲.xlsx", ordinary_sheets())
    town.upload("作废.xlsx", {HouseholdSurvey: [void(building_id="B-1")]})
    town.night()
    assert town.ask("SELECT * FROM survey.household_survey") == []
    assert town.ask(NETS) == []
    town.upload("又来.xlsx", {HouseholdSurvey: [survey(floor_area_m2=55)]})
    town.night()
    assert town.ask(HISTORY) == [
        (Decimal("60.00"), False, False),
        (None, True, False),
        (Decimal("55.00"), False, True),
    ]
    assert town.ask("SELECT floor_area_m2 FROM survey.household_survey") == [(Decimal("55.00"),)]


def test_withdrawing_what_never_came_is_accepted(town: Town) -> None:
    town.upload("作废.xlsx", {HouseholdSurvey: [void(building_id="B-9")]})
    town.night()
    assert town.ask("SELECT status, rows_accepted FROM audit.uploads") == [("accepted", 1)]


def test_the_same_file_again_under_another_name_changes_nothing(town: Town) -> None:
    path = town.upload("甲.xlsx", ordinary_sheets())
    town.night()
    shutil.copy(path, town.inbox / "甲（副本）.xlsx")
    town.night()
    assert town.ask("SELECT file_name FROM audit.uploads") == [("甲.xlsx",)]


def test_of_uploads_of_one_night_the_one_changed_last_counts_whatever_its_name(town: Town) -> None:
    town.upload("a.xlsx", {HouseholdSurvey: [survey(floor_area_m2=70)]}, NOON)
    town.upload("b.xlsx", {HouseholdSurvey: [survey(floor_area_m2=80)]}, MORNING)
    town.night()
    assert town.ask("SELECT file_name, sequence, received_at FROM audit.uploads ORDER BY 2") == [
        ("b.xlsx", 1, MORNING),
        ("a.xlsx", 2, NOON),
    ]
    assert town.ask("SELECT floor_area_m2 FROM survey.household_survey") == [(Decimal("70.00"),)]


def test_uploads_of_one_moment_are_taken_by_name(town: Town) -> None:
    town.upload("b.xlsx", {HouseholdSurvey: [survey(floor_area_m2=80)]}, NOON)
    town.upload("a.xlsx", {HouseholdSurvey: [survey(floor_area_m2=70)]}, NOON)
    town.night()
    assert town.ask("SELECT floor_area_m2 FROM survey.household_survey") == [(Decimal("80.00"),)]


def test_a_bad_file_is_refused_and_the_good_ones_beside_it_go_on(town: Town) -> None:
    (town.inbox / "坏.xlsx").write_bytes(b"no workbook at all")
    town.upload("好.xlsx", ordinary_sheets())
    assert "1 refused" in town.night().output
    assert town.ask("SELECT file_name, status FROM audit.uploads ORDER BY 1") == [
        ("坏.xlsx", "refused"),
        ("好.xlsx", "accepted"),
    ]
    assert (town.out / FIRST_RUN / "坏-批注.xlsx").is_file()
    assert town.ask(NETS) == [("H-1", Decimal("171500.00"))]


def test_a_file_that_a_fault_of_the_program_kept_out_is_tried_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Path) -> None:
        raise ValueError

    town.upload("甲.xlsx", ordinary_sheets())
    with monkeypatch.context() as patched:
        patched.setattr(intake, "in_processes", in_line)
        patched.setattr(intake, "read_workbook", broken)
        town.night()
    assert town.ask("SELECT status FROM audit.uploads") == [("refused",)]
    town.night()
    assert town.ask("SELECT status FROM audit.uploads") == [("accepted",)]
    assert town.ask("SELECT count(*) FROM audit.findings") == [(0,)]


def test_rejected_rows_are_reported_and_do_not_fail_the_night(town: Town) -> None:
    wrong = survey("B-2", "H-2", id_number="110101190001010007")
    town.upload("甲.xlsx", {HouseholdSurvey: [survey(), wrong]})
    assert "2 read, 1 accepted, 1 rejected" in town.night().output
    assert town.ask("SELECT status, rows_rejected FROM audit.uploads") == [("partly_accepted", 1)]
    assert town.ask("SELECT row_number, rule FROM audit.findings") == [(3, "id_number_check")]
    assert (town.out / FIRST_RUN / "甲-批注.xlsx").is_file()


def test_a_household_that_contradicts_an_earlier_upload_is_warned_of(town: Town) -> None:
    town.upload("甲.xlsx", {HouseholdSurvey: [survey()]})
    town.night()
    town.upload("乙.xlsx", {HouseholdSurvey: [survey("B-2", owner_name="某乙")]})
    town.night()
    found = town.ask("SELECT file_name, column_letter, severity, rule FROM audit.findings")
    assert found == [("乙.xlsx", "C", "warning", "contradicts_earlier")]


def test_an_agreement_before_its_survey_waits_as_an_open_question(town: Town) -> None:
    town.upload("协议.xlsx", {Agreements: [agreement()]})
    town.night()
    assert town.ask("SELECT building_id FROM compensation.open_questions") == [("B-1",)]
    sheets = ordinary_sheets()
    town.upload("调查.xlsx", {sheet: sheets[sheet] for sheet in (HouseholdSurvey, ImageryRegister)})
    town.night()
    assert town.ask("SELECT * FROM compensation.open_questions") == []
    assert town.ask(NETS) == [("H-1", Decimal("171500.00"))]


def test_a_failed_check_publishes_nothing_and_says_by_how_much(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.upload("甲.xlsx", ordinary_sheets())
    town.night()
    before = town.digest()
    town.upload("乙.xlsx", ordinary_sheets("B-2", "H-2"))

    def two_lost(_settlement: object, _records: Mapping[str, pl.DataFrame]) -> list[str]:
        return ["check buildings: expected 4, got 2, differs by -2", "check nets: one"]

    monkeypatch.setattr(steps, "check_settlement", two_lost)
    done = town.arxan("nightly")
    assert done.exit_code == 1
    assert "check failed: check buildings: expected 4, got 2, differs by -2" in done.stderr
    assert "check failed: check nets: one" in done.stderr
    assert town.digest() == before
    assert sorted(path.name for path in town.out.iterdir()) == [FIRST_RUN]
    assert not night_file(town.warehouse).exists()


def test_after_a_failed_night_the_next_one_takes_the_same_uploads_in(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.upload("甲.xlsx", ordinary_sheets())
    with monkeypatch.context() as broken:
        broken.setattr(steps, "check_payouts", lambda *_: ["check lines: one"])
        assert town.arxan("nightly").exit_code == 1
        assert not town.warehouse.exists()
    town.night()
    assert town.ask(NETS) == [("H-1", Decimal("171500.00"))]


def test_an_unforeseen_error_shows_its_place_and_no_value(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("110101190001010006")

    monkeypatch.setattr(steps, "draft_payouts", broken)
    done = town.arxan("nightly")
    assert done.exit_code == 1
    assert "ValueError at flows.steps" in done.stderr
    assert "110101190001010006" not in done.output
    assert not town.warehouse.exists()


def test_a_night_killed_before_publication_leaves_nothing_behind_the_next(town: Town) -> None:
    folder = staging.staging_folder(town.out, SECOND_RUN, town.warehouse)
    town.night()
    folder.mkdir()
    night_file(town.warehouse).write_bytes(b"half a copy")
    town.night()
    assert sorted(path.name for path in town.out.iterdir()) == [FIRST_RUN, SECOND_RUN]
    assert (town.out / SECOND_RUN / "summary.md").is_file()


def test_lists_of_a_night_killed_after_publication_are_put_in_place(town: Town) -> None:
    town.upload("甲.xlsx", ordinary_sheets())
    town.night()
    published = town.out / FIRST_RUN
    published.rename(staging.staging_folder(town.out, FIRST_RUN, town.warehouse))
    town.night()
    assert (published / "房屋征收补偿-HC-0001.xlsx").is_file()
    assert sorted(path.name for path in town.out.iterdir()) == [FIRST_RUN, SECOND_RUN]


def test_a_second_night_at_once_is_refused_and_names_who_is_at_work(town: Town) -> None:
    town.night()
    before = town.digest()
    with exclusive(town.warehouse):
        done = town.arxan("nightly")
    assert done.exit_code == 1
    assert "in use by another night or approval (process" in done.stderr
    assert town.digest() == before


def test_lists_of_a_warehouse_that_was_deleted_are_not_written_over(town: Town) -> None:
    town.night()
    town.warehouse.unlink()
    town.night()
    assert town.ask("SELECT run_id FROM audit.runs") == [(SECOND_RUN,)]


def test_a_sub_folder_is_read_and_what_programs_leave_is_not(town: Town) -> None:
    write_workbook(town.inbox / "天池" / "甲.xlsx", ordinary_sheets())
    for name in ("~$甲.xlsx", ".hidden.xlsx", "乙.xlsx.part", "Thumbs.db"):
        (town.inbox / name).write_bytes(b"left by a program")
    town.night()
    assert town.ask("SELECT file_name FROM audit.uploads") == [("甲.xlsx",)]


def test_the_steps_can_be_wrapped(town: Town) -> None:
    names = []

    class Noting:
        def __call__(self, step: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
            names.append(step.__name__)
            return step(*args, **kwargs)

    assert night(town.settings(), run=Noting()).run_id == FIRST_RUN
    assert names == [
        "prepare",
        "read_new_uploads",
        "land",
        "answer_receipts",
        "compute",
        "draft_payout",
        "write_all",
        "verify",
        "publish",
    ]


def test_an_inbox_that_is_not_there_is_wrong_use(town: Town) -> None:
    town.inbox.rmdir()
    done = town.arxan("nightly")
    assert done.exit_code == 2
    assert "there is no inbox" in done.stderr
    assert not town.warehouse.exists()


def test_a_policy_that_is_not_in_order_stops_the_night(town: Town) -> None:
    done = town.arxan("nightly", "--policies", str(town.folder / "none"))
    assert done.exit_code == 1
    assert "policy file" in done.stderr


def test_nobody_is_paid_in_the_stead_of_a_payee_whose_row_was_rejected(town: Town) -> None:
    """The owner is held until the row that names another payee is mended."""
    other = {
        "household_id": "H-1",
        "payee_name": "某丙",
        "payee_id_kind": "居民身份证",
        "payee_id_number": "110101190001010022",
        "payee_role": "代理人",
        "share": 100,
        "account_name": "某丙",
        "bank_name": "示例银行",
        "bank_account": "12345678902",
    }
    wrong = other | {"payee_id_number": "110101190001010023"}
    town.upload("甲.xlsx", ordinary_sheets() | {Payees: [wrong]}, MORNING)
    town.night()
    lines = "SELECT payee_name, amount FROM payout.lines"
    assert town.ask(lines) == []
    assert town.ask("SELECT payee_id, amount, reason FROM payout.held") == [
        (
            "H-1",
            Decimal("171500.00"),
            "「收款人」表中该户有退回的行，请改正后把该户全部收款人（份额合计 100）一并重新上报",
        )
    ]
    half = other | {"payee_id_number": "110101190001010006", "share": 50}
    town.upload(
        "半.xlsx", {Payees: [half, void(household_id="H-1", payee_id_number="110101190001010022")]}, MORNING
    )
    town.night()
    assert town.ask(lines) == []
    town.upload(
        "废.xlsx", {Payees: [void(household_id="H-1", payee_id_number="110101190001010006")]}, MORNING
    )
    town.night()
    assert town.ask(lines) == []
    town.upload("乙.xlsx", {Payees: [other]}, NOON)
    town.night()
    assert town.ask(lines) == [("某丙", Decimal("171500.00"))]
    assert town.ask("SELECT * FROM payout.held") == []


def test_nobody_is_paid_in_the_stead_of_the_payees_of_a_refused_sheet(town: Town) -> None:
    town.upload("甲.xlsx", ordinary_sheets(), MORNING)
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = Payees.title
    page.append(["户编号", "收款人", "份额"])
    page.append(["H-1", "某丙", 100])
    book.save(town.inbox / "缺列.xlsx")
    town.night()
    assert town.ask("SELECT payee_name, amount FROM payout.lines") == []
    assert town.ask("SELECT payee_id, amount FROM payout.held") == [("H-1", Decimal("171500.00"))]
