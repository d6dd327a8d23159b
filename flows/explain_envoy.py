"""What is on record of an envoy, by year; scores are no part of this version."""

from __future__ import annotations

import duckdb

from flows.text_table import text_table, written

_RECORDS = (
    ("驻外票据（张，不含退票）", "travel_tickets", "arrived_on", "NOT coalesce(is_refunded, false)"),
    ("招商日志（天）", "envoy_journal", "day", "true"),
    ("信息报送（份）", "envoy_reports", "submitted_on", "true"),
    ("企业走访（次）", "company_visits", "visited_on", "true"),
    ("深入洽谈（次）", "negotiations", "negotiated_on", "is_in_depth"),
)


def envoy_text(connection: duckdb.DuckDBPyConnection, envoy_id: str) -> str:
    """Name, posting, and how many records of each kind every year has."""
    name, rank, region, posted_on, ends_on = connection.execute(
        "SELECT envoy_name, rank_title, region, posted_on, posting_ends_on FROM survey.envoys "
        "WHERE envoy_id = ?",
        [envoy_id],
    ).fetchall()[0]
    posting = f"{written(posted_on)} 至 {written(ends_on) or '今'}"
    head = f"招商大使 {envoy_id}  {name}  {rank}\n派驻 {region}，{posting}\n"
    counts = {title: _by_year(connection, envoy_id, *where) for title, *where in _RECORDS}
    years = sorted({year for count in counts.values() for year in count})
    if not years:
        return f"{head}\n尚无考评记录。\n"
    rows = [[str(year), *(count.get(year, 0) for count in counts.values())] for year in years]
    return f"{head}\n在案记录（本版本尚不计算考评得分）\n{text_table(['年度', *counts], rows)}"


def _by_year(
    connection: duckdb.DuckDBPyConnection, envoy_id: str, table: str, day: str, condition: str
) -> dict[int, int]:
    rows = connection.execute(
        f"SELECT year({day}), count(*) FROM survey.{table} WHERE envoy_id = ? AND {condition} GROUP BY 1",
        [envoy_id],
    ).fetchall()
    return {int(year): int(number) for year, number in rows}
