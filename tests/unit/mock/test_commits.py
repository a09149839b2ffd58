"""Writes that come at the same time go to the disk at the same time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from aitronos_mock.domain.digests import digest
from aitronos_mock.domain.models import ShareLink, World
from aitronos_mock.domain.ports import DuplicateId
from aitronos_mock.store import statements
from aitronos_mock.store.commits import GroupCommit
from aitronos_mock.store.errors import StoreUnavailable
from aitronos_mock.store.sql import SQLStore
from aitronos_mock.store.sqlite import SQLiteDatabase
from aitronos_mock.store.worlds import link_values

PATIENCE_SECONDS = 20


@pytest.fixture
def database(tmp_path: Path, world: World) -> Iterator[SQLiteDatabase]:
    """The small world, in a file."""
    with closing(SQLiteDatabase(f"sqlite:///{tmp_path}/world.db")) as database:
        asyncio.run(database.sandbox(0).load(world))
        yield database


@pytest.fixture
def store(database: SQLiteDatabase) -> SQLStore:
    """Its store."""
    return database.sandbox(0)


def _raw(database: SQLiteDatabase) -> Any:
    return database.connection.connection.driver_connection


async def _add(store: SQLStore, number: int, title: str = "") -> None:
    link = ShareLink(f"mslink_{number}{title}", "track", "mtrack_b4d9e1c6a72f", "public", 0)
    await store.add_share_link(link, digest(str(number)))


async def _add_all(store: SQLStore, *numbers: int) -> list[BaseException | None]:
    return await asyncio.gather(*(_add(store, number) for number in numbers), return_exceptions=True)


def _kept(store: SQLStore) -> int:
    return len(asyncio.run(store.world()).share_links)


def test_writers_of_one_moment_share_one_commit(database: SQLiteDatabase, store: SQLStore) -> None:
    """Fifty writers cost one commit, and each has its own link kept."""
    said: list[str] = []
    _raw(database).set_trace_callback(said.append)

    assert [None] * 50 == asyncio.run(_add_all(store, *range(50)))
    _raw(database).set_trace_callback(None)
    assert 1 == sum(each == "COMMIT" for each in said)
    assert 11 + 50 == _kept(store)


def test_a_refused_write_takes_no_other_with_it(store: SQLStore) -> None:
    """Of the writers that share a commit, those with a taken identifier are refused, and the others are kept."""
    refusals = asyncio.run(_add_all(store, 1, 2, 1, 3, 1))

    assert [None, None, DuplicateId, None, DuplicateId] == [each and type(each) for each in refusals]
    assert 11 + 3 == _kept(store)


def test_who_does_not_wait_for_its_write_disturbs_no_other(store: SQLStore) -> None:
    """A writer that is cancelled while it waits leaves the others their answers."""

    async def write() -> list[bool]:
        impatient, patient = asyncio.create_task(_add(store, 1)), asyncio.create_task(_add(store, 2))
        await asyncio.sleep(0)
        impatient.cancel()
        await asyncio.wait([impatient, patient])
        return [impatient.cancelled(), patient.exception() is None]

    assert [True, True] == asyncio.run(write())
    assert digest("2") in asyncio.run(store.world()).share_links


def test_a_disk_that_is_full_keeps_all_or_nothing(database: SQLiteDatabase, store: SQLStore) -> None:
    """Where a commit fails, each of its writers is told, nothing of it is kept, and the next one has its chance."""
    (pages,) = _raw(database).execute("PRAGMA page_count").fetchone()
    _raw(database).execute(f"PRAGMA max_page_count = {pages}")

    async def fill() -> list[BaseException | None]:
        writes = (_add(store, number, "x" * 10_000) for number in range(10))
        return await asyncio.gather(*writes, return_exceptions=True)

    assert {StoreUnavailable} == {type(each) for each in asyncio.run(fill())}
    assert 11 == _kept(store)
    _raw(database).execute("PRAGMA max_page_count = 100000")
    assert [None] * 10 == asyncio.run(fill())


def test_another_thread_waits_for_the_disk(database: SQLiteDatabase, store: SQLStore) -> None:
    """Statements run where requests are answered, and what syncs the disk runs elsewhere."""
    threads: dict[bool, set[int]] = {True: set(), False: set()}
    _raw(database).set_trace_callback(lambda said: threads[said == "COMMIT"].add(threading.get_ident()))

    assert [None] * 5 == asyncio.run(_add_all(store, *range(5)))
    _raw(database).set_trace_callback(None)
    assert {threading.get_ident()} == threads[False]
    assert not threads[True] & threads[False]


def test_who_comes_while_the_disk_is_busy_shares_the_next_commit(database: SQLiteDatabase, store: SQLStore) -> None:
    """Of writers that come one after the other, those that find a commit under way go together."""
    commits: list[str] = []
    may_end = threading.Event()

    async def write() -> None:
        loop, has_begun = asyncio.get_running_loop(), asyncio.Event()

        def trace(said: str) -> None:
            if said == "COMMIT":
                commits.append(said)
                loop.call_soon_threadsafe(has_begun.set)
                assert may_end.wait(PATIENCE_SECONDS)

        _raw(database).set_trace_callback(trace)
        first = asyncio.create_task(_add(store, 0))
        await has_begun.wait()
        others = [asyncio.create_task(_add(store, number)) for number in range(1, 9)]
        await asyncio.sleep(0)
        may_end.set()
        await asyncio.gather(first, *others)

    asyncio.run(write())
    _raw(database).set_trace_callback(None)
    assert ["COMMIT"] * 2 == commits
    assert 11 + 9 == _kept(store)


def test_a_world_is_replaced_between_two_commits(store: SQLStore, world: World) -> None:
    """Whoever replaces everything waits for what is being written, which it replaces too."""

    async def replace() -> None:
        writing = asyncio.create_task(_add(store, 1))
        await asyncio.sleep(0)
        await asyncio.gather(store.load(world), store.set_track_removed("mtrack_b4d9e1c6a72f", removed=True), writing)

    asyncio.run(replace())
    assert 11 == _kept(store)


def test_where_threads_may_share_no_connection_the_loop_waits(database: SQLiteDatabase) -> None:
    """A SQLite that is built so is used from one thread alone."""
    threads: set[int] = set()
    commits = GroupCommit(_raw(database), has_threads=False)
    _raw(database).set_trace_callback(lambda said: threads.add(threading.get_ident()))

    link = ShareLink("mslink_1", "track", "mtrack_b4d9e1c6a72f", "public", 0)
    asyncio.run(commits.write(statements.ADD_LINK, {"sandbox": 0, **link_values(link, digest("1"))}))
    _raw(database).set_trace_callback(None)
    commits.close()
    assert {threading.get_ident()} == threads


def test_who_reads_during_a_commit_waits_for_its_end(database: SQLiteDatabase, store: SQLStore) -> None:
    """The connection is the thread's meanwhile; only what is remembered is told at once."""
    may_end = threading.Event()

    async def read() -> list[bool]:
        loop, has_begun = asyncio.get_running_loop(), asyncio.Event()

        def trace(said: str) -> None:
            if said == "COMMIT":
                loop.call_soon_threadsafe(has_begun.set)
                assert may_end.wait(PATIENCE_SECONDS)

        await store.user_of_key(digest("owner-key"))
        _raw(database).set_trace_callback(trace)
        writing = asyncio.create_task(_add(store, 1))
        await has_begun.wait()
        # What takes the lock of SQLite here would wait for ever.
        remembered = asyncio.create_task(store.user_of_key(digest("owner-key")))
        looked_up = asyncio.create_task(store.user_of_key(digest("fellow-key")))
        opened = asyncio.create_task(store.shared_content(digest("1")))
        await asyncio.sleep(0)
        done = [task.done() for task in (remembered, looked_up, opened)]
        may_end.set()
        await writing
        assert [await looked_up, await opened].count(None) == 0
        return done

    assert [True, False, False] == asyncio.run(read())
    _raw(database).set_trace_callback(None)
