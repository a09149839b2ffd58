"""The limit on resolves: exact under concurrency, and there when the store that it is counted in is not."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from tests.engines.postgresql import PostgreSQL
from tests.engines.valkey import PASSWORD, Valkey, running_valkey

from .connections import Connection
from .mocks import KillableMock

_RESOLVE = "/v1/music/shared/shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"
_REQUESTS = 1000
_CLIENTS = 8
_RECOVERY_SECONDS = 2.0
_FROZEN = ("--clock", "2026-06-28T10:30:00Z", "--max-connections", "2000")


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    """A server of Valkey or Redis."""
    with running_valkey() as server:
        yield server


async def _statuses(*urls: str) -> Counter[int]:
    """How many of so many concurrent resolves, on connections of their own, got which status."""
    connections = [Connection(urls[number % len(urls)]) for number in range(_REQUESTS)]
    for connection in connections:
        await connection.open()
    answers = await asyncio.gather(*(connection.get(_RESOLVE) for connection in connections))
    for connection in connections:
        connection.close()
    return Counter(answer.status for answer in answers)


def test_one_process_admits_exactly_the_burst(start: Callable[..., KillableMock], tell: Callable[[str], None]) -> None:
    """Of 1,000 concurrent requests, as many are admitted as the bucket has tokens, and no other is."""
    mock = start("sqlite://", "--resolve-rate-limit", "250/minute", *_FROZEN)

    statuses = asyncio.run(_statuses(mock.url))
    assert {200: 300, 429: 700} == statuses
    tell(f"one process, a burst of 300, {_REQUESTS} concurrent requests: {statuses[200]} admitted")


@pytest.mark.postgresql
@pytest.mark.valkey
def test_replicas_admit_exactly_the_burst_together(
    start: Callable[..., KillableMock], durable_postgresql: PostgreSQL, valkey: Valkey, tell: Callable[[str], None]
) -> None:
    """Two replicas with two workers each admit together as many as one bucket has tokens."""
    database = durable_postgresql.new_database()
    options = ("--resolve-rate-limit", "250/minute", "--workers", "2", "--rate-limit-store", valkey.url, *_FROZEN)
    mocks = [start(database, *options) for _ in range(2)]

    statuses = asyncio.run(_statuses(*(mock.url for mock in mocks)))
    assert {200: 300, 429: 700} == statuses
    tell(f"2 replicas x 2 workers, a burst of 300, {_REQUESTS} concurrent requests: {statuses[200]} admitted")


@pytest.mark.valkey
def test_a_running_clock_admits_what_its_time_gives(
    start: Callable[..., KillableMock], valkey: Valkey, tell: Callable[[str], None]
) -> None:
    """By the server's clock, the burst is admitted and what comes back while the requests run."""
    mock = start("sqlite://", "--resolve-rate-limit", "5/minute", "--rate-limit-store", valkey.url, *_FROZEN[2:])

    began = time.monotonic()
    statuses = asyncio.run(_statuses(mock.url))
    most = 6 + math.floor((time.monotonic() - began) * 5 / 60)
    assert {200, 429} == set(statuses)
    assert 6 <= statuses[200] <= most
    tell(f"a running clock, a burst of 6, {_REQUESTS} concurrent requests: {statuses[200]} admitted, of {most} at most")


class Load:
    """What clients that resolve one after the other were told."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.longest = 0.0

    async def resolve(self, url: str) -> None:
        """Resolve again and again."""
        connection = Connection(url)
        await connection.open()
        with closing(connection):
            while True:
                began = time.monotonic()
                answer = await connection.get(_RESOLVE)
                self.longest = max(self.longest, time.monotonic() - began)
                self.statuses[answer.status] += 1

    async def more(self, requests: int = 200) -> None:
        """Wait until so many more have been answered."""
        enough = self.statuses.total() + requests
        # What is waited for is another process, which sets no event.
        while self.statuses.total() < enough:  # noqa: ASYNC110 - the same
            await asyncio.sleep(0.01)


@asynccontextmanager
async def _loading(url: str) -> AsyncIterator[Load]:
    load = Load()
    async with asyncio.timeout(120), asyncio.TaskGroup() as group:
        tasks = [group.create_task(load.resolve(url)) for _ in range(_CLIENTS)]
        yield load
        for task in tasks:
            task.cancel()


async def _counted_again(valkey: Valkey) -> float:
    """Seconds until a bucket is in the store."""
    began = time.monotonic()
    # The store has forgotten all, so that a key in it is a new one; it sets no event.
    while b"*0" in await asyncio.to_thread(valkey.command, "KEYS", "aitronos-mock:*::*"):  # noqa: ASYNC110 - the same
        await asyncio.sleep(0.01)
    return time.monotonic() - began


async def _killed(valkey: Valkey) -> float:
    valkey.kill()
    await asyncio.sleep(0.5)
    await asyncio.to_thread(valkey.start)
    return await _counted_again(valkey)


async def _halted(valkey: Valkey) -> float:
    valkey.halt()
    await asyncio.sleep(2)
    valkey.go_on()
    await asyncio.to_thread(valkey.command, "FLUSHALL")
    return await _counted_again(valkey)


@pytest.mark.valkey
@pytest.mark.parametrize("harm", [_killed, _halted], ids=["killed", "halted"])
def test_a_store_that_goes_away_costs_no_answer(
    start: Callable[..., KillableMock],
    valkey: Valkey,
    tmp_path: Path,
    is_full: bool,
    length: Callable[[int, int], int],
    tell: Callable[[str], None],
    harm: Callable[[Valkey], Awaitable[float]],
) -> None:
    """While it is away no request fails, and soon after it is back it counts again. No log has its password."""
    times = length(10, 2)
    mock = start("sqlite://", "--resolve-rate-limit", "60000/minute", "--rate-limit-store", valkey.url)

    async def run() -> tuple[Load, list[float]]:
        recoveries = []
        async with _loading(mock.url) as load:
            for _ in range(times):
                await load.more()
                recoveries.append(await harm(valkey))
            await load.more()
        return load, recoveries

    load, recoveries = asyncio.run(run())
    assert set(load.statuses) <= {200, 429}
    assert PASSWORD not in (tmp_path / "log").read_text("utf-8")
    tell(
        f"{times} times: {load.statuses.total()} answers, each 200 or 429, the longest after {load.longest:.2f} s;"
        f" longest recovery {max(recoveries):.2f} s"
    )
    assert not is_full or max(load.longest, *recoveries) <= _RECOVERY_SECONDS
