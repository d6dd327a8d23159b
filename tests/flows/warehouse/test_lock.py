"""One writer at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.warehouse.lock import WarehouseBusyError, exclusive

HOLD = """
import sys, time
from pathlib import Path
from flows.warehouse.lock import exclusive
with exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_is_refused_at_once_and_told_who_holds_it(tmp_path: Path) -> None:
    warehouse = tmp_path / "new" / "w.duckdb"
    with (
        exclusive(warehouse),
        pytest.raises(WarehouseBusyError, match=rf"in use .* \(process {os.getpid()}\)"),
        exclusive(warehouse),
    ):
        pass


def test_the_lock_is_free_again_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="x"), exclusive(tmp_path / "w"):
        raise ValueError("x")
    with exclusive(tmp_path / "w"):
        pass


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    holder = subprocess.Popen(  # noqa: S603 our own program
        [sys.executable, "-c", HOLD, str(tmp_path / "w")], stdout=subprocess.PIPE, text=True
    )
    with holder:
        if holder.stdout is None:
            raise AssertionError
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(WarehouseBusyError, match=f"process {holder.pid}"), exclusive(tmp_path / "w"):
            pass
        holder.send_signal(signal.SIGKILL)
    with exclusive(tmp_path / "w"):
        pass
