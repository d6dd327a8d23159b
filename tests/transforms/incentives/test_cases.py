"""The cases of the incentives: each a sentence, its facts, and every row that must follow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.granting_cases import cases, compare


@pytest.mark.parametrize("case", cases(Path(__file__).parent / "cases"))
def test_case(case: dict[str, Any]) -> None:
    compare(case)
