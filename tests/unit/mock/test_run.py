"""From options to a running mock."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import Pipe
from pathlib import Path
from typing import Any, cast

import click
import pytest

from aitronos_mock.clock import SystemClock
from aitronos_mock.domain.models import World
from aitronos_mock.fixtures import FixtureError
from aitronos_mock.guards.door import Door
from aitronos_mock.limits import Rate
from aitronos_mock.run import Options, Serving, furnish, run, serve_with
from aitronos_mock.sandboxes import Sandboxes
from aitronos_mock.server import listen
from aitronos_mock.shared_limits.store import RateStore, SharedLimiter
from aitronos_mock.store.sql import SQLStore
from aitronos_mock.store.sqlite import SQLiteDatabase
from aitronos_mock.workers import Lifeline


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


def test_a_limit_in_a_store_is_of_one_signing_key(database: SQLiteDatabase, clock: Any) -> None:
    """Where a store counts, it does so for all processes that sign with one key, which no key in the store has."""
    store = RateStore(cast(Any, None), "nowhere")

    def prefix(key: bytes) -> str:
        options = replace(_options(), resolve_rate=Rate(1, 1))
        limiter = asyncio.run(furnish(options, database, clock, key, store)).default.mock.resolve_limiter
        assert isinstance(limiter, SharedLimiter)
        return limiter.prefix

    assert prefix(b"key") == prefix(b"key") != prefix(b"other key")
    assert re.fullmatch("aitronos-mock:[0-9a-f]{16}::0", prefix(b"key"))


def test_a_store_that_is_none_is_refused() -> None:
    """A URL that names no store ends the start with one line, and the options do not show it."""
    options = replace(_options(), rate_store="http://:S3cret@localhost")

    with pytest.raises(click.ClickException, match="--rate-limit-store takes redis://"):
        run(options, SystemClock(), b"key")
    assert "S3cret" not in repr(options)


def _serving(listener: socket.socket, **changes: Any) -> Serving:
    return Serving(replace(_options(), **changes), SystemClock(), b"key", Door(), listener)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A bound socket."""
    with listen("127.0.0.1", 0) as bound:
        yield bound


def test_several_workers_serve_until_a_signal(listener: socket.socket) -> None:
    """Whoever started them is told once that all answer, and goes on when all have ended."""
    told = []

    def on_ready() -> None:
        told.append("ready")
        os.kill(os.getpid(), signal.SIGTERM)

    serve_with(2, _serving(listener), on_ready)
    assert ["ready"] == told


def test_several_workers_serve_until_another_reason(listener: socket.socket) -> None:
    """Whatever else a mock is to stop with stops its workers too."""
    ready = threading.Event()
    serve_with(2, _serving(listener), ready.set, ready.wait)

    assert ready.is_set()


def test_workers_that_cannot_start_end_with_exit_code_2(
    listener: socket.socket, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """One line says why, however many there were to be."""
    with pytest.raises(SystemExit) as ended:
        serve_with(3, _serving(listener, database=f"sqlite:///{tmp_path}/not/there.db"), lambda: None)

    assert 2 == ended.value.code
    assert 1 == capfd.readouterr().err.count("aitronos-mock: cannot use the database")


def test_a_worker_ends_with_its_supervisor(listener: socket.socket) -> None:
    """It notices that nobody holds the other end of its lifeline any more."""
    ours, theirs = Pipe()

    def let_go() -> None:
        ours.recv_bytes()
        ours.close()

    thread = threading.Thread(target=let_go)
    thread.start()
    _serving(listener).as_worker(Lifeline(theirs))
    thread.join()

    assert ours.closed


def test_a_worker_that_cannot_start_says_why(listener: socket.socket, capsys: pytest.CaptureFixture[str]) -> None:
    """In one line, with exit code 2."""
    with pytest.raises(SystemExit) as ended:
        _serving(listener, seed="/nowhere/at/all.yaml").as_worker(Lifeline(Pipe()[1]))

    assert 2 == ended.value.code
    assert capsys.readouterr().err.startswith("aitronos-mock: /nowhere/at/all.yaml")


def test_sqlite_has_no_room_for_workers() -> None:
    """The refusal says why, and what to do instead."""
    with pytest.raises(click.ClickException) as refused:
        run(replace(_options(), workers=4), SystemClock(), b"key")

    assert (
        "4 workers cannot share SQLite, which is for one process; name a --database postgresql://…, or leave --workers"
        " out"
    ) == refused.value.message


def test_options_show_no_password() -> None:
    """The URLs of a database and of a store of limits may have a password, and the repr has neither."""
    shown = repr(replace(_options(), database="postgresql://mock:canary@host/db", rate_store="redis://:canary@host"))

    assert "canary" not in shown
