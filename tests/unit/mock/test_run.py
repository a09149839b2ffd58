"""From options to a running mock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aitronos_mock.domain.models import World
from aitronos_mock.fixtures import FixtureError
from aitronos_mock.limits import Rate
from aitronos_mock.run import Options, furnish, open_store
from aitronos_mock.store.errors import StoreUnusable
from aitronos_mock.store.sqlite import SQLiteStore


@pytest.fixture
def empty() -> Iterator[SQLiteStore]:
    """A store without a world."""
    store = SQLiteStore("sqlite://")
    yield store
    store.close()


@pytest.mark.parametrize("database", ["sqlite://", "sqlite:///:memory:", "sqlite:///world.db", "sqlite:///./world.db"])
def test_sqlite_in_memory_and_in_files_is_opened(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: str
) -> None:
    """The documented forms of a database URL give an empty store; a relative file is in the working directory."""
    monkeypatch.chdir(tmp_path)

    store = open_store(database)

    assert store.is_empty()
    store.close()
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
        open_store(database)
    assert [] == list(tmp_path.iterdir())


def test_a_database_that_does_not_open_is_named(tmp_path: Path) -> None:
    """The reason of a database that cannot be used names it."""
    with pytest.raises(StoreUnusable, match=rf"^cannot use the database sqlite:///{tmp_path}: .*; check that"):
        open_store(f"sqlite:///{tmp_path}")


def _options(seed: str = "docs", rate: Rate | None = None) -> Options:
    return Options(
        "127.0.0.1", 0, "sqlite://", seed, None, deterministic=False, resolve_rate=rate, playback_seconds=300
    )


@pytest.mark.parametrize(("seed", "empty_after"), [("docs", False), ("empty", True)])
def test_a_new_database_is_planted(empty: SQLiteStore, clock: Any, seed: str, empty_after: bool) -> None:
    """A store without a world gets that of the seed."""
    furnish(_options(seed), empty, clock, b"key")

    assert empty_after == empty.is_empty()


def test_a_database_with_a_world_keeps_it(
    store: SQLiteStore, clock: Any, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A seed never mixes with what is there, and the log says that it is not used."""
    caplog.set_level("INFO")
    furnish(_options(), store, clock, b"key")

    assert world.tracks[0] == asyncio.run(store.track(world.tracks[0].id))
    assert ["The database has a world already; it stays, and the seed docs is not used."] == caplog.messages


def test_a_bad_seed_is_refused(empty: SQLiteStore, clock: Any) -> None:
    """A mistake in the world that a new database would begin with shows at once."""
    with pytest.raises(FixtureError):
        furnish(_options("/nowhere/at/all.yaml"), empty, clock, b"key")


def test_a_seed_that_is_not_used_is_not_read(store: SQLiteStore, clock: Any) -> None:
    """A database that has its world starts without the file that it once began with."""
    before = store.world()

    furnish(_options("/nowhere/at/all.yaml"), store, clock, b"key")

    assert before == store.world()


@pytest.mark.parametrize(("rate", "limited"), [(None, False), (Rate(1, 1), True)])
def test_no_rate_is_no_limit(empty: SQLiteStore, clock: Any, rate: Rate | None, limited: bool) -> None:
    """A mock limits resolves where a rate is given."""
    sandboxes = furnish(_options(rate=rate), empty, clock, b"key")

    assert limited == (sandboxes.default.mock.resolve_limiter is not None)
