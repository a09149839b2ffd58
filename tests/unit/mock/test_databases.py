"""Which database a URL means."""

from __future__ import annotations

import asyncio
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
    ],
)
def test_any_other_database_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: str) -> None:
    """What is no URL of SQLite, or has more than a file in it, is refused with the forms that are taken."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(StoreUnusable, match=r"^--database takes sqlite:// for memory, or sqlite:///FILE$"):
        asyncio.run(is_empty(database))
    assert [] == list(tmp_path.iterdir())


def test_a_database_that_does_not_open_is_named(tmp_path: Path) -> None:
    """The reason of a database that cannot be used names it."""
    with pytest.raises(StoreUnusable, match=rf"^cannot use the database sqlite:///{tmp_path}: .*; check that"):
        asyncio.run(is_empty(f"sqlite:///{tmp_path}"))
