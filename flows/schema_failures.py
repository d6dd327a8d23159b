"""A frame that is not as its schema says: which columns and checks, for how many rows, and no value."""

from __future__ import annotations

import polars as pl
from pandera.errors import SchemaError, SchemaErrors

_CHECK_NAMES = {
    "not_nullable": "never null",
    "column_in_dataframe": "a column is missing",
    "column_in_schema": "a column is not of the schema",
    "column_ordered": "the columns are out of order",
}
_UNIQUE_KEY = "multiple_fields_uniqueness"


def failed_columns(error: SchemaError | SchemaErrors, step: str) -> list[str]:
    """A line per column and check that failed in a step; rows with one key count each."""
    schema_name = getattr(error.schema, "name", None) or "a frame"
    checked = f"check columns of {schema_name} in step {step}"
    if isinstance(error, SchemaError):
        return [f"{checked}: {_check_name(error, str(error.check), None)} fails"]
    failures = (
        error.failure_cases.group_by("schema_context", "column", "check", maintain_order=True)
        .agg(rows=pl.col("index").count())
        .iter_rows()
    )
    return [
        f"{checked}: {_check_name(error, check, column if context == 'Column' else None)} fails{_for(rows)}"
        for context, column, check, rows in failures
    ]


def _check_name(error: SchemaError | SchemaErrors, check: str, column: str | None) -> str:
    if check == _UNIQUE_KEY:
        return f"unique ({', '.join(getattr(error.schema, 'unique', None) or ())})"
    name = _CHECK_NAMES.get(check, check)
    return f"{column}: {name}" if column else name


def _for(rows: int) -> str:
    """Checks of a whole column, as of its type, have no rows."""
    if not rows:
        return ""
    return " for 1 row" if rows == 1 else f" for {rows} rows"
