"""What a request costs the database: statements that the database itself counted, and the indexes that it uses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Protocol

import pytest
from sqlalchemy.dialects import postgresql as postgresql_dialect
from sqlalchemy.dialects import sqlite
from tests.engines.postgresql import PostgreSQL

from aitronos_mock.store import statements

from .stores import Opened
from .whole import OWNER, RECIPIENT, RESOLVE, SHARE_COLLECTION, SHARE_TRACK, Whole

RESOLVE_COLLECTION = "/v1/music/shared/shr_1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d"
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
MANY_LINKS = [
    "INSERT INTO organizations VALUES (0, 'org')",
    "INSERT INTO users VALUES (0, 'user')",
    """
    INSERT INTO tracks
    SELECT 0, 'track' || n, 'org', 'user', NULL, 'studio', 'creation', NULL, false, 'unclear', '2026-01', false, false
    FROM generate_series(1, 2000) n
    """,
    "INSERT INTO collections SELECT 0, 'list' || n, 'org', 'user', 'n', NULL, false FROM generate_series(1, 2000) n",
    """
    INSERT INTO share_links
    SELECT 0, 'link' || n, sha256(n::text::bytea), 'track' || (n % 2000 + 1), NULL, 'public', 0, NULL, false, NULL, 0
    FROM generate_series(1, 20000) n
    """,
    "ANALYZE",
]


class Counting(Protocol):
    """Tells the statements that a database ran meanwhile."""

    def __call__(self, whole: Whole, act: Callable[[], Any]) -> list[str]:
        """The statements that the database of a mock ran while something was done."""
        ...


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """A kind of database."""
    return str(request.param)


@pytest.fixture
def counting(request: pytest.FixtureRequest, kind: str) -> tuple[str, Counting]:
    """The URL of an empty database, and what counts there."""
    if kind == "sqlite":
        return "sqlite://", _traced
    server: PostgreSQL = request.getfixturevalue("postgresql")
    url = server.new_database()
    name = url.rpartition("/")[2]
    server.execute(f"ALTER DATABASE {name} SET log_statement = 'all'")
    return url, lambda whole, act: _logged(server, act)


def _traced(whole: Whole, act: Callable[[], Any]) -> list[str]:
    database: Any = whole.sandboxes.default.store
    connection = database.executor.connection.connection.driver_connection
    said: list[str] = []
    connection.set_trace_callback(said.append)
    act()
    connection.set_trace_callback(None)
    return said


def _logged(server: PostgreSQL, act: Callable[[], Any]) -> list[str]:
    before = len(server.log)
    act()
    return re.findall(r"LOG:  (?:execute \S+|statement): (.*(?:\n\t.*)*)", server.log[before:])


@pytest.mark.parametrize(
    ("method", "path", "key", "expected"),
    [
        ("GET", RESOLVE, None, ["share_links"]),
        ("GET", RESOLVE_COLLECTION, None, ["share_links", "tracks"]),
        ("POST", SHARE_TRACK, OWNER, ["keys", "members", "share_links"]),
        ("POST", SHARE_COLLECTION, OWNER, ["keys", "members", "share_links"]),
        ("POST", f"{RESOLVE}/save", RECIPIENT, ["keys", "share_links", "library"]),
    ],
)
@pytest.mark.parametrize("sandbox", [None, "checkout"])
def test_a_request_costs_few_statements(
    make_whole: Callable[..., Whole],
    counting: tuple[str, Counting],
    method: str,
    path: str,
    key: str | None,
    expected: list[str],
    sandbox: str | None,
) -> None:
    """A resolved track is one statement, a collection two, a share and a save three, as the database counts them."""
    url, statements_of = counting
    whole = make_whole(url=url)
    whole.create(name="checkout")
    # What is prepared and connected once is no cost of a request.
    whole.call("GET", RESOLVE, sandbox=sandbox)

    ran = statements_of(whole, lambda: whole.call(method, path, key, sandbox))

    assert expected == [re.sub(r"(?s).*?(?:FROM|INTO) (\w+).*", r"\1", each) for each in ran]


def _explained(rows: list[Any]) -> str:
    return "\n".join(str(value) for row in rows for value in row)


def test_sqlite_finds_a_token_by_its_digest() -> None:
    """A link is looked up in the index of sandbox and digest, and what it leads to by its identifier."""
    opened = Opened("sqlite://")
    database: Any = opened.database
    asked = statements.CONTENT_OF_TOKEN.compile(dialect=sqlite.dialect())
    plan = database.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", (0, b"digest")).all()
    opened.close()

    steps = [row[-1] for row in plan]
    assert [True] * 3 == [step.startswith("SEARCH ") for step in steps]
    assert "share_links USING INDEX sqlite_autoindex_share_links_2 (sandbox=? AND token_digest=?)" in steps[0]


@pytest.mark.postgresql
def test_postgresql_finds_a_token_by_its_digest(postgresql: PostgreSQL) -> None:
    """Among 20000 links, one is looked up by sandbox and digest in an index, and what it leads to by its identifier."""
    url = postgresql.new_database()
    Opened(url).close()
    name = url.rpartition("/")[2]
    dialect: Any = postgresql_dialect.dialect
    asked = str(
        statements.CONTENT_OF_TOKEN.params(here=0, token_digest=b"digest").compile(
            dialect=dialect(), compile_kwargs={"literal_binds": True}
        )
    )
    for statement in MANY_LINKS:
        postgresql.execute(statement, name)

    plan = _explained(postgresql.execute(f"EXPLAIN {asked}", name))

    assert "Seq Scan" not in plan
    assert "Index Scan using share_links_sandbox_token_digest_key on share_links" in plan
    assert "Index Scan using tracks_pkey on tracks" in plan
    assert "Index Scan using collections_pkey on collections" in plan
