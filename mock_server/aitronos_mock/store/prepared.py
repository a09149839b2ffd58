"""Statements, written out once and run without anything in between.

SQLAlchemy builds the statements and knows how a value is kept. At each execution it takes several times as long as
SQLite itself, so on the way of every request its part is done once for each statement.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Executable
from sqlalchemy.dialects.sqlite import pysqlite

from .worlds import Row, Values

DIALECT = pysqlite.dialect(paramstyle="named")
"""What SQLite speaks."""

_FromSQLite = Callable[[Any], Any]


class Prepared(NamedTuple):
    """A statement in SQLite's own words.

    Attributes:
        sql: The text, with a name for each parameter.
        fixed: Parameters that are part of the statement.
        conversions: Which columns of a row are to be converted, and how, because SQLite has no such type.
    """

    sql: str
    fixed: Values
    conversions: tuple[tuple[int, _FromSQLite], ...]

    def run(self, connection: sqlite3.Connection, parameters: Values) -> Sequence[Row]:
        """The rows that it finds or returns.

        Parameters go as they are: all are texts, whole numbers, truth values, which SQLite takes as whole numbers, and
        bytes.
        """
        rows = connection.execute(self.sql, {**self.fixed, **parameters}).fetchall()
        return [self._converted(row) for row in rows] if self.conversions else rows

    def _converted(self, row: Row) -> Row:
        values = list(row)
        for position, convert in self.conversions:
            values[position] = convert(values[position])
        return tuple(values)


@cache
def prepared(statement: Any) -> Prepared:
    """Write a statement out."""
    compiled = statement.compile(dialect=DIALECT)
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    return Prepared(compiled.string, fixed, tuple(_conversions(statement)))


def _conversions(statement: Any) -> list[tuple[int, _FromSQLite]]:
    processors = [column.type.result_processor(DIALECT, None) for column in statement.exported_columns]
    return [(position, convert) for position, convert in enumerate(processors) if convert is not None]


def run(connection: sqlite3.Connection, statement: Executable, parameters: Values) -> Sequence[Row]:
    """The rows that a statement finds or returns."""
    return prepared(statement).run(connection, parameters)


def run_for_each(connection: sqlite3.Connection, statement: Executable, rows: Sequence[Values]) -> None:
    """Run a statement once for each of these parameters."""
    connection.executemany(prepared(statement).sql, rows)
