"""What is asked of the tables, as each database is asked it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import util as sql_util

from aitronos_mock.store import schema, statements

ADDITIONS = [statements.ADD_LINK, statements.ADD_EDGE]


@pytest.mark.parametrize("statement", ADDITIONS)
def test_additions_wait_for_a_world_that_is_replaced(statement: Any) -> None:
    """On PostgreSQL, whoever adds to a world holds a lock that keeps it in its place, by the number of the sandbox."""
    dialect: Any = postgresql.dialect
    added = str(statement.compile(dialect=dialect()))
    replaced = str(statements.TAKE_WORLD.compile(dialect=dialect()))

    assert "WHERE pg_advisory_xact_lock_shared(7433591, %(sandbox)s::INTEGER) IS NOT NULL" in added
    assert "SELECT pg_advisory_xact_lock(7433591, %(here)s::INTEGER)" in replaced


@pytest.mark.parametrize("statement", ADDITIONS)
def test_sqlite_needs_no_lock(statement: Any) -> None:
    """On SQLite, where one process writes and one write follows the other, the same statements take none."""
    assert "lock" not in str(statement.compile(dialect=sqlite.dialect()))


SINGLE = [each for name, each in vars(statements).items() if name.isupper() and hasattr(each, "exported_columns")]
UNSETTLED = {schema.share_links, schema.library}
SETTLED = [
    statements.USER_OF_KEY,
    statements.TRACK_FOR_MEMBER,
    statements.COLLECTION_FOR_MEMBER,
    statements.TRACKS_OF,
]


def test_whatever_writes_to_what_is_settled_is_known_to() -> None:
    """Of the statements that write, all but those to links and the library are among the ones that unsettle."""
    writing: list[Any] = [each for each in SINGLE if hasattr(each, "table")]

    assert len(writing) > len(statements.CHANGING_WHAT_IS_SETTLED)
    assert {each for each in writing if each.table not in UNSETTLED} == statements.CHANGING_WHAT_IS_SETTLED


@pytest.mark.parametrize("statement", SETTLED)
def test_what_is_settled_depends_on_no_link_and_no_library(statement: Any) -> None:
    """What is kept from one request to the next is read from tables that no request to the API writes to."""
    read = {table for each in statement.get_final_froms() for table in sql_util.find_tables(each, include_joins=False)}

    assert read
    assert set() == read & UNSETTLED
