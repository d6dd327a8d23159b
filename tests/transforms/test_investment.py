"""Without a record of investment promotion nothing follows, and nothing is computed to find that out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

from flows.policies import load_policies
from schemas.investment import INVESTMENT_SHEETS, Envoys
from transforms import granting
from transforms.envoys import evaluation
from transforms.investment import has_investment
from transforms.officers import review

AS_OF = date(2023, 12, 31)
POLICIES = load_policies(Path(__file__).parents[2] / "data" / "policies")
NOTHING = {sheet.table: pl.DataFrame(schema=sheet.frame_schema()) for sheet in INVESTMENT_SHEETS}
COMPUTED: dict[ModuleType, Callable[[], object]] = {
    evaluation: lambda: evaluation.evaluate(NOTHING, POLICIES.envoys, AS_OF),
    granting: lambda: granting.grant(
        NOTHING, POLICIES.rewards, POLICIES.incentives, POLICIES.officers, AS_OF
    ),
    review: lambda: review.review_officers(NOTHING, POLICIES.officers, AS_OF),
}


def frames(found: object) -> list[pl.DataFrame]:
    return [getattr(found, field.name) for field in fields(found)]  # type: ignore[arg-type] # a dataclass


@pytest.mark.parametrize("module", COMPUTED, ids=lambda module: str(module.__name__))
def test_what_is_not_computed_would_be_the_same(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> None:
    not_computed = frames(COMPUTED[module]())
    monkeypatch.setattr(module, "has_investment", lambda _: True)
    computed = frames(COMPUTED[module]())

    assert [frame.schema for frame in not_computed] == [frame.schema for frame in computed]
    assert [frame.height for frame in computed] == [0] * len(not_computed)


def test_one_record_of_any_sheet_is_something() -> None:
    for sheet in INVESTMENT_SHEETS:
        assert has_investment(NOTHING | {sheet.table: NOTHING[sheet.table].clear(1)})
    assert not has_investment(NOTHING)
    assert not has_investment({Envoys.table: NOTHING[Envoys.table]})
