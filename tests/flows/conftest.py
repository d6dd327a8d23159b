"""A town of its own for each test that wants one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """An installation with an empty inbox."""
    made = Town(tmp_path)
    made.inbox.mkdir()
    return made
