"""Limits in a store, and in memory while the store is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
from tests.engines.valkey import PASSWORD, Valkey

from aitronos_mock.clock import AdjustableClock
from aitronos_mock.limits import Limiter, Rate, Verdict
from aitronos_mock.shared_limits.opening import open_rate_store
from aitronos_mock.shared_limits.store import RateStore

pytestmark = pytest.mark.valkey

_PATIENCE_SECONDS = 30


@asynccontextmanager
async def _opened(valkey: Valkey) -> AsyncIterator[RateStore]:
    async with open_rate_store(valkey.url) as store:
        assert store is not None
        yield store


def _limiter(store: RateStore, clock: Any, rate: Rate, world: str = "world", life: str = ":0") -> Limiter:
    return store.limiting(world)(rate, life, AdjustableClock(clock, frozen_at=int(clock.time())))


def test_exactly_the_burst_is_admitted_by_all_processes_together(own_valkey: Valkey, clock: Any) -> None:
    """Of 1,000 concurrent requests through four stores, as many processes have them, exactly the burst is admitted."""
    rate = Rate(per_minute=250, burst=300)

    async def ask() -> list[Verdict]:
        async with AsyncExitStack() as stack:
            stores = [await stack.enter_async_context(_opened(own_valkey)) for _ in range(4)]
            limiters = [_limiter(store, clock, rate) for store in stores]
            return await asyncio.gather(*(limiters[number % 4].admit("192.0.2.7", 0) for number in range(1000)))

    verdicts = asyncio.run(ask())
    assert 300 == sum(verdict.admitted for verdict in verdicts)
    assert {*range(300)} == {verdict.remaining for verdict in verdicts if verdict.admitted}


@pytest.mark.parametrize("other", [{"world": "other"}, {"life": ":1"}, {"life": "named:0"}])
def test_each_life_of_each_sandbox_of_each_world_has_buckets_of_its_own(
    own_valkey: Valkey, clock: Any, other: dict[str, str]
) -> None:
    """A reset, another sandbox and another mock on the same store begin with full buckets."""

    async def ask() -> list[bool]:
        async with _opened(own_valkey) as store:
            limiters = [_limiter(store, clock, Rate(1, 1)), _limiter(store, clock, Rate(1, 1), **other)]
            return [(await limiter.admit("192.0.2.7", 0)).admitted for limiter in [*limiters, *limiters]]

    assert [True, True, False, False] == asyncio.run(ask())


def test_keys_name_sandbox_and_client_and_hold_no_secret(own_valkey: Valkey, clock: Any) -> None:
    """A key says whose bucket it is: the world's name, the sandbox's, its life's number and the client."""

    async def ask() -> None:
        async with _opened(own_valkey) as store:
            await _limiter(store, clock, Rate(1, 1), life="green:7").admit("2001:db8::/64", 0)

    asyncio.run(ask())
    assert b"*1\r\n$41\r\naitronos-mock:world:green:7:2001:db8::/64\r\n" == own_valkey.command("KEYS", "*")


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        # What is waited for is another process, which sets no event.
        while not is_so():  # noqa: ASYNC110 - the same
            await asyncio.sleep(0.01)


def test_a_store_that_goes_away_is_made_up_for_and_used_again(
    own_valkey: Valkey, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """While it is away each process counts alone; once it is back it counts for all. The log says both, once."""
    caplog.set_level("INFO")

    async def ask() -> list[bool]:
        async with _opened(own_valkey) as store:
            limiter = _limiter(store, clock, Rate(1, 1))
            admitted = [(await limiter.admit("192.0.2.7", 0)).admitted for _ in range(2)]
            own_valkey.kill()
            away = await asyncio.gather(*(limiter.admit("192.0.2.7", 0) for _ in range(100)))
            await asyncio.to_thread(own_valkey.start)
            await _until(lambda: len(caplog.messages) > 1)
            back = [(await limiter.admit("192.0.2.7", 0)).admitted for _ in range(2)]
            return [*admitted, sum(verdict.admitted for verdict in away) == 1, *back]

    assert [True, False, True, True, False] == asyncio.run(ask())
    name = f"redis://127.0.0.1:{own_valkey.port}"
    assert [
        f"The rate limit store {name} is away (nothing answers there); this process limits alone.",
        f"The rate limit store {name} is back.",
    ] == caplog.messages
    assert PASSWORD not in caplog.text


def test_a_store_that_stays_away_is_asked_again(
    own_valkey: Valkey, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """One that does not answer yet is asked again, until it does."""
    caplog.set_level("INFO")
    own_valkey.command("CONFIG", "SET", "maxmemory", "1")

    async def ask() -> None:
        async with _opened(own_valkey) as store:
            await _limiter(store, clock, Rate(1, 1)).admit("192.0.2.7", 0)
            asked = own_valkey.command("INFO", "commandstats")
            await _until(lambda: own_valkey.command("INFO", "commandstats").count(b"evalsha") == 1 and _more(asked))
            own_valkey.command("CONFIG", "SET", "maxmemory", "0")
            await _until(lambda: "is back" in caplog.text)

    def _more(asked: bytes) -> bool:
        return _rejected(own_valkey.command("INFO", "commandstats")) > _rejected(asked)

    asyncio.run(ask())
    assert 2 == len(caplog.messages)


def _rejected(stats: bytes) -> int:
    line = next(line for line in stats.splitlines() if line.startswith(b"cmdstat_evalsha:"))
    counts = dict(pair.split(b"=") for pair in line.partition(b":")[2].split(b","))
    return int(counts[b"calls"]) + int(counts[b"rejected_calls"]) + int(counts[b"failed_calls"])


_RESOLVE = "/v1/music/shared/shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"
_FROZEN = ("--clock", "2026-06-28T10:30:00Z")


def _used_up(url: str) -> list[int]:
    """The statuses of as many resolves as a full bucket grants, and of one more."""
    return [httpx.get(f"{url}{_RESOLVE}").status_code for _ in range(7)]


_GRANTED = [200] * 6 + [429]


def _reset(server: Any, name: str) -> None:
    assert 204 == httpx.post(f"{server.url}/sandboxes/{name}/_mock/reset").status_code


def _delete_and_recreate(server: Any, name: str) -> None:
    assert 204 == httpx.delete(f"{server.url}/_mock/sandboxes/{name}").status_code
    assert 201 == httpx.post(f"{server.url}/_mock/sandboxes", json={"name": name}).status_code


@pytest.mark.parametrize("begin_anew", [_reset, _delete_and_recreate])
def test_a_sandbox_that_begins_anew_has_full_buckets(serve: Any, own_valkey: Valkey, begin_anew: Any) -> None:
    """After a reset, or in a later sandbox of its name, nobody has resolved yet; another sandbox's buckets stay."""
    server = serve("--rate-limit-store", own_valkey.url, "--resolve-rate-limit", "5/minute", *_FROZEN)
    for name in ("checkout", "other"):
        assert 201 == httpx.post(f"{server.url}/_mock/sandboxes", json={"name": name}).status_code
    checkout, other = f"{server.url}/sandboxes/checkout", f"{server.url}/sandboxes/other"
    assert [_GRANTED] * 3 == [_used_up(url) for url in (checkout, other, server.url)]

    begin_anew(server, "checkout")
    assert [_GRANTED, [429] * 7, [429] * 7] == [_used_up(url) for url in (checkout, other, server.url)]
    assert b"*4\r\n" == own_valkey.command("KEYS", "aitronos-mock:*").partition(b"$")[0]


def test_a_default_sandbox_that_is_reset_has_full_buckets(serve: Any, own_valkey: Valkey) -> None:
    """The sandbox without a name begins anew as the others do."""
    server = serve("--rate-limit-store", own_valkey.url, "--resolve-rate-limit", "5/minute", *_FROZEN)
    assert _GRANTED == _used_up(server.url)

    assert 204 == httpx.post(f"{server.url}/_mock/reset").status_code
    assert _GRANTED == _used_up(server.url)
