"""From options to a running mock."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from aitronos_mock.domain.models import World
from aitronos_mock.fixtures import FixtureError
from aitronos_mock.limits import Rate
from aitronos_mock.run import Options, furnish
from aitronos_mock.sandboxes import Sandboxes
from aitronos_mock.store.sql import SQLStore
from aitronos_mock.store.sqlite import SQLiteDatabase


def _options(seed: str = "docs", rate: Rate | None = None) -> Options:
    return Options(
        "127.0.0.1", 0, "sqlite://", seed, None, deterministic=False, resolve_rate=rate, playback_seconds=300
    )


def _furnish(database: SQLiteDatabase, clock: Any, **options: Any) -> Sandboxes:
    return asyncio.run(furnish(_options(**options), database, clock, b"key"))


@pytest.mark.parametrize(("seed", "empty_after"), [("docs", False), ("empty", True)])
def test_a_new_database_is_planted(database: SQLiteDatabase, clock: Any, seed: str, empty_after: bool) -> None:
    """A database without a world gets that of the seed."""
    _furnish(database, clock, seed=seed)

    assert empty_after == asyncio.run(database.sandbox(0).is_empty())


def test_a_database_with_a_world_keeps_it(
    database: SQLiteDatabase, store: SQLStore, clock: Any, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A seed never mixes with what is there, and the log says that it is not used."""
    caplog.set_level("INFO")
    _furnish(database, clock)

    assert set(world.tracks) == set(asyncio.run(store.world()).tracks)
    assert ["The database has a world already; it stays, and the seed docs is not used."] == caplog.messages


def test_a_bad_seed_is_refused(database: SQLiteDatabase, clock: Any) -> None:
    """A mistake in the world that a new database would begin with shows at once."""
    with pytest.raises(FixtureError):
        _furnish(database, clock, seed="/nowhere/at/all.yaml")


def test_a_seed_that_is_not_used_is_not_read(database: SQLiteDatabase, store: SQLStore, clock: Any) -> None:
    """A database that has its world starts without the file that it once began with."""
    before = asyncio.run(store.world())

    _furnish(database, clock, seed="/nowhere/at/all.yaml")

    assert before == asyncio.run(store.world())


@pytest.mark.parametrize(("rate", "limited"), [(None, False), (Rate(1, 1), True)])
def test_no_rate_is_no_limit(database: SQLiteDatabase, clock: Any, rate: Rate | None, limited: bool) -> None:
    """A mock limits resolves where a rate is given."""
    sandboxes = _furnish(database, clock, rate=rate)

    assert limited == (sandboxes.default.mock.resolve_limiter is not None)
