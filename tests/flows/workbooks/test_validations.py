"""Data validations that the templates of today have no column for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from flows.workbooks.validations import validation_of
from schemas.columns import Column, Kind


def test_choices_longer_than_a_drop_down_holds_are_refused() -> None:
    column = Column("甲", Kind.ENUM, "说明", choices=tuple(f"选项{n:04}" for n in range(50)))
    with pytest.raises(ValueError, match="甲"):
        validation_of(column)


def test_long_descriptions_are_cut() -> None:
    options = validation_of(Column("表头" * 30, Kind.TEXT, "说明" * 200))
    assert len(options["input_title"]) == 32
    assert len(options["input_message"]) == 255


def test_above_a_whole_number_begins_at_the_next() -> None:
    column = Column("件数", Kind.INTEGER, "说明", minimum=Decimal(0), above_minimum=True)
    assert validation_of(column)["minimum"] == 1
