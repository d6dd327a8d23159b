"""All that the warehouse says of one envoy, as frames: what is shown of one is shown from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from flows.envoy_words import DUTY_ORDER, ITEM_ORDER
from flows.warehouse.tables import quoted
from schemas.investment import INVESTMENT_SHEETS, Envoys, Introducers, Negotiations, Projects
from schemas.investment_scores import EnvoyDuties, EnvoyScoreItems, EnvoyScores, InvestmentQuestions
from schemas.sheet import Sheet
from schemas.table import Table

ENVOY_FIELD = "envoy_id"


@dataclass(frozen=True)
class EnvoyCase:
    """An envoy's rows of each table of the evaluation, in the order in which they are read aloud.

    `envoy` is the current record of the envoy; `scores` has besides `ranked`, how many envoys are scored in
    the year.
    """

    envoy: dict[str, Any]
    scores: pl.DataFrame
    items: pl.DataFrame
    duties: pl.DataFrame
    questions: pl.DataFrame

    def years(self) -> list[int]:
        """The years that are scored."""
        return self.scores["year"].to_list()


def envoy_case(connection: duckdb.DuckDBPyConnection, envoy_id: str) -> EnvoyCase:
    """What the warehouse says of an envoy of 招商大使."""
    [envoy] = _records(connection, Envoys, envoy_id).rows(named=True)
    ranked = connection.sql(
        f"SELECT year, count(*) AS ranked FROM {EnvoyScores.qualified_name()} GROUP BY year"
    ).pl()
    return EnvoyCase(
        envoy=envoy,
        scores=_of_envoy(connection, EnvoyScores, envoy_id).join(ranked, on="year").sort("year"),
        items=_of_envoy(connection, EnvoyScoreItems, envoy_id).sort("year", pl.col("item").cast(ITEM_ORDER)),
        duties=_of_envoy(connection, EnvoyDuties, envoy_id).sort("year", pl.col("duty").cast(DUTY_ORDER)),
        questions=_of_envoy(connection, InvestmentQuestions, envoy_id, "subject_id").sort("sheet", "code"),
    )


def envoy_records(connection: duckdb.DuckDBPyConnection, envoy_id: str) -> dict[str, pl.DataFrame]:
    """The current records of the investment sheets by table name, of those that concern the envoy alone."""
    return {sheet.table: _records(connection, sheet, envoy_id) for sheet in INVESTMENT_SHEETS}


def upload_names(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The file name of each upload."""
    return dict(connection.execute("SELECT upload_id, file_name FROM audit.uploads").fetchall())


_INTRODUCED = f"SELECT introducer_id FROM survey.{Introducers.table} WHERE envoy_id = $1"
_NEGOTIATED = f"SELECT project_id FROM survey.{Negotiations.table} WHERE envoy_id = $1"


def _records(connection: duckdb.DuckDBPyConnection, sheet: type[Sheet], envoy_id: str) -> pl.DataFrame:
    """The envoy's records of a sheet, in the order in which they were received."""
    if ENVOY_FIELD in sheet.columns:
        condition = "record.envoy_id = $1"
    elif sheet is Projects:
        condition = f"record.introducer_id IN ({_INTRODUCED}) OR record.project_id IN ({_NEGOTIATED})"
    else:
        return pl.DataFrame(schema=sheet.frame_schema())
    fields = ", ".join(f"record.{quoted(name)}" for name in sheet.frame_schema())
    found: pl.DataFrame = connection.sql(
        f"SELECT {fields} FROM survey.{quoted(sheet.table)} AS record "
        f"JOIN audit.uploads AS upload USING (upload_id) WHERE {condition} "
        "ORDER BY upload.sequence, record.sheet, record.row_number",
        params=[envoy_id],
    ).pl()
    return found.rechunk().cast(pl.Schema(sheet.frame_schema()))


def _of_envoy(
    connection: duckdb.DuckDBPyConnection, table: type[Table], envoy_id: str, field: str = ENVOY_FIELD
) -> pl.DataFrame:
    found: pl.DataFrame = connection.sql(
        f"SELECT {', '.join(table.columns)} FROM {table.qualified_name()} WHERE {field} = $1",
        params=[envoy_id],
    ).pl()
    return found.cast(pl.Schema(table.frame_schema()))
