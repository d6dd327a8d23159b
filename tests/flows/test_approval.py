"""Approving: what is refused, what is fixed, and that it is all or nothing wherever it breaks off."""

from __future__ import annotations

import json
import shutil
import stat
from errno import ENOSPC
from pathlib import Path

import pytest

from flows import approval, approved_lists
from flows.settings import CHECKOUT_POLICIES
from flows.warehouse import night_copy
from flows.warehouse.lock import exclusive
from flows.warehouse.night_copy import night_file
from tests.support.approved_town import (
    FIRST_RUN,
    HOUSES,
    approve,
    copied,
    drafted_town,
    execute,
    new_town,
    night,
)
from tests.support.clerks import Clerks
from tests.support.town import Town

LIST = "房屋征收补偿-HC-0001"
WHO = ("--by", "示例张")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Town:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ARXAN_OPERATOR", "示例 经办")
        return drafted_town(tmp_path_factory.mktemp("original") / "town")


@pytest.fixture
def town(original: Town, tmp_path: Path) -> Town:
    return copied(original, tmp_path / "town")


def digest_of(town: Town) -> str:
    ((digest,),) = town.ask("SELECT digest FROM payout.batches WHERE batch_id = 'HC-0001'")
    return str(digest)


def refused(town: Town, *arguments: str) -> str:
    """What is said of an approval that is refused; nothing may have changed."""
    before, files = town.digest(), sorted(town.folder.rglob("*"))
    done = town.arxan("payouts", "approve", *arguments)
    assert done.exit_code == 1, done.output
    assert town.digest() == before
    assert [
        path for path in sorted(town.folder.rglob("*")) if path not in files and path.suffix != ".lock"
    ] == []
    return done.output


def larger(town: Town) -> None:
    """A night after which the draft is another one."""
    night(town, Clerks(dict(HOUSES)), "二夜", recognised={"B-1": 70})


def test_an_approval_fixes_lines_lists_and_ledger(town: Town) -> None:
    done = town.arxan("payouts", "approve", "HC-0001", "--by", "  示例张 ")
    folder = town.out / "approved" / "HC-0001"
    assert (done.exit_code, done.output) == (0, f"HC-0001 approved by 示例张: {folder}\n")
    batch = town.ask(
        "SELECT status, approved_by, drafted_by, line_count, ledger_entries, ledger_digest, digest "
        "FROM payout.batches"
    )
    head = town.ask("SELECT digest FROM payout.ledger ORDER BY entry_id DESC LIMIT 1")[0][0]
    assert batch == [("approved", "示例张", "示例 经办", 3, 9, head, digest_of(town))]
    assert sorted(path.name for path in folder.iterdir()) == ["control.json", f"{LIST}.csv", f"{LIST}.xlsx"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    control = json.loads((folder / "control.json").read_text("utf-8"))
    assert (control["total_amount"], control["approved_by"]) == ("364500.00", "示例张")
    assert set(control["files"]) == {f"{LIST}.csv", f"{LIST}.xlsx"}
    assert town.arxan("payouts", "verify").exit_code == 0
    assert not night_file(town.warehouse).exists()


def test_the_final_csv_is_the_draft_that_was_looked_at(town: Town) -> None:
    draft = (town.out / FIRST_RUN / f"{LIST}.csv").read_bytes()
    approve(town, "HC-0001")
    assert (town.out / "approved" / "HC-0001" / f"{LIST}.csv").read_bytes() == draft


def test_a_batch_that_there_is_not(town: Town) -> None:
    assert "there is no batch HC-0009" in refused(town, "HC-0009", *WHO)


@pytest.mark.parametrize("name", ["", "   ", "\u3000"])
def test_nobody_approves_nothing(town: Town, name: str) -> None:
    assert "--by needs the name" in refused(town, "HC-0001", "--by", name)


def test_what_changed_since_it_was_shown_is_looked_at_again(town: Town) -> None:
    town.arxan("payouts", "show", "HC-0001")
    larger(town)
    assert "HC-0001 has changed since it was shown" in refused(town, "HC-0001", *WHO)
    town.arxan("payouts", "show", "HC-0001")
    approve(town, "HC-0001")


def test_what_was_shown_and_drafted_again_alike_is_approved(town: Town) -> None:
    town.arxan("payouts", "show", "HC-0001")
    night(town)
    approve(town, "HC-0001")


def test_the_digest_on_paper_counts_before_what_was_shown(town: Town) -> None:
    on_paper = digest_of(town)[:16]
    assert "--digest is 0000, that of HC-0001 is " in refused(town, "HC-0001", *WHO, "--digest", "0000")
    larger(town)
    town.arxan("payouts", "show", "HC-0001")
    assert f"--digest is {on_paper}, that of " in refused(town, "HC-0001", *WHO, "--digest", on_paper)
    done = town.arxan("payouts", "approve", "HC-0001", *WHO, "--digest", digest_of(town)[:16])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("name", ["示例 经办", "示例经办", " 示例\u3000经办 "])
def test_two_people_where_that_is_asked_for(town: Town, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("ARXAN_TWO_PEOPLE", "yes")
    assert "asks that another person approve it" in refused(town, "HC-0001", "--by", name)
    approve(town, "HC-0001")


def test_whoever_drafted_may_approve_where_nothing_else_is_asked_for(town: Town) -> None:
    assert town.arxan("payouts", "approve", "HC-0001", "--by", "示例 经办").exit_code == 0


def test_a_setting_for_two_people_that_is_neither_yes_nor_no(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARXAN_TWO_PEOPLE", "ja")
    done = town.arxan("payouts", "approve", "HC-0001", *WHO)
    assert (done.exit_code, "write yes or no" in done.output) == (2, True)


def test_other_policies_than_those_of_the_draft(town: Town) -> None:
    policies = town.folder / "policies"
    shutil.copytree(CHECKOUT_POLICIES, policies)
    with (policies / "payouts.yaml").open("a", encoding="utf-8") as file:
        file.write("# another word\n")
    told = refused(town, "HC-0001", *WHO, "--policies", str(policies))
    assert "run `arxan nightly` again" in told


@pytest.mark.parametrize(
    ("name", "told"),
    [(f"{LIST}.csv", "「银行账号」：与批次不符"), (f"{LIST}.xlsx", "读不出来，文件可能已损坏")],
)
def test_a_draft_whose_list_was_altered(town: Town, name: str, told: str) -> None:
    path = town.out / FIRST_RUN / name
    path.write_bytes(path.read_bytes().replace(b'"62', b'"63').replace(b"PK", b"KP"))
    assert told in refused(town, "HC-0001", *WHO)


def test_a_draft_whose_list_was_taken_away(town: Town) -> None:
    (town.out / FIRST_RUN / f"{LIST}.csv").unlink()
    assert f"{LIST}.csv：没有这个文件" in refused(town, "HC-0001", *WHO)


def test_a_draft_that_was_altered_in_the_warehouse(town: Town) -> None:
    execute(town, "UPDATE payout.lines SET amount = amount + 1 WHERE line_number = 1")
    assert "the rows of HC-0001 are not those that were drafted" in refused(town, "HC-0001", *WHO)


def test_while_another_is_at_work(town: Town) -> None:
    with exclusive(town.warehouse):
        assert "in use by another night or approval" in refused(town, "HC-0001", *WHO)


def test_before_the_first_night(tmp_path: Path) -> None:
    done = new_town(tmp_path / "town").arxan("payouts", "approve", "HC-0001", *WHO)
    assert (done.exit_code, "there is no warehouse" in done.output) == (1, True)


def broken(*_: object) -> None:
    raise OSError(ENOSPC, "No space left on device")


def nothing(*_: object) -> None:
    return None


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (approval, "append_entries"),
        (approval, "write_batch_lists"),
        (approved_lists, "write_control"),
        (night_copy, "put_in_place"),
    ],
)
def test_what_breaks_off_before_the_warehouse_is_in_place_changes_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch, module: object, name: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(module, name, broken)
        assert "No space left on device" in refused(town, "HC-0001", *WHO)
    approve(town, "HC-0001")
    assert town.arxan("payouts", "verify").exit_code == 0


def test_a_note_that_can_not_be_dropped_does_no_harm(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(approval, "forget_shown", broken)
        approve(town, "HC-0001")
    assert town.arxan("payouts", "verify").output == "账簿 9 笔、已批准的清单 1 份，全部相符。\n"


AFTER = [
    ("payouts", "verify"),
    ("nightly",),
    ("payouts", "approve", "HC-0001", "--by", "示例李"),
]


def killed(town: Town, monkeypatch: pytest.MonkeyPatch, where: object) -> None:
    """An approval that is killed when it is to put something in its place: nothing after it is done."""
    with monkeypatch.context() as patched:
        patched.setattr(where, "put_in_place", broken)
        patched.setattr(night_copy, "discard_copy", nothing)
        patched.setattr(approved_lists, "recover", nothing)
        assert town.arxan("payouts", "approve", "HC-0001", *WHO).exit_code == 1
    assert len(list(town.out.glob(".approval-HC-0001@*"))) == 1


@pytest.mark.parametrize("after", AFTER)
def test_an_approval_killed_before_the_warehouse_is_in_place_never_was(
    town: Town, monkeypatch: pytest.MonkeyPatch, after: tuple[str, ...]
) -> None:
    killed(town, monkeypatch, night_copy)
    done = town.arxan(*after)
    assert done.exit_code == 0, done.output
    assert list(town.out.glob(".approval-*")) == []
    by = town.ask("SELECT approved_by FROM payout.batches")
    assert by == [("示例李" if "approve" in after else None,)]


@pytest.mark.parametrize("after", AFTER)
def test_an_approval_killed_before_its_lists_are_in_place_is_finished_by_the_next_command(
    town: Town, monkeypatch: pytest.MonkeyPatch, after: tuple[str, ...]
) -> None:
    killed(town, monkeypatch, approved_lists)
    done = town.arxan(*after)
    assert done.exit_code == (1 if "approve" in after else 0), done.output
    assert list(town.out.glob(".approval-*")) == []
    assert town.ask("SELECT status, approved_by FROM payout.batches") == [("approved", "示例张")]
    assert town.arxan("payouts", "verify").output == "账簿 9 笔、已批准的清单 1 份，全部相符。\n"
