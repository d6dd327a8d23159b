"""Which files of the inbox are uploads, and in which order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flows.uploads import InboxMissingError, content_digest, find_uploads, link_notes


def drop(path: Path, content: str, moment: float = 1_000_000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    os.utime(path, (moment, moment))
    return path


def names(inbox: Path, known: frozenset[str] = frozenset()) -> list[str]:
    return [upload.path.name for upload in find_uploads(inbox, known).uploads]


def test_files_come_by_time_and_then_by_name(tmp_path: Path) -> None:
    drop(tmp_path / "c", "1", 20)
    drop(tmp_path / "sub" / "b", "2", 10)
    drop(tmp_path / "a", "3", 20)
    assert names(tmp_path) == ["b", "a", "c"]


def test_the_time_received_is_beijing_time(tmp_path: Path) -> None:
    drop(tmp_path / "a", "1", 0)
    (upload,) = find_uploads(tmp_path, ()).uploads
    assert upload.received_at.isoformat() == "1970-01-01T08:00:00"


def test_content_that_is_known_is_no_upload_whatever_its_name(tmp_path: Path) -> None:
    known = content_digest(drop(tmp_path / "a", "the same"))
    assert names(tmp_path, frozenset({known})) == []


def test_of_two_files_with_one_content_the_first_counts(tmp_path: Path) -> None:
    drop(tmp_path / "later", "the same", 20)
    drop(tmp_path / "earlier", "the same", 10)
    assert names(tmp_path) == ["earlier"]


@pytest.mark.parametrize(
    "name", ["~$a.xlsx", ".a.xlsx", ".~lock.a.xlsx#", "a.xlsx.part", "A.TMP", "Thumbs.db", ".git/a.xlsx"]
)
def test_what_programs_leave_is_no_upload(tmp_path: Path, name: str) -> None:
    drop(tmp_path / name, "left")
    assert names(tmp_path) == []


def test_links_and_pipes_are_no_uploads_and_links_are_told_of(tmp_path: Path) -> None:
    outside = drop(tmp_path / "outside" / "a.xlsx", "1")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.xlsx").symlink_to(outside)
    (inbox / "b.xlsx").symlink_to(tmp_path / "gone.xlsx")
    (inbox / "c").symlink_to(outside.parent)
    os.mkfifo(inbox / "pipe.xlsx")
    assert names(inbox) == []
    assert link_notes(find_uploads(inbox, ())) == (
        "「a.xlsx」是链接，未读取；请放入文件本身。",
        "「b.xlsx」是链接，且所指的文件不存在，未读取；请放入文件本身。",
        "「c」是链接，未读取；请放入文件本身。",
    )


def test_a_file_that_can_not_be_opened_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked, path = drop(tmp_path / "locked", "1"), drop(tmp_path / "open", "2")

    def opened(found: Path) -> str:
        if found == locked:
            raise PermissionError
        return "digest"

    monkeypatch.setattr("flows.uploads.content_digest", opened)
    inbox = find_uploads(tmp_path, ())
    assert inbox.unopened == (locked,)
    assert [upload.path for upload in inbox.uploads] == [path]


def test_an_inbox_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InboxMissingError, match="there is no inbox"):
        find_uploads(tmp_path / "none", ())


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("甲.xlsx", "甲.xlsx"),
        ("甲\n批次已签发.xlsx", "甲�批次已签发.xlsx"),
        ("\x1b[31m甲.xlsx", "�[31m甲.xlsx"),
        ("甲\u202exslx.exe", "甲�xslx.exe"),
        (os.fsdecode(b"\xbc\xd7.xlsx"), "��.xlsx"),
    ],
)
def test_a_name_is_shown_without_what_no_list_should_hold(tmp_path: Path, name: str, shown: str) -> None:
    drop(tmp_path / name, "1")
    assert [upload.name for upload in find_uploads(tmp_path, ()).uploads] == [shown]
