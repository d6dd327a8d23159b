"""Whether the books are in order, asked of the database: quickly, and however long the ledger has become.

Where they are not, or this can't tell, `transforms.payout.ledger` says what it is, entry by entry. Rows are
compared by 64 bits of each, added up: a sum that is equal is taken for the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from flows.warehouse.ledger import LEDGER, LEDGER_COLUMNS, NOT_DRAFT
from schemas.columns import Column, Kind
from schemas.payout import CONFIRMED, FAILED, LISTED, RECOVERY, Batches, LineObligations, ReceivableItems
from transforms.payout.ledger import CONTENT, FIELD_SEPARATOR, NO_ENTRY, NOTHING

Seal = tuple[tuple[int, int], ...]
"""Of each table of the books the number of its rows and their sum."""
LISTED_FIELDS = (
    "batch_id", "line_number", "obligation_key", "sequence", "attempt", "payee_id", "amount"
)  # fmt: skip
OWING_FIELDS = ("batch_id", "line_number", "obligation_key", "payee_id", "change")
HEAD_FIELDS = ("batch_id", "ledger_entries", "ledger_digest")
"""What the checks look at: rows of approved batches have long texts beside it."""
_ITEMS, _OWING = LineObligations.qualified_name(), ReceivableItems.qualified_name()
_LISTING = "obligation_key, sequence, attempt, payee_id, amount"


def seal_of_books(connection: duckdb.DuckDBPyConnection) -> Seal:
    """What tells whether the books still have the rows of now, in whatever order."""
    return tuple(
        _numbers(connection, f"SELECT count(*), {_sum(fields)} FROM {table} WHERE {condition}")
        for table, fields, condition in (
            (LEDGER, tuple(LEDGER_COLUMNS), "true"),
            (_ITEMS, LISTED_FIELDS, NOT_DRAFT),
            (_OWING, OWING_FIELDS, NOT_DRAFT),
            (Batches.qualified_name(), HEAD_FIELDS, NOT_DRAFT),
        )
    )


def books_look_in_order(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether nothing in ledger and approved batches is amiss; false as well where that can't be told."""
    return (
        _is_chained(connection) and _is_listed_and_answered_once(connection) and _has_the_batches(connection)
    )


def _is_chained(connection: duckdb.DuckDBPyConnection) -> bool:
    """Numbers without a gap, each entry with its own digest, and with that of the one before."""
    columns = {name: LEDGER_COLUMNS[name] for name in CONTENT}
    separator = f" || chr({ord(FIELD_SEPARATOR)}) || "
    content = separator.join(_text(name, column) for name, column in columns.items())
    last = f"(SELECT max(entry_id) FROM {LEDGER})"
    rows, first, end, changed, own, previous, first_previous = connection.execute(
        f"""
        SELECT count(*), coalesce(min(entry_id), 1), coalesce(max(entry_id), 0),
            count(*) FILTER (digest IS DISTINCT FROM sha256(previous_digest{separator}{content})),
            {_sum(("entry_id", "digest"), f"entry_id <> {last}")},
            {_sum(("entry_id - 1", "previous_digest"), "entry_id <> 1")},
            coalesce(max(previous_digest) FILTER (entry_id = 1), '{NO_ENTRY}')
        FROM {LEDGER}
        """
    ).fetchall()[0]
    return (first, end, changed, own, first_previous) == (1, rows, 0, previous, NO_ENTRY)


def _is_listed_and_answered_once(connection: duckdb.DuckDBPyConnection) -> bool:
    """No listing twice, and each answer and each listing again is to what it refers to."""
    answers = f"kind IN ('{CONFIRMED}', '{FAILED}')"
    again = f"kind = '{LISTED}' AND attempt > 1"
    differences = connection.execute(
        f"""
        SELECT
            count(*) FILTER (kind = '{LISTED}')
                - count(DISTINCT hash(obligation_key, sequence, attempt)) FILTER (kind = '{LISTED}'),
            count(refers_to) - count(DISTINCT refers_to),
            {_referring(answers, "attempt")} - {_referred(answers, LISTED)},
            {_referring(again, "attempt - 1")} - {_referred(again, FAILED)}
        FROM {LEDGER}
        """
    ).fetchall()[0]
    return not any(differences)


def _referring(which: str, attempt: str) -> str:
    """The sum of what entries say of the ones that they refer to."""
    return _sum(("refers_to", _LISTING.replace("attempt", attempt)), which)


def _referred(which: str, kind: str) -> str:
    """The sum of what is said by the entries of the kind that others refer to."""
    to = f"SELECT refers_to FROM {LEDGER} WHERE {which}"
    return _sum(("entry_id", _LISTING), f"kind = '{kind}' AND entry_id IN ({to})")


def _has_the_batches(connection: duckdb.DuckDBPyConnection) -> bool:
    """What each approved batch lists and recovers is what its rows are."""
    recovered = (*OWING_FIELDS[:-1], "amount")
    return all(
        _by_batch(connection, table, fields, condition) == _by_batch(connection, LEDGER, entered, of_kind)
        for table, fields, condition, entered, of_kind in (
            (_ITEMS, LISTED_FIELDS, NOT_DRAFT, LISTED_FIELDS, f"kind = '{LISTED}'"),
            (_OWING, OWING_FIELDS, f"{NOT_DRAFT} AND change <> 0", recovered, f"kind = '{RECOVERY}'"),
        )
    )


def _by_batch(
    connection: duckdb.DuckDBPyConnection, table: str, fields: Iterable[str], condition: str
) -> list[tuple[object, ...]]:
    return connection.execute(
        f"SELECT batch_id, count(*), {_sum(fields)} FROM {table} WHERE {condition} GROUP BY ALL ORDER BY ALL"
    ).fetchall()


def _sum(fields: Iterable[str], which: str = "true") -> str:
    """The bits of these fields of such rows, added up."""
    return f"coalesce(sum(hash({', '.join(fields)})) FILTER ({which}), 0)"


def _numbers(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, int]:
    ((rows, total),) = connection.execute(query).fetchall()
    return int(rows), int(total)


def _text(name: str, column: Column) -> str:
    """A field as `transforms.payout.ledger` puts it into the content of an entry."""
    is_moment = column.kind is Kind.TIMESTAMP
    text = f"strftime({name}, '%Y-%m-%d %H:%M:%S.%f')" if is_moment else f"CAST({name} AS VARCHAR)"
    return f"coalesce({text}, chr({ord(NOTHING)}))"
