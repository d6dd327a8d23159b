"""What the program leaves behind, and what native code may say."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from flows.lists.private_file import write_private
from flows.private import private, private_folder

ROOT = Path(__file__).resolve().parents[2]
SPEAK = """
import logging, os, sys
from flows.private import native_code_silenced
{handlers}
with native_code_silenced():
    os.write(2, b"a panic over 110101190001010006\\n")
    print("a line of Python", file=sys.stderr)
    logging.getLogger("night").warning("a line of the log")
    logging.getLogger("late").addHandler(logging.StreamHandler())
os.write(2, b"heard again\\n")
print("and again", file=sys.stderr)
logging.getLogger("night").warning("the log again")
logging.getLogger("late").warning("and a late one")
"""
PLAIN = 'logging.getLogger("night").addHandler(logging.StreamHandler())'
OF_PREFECT = """
from prefect.logging.handlers import PrefectConsoleHandler
logging.getLogger("night").addHandler(PrefectConsoleHandler())
"""


def test_new_files_are_the_owners_alone_and_the_umask_comes_back(tmp_path: Path) -> None:
    umask, limit = os.umask(0o022), resource.getrlimit(resource.RLIMIT_CORE)
    try:
        with private():
            (tmp_path / "a").touch()
            assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
        assert resource.getrlimit(resource.RLIMIT_CORE) == limit
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(umask)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_folders_are_made_private_and_those_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there").chmod(0o750)
    private_folder(tmp_path / "there" / "new" / "newer")
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("there", "there/new", "there/new/newer")]
    assert modes == [0o750, 0o700, 0o700]


@pytest.mark.parametrize("handlers", [PLAIN, OF_PREFECT], ids=["plain", "of Prefect"])
def test_native_code_is_not_heard_and_python_is(handlers: str) -> None:
    done = subprocess.run(  # noqa: S603 this very interpreter
        [sys.executable, "-c", SPEAK.format(handlers=handlers)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr.splitlines() == [
        "a line of Python", "a line of the log",
        "heard again", "and again", "the log again", "and a late one",
    ]  # fmt: skip


def test_a_file_that_can_not_be_put_in_place_leaves_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "list").mkdir()
    with pytest.raises(OSError, match="list"):
        write_private(tmp_path / "list", b"110101190001010006")
    assert [path.name for path in tmp_path.iterdir()] == ["list"]
