"""A frame that breaks its schema: told by column, check and rows, without what the rows hold."""

from __future__ import annotations

import polars as pl
import pytest
from pandera.errors import SchemaError, SchemaErrors

from flows.schema_failures import failed_columns
from flows.steps import step
from flows.verify import CheckFailedError
from schemas.compensation import Alternatives
from schemas.payout import Batches

SECRET = "110101190001010006"  # noqa: S105 (looks like an ID number)
ALTERNATIVE: dict[str, object] = {
    "household_id": SECRET,
    "building_id": "B-1",
    "item": "residence",
    "reading": "reading",
    "choice": "choice",
}
LINE = "check columns of compensation.alternatives in step settle: "


def alternatives(*amounts: int | None) -> pl.DataFrame:
    rows = [ALTERNATIVE | {"amount": amount} for amount in amounts]
    return pl.DataFrame(rows, schema=Alternatives.frame_schema())


def lines(frame: pl.DataFrame) -> list[str]:
    with pytest.raises(SchemaErrors) as caught:
        Alternatives.conform(frame)
    return failed_columns(caught.value, "settle")


def test_rows_with_one_key_are_counted() -> None:
    key = "household_id, building_id, item, period, reading, choice"
    assert f"{LINE}unique ({key}) fails for 2 rows" in lines(alternatives(1, 2))


def test_what_may_not_be_empty_is_named_with_its_column() -> None:
    assert f"{LINE}amount: never null fails for 1 row" in lines(alternatives(None))


def test_a_column_of_another_type_has_no_rows() -> None:
    [told] = [line for line in lines(alternatives(1).with_columns(item=1)) if "item" in line]
    assert told.startswith(f"{LINE}item: dtype(")
    assert told.endswith("fails")


def test_a_value_that_is_no_choice_is_counted_and_not_shown() -> None:
    row: dict[str, object] = {"batch_id": "HC-0001", "programme": "房屋征收补偿", "status": SECRET}
    with pytest.raises(SchemaErrors) as caught:
        Batches.conform(pl.DataFrame([row], schema=Batches.frame_schema()))
    told = failed_columns(caught.value, "draft")
    [of_status] = [line for line in told if "status" in line]
    assert of_status.endswith("isin(('draft', 'approved', 'settled')) fails for 1 row")
    assert SECRET not in "".join(told)


def test_a_schema_that_stops_at_the_first_failure_names_the_check() -> None:
    with pytest.raises(SchemaError) as caught:
        Alternatives.schema().validate(alternatives(None))
    assert failed_columns(caught.value, "settle")[0].endswith("fails")
    assert SECRET not in failed_columns(caught.value, "settle")[0]


def test_a_step_turns_it_into_a_failed_check() -> None:
    @step
    def settle() -> None:
        Alternatives.conform(alternatives(None))

    with pytest.raises(CheckFailedError, match="in step settle: amount: never null fails for 1 row"):
        settle()
