"""Every byte of an archive belongs to one part, or to the directory."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from flows.reading.limits import ReadingLimits
from flows.reading.unreadable import UnreadableWorkbook
from flows.reading.zip_layout import Directory, check_layout, find_directory

LIMITS = ReadingLimits(parts=3)


def archive(*names: str) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name in names:
            file.writestr(name, name)
    return written.getvalue()


def check(data: bytes) -> Directory:
    directory = find_directory(data, LIMITS)
    with zipfile.ZipFile(BytesIO(data)) as file:
        check_layout(data, directory, file.infolist())
    return directory


def test_the_directory_is_found_and_its_parts_are_counted() -> None:
    data = archive("a", "folder/b")
    directory = check(data)
    assert directory.parts == 2
    assert data[directory.start :].startswith(b"PK\x01\x02")
    assert data[directory.end :].startswith(b"PK\x05\x06")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (archive("a", "b", "c", "d"), "too_large"),
        (archive("a")[:-1], "damaged"),
        (archive("a") + b"\0", "damaged"),
        (b"\0" + archive("a"), "damaged"),
        (archive("a") + archive("b"), "damaged"),
        (b"no archive", "damaged"),
        (archive("../a"), "unsafe"),
        (archive("a/../../b"), "unsafe"),
        (archive("/a"), "unsafe"),
    ],
    ids=["many", "cut", "behind", "before", "two", "none", "climbs", "climbs later", "root"],
)
def test_what_is_laid_out_otherwise_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableWorkbook) as refused:
        check(data)
    assert refused.value.reason == reason
