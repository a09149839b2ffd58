"""Announcements among replicas, over a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

import asyncpg
import pytest
from tests.engines.postgresql import PostgreSQL

from aitronos_mock.replicas.broadcast import Broadcast, Pace
from aitronos_mock.replicas.line import MARK
from aitronos_mock.replicas.reaching import Connection
from aitronos_mock.store.errors import StoreUnavailable

Ready = TypeVar("Ready")

pytestmark = pytest.mark.postgresql

QUICK = Pace(tick=0.01, patience=5.0, look=0.01, check=0.01, retry=0.01)


@pytest.fixture
def database_url(postgresql: PostgreSQL) -> str:
    """An empty database."""
    return postgresql.new_database()


class Notebook:
    """A member that remembers one number of the database, and takes down what it is told."""

    def __init__(self) -> None:
        self.number: int | None = None
        self.followed: list[str] = []
        self.joined = self.left = self.ticks = 0
        self.may_follow = asyncio.Event()
        self.may_follow.set()
        self.trouble: Exception | None = None

    async def join(self, connection: Connection) -> None:
        """Read the number."""
        self.joined += 1
        self.number = await connection.fetchval("SELECT number FROM numbers")

    async def follow(self, connection: Connection, subjects: Collection[str]) -> None:
        """Read it again, when that is allowed."""
        await self.may_follow.wait()
        if self.trouble is not None:
            raise self.trouble
        self.number = await connection.fetchval("SELECT number FROM numbers")
        self.followed += sorted(subjects)

    async def tick(self, connection: Connection) -> None:
        """Count."""
        self.ticks += 1

    def leave(self) -> None:
        """Forget the number."""
        self.number = None
        self.left += 1


class Replica:
    """A member with its broadcast."""

    def __init__(self, url: str, pool: Any, pace: Pace) -> None:
        self.notebook = Notebook()
        self.pool = pool
        self.broadcast = Broadcast(partial(asyncpg.connect, url), pool.acquire, pace)

    @property
    def is_listening(self) -> bool:
        """Whether it can be relied upon."""
        try:
            self.broadcast.require_listening()
        except StoreUnavailable:
            return False
        return True

    async def set(self, number: int) -> None:
        """Change the number, and announce it."""
        async with self.broadcast.announcing("the number") as connection:
            await connection.execute("UPDATE numbers SET number = $1", number)


Start = Callable[..., Awaitable[Replica]]


@asynccontextmanager
async def replicas(url: str) -> AsyncIterator[Start]:
    """Starts replicas over a database with one number, 0, and stops them in the end."""
    async with asyncpg.create_pool(url, min_size=1) as pool:
        await pool.execute("CREATE TABLE numbers AS SELECT 0 AS number")
        running = []

        async def start(pace: Pace = QUICK) -> Replica:
            replica = Replica(url, pool, pace)
            context = replica.broadcast.running(replica.notebook)
            await context.__aenter__()
            running.append(context)
            return replica

        try:
            yield start
        finally:
            for context in running:
                await context.__aexit__(None, None, None)


async def until(true: Callable[[], object]) -> None:
    """Let others run until something is so."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - what is waited for may be anything
            await asyncio.sleep(0.001)


def run(story: Callable[[Start], Coroutine[Any, Any, Ready]], url: str) -> Ready:
    """What comes of a story that takes place over this database."""

    async def told() -> Ready:
        async with replicas(url) as start:
            return await story(start)

    return asyncio.run(told())


async def cut(url: str) -> None:
    """End every line, as an administrator would."""
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1"
        " AND datname = current_database()",
        MARK,
    )
    await connection.close()


def test_every_replica_has_followed_when_the_change_is_done(database_url: str) -> None:
    """Whoever announced a change finds it at all replicas, its own included, without waiting any further."""

    async def story(start: Start) -> None:
        everyone = [await start() for _ in range(3)]
        for number in range(1, 21):
            await everyone[number % 3].set(number)
            assert [number] * 3 == [replica.notebook.number for replica in everyone]

    run(story, database_url)


def test_changes_at_the_same_time_are_all_followed(database_url: str) -> None:
    """Announcements may cross; each one is back only when its own change is known everywhere."""

    async def story(start: Start) -> None:
        everyone = [await start() for _ in range(2)]
        await asyncio.gather(*(everyone[number % 2].set(number) for number in range(40)))
        assert 1 == len({replica.notebook.number for replica in everyone})
        assert all("the number" in replica.notebook.followed for replica in everyone)

    run(story, database_url)


def test_a_change_that_fails_is_not_announced(database_url: str) -> None:
    """What is raised within the block undoes it, and reaches whoever wanted the change."""

    async def story(start: Start) -> None:
        replica = await start()

        async def fail() -> None:
            async with replica.broadcast.announcing("the number") as connection:
                await connection.execute("UPDATE numbers SET number = 7")
                raise KeyError

        with pytest.raises(KeyError):
            await fail()
        await replica.broadcast.ask("something else")
        assert (["something else"], 0) == (replica.notebook.followed, replica.notebook.number)

    run(story, database_url)


def test_whoever_joins_later_knows_what_was_changed_before(database_url: str) -> None:
    """A replica begins with what is so when it joins."""

    async def story(start: Start) -> int | None:
        await (await start()).set(5)
        return (await start()).notebook.number

    assert 5 == run(story, database_url)


def test_a_replica_that_does_not_follow_is_cut(database_url: str) -> None:
    """After the announcer's patience the silent one loses its line, forgets, and joins anew once it can."""

    async def story(start: Start) -> None:
        slow, other = await start(), await start(Pace(tick=0.01, patience=0.05, look=0.01))
        slow.notebook.may_follow.clear()
        await other.set(1)
        assert 1 == other.notebook.number
        slow.notebook.may_follow.set()
        await until(lambda: slow.notebook.number == 1)
        assert (1, 2) == (slow.notebook.left, slow.notebook.joined)

    run(story, database_url)


def test_nobody_waits_for_a_replica_that_is_gone(database_url: str) -> None:
    """A replica whose line ends while it is waited for holds nobody up."""

    async def story(start: Start) -> None:
        slow, other = await start(), await start(Pace(tick=0.01, patience=60, look=0.01))
        slow.notebook.may_follow.clear()
        change = asyncio.create_task(other.set(1))
        await until(lambda: other.notebook.number == 1)
        slow.broadcast.require_listening().close()
        await change

    run(story, database_url)


def test_a_lost_line_is_noticed_and_made_anew(database_url: str) -> None:
    """Meanwhile the replica remembers nothing and announces nothing."""

    async def story(start: Start) -> None:
        replica = await start(Pace(tick=0.01, retry=0.05))
        await cut(database_url)
        await until(lambda: not replica.is_listening)
        assert (None, 1) == (replica.notebook.number, replica.notebook.left)
        with pytest.raises(StoreUnavailable):
            await replica.set(1)
        await until(lambda: replica.is_listening)
        await replica.set(2)
        assert 2 == replica.notebook.number

    run(story, database_url)


def test_whoever_loses_the_line_while_waiting_says_so(database_url: str) -> None:
    """The change is made, and nobody knows whether the others have followed."""

    async def story(start: Start) -> None:
        slow, replica = await start(), await start()
        slow.notebook.may_follow.clear()
        change = asyncio.create_task(replica.set(3))
        await until(lambda: replica.notebook.number == 3)
        replica.broadcast.require_listening().close()
        with pytest.raises(StoreUnavailable):
            await change
        slow.notebook.may_follow.set()
        await until(lambda: slow.notebook.number == 3)

    run(story, database_url)


def test_an_acknowledgement_may_come_too_late(database_url: str) -> None:
    """One that nobody waits for any more is passed over."""

    async def story(start: Start) -> None:
        replica = await start()
        address = replica.broadcast.require_listening().address
        await replica.pool.execute("SELECT pg_notify($1, 'an announcement of old')", address)
        await replica.set(1)
        assert 1 == replica.notebook.number

    run(story, database_url)


def test_a_replica_that_fails_to_follow_begins_anew(database_url: str) -> None:
    """Whatever went wrong, it does not go on as if it had followed."""

    async def story(start: Start) -> None:
        failing, other = await start(), await start()
        failing.notebook.trouble = ValueError("unforeseen")
        await other.set(4)
        failing.notebook.trouble = None
        await until(lambda: failing.is_listening)
        assert 4 == failing.notebook.number

    run(story, database_url)


def test_a_replica_keeps_trying_to_listen(database_url: str) -> None:
    """What keeps it from joining is no reason to give up."""

    async def story(start: Start) -> None:
        replica = await start()
        await replica.pool.execute("ALTER TABLE numbers RENAME TO elsewhere")
        await cut(database_url)
        await until(lambda: replica.notebook.joined > 3)
        await replica.pool.execute("ALTER TABLE elsewhere RENAME TO numbers")
        await until(lambda: replica.is_listening)
        assert 0 == replica.notebook.number

    run(story, database_url)


def test_members_are_ticked_without_announcements(database_url: str) -> None:
    """From time to time each does what is to be done."""

    async def story(start: Start) -> None:
        replica = await start()
        await until(lambda: replica.notebook.ticks > 3)

    run(story, database_url)


def test_a_database_that_cannot_be_reached_is_said_to_be_away() -> None:
    """At the start there is nobody to wait for it."""

    async def story() -> None:
        broadcast = Broadcast(partial(asyncpg.connect, "postgresql://127.0.0.1:1/none"), asyncpg.create_pool().acquire)
        async with broadcast.running(Notebook()):
            pass

    with pytest.raises(StoreUnavailable):
        asyncio.run(story())


def test_a_line_that_breaks_at_once_is_no_line(database_url: str) -> None:
    """The database counts as away, too, where a connection is lost before anybody could listen on it."""

    async def connect() -> Connection:
        connection = await asyncpg.connect(database_url)
        await connection.close()
        return connection

    async def story(start: Start) -> None:
        replica = await start()
        broken = Broadcast(connect, replica.pool.acquire)
        with pytest.raises(StoreUnavailable):
            await broken.running(Notebook()).__aenter__()

    run(story, database_url)


def test_a_member_that_cannot_join_keeps_the_replica_from_starting(database_url: str) -> None:
    """What it raised is what is raised, and the line is closed."""

    async def story(start: Start) -> None:
        replica = await start()
        await replica.pool.execute("DROP TABLE numbers")
        with pytest.raises(asyncpg.UndefinedTableError):
            await start()

    run(story, database_url)
