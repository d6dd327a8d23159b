"""The command: what each part of it shows, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows import cli, prefect_night
from flows.checked_file import masked_message
from flows.prefect_night import StepError
from schemas.housing import HouseholdSurvey
from schemas.investment import Envoys, TravelTickets
from tests.support.town import Town
from tests.support.workbooks import agreement, ordinary_sheets, survey

ENVOY = {
    "envoy_id": "E-1",
    "envoy_name": "某丙",
    "born_on": "1975-06-01",
    "rank_title": "正科级",
    "region": "京津冀片区",
    "posted_on": "2021-05-01",
}
TICKET = {
    "ticket_number": "T-1",
    "envoy_id": "E-1",
    "ticket_kind": "机票",
    "arrived_on": "2021-05-10",
    "returned_on": "2021-05-21",
}


@pytest.fixture
def settled(town: Town) -> Town:
    """A town with one household that is paid and one envoy."""
    town.upload("甲.xlsx", {**ordinary_sheets(), Envoys: [ENVOY], TravelTickets: [TICKET]})
    town.night()
    return town


def test_help_comes_without_loading_what_the_commands_need() -> None:
    heavy = "{'polars', 'duckdb', 'pandera', 'openpyxl', 'prefect', 'rich'}"
    code = f"import sys, flows.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("command", ["nightly", "check", "template", "explain", "query", "sample", "payouts"])
def test_each_command_has_help(town: Town, command: str) -> None:
    done = town.arxan(command, "--help")
    assert done.exit_code == 0
    assert done.output.startswith(f"Usage: main {command}")


def test_where_a_prefect_api_is_configured_the_night_runs_there(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setitem(sys.modules, "flows.prefect_night", None)
    done = town.arxan("nightly")
    assert done.output.startswith("running as a Prefect flow, on http://127.0.0.1:9/api")
    assert done.exit_code == 1


def test_explaining_a_household_shows_arithmetic_clause_and_source(settled: Town) -> None:
    told = settled.arxan("explain", "H-1").output
    assert "净额 171,500.00 元" in told
    assert "60.00 ㎡ × 2,500 元/㎡ = 150,000.00 元" in told
    assert "五(一)1" in told
    assert "入户调查第2行（甲.xlsx）" in told
    assert "清单 HC-0001 第1笔" in told


def test_explaining_shows_what_is_open(town: Town) -> None:
    sheets = ordinary_sheets()
    del sheets[next(sheet for sheet in sheets if sheet.table == "imagery_register")]
    town.upload("甲.xlsx", sheets)
    town.night()
    told = town.arxan("explain", "H-1").output
    assert "── 待定事项 ──" in told
    assert "not_in_register" in told
    assert "暂缓" in told


def test_explaining_an_envoy_shows_the_score_of_every_year(settled: Town) -> None:
    told = settled.arxan("explain", "E-1").output
    assert "招商大使 E-1  某丙  正科级" in told
    assert "══ 2021 年度 ══" in told
    assert "1 人中第 1 名" in told


@pytest.mark.parametrize(
    ("subject", "told"),
    [("H-2", "near it are H-1"), ("B-1", "B-1 is a building of household H-1"), ("?", "the number ?")],
)
def test_explaining_what_is_unknown_ends_with_1_and_helps(settled: Town, subject: str, told: str) -> None:
    done = settled.arxan("explain", subject)
    assert done.exit_code == 1
    assert told in done.stderr


def test_a_household_that_only_waits_can_be_explained(town: Town) -> None:
    town.upload("甲.xlsx", {HouseholdSurvey: [survey()]})
    town.night()
    assert "待定事项" in town.arxan("explain", "H-1").output


def test_queries_are_answered_in_each_form(settled: Town) -> None:
    sql = "SELECT net_amount FROM compensation.households"
    assert "1 row" in settled.arxan("query", sql).output
    assert settled.arxan("query", sql, "--format", "csv").output == "net_amount\n171500.00\n"
    assert json.loads(settled.arxan("query", sql, "--format", "json").output) == [{"net_amount": "171500.00"}]


def test_a_query_that_fails_ends_with_1_and_wrong_use_with_2(settled: Town) -> None:
    assert settled.arxan("query", "SELECT * FROM nowhere").exit_code == 1
    assert settled.arxan("query", "SELECT 1", "--format", "xml").exit_code == 2
    assert settled.arxan("query").exit_code == 2
    assert settled.arxan("nightly", "--as-of", "yesterday").exit_code == 2


def test_batches_are_listed_and_shown_without_whole_account_numbers(settled: Town) -> None:
    assert "HC-0001  房屋征收补偿  草稿" in settled.arxan("payouts", "list").output
    told = settled.arxan("payouts", "show", "HC-0001").output
    assert "…8901" in told
    assert "12345678901" not in told
    assert "110101190001010006" not in told
    missing = settled.arxan("payouts", "show", "HC-0009")
    assert (missing.exit_code, missing.stderr) == (1, "there is no batch HC-0009; there are HC-0001\n")


def test_before_the_first_night_it_says_what_to_do(town: Town) -> None:
    for command in (["explain", "H-1"], ["query", "SELECT 1"], ["payouts", "list"]):
        done = town.arxan(*command)
        assert done.exit_code == 1
        assert "run `arxan nightly` first" in done.stderr


def test_checking_tells_what_is_wrong_lands_nothing_and_writes_the_copy(town: Town) -> None:
    path = town.upload("甲.xlsx", {HouseholdSurvey: [survey(id_number="110101190001010007")]})
    done = town.arxan("check", str(path), "--out", str(town.folder / "copies"))
    assert done.exit_code == 1
    assert "退回 1 行" in done.output
    assert "**************0007" in done.output
    assert "110101190001010007" not in done.output
    assert (town.folder / "copies" / "甲-批注.xlsx").is_file()
    assert not town.warehouse.exists()


def test_checking_what_is_in_order_ends_with_0(town: Town) -> None:
    path = town.upload("甲.xlsx", ordinary_sheets())
    done = town.arxan("check", str(path))
    assert done.exit_code == 0
    assert "没有问题" in done.output


def test_checking_what_is_not_there_is_wrong_use(town: Town) -> None:
    assert town.arxan("check", str(town.inbox / "none.xlsx")).exit_code == 2


@pytest.mark.parametrize(
    ("message", "field", "value", "shown"),
    [
        ("「62001234」不对", "bank_account", "62001234", "「****1234」不对"),
        ("「12」不对", "bank_account", "12", "「****」不对"),
        ("「110101190001010006」是什么", "owner_name", None, "「**************0006」是什么"),
        ("「86.5」不对", "floor_area_m2", "86.5", "「86.5」不对"),
    ],
)
def test_numbers_of_persons_and_accounts_are_shown_by_their_end(
    message: str, field: str, value: str | None, shown: str
) -> None:
    assert masked_message(message, field, value) == shown


def test_blank_workbooks_are_written_where_asked(town: Town) -> None:
    done = town.arxan("template", "--out", str(town.folder / "blank"))
    assert done.exit_code == 0
    assert [Path(line).parent for line in done.output.splitlines()] == [town.folder / "blank"] * len(
        list((town.folder / "blank").iterdir())
    )


def test_a_disk_that_refuses_is_told_of_in_one_line(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cli, "_run_night", full)
    done = town.arxan("nightly")
    assert (done.exit_code, done.stderr) == (
        1,
        "[Errno 28] No space left on device: make room on the disk, then start again\n",
    )


def test_an_agreement_that_differs_is_held_and_explained(town: Town) -> None:
    sheets = ordinary_sheets()
    sheets[next(sheet for sheet in sheets if sheet.table == "agreements")] = [agreement(agreed_amount=1)]
    town.upload("甲.xlsx", sheets)
    town.night()
    told = town.arxan("explain", "H-1").output
    assert "户 H-1  某甲  暂缓" in told


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["nightly", "--warehouse", "{folder}"], "a folder: name a file in it"),
        (["nightly", "--warehouse", "{file}/w.duckdb"], "a file: there must be a folder"),
        (["nightly", "--out", "{file}"], "a file: there must be a folder"),
        (["nightly", "--inbox", "{folder}/none"], "there is no inbox"),
        (["check", "{file}", "--out", "{file}"], "a file: there must be a folder"),
        (["query", "SELECT 1", "--warehouse", "{folder}"], "a folder: name a file in it"),
        (["payouts list", "--warehouse", "{folder}"], "a folder: name a file in it"),
        (["template", "--out", "{file}"], "is a file"),
        (["sample", "--out", "{file}"], "is a file"),
    ],
)
def test_a_path_of_the_wrong_kind_is_wrong_use_of_the_command_and_makes_nothing(
    town: Town, command: list[str], told: str
) -> None:
    (town.folder / "file").write_bytes(b"")
    before = sorted(town.folder.rglob("*"))
    name, *options = command
    done = town.arxan(
        *name.split(), *(option.format(folder=town.folder, file=town.folder / "file") for option in options)
    )
    assert done.exit_code == 2
    assert told in done.stderr
    assert done.stderr.startswith(f"Usage: main {name} ")
    assert sorted(town.folder.rglob("*")) == before


def test_checking_what_is_in_order_leaves_no_folder(town: Town) -> None:
    path = town.upload("甲.xlsx", ordinary_sheets())
    town.arxan("check", str(path))
    assert not town.out.exists()


def test_without_the_prefect_server_it_says_what_to_do_and_changes_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = "http://127.0.0.1:9/api"
    monkeypatch.setenv("PREFECT_API_URL", nowhere)
    with temporary_settings({PREFECT_API_URL: nowhere}):
        done = town.arxan("nightly")
    assert done.exit_code == 1
    assert done.stderr == (
        f"the Prefect server at {nowhere} can't be reached (ConnectError). Nothing was changed. "
        "Start the server, or unset PREFECT_API_URL to run the night directly\n"
    )
    assert [path.name for path in town.folder.iterdir()] == ["inbox"]


def test_a_step_that_ends_unforeseen_under_prefect_is_one_line(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        step = "draft_payout"
        raise StepError(step, ValueError("110101190001010006"))

    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setattr(prefect_night, "night_on_server", broken)
    done = town.arxan("nightly")
    assert (done.exit_code, done.stderr) == (
        1,
        "internal error in step draft_payout: ValueError at an unknown place\n",
    )
