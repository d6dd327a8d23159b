"""The long tests run only when they are asked for by name."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave them out of what runs each day."""
    asked_for = any(HERE.name in argument for argument in config.args)
    return True if collection_path.is_relative_to(HERE) and not asked_for else None
