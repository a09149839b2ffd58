"""Statements that are written out once, held against SQLAlchemy's own way of running them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, cast

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from aitronos_mock.domain.digests import digest
from aitronos_mock.fixtures import seed_fixture
from aitronos_mock.store import schema, statements
from aitronos_mock.store.prepared import run
from aitronos_mock.store.worlds import rows_of

NOW = 1782642600
TRACK, OTHERS_TRACK = "mtrack_b4d9e1c6a72f", "mtrack_6b4a2c8e0d1f"
LINK = {
    "id": "mslink_000000000001",
    "token_digest": digest("shr_new"),
    "track_id": TRACK,
    "collection_id": None,
    "visibility": "link_only",
    "created_at": NOW,
    "expires_at": None,
    "revoked": False,
    "open_limit": 2,
    "opens": 0,
}
EDGE = {
    "id": "mlib_000000000001",
    "user_id": "user_recipient",
    "track_id": TRACK,
    "share_link_id": None,
    "created_at": NOW,
    "source": "shared",
}
MEMBER = {"user_id": "user_owner", "organization_id": "org_abc123"}

# In this order, because some change what others find.
ASKED: list[tuple[Any, dict[str, Any]]] = [
    (statements.ANY_USER, {}),
    (statements.USER_OF_KEY, {"digest": digest("your-api-key")}),
    (statements.TRACK_FOR_MEMBER, {**MEMBER, "id": TRACK}),
    (statements.TRACK_FOR_MEMBER, {**MEMBER, "id": "nothing"}),
    (statements.COLLECTION_FOR_MEMBER, {**MEMBER, "id": "mcoll_5e8a1d3f9c27"}),
    (statements.ADD_LINK, LINK),
    (statements.CONTENT_OF_TOKEN, {"token_digest": digest("shr_new")}),
    (statements.COUNT_OPEN, {"link_id": LINK["id"]}),
    (statements.SET_TRACK_REMOVED, {"content_id": OTHERS_TRACK, "gone": True}),
    (statements.TRACKS_OF, {"collection_id": "mcoll_5e8a1d3f9c27"}),
    (statements.SET_COLLECTION_REMOVED, {"content_id": "mcoll_5e8a1d3f9c27", "gone": True}),
    (statements.SET_EXPIRY, {"link_id": LINK["id"], "moment": NOW - 1}),
    (statements.REVOKE, {"link_id": LINK["id"]}),
    (statements.CONTENT_OF_LINK, {"link_id": LINK["id"]}),
    (statements.ADD_EDGE, EDGE),
    (statements.ADD_EDGE, {**EDGE, "id": "mlib_000000000002"}),
    *[(statement, {}) for statement in statements.ALL.values()],
]


def _world() -> Connection:
    engine = create_engine("sqlite://", poolclass=StaticPool, isolation_level="AUTOCOMMIT")
    connection = engine.connect()
    schema.metadata.create_all(connection)
    for table, rows in rows_of(seed_fixture("docs", now=NOW).world):
        if rows:
            connection.execute(statements.FILL[table], [{"sandbox": 0, **row} for row in rows])
    return connection


@pytest.fixture
def worlds() -> Iterator[tuple[Connection, Connection]]:
    """Two worlds that are alike."""
    one, other = _world(), _world()
    yield one, other
    for connection in (one, other):
        connection.close()
        connection.engine.dispose()


def test_each_statement_finds_and_returns_what_it_does_through_sqlalchemy(
    worlds: tuple[Connection, Connection],
) -> None:
    """Row by row and value by value, types too: the shortcut is the same as what it replaces."""
    through_sqlalchemy, shortcut = worlds
    driver = cast(sqlite3.Connection, shortcut.connection.driver_connection)

    for statement, parameters in ASKED:
        asked = {"here": 0, "sandbox": 0, **parameters}
        result = through_sqlalchemy.execute(statement, asked)
        expected = [tuple(row) for row in result] if result.returns_rows else []
        found = run(driver, statement, asked)

        assert expected == found
        assert [[type(value) for value in row] for row in expected] == [[type(value) for value in row] for row in found]


def test_every_statement_of_a_request_is_among_those_that_are_compared() -> None:
    """A statement that is added has to be added to the comparison too."""
    elsewhere = {"TAKE_WORLD"}  # PostgreSQL's alone.
    singles = {
        name
        for name, value in vars(statements).items()
        if name[0].isupper() and name.isupper() and hasattr(value, "exported_columns") and name not in elsewhere
    }
    compared = {name for name in singles if any(getattr(statements, name) is each for each, _ in ASKED)}

    assert set() == singles - compared
