"""PostgreSQL: killed mocks, killed connections, a server that comes back, and requests that nobody waits for."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.engines.postgresql import NO_CLIENT, PostgreSQL

from aitronos_mock.domain.digests import digest
from aitronos_mock.domain.models import ShareLink
from aitronos_mock.store.databases import open_database

from .mocks import KillableMock
from .writers import WRITERS, Told, refused, writing, written_again

pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(3600)]

# Its module needs asyncpg, without which nothing here can run.
POOL_SIZE: int = pytest.importorskip("aitronos_mock.store.postgresql", reason=NO_CLIENT).POOL_SIZE

_RECOVERY_SECONDS = 2.0
_OURS = "FROM pg_stat_activity WHERE application_name = 'aitronos-mock' AND datname = current_database()"


class Shared:
    """A database of a server, and mocks on it.

    Args:
        server: The server.
        folder: Where the mocks log to.
    """

    def __init__(self, server: PostgreSQL, folder: Path) -> None:
        self.server = server
        self.url = server.new_database()
        self.log = folder / "log"
        self._mocks: list[KillableMock] = []

    def start(self) -> KillableMock:
        """Start another mock."""
        self._mocks.append(KillableMock(self.url, self.log))
        return self._mocks[-1]

    def kill(self, mock: KillableMock) -> None:
        """Kill one of them."""
        self._mocks.remove(mock)
        mock.kill()

    def ask(self, statement: str) -> list[Any]:
        """What the database finds."""
        return self.server.execute(statement, self.url.rpartition("/")[2])

    def ids(self, table: str) -> set[str]:
        """The identifiers in a table."""
        return {link_id for (link_id,) in self.ask(f"SELECT id FROM {table}")}  # noqa: S608 - a name of ours

    def lost(self, told: Told) -> set[str]:
        """What was acknowledged, and is not there."""
        return (set(told.links) - self.ids("share_links")) | (told.edges - self.ids("library"))

    def close(self) -> None:
        """Stop the mocks."""
        for mock in self._mocks:
            assert 0 == mock.stop()


@pytest.fixture
def shared(durable_postgresql: PostgreSQL, tmp_path: Path) -> Iterator[Shared]:
    """A new database, and mocks on it."""
    shared = Shared(durable_postgresql, tmp_path)
    yield shared
    shared.close()


def _recovery(told: Told, since: float, until: float) -> float:
    """Seconds from a moment until every writer has written again and, up to another moment, nobody is refused."""
    first_written: dict[int, float] = {}
    for at, writer in told.written:
        if since < at:
            first_written.setdefault(writer, at)
    return max([*first_written.values(), *(at for at in told.refused_at if since < at < until)]) - since


def test_an_acknowledged_write_survives_a_killed_mock(
    shared: Shared, length: Callable[[int, int], int], tell: Callable[[str], None]
) -> None:
    """One of two mocks is killed again and again; what either acknowledged is there, and the other goes on."""
    kills, told, moments = length(50, 3), Told(), random.Random(0)  # noqa: S311 - moments that can be had again
    staying = shared.start()

    async def kill_one() -> None:
        dying = shared.start()
        async with writing(told, staying.url, dying.url):
            await asyncio.sleep(moments.uniform(0.05, 0.5))
            shared.kill(dying)
            await written_again(told, range(0, WRITERS, 2))

    for _ in range(kills):
        asyncio.run(kill_one())
    assert [] == told.wrong
    assert set() == shared.lost(told)
    tell(f"{kills} kills -9 of one of two mocks: all of {len(told.links)} links acknowledged are there")


def test_killed_connections_are_made_up_for(
    shared: Shared, is_full: bool, length: Callable[[int, int], int], tell: Callable[[str], None]
) -> None:
    """Whoever loses the connection to the database gets a 503 with `Retry-After`, and others take its place at once."""
    kills, told, mock = length(50, 3), Told(), shared.start()
    moments = []

    async def kill_backends() -> None:
        async with writing(told, mock.url):
            for _ in range(kills):
                await asyncio.sleep(0.2)
                moments.append(time.monotonic())
                await asyncio.to_thread(shared.ask, f"SELECT pg_terminate_backend(pid) {_OURS}")
                await written_again(told)

    asyncio.run(kill_backends())
    recoveries = [_recovery(told, *pair) for pair in zip(moments, [*moments[1:], time.monotonic()], strict=True)]
    assert [] == told.wrong
    assert set() == shared.lost(told)
    assert shared.ask(f"SELECT count(*) {_OURS}")[0][0] <= POOL_SIZE
    tell(
        f"{kills} times all connections killed: {len(told.refused_at)} answers 503, {len(told.written)} answers 201,"
        f" none else; longest recovery {max(recoveries):.2f} s"
    )
    assert not is_full or max(recoveries) <= _RECOVERY_SECONDS


def test_a_server_that_comes_back_is_used_again(
    shared: Shared, is_full: bool, length: Callable[[int, int], int], tell: Callable[[str], None]
) -> None:
    """While the server is away every answer is a 503 with `Retry-After`; soon after it is back, writes go on."""
    crashes, told, mock = length(10, 2), Told(), shared.start()
    recoveries = []

    async def crash() -> None:
        async with writing(told, mock.url):
            for _ in range(crashes):
                await asyncio.sleep(0.5)
                await asyncio.to_thread(shared.server.stop, "immediate")
                await refused(told)
                await asyncio.to_thread(shared.server.start)
                back = time.monotonic()
                await written_again(told)
                await asyncio.sleep(0.5)
                recoveries.append(_recovery(told, back, time.monotonic()))

    asyncio.run(crash())
    assert [] == told.wrong
    assert set() == shared.lost(told)
    tell(
        f"{crashes} crashes of the server: all of {len(told.links)} links acknowledged are there,"
        f" {len(told.refused_at)} answers 503; longest recovery {max(recoveries):.2f} s"
    )
    assert not is_full or max(recoveries) <= _RECOVERY_SECONDS


def test_requests_that_nobody_waits_for_leave_no_connection_behind(
    shared: Shared, length: Callable[[int, int], int], tell: Callable[[str], None]
) -> None:
    """Clients that hang up do not use the database up: its connections stay within the pool, and the mock answers."""
    hangups, mock = length(10_000, 500), shared.start()
    host, _, port = mock.url.removeprefix("http://").partition(":")
    request = (
        "POST /v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share HTTP/1.1\r\n"
        f"Host: {host}:{port}\r\nX-API-Key: your-api-key\r\nContent-Length: 0\r\n\r\n"
    ).encode()
    most = 0

    async def hang_up(moment: float) -> None:
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(request)
        await writer.drain()
        await asyncio.sleep(moment)
        writer.transport.abort()

    async def hang_up_all() -> None:
        nonlocal most
        moments = random.Random(0)  # noqa: S311 - moments that can be had again
        for done in range(0, hangups, 100):
            await asyncio.gather(*(hang_up(moments.uniform(0, 0.02)) for _ in range(min(100, hangups - done))))
            (row,) = await asyncio.to_thread(shared.ask, f"SELECT count(*) {_OURS}")
            most = max(most, row[0])

    asyncio.run(hang_up_all())
    assert 1 <= most <= POOL_SIZE
    # What was hung up on is done nevertheless, and stands before it.
    answer = httpx.get(f"{mock.url}/v1/music/shared/shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c", timeout=60)
    assert 200 == answer.status_code
    tell(f"{hangups} requests hung up on: {most} connections at most, of {POOL_SIZE} allowed")


def test_cancelled_writes_leave_no_connection_behind(
    shared: Shared, length: Callable[[int, int], int], tell: Callable[[str], None]
) -> None:
    """Writes that are cancelled at any moment give their connections back, and those after them are served."""
    cancelled, mock = length(10_000, 500), shared.start()
    shared.kill(mock)
    most = 0

    async def cancel(store: Any, number: int, moment: float) -> None:
        link = ShareLink(f"mslink_{number}", "track", "mtrack_b4d9e1c6a72f", "public", 0)
        writing_ = asyncio.create_task(store.add_share_link(link, digest(str(number))))
        await asyncio.sleep(moment)
        writing_.cancel()
        with suppress(asyncio.CancelledError):
            await writing_

    async def cancel_all() -> None:
        nonlocal most
        moments = random.Random(0)  # noqa: S311 - moments that can be had again
        async with open_database(shared.url) as database:
            store = database.sandbox(0)
            # All connections are there before the first write is cancelled.
            await asyncio.gather(*(store.is_empty() for _ in range(10 * POOL_SIZE)))
            for start in range(0, cancelled, 100):
                numbers = range(start, min(start + 100, cancelled))
                await asyncio.gather(*(cancel(store, number, moments.uniform(0, 0.02)) for number in numbers))
                (row,) = await asyncio.to_thread(shared.ask, f"SELECT count(*) {_OURS}")
                most = max(most, row[0])
            # Each of them can be had.
            async with AsyncExitStack() as stack:
                for _ in range(POOL_SIZE):
                    await stack.enter_async_context(database.connection())  # type: ignore[attr-defined] # it has it
            assert not await store.is_empty()

    asyncio.run(cancel_all())
    assert POOL_SIZE == most
    tell(f"{cancelled} writes cancelled: {most} connections at most, of {POOL_SIZE} allowed")
