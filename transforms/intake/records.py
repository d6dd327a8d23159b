"""The records of a sheet: every cell read, the faults found in them, and who is rejected for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import polars as pl

from schemas.columns import Column
from schemas.raw_sheet import PERCENTAGE
from schemas.sheet import ERROR, VOID_FIELD, WARNING, Rule, Sheet
from transforms.intake.cells import (
    DUPLICATE_COLUMN,
    HEADER_IN_ANOTHER_UNIT,
    ROW_NUMBER,
    SHEET_INDEX,
    all_columns,
    kind_of,
    problem_of,
    text_of,
)
from transforms.intake.findings import FOUND_SCHEMA, LONGEST_VALUE, with_value
from transforms.intake.messages import message_of, rule_name
from transforms.intake.numbers import percent_as_shown
from transforms.intake.values import read_values

REQUIRED = "required"
NAMED_BY_SHEET = (HEADER_IN_ANOTHER_UNIT, DUPLICATE_COLUMN)
_MANY_ROWS = 10_000
Notes = Mapping[tuple[int, str, str], str]
"""What only a sheet knows of a problem, by the sheet's index, the problem and the field."""


def notice_of(field: str) -> str:
    """The column that holds what is noteworthy about a field's cell."""
    return f"{field}:notice"


def read_records(cells: pl.DataFrame, contract: type[Sheet], as_of: date) -> pl.DataFrame:
    """To each record's cells the `value` of each field under its name, the problems and notices beside it.

    A number with a fault of the sheet's form keeps its value here, for the totals.
    """
    columns = all_columns(contract)
    read: dict[str, pl.DataFrame] = {}
    for fields in _read_alike(columns, cells.height):
        together = pl.DataFrame(
            {
                "text": pl.concat([cells[text_of(field)] for field in fields], rechunk=True),
                "kind": pl.concat([cells[kind_of(field)] for field in fields], rechunk=True),
            }
        )
        found = read_values(together, columns[fields[0]], as_of)
        read |= {field: found.slice(place * cells.height, cells.height) for place, field in enumerate(fields)}
    wide = cells.hstack(
        [
            series
            for field in columns
            for series in (read[field]["value"].alias(field), read[field]["notice"].alias(notice_of(field)))
        ]
    )
    problems = {field: read[field]["problem"] for field in columns}
    return wide.with_columns(
        pl.coalesce(problem_of(field), problem).alias(problem_of(field))
        for field, problem in problems.items()
        if problem.null_count() < cells.height
    )


def _read_alike(columns: Mapping[str, Column], height: int) -> list[list[str]]:
    """The fields whose cells are read in one go: a call takes longer than the few cells of most sheets."""
    if height > _MANY_ROWS:
        return [[field] for field in columns]
    alike: dict[tuple[object, ...], list[str]] = {}
    for field, column in columns.items():
        its_way = (column.kind, column.dtype, column.unit, column.synonyms, column.may_be_future)
        alike.setdefault(its_way, []).append(field)
    return list(alike.values())


def settle(wide: pl.DataFrame, contract: type[Sheet]) -> pl.DataFrame:
    """Only the key of a withdrawn row counts; what has a problem has no value; what is missing is one."""
    wide = wide.with_columns(pl.col(VOID_FIELD).fill_null(value=False))
    if wide[VOID_FIELD].any():
        beside = [field for field in contract.columns if field not in contract.key]
        kept = [name for field in beside for name in (field, problem_of(field), notice_of(field))]
        wide = wide.with_columns(pl.when(~pl.col(VOID_FIELD)).then(name).alias(name) for name in kept)
    wide = wide.with_columns(
        pl.when(pl.col(problem_of(field)).is_null()).then(field).alias(field) for field in contract.columns
    )
    return wide.with_columns(_problem_or_required(field, contract) for field in contract.columns)


def _problem_or_required(field: str, contract: type[Sheet]) -> pl.Expr:
    problem = pl.col(problem_of(field))
    if not contract.columns[field].required:
        return problem
    must_be = pl.lit(value=True) if field in contract.key else ~pl.col(VOID_FIELD)
    is_missing = pl.col(field).is_null() & problem.is_null() & must_be
    return pl.when(is_missing).then(pl.lit(REQUIRED)).otherwise(problem).alias(problem_of(field))


class Faults:
    """What is found in the records of one sheet: findings, and by them the rows that are rejected."""

    def __init__(self, wide: pl.DataFrame) -> None:
        self.wide = wide
        self.found: list[pl.DataFrame] = []
        self._none = pl.Series([False], dtype=pl.Boolean).new_from_index(0, wide.height)
        self._wrong_cells: dict[str, pl.Series] = {}
        self.rejected = self._none
        self.broken: Sequence[pl.Series] | None = None
        """For each rule of severity error the rows that break it; nothing before they are looked at."""

    def add(
        self,
        mask: pl.Series,
        field: str,
        rule: str,
        message: str | pl.Series,
        *,
        severity: str = ERROR,
    ) -> None:
        """A finding for each row of the mask, on a field's cell; a message by row has the mask's length."""
        if not mask.any():
            return
        cells = self.wide.select(SHEET_INDEX, ROW_NUMBER, text_of(field), kind_of(field))
        rows = cells.filter(mask).rechunk().with_columns(_as_shown(field).alias("value"))
        said = with_value(message, pl.col("value")) if isinstance(message, str) else message.filter(mask)
        self.found.append(
            rows.with_columns(
                said.alias("message"),
                pl.lit(field).alias("field"),
                pl.lit(None, pl.Int64).alias("position"),
                pl.lit(rule).alias("rule"),
                pl.lit(severity).alias("severity"),
            )
            .with_columns(pl.col("value").str.slice(0, LONGEST_VALUE))
            .select(list(FOUND_SCHEMA))
        )
        if severity == ERROR:
            self.rejected |= mask
            self._wrong_cells[field] = self.is_wrong(field) | mask

    def is_any_broken(self, rows: pl.Series) -> bool:
        """Whether one of the rows breaks a rule, or that was not looked at."""
        return self.broken is None or any((broken & rows).any() for broken in self.broken)

    def is_wrong(self, field: str) -> pl.Series:
        """For which rows an error was found on a field's cell."""
        return self._wrong_cells.get(field, self._none)


def _as_shown(field: str) -> pl.Expr:
    """What a cell shows: a percent as one, not as the fraction that is stored."""
    text = pl.col(text_of(field))
    shown = pl.coalesce(percent_as_shown(text), text)
    return pl.when(pl.col(kind_of(field)) == PERCENTAGE).then(shown).otherwise(text)


def check_cells(faults: Faults, contract: type[Sheet], notes: Notes, as_of: date) -> None:
    """The problems of single cells."""
    for field, column in all_columns(contract).items():
        problems = faults.wide[problem_of(field)]
        for problem in _different(problems):
            mask = (problems == problem).fill_null(value=False)
            if problem in NAMED_BY_SHEET:
                _add_by_sheet(faults, mask, column, problem, notes)
            else:
                message = message_of(problem, column, note=as_of.isoformat())
                faults.add(mask, field, rule_name(problem), message)


def check_notices(faults: Faults, contract: type[Sheet]) -> None:
    """What is noteworthy about cells of which nothing worse was found."""
    for field, column in all_columns(contract).items():
        notices = faults.wide[notice_of(field)]
        for notice in _different(notices):
            mask = (notices == notice).fill_null(value=False) & ~faults.is_wrong(field)
            faults.add(mask, field, notice, message_of(notice, column), severity=WARNING)


def _different(names: pl.Series) -> list[str]:
    """The names that there are, in order; most columns have none."""
    if names.null_count() == len(names):
        return []
    return names.drop_nulls().unique().sort().to_list()


def _add_by_sheet(faults: Faults, mask: pl.Series, column: Column, problem: str, notes: Notes) -> None:
    indexes = faults.wide[SHEET_INDEX]
    for index in indexes.filter(mask).unique().sort():
        message = message_of(problem, column, note=notes[index, problem, column.name])
        faults.add(mask & (indexes == index), column.name, rule_name(problem), message)


@cache
def _broken(rules: Sequence[Rule]) -> list[pl.Expr]:
    """For each rule, under its place, whether a row breaks it; these take long to put together."""
    return [(~rule.holds()).fill_null(value=False).alias(str(place)) for place, rule in enumerate(rules)]


def check_rules(faults: Faults, contract: type[Sheet]) -> None:
    """The rules of the contract, in one pass; of a cell only the first that it breaks, none on a problem."""
    rules = contract.all_rules()
    wide = faults.wide
    broken = wide.select(_broken(rules))
    faults.broken = [broken[str(place)] for place, rule in enumerate(rules) if rule.severity == ERROR]
    taken: dict[str, pl.Series] = {}
    for place in sorted(range(len(rules)), key=lambda place: rules[place].severity != ERROR):
        rule, mask = rules[place], broken[str(place)]
        if mask.any():
            before = taken.get(rule.field, wide[problem_of(rule.field)].is_not_null())
            mask &= ~before
            faults.add(mask, rule.field, rule.name, rule.message, severity=rule.severity)
            taken[rule.field] = before | mask
