"""Real commands that are killed at a moment, and real commands at the same time."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from datetime import datetime

from flows.warehouse.lock import lock_file
from tests.support.crashes import started
from tests.support.town import Town

_POLL_SECONDS, _PATIENCE_SECONDS = 0.002, 240


def at_work(town: Town, process: subprocess.Popen[str]) -> bool:
    """Waits until the process holds the lock; whether it came to that."""
    path, end = lock_file(town.warehouse), time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if path.exists() and path.read_text().strip() == str(process.pid):
            return True
        time.sleep(_POLL_SECONDS)
    return False


def seconds_of(town: Town, at: datetime, *arguments: str) -> float:
    """How long an undisturbed command holds the lock."""
    with started(town, at, *arguments) as process:
        assert at_work(town, process)
        start = time.monotonic()
        output, _ = process.communicate()
        assert process.returncode == 0, output
        return time.monotonic() - start


def killed(town: Town, at: datetime, seconds: float, *arguments: str) -> bool:
    """Kill a command so many seconds after it took the lock; whether it was still at work."""
    with started(town, at, *arguments) as process:
        assert at_work(town, process)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return process.returncode == -signal.SIGKILL


def finished(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code and output of a command that was started."""
    output, _ = process.communicate(timeout=_PATIENCE_SECONDS)
    return process.returncode, output


def is_root() -> bool:
    """Whether permissions stop nobody here."""
    return os.geteuid() == 0
