"""What is asked of the tables, as each database is asked it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from aitronos_mock.store import statements

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
