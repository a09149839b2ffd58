"""PostgreSQL, which any number of processes may use at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest
from tests.engines.postgresql import LOCKED, PostgreSQL

from aitronos_mock.domain.models import World
from aitronos_mock.store import upgrades
from aitronos_mock.store.databases import open_database
from aitronos_mock.store.errors import StoreUnavailable, StoreUnusable
from aitronos_mock.store.schema import VERSION
from aitronos_mock.store.upgrades import FOREIGN

from .stores import Opened

pytestmark = pytest.mark.postgresql


@pytest.fixture
def url(postgresql: PostgreSQL) -> str:
    """An empty database."""
    return postgresql.new_database()


def _unusable(url: str) -> str:
    with pytest.raises(StoreUnusable) as refused:
        Opened(url)
    return str(refused.value)


def _execute(postgresql: PostgreSQL, url: str, *statements: str) -> None:
    for statement in statements:
        postgresql.execute(statement, url.rpartition("/")[2])


def test_a_database_keeps_everything(url: str, world: World) -> None:
    """What was loaded is there when the database is opened again."""
    worlds = []
    for number in range(2):
        opened = Opened(url)
        store = opened.database.sandbox(0)
        if number == 0:
            opened.run(store.load(world))
        worlds.append(opened.run(store.world()))
        opened.close()

    assert worlds[0] == worlds[1] != World()


def test_two_servers_may_start_at_once(url: str) -> None:
    """Those that find an empty database at the same moment make its tables once."""

    async def start() -> bool:
        async with open_database(url) as database:
            return await database.sandbox(0).is_empty()

    async def at_once() -> list[bool]:
        return await asyncio.gather(*(start() for _ in range(5)))

    assert [True] * 5 == asyncio.run(at_once())


def test_servers_of_a_later_release_upgrade_a_database_once(
    postgresql: PostgreSQL, url: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that start at once take the step once, the world stays, and the earlier release is refused."""
    opened = Opened(url)
    store = opened.database.sandbox(0)
    opened.run(store.load(world))
    before = opened.run(store.world())
    opened.close()

    async def start() -> World:
        async with open_database(url) as database:
            return await database.sandbox(0).world()

    async def at_once() -> list[World]:
        return await asyncio.gather(*(start() for _ in range(5)))

    with monkeypatch.context() as later:
        # There is no later release yet, and taken twice this step would fail.
        later.setitem(
            cast(dict[int, Sequence[str]], upgrades._STEPS), VERSION, ["ALTER TABLE meta ADD COLUMN note text"]
        )
        later.setattr(upgrades, "VERSION", VERSION + 1)
        assert [before] * 5 == asyncio.run(at_once())

    assert f"its schema has version {VERSION + 1}" in _unusable(url)


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE notes (id int)"],
        ["CREATE TABLE meta (other int)"],
        ["CREATE TABLE meta (schema_version int)"],
        ["CREATE TABLE meta (schema_version int)", "INSERT INTO meta VALUES (1), (1)"],
    ],
)
def test_a_database_of_something_else_is_refused(postgresql: PostgreSQL, url: str, statements: list[str]) -> None:
    """A database that another program uses is refused, one with a table of the same name too."""
    _execute(postgresql, url, *statements)

    assert f"cannot use the database {url}: {FOREIGN}" == _unusable(url)


def test_a_database_of_a_later_schema_is_refused(postgresql: PostgreSQL, url: str) -> None:
    """A database of a later release is refused with both versions and what to do."""
    Opened(url).close()
    _execute(postgresql, url, "UPDATE meta SET schema_version = 1000")

    assert f"its schema has version 1000, this release reads versions 1 to {VERSION}; use the release" in _unusable(url)


def test_a_password_is_in_no_message(postgresql: PostgreSQL, url: str) -> None:
    """What goes wrong names the URL without the password, whatever it is that goes wrong."""
    postgresql.execute(f"DROP ROLE IF EXISTS {LOCKED}")
    postgresql.execute(f"CREATE ROLE {LOCKED} LOGIN PASSWORD 'opensesame'")
    place = url.partition("@")[2]
    tried = {
        f"{LOCKED}:hunter2@{place}": "check its name, the user and the password",
        f"{LOCKED}:opensesame@{place}": "let the user make tables there",
        f"mock:hunter2@{place}_not": "check its name, the user and the password",
        f"mock:hunter2@127.0.0.1:1/{place}": "check that the server runs there",
        f"mock:hunter2@host.invalid/{place}": "check that the server runs there",
        f"mock@{place}?password=hunter2&sslmode=hunter2": "something in the URL cannot be read",
    }

    for rest, advice in tried.items():
        said = _unusable(f"postgresql://{rest}")
        assert said.startswith("cannot use the database postgresql://")
        assert advice in said
        assert not [secret for secret in ("hunter2", "opensesame") if secret in said]


def test_a_lost_connection_is_told_and_made_up_for(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever loses the connection is told that the database is away, the next one is served, and the log has both."""

    async def lose() -> bool:
        async with open_database(url) as database:
            store: Any = database.sandbox(0)
            for _ in range(2):
                with pytest.raises(StoreUnavailable):
                    async with store.executor.connection() as connection:
                        await connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            return bool(await store.is_empty()) and bool(await store.is_empty())

    assert asyncio.run(lose())
    away, back = caplog.messages
    assert away.startswith("The database is away: ")
    assert "terminating connection due to administrator command" in away
    assert "The database is back." == back


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("SET default_transaction_read_only = on", "cannot execute CREATE TABLE in a read-only transaction"),
        ("ALLOW_CONNECTIONS false", "is not currently accepting connections"),
    ],
)
def test_a_server_that_refuses_is_quoted(postgresql: PostgreSQL, url: str, change: str, said: str) -> None:
    """What a server has against being used, foreseen or not, is one line in its own words."""
    postgresql.execute(f"ALTER DATABASE {url.rpartition('/')[2]} {change}")

    refusal = _unusable(url)
    assert refusal.startswith(f"cannot use the database {url}: the server refuses: ")
    assert said in refusal


def test_a_connection_comes_back_without_its_transaction(url: str) -> None:
    """Whoever is interrupted within a transaction leaves nothing of it to the next one who gets the connection."""

    async def interrupted() -> list[bool]:
        async with open_database(url) as database:
            executor: Any = database
            states = []
            for _ in range(2):
                async with executor.connection() as connection:
                    states.append(connection.is_in_transaction())
                    await connection.execute("BEGIN")
            return states

    assert [False, False] == asyncio.run(interrupted())
