"""Which database a URL means."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from aitronos_mock.store.databases import open_database
from aitronos_mock.store.errors import StoreUnusable


async def is_empty(url: str) -> bool:
    """Whether the database of this URL, which is opened and closed again, has no world."""
    async with open_database(url) as database:
        return await database.sandbox(0).is_empty()


@pytest.mark.parametrize("database", ["sqlite://", "sqlite:///:memory:", "sqlite:///world.db", "sqlite:///./world.db"])
def test_sqlite_in_memory_and_in_files_is_opened(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: str
) -> None:
    """The documented forms of a database URL give an empty store; a relative file is in the working directory."""
    monkeypatch.chdir(tmp_path)

    assert asyncio.run(is_empty(database))
    assert database.endswith("world.db") == (tmp_path / "world.db").exists()


@pytest.mark.parametrize(
    "database",
    [
        "",
        "sqlite:///",
        "world.db",
        ":::",
        "mysql://x",
        "sqlite+aiosqlite://",
        "sqlite://host/world.db",
        "sqlite://user:password@/world.db",
        "sqlite://host:port/world.db",
        "sqlite:///world.db?mode=ro",
        "sqlite:///file:world.db?uri=true",
        "postgresql://",
        "postgresql://host",
        "postgresql+psycopg://host/world",
    ],
)
def test_any_other_database_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: str) -> None:
    """What is no URL of ours, or has something of SQLite's besides a file, is refused with the forms that are taken."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(StoreUnusable) as refused:
        asyncio.run(is_empty(database))
    forms = "sqlite:// for memory, sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/DATABASE"
    assert f"--database takes {forms}" == str(refused.value)
    assert [] == list(tmp_path.iterdir())


def test_a_database_that_does_not_open_is_named(tmp_path: Path) -> None:
    """The reason of a database that cannot be used names it."""
    with pytest.raises(StoreUnusable, match=rf"^cannot use the database sqlite:///{tmp_path}: .*; check that"):
        asyncio.run(is_empty(f"sqlite:///{tmp_path}"))


def test_postgresql_without_its_extra_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default install speaks to SQLite alone, and says in one line what is missing for more."""
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    monkeypatch.delitem(sys.modules, "aitronos_mock.store.postgresql", raising=False)

    with pytest.raises(StoreUnusable) as refused:
        asyncio.run(is_empty("postgresql://mock:secret@localhost/world"))
    why = "asyncpg is missing; pip install 'aitronos-mock-server[postgresql]'"
    assert f"cannot use the database postgresql://mock@localhost/world: {why}" == str(refused.value)
