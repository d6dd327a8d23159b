"""Errors as libraries raise them, which show whose rows they were at, and carry others that do."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import polars as pl
from pandera.errors import SchemaError, SchemaErrors
from xlsxwriter.exceptions import FileCreateError

from flows.errors import OperatorError
from flows.lists.payment_list import UnsafeCellError
from flows.verify import CheckFailedError
from flows.warehouse.connection import WarehouseUnusableError
from flows.warehouse.landing import RepeatedKeyError
from schemas.housing import Payees
from tests.support.canaries import FILE_NAME, Canaries
from tests.support.records import frame

PERSON = Canaries()
TEXT = PERSON.any_text()


def _of_database(sql: str) -> Callable[[], BaseException]:
    def raised() -> BaseException:
        with duckdb.connect() as connection:
            connection.execute("CREATE TABLE payees (name VARCHAR PRIMARY KEY)")
            connection.execute("INSERT INTO payees VALUES (?)", [TEXT])
            try:
                connection.execute(sql)
            except duckdb.Error as error:
                return error
        raise AssertionError(sql)

    return raised


def _of_polars() -> BaseException:
    try:
        pl.DataFrame({"name": [TEXT]}).select(pl.col("name").cast(pl.Int64))
    except pl.exceptions.PolarsError as error:
        return error
    raise AssertionError


def _of_schema(*, lazy: bool) -> Callable[[], BaseException]:
    def raised() -> BaseException:
        row = {"household_id": TEXT, "payee_name": TEXT, "payee_id_number": TEXT, "bank_account": TEXT}
        try:
            Payees.schema().validate(frame(Payees, [row, row]), lazy=lazy)
        except (SchemaError, SchemaErrors) as error:
            return error
        raise AssertionError

    return raised


ERRORS: dict[str, Callable[[], BaseException]] = {
    "value": lambda: ValueError(TEXT),
    "key": lambda: KeyError(TEXT),
    "text": lambda: UnicodeDecodeError("utf-8", TEXT.encode(), 0, 1, TEXT),
    "memory": lambda: MemoryError(TEXT),
    "a file": lambda: PermissionError(13, "Permission denied", f"/inbox/{FILE_NAME}{TEXT}.xlsx"),
    "two files": lambda: FileNotFoundError(2, TEXT, f"{FILE_NAME}.xlsx", None, f"{FILE_NAME}.part"),
    "a file without number": lambda: OSError(TEXT),
    "xlsxwriter": lambda: FileCreateError(TEXT),
    "polars": _of_polars,
    "a panic of polars": lambda: pl.exceptions.PanicException(TEXT),
    "conversion": _of_database("SELECT name::DATE FROM payees"),
    "constraint": _of_database("INSERT INTO payees SELECT name FROM payees"),
    "database out of reach": lambda: duckdb.IOException(TEXT),
    "schema, first": _of_schema(lazy=False),
    "schema, all": _of_schema(lazy=True),
    "a fault of ours": lambda: RepeatedKeyError(TEXT),
    "an unsafe cell": lambda: UnsafeCellError(TEXT),
    "an error for the operator": lambda: OperatorError("the lists can't be written"),
    "a warehouse": lambda: WarehouseUnusableError("it can't be opened"),
    "a check that names a payee": lambda: CheckFailedError([f"check payees: {PERSON.id_number()} twice"]),
}


def leaking(kind: str) -> BaseException:
    """An error of a kind, with notes, a cause and a context that name a person too."""
    error = ERRORS[kind]()
    error.add_note(TEXT)
    error.__cause__ = ValueError(TEXT)
    error.__context__ = LookupError(TEXT)
    error.__suppress_context__ = False
    return error


def raising(kind: str, name: str) -> Callable[..., object]:
    """A function of that name that raises it."""

    def function(*_: object, **__: object) -> object:
        raise leaking(kind)

    function.__name__ = name
    return function
