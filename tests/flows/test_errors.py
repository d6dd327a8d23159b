"""How an unforeseen error is told of."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from flows.errors import OperatorError, alone, cleared_up, told, told_by_system, told_of_files
from transforms.intake.upload import read_upload

ROOM = "make room on the disk, then start again"


def test_an_error_is_told_by_its_type_and_our_innermost_line() -> None:
    try:
        read_upload([None], upload_id="", file_name="110101190001010006", as_of=date(2024, 1, 1))  # type: ignore[list-item] # to fail
    except AttributeError as error:
        text = told(error)
    assert text.startswith("AttributeError at transforms.intake.upload, line ")


def test_an_error_from_elsewhere_has_no_place_of_ours() -> None:
    assert told(ValueError("110101190001010006")) == "ValueError at an unknown place"


def test_a_file_out_of_reach_is_told_of_by_its_folder_and_not_by_its_name(tmp_path: Path) -> None:
    error = PermissionError(13, "Permission denied", str(tmp_path / "in" / "某甲" / "某甲.xlsx"))
    told_so = told_of_files(error, {"out": tmp_path / "out", "inbox": tmp_path / "in"})
    where = f"PermissionError (Permission denied) at an unknown place, in {tmp_path / 'in'} (inbox)"
    assert told_so == where
    assert told_of_files(error, {}) == "PermissionError (Permission denied) at an unknown place"
    assert told_of_files(OSError("某甲"), {}) == "OSError at an unknown place"


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (OSError(28, "某甲", "a.xlsx"), "[Errno 28] No space left on device: 'a.xlsx': " + ROOM),
        (OSError(2, "某甲", "a.xlsx"), "[Errno 2] No such file or directory: 'a.xlsx'"),
        (OSError("某甲"), "OSError at an unknown place"),
    ],
)
def test_the_system_is_quoted_and_no_library(error: OSError, shown: str) -> None:
    assert told_by_system(error) == shown


def test_a_full_disk_is_told_of_with_what_to_do() -> None:
    error = OSError(28, "某甲")
    assert told(error) == f"OSError (No space left on device: {ROOM}) at an unknown place"


def test_what_keeps_from_clearing_up_does_not_hide_why_the_work_ended() -> None:
    tried = []

    def clear_up() -> None:
        tried.append("clear up")
        raise OSError(28, "No space left on device")

    with pytest.raises(OperatorError, match="the check failed") as caught, cleared_up(clear_up):
        raise OperatorError("the check failed")
    assert tried
    assert caught.value.__context__ is None


def test_nothing_is_cleared_up_after_what_did_not_fail() -> None:
    with cleared_up(lambda: pytest.fail("nothing failed")):
        pass


def test_an_error_alone_has_neither_notes_nor_what_led_to_it() -> None:
    error = ValueError("x")
    error.add_note("某甲")
    error.__cause__, error.__context__ = KeyError("某甲"), KeyError("某甲")
    lone = alone(error)
    assert (lone.__cause__, lone.__context__, hasattr(lone, "__notes__")) == (None, None, False)
