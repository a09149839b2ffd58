"""Token buckets in Valkey or Redis."""

from __future__ import annotations

import asyncio
import math
import re
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines.valkey import PASSWORD, Valkey

from aitronos_mock.clock import ClockState
from aitronos_mock.limits import Rate, RateLimiter, Verdict
from aitronos_mock.shared_limits.buckets import RedisBuckets
from aitronos_mock.shared_limits.ports import StoreAway

pytestmark = pytest.mark.valkey

_RATE = Rate(per_minute=60, burst=3)
_RUNNING = ClockState()


def _with_buckets(url: str, use: Callable[[RedisBuckets], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        buckets = RedisBuckets(url)
        try:
            return await use(buckets)
        finally:
            await buckets.close()

    return asyncio.run(run())


def _take(url: str, key: str, clock: ClockState = _RUNNING) -> Verdict:
    verdict: Verdict = _with_buckets(url, lambda buckets: buckets.take(key, _RATE, clock))
    return verdict


def _server_time(valkey: Valkey) -> float:
    seconds, microseconds = re.findall(rb"\r\n(\d+)(?=\r\n)", valkey.command("TIME"))
    return int(seconds) + int(microseconds) / 1e6


@given(
    st.builds(Rate, st.integers(1, 10_000), st.integers(1, 12_000)),
    st.floats(0, 4e9),
    st.lists(st.tuples(st.sampled_from(["one", "other"]), st.floats(-10, 10)), min_size=1, max_size=10),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_bucket_counts_like_one_in_memory(
    valkey: Valkey, rate: Rate, now: float, requests: list[tuple[str, float]]
) -> None:
    """Whatever the rate, the clients and the moments: the store's verdicts are those of a limiter in memory."""
    limiter = RateLimiter(rate)

    async def compare(buckets: RedisBuckets) -> None:
        moment = now
        for client, pause in requests:
            moment += pause
            expected = limiter.take(client, moment)
            assert expected == await buckets.take(client, rate, ClockState(frozen_at=moment))

    valkey.command("FLUSHALL")
    _with_buckets(valkey.url, compare)


@pytest.mark.parametrize("ahead", [0.0, 3600.0])
def test_a_running_clock_is_the_server_s(valkey: Valkey, ahead: float) -> None:
    """A clock that runs is counted by the server's, put forward as far as the sandbox's is."""
    before = _server_time(valkey)
    verdict = _take(valkey.url, f"ahead {ahead}", ClockState(ahead=ahead))
    after = _server_time(valkey)

    assert math.ceil(before + ahead + 1) <= verdict.reset <= math.ceil(after + ahead + 1)


@pytest.mark.parametrize(("clock", "seconds"), [(_RUNNING, 1), (ClockState(frozen_at=0.0), 86400)])
def test_a_bucket_expires(valkey: Valkey, clock: ClockState, seconds: int) -> None:
    """A key lives until its bucket is full, or for a day where the clock stands still."""
    _take(valkey.url, f"expires-{seconds}", clock)
    answered = valkey.command("PTTL", f"expires-{seconds}")

    assert 1000 * (seconds - 1) < int(answered[1:]) + 1000 <= 1000 * (seconds + 1)


def test_a_server_that_has_lost_the_script_gets_it_again(valkey: Valkey) -> None:
    """Another server in its place, or one that was told to forget its scripts, is asked as before."""

    async def use(buckets: RedisBuckets) -> list[int]:
        before = await buckets.take("forgetful", _RATE, ClockState(0.0))
        valkey.command("SCRIPT", "FLUSH")
        return [before.remaining, (await buckets.take("forgetful", _RATE, ClockState(0.0))).remaining]

    assert [2, 1] == _with_buckets(valkey.url, use)


def _reason(url: str) -> str:
    with pytest.raises(StoreAway) as away:
        _take(url, "refused")
    assert away.value.__cause__ is None
    assert PASSWORD not in str(away.value)
    return str(away.value)


@pytest.mark.parametrize("user", ["", ":wrong@", "nobody:wrong@"])
def test_a_refused_password_is_told(valkey: Valkey, user: str) -> None:
    """Whoever has no password, or another one, is told so."""
    assert "it refuses the user or the password, or wants one" == _reason(f"redis://{user}127.0.0.1:{valkey.port}")


def test_a_user_without_the_right_is_told(own_valkey: Valkey) -> None:
    """A user who may not do what is needed is told what that is."""
    own_valkey.command("ACL", "SETUSER", "guest", "on", ">guest", "~other:*", "+@all")

    said = _reason(f"redis://guest:guest@127.0.0.1:{own_valkey.port}")
    assert "the user may not run scripts, or not on keys aitronos-mock:*" == said


@pytest.mark.parametrize("command", ["CONFIG SET maxmemory 1", "REPLICAOF 127.0.0.1 1"])
def test_a_server_that_takes_no_writes_is_told(own_valkey: Valkey, command: str) -> None:
    """A server whose memory is full, or which follows another one, cannot count."""
    own_valkey.command(*command.split())

    assert "it takes no writes" == _reason(own_valkey.url)


def test_a_server_that_is_not_there_is_told(own_valkey: Valkey) -> None:
    """Where nothing listens, that is said."""
    own_valkey.kill()

    assert "nothing answers there" == _reason(own_valkey.url)


def test_another_kind_of_server_is_told() -> None:
    """Whatever else answers, its words are not repeated."""
    ended = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()
        writer.close()
        await writer.wait_closed()
        ended.set()

    async def ask() -> str:
        server = await asyncio.start_server(talk, "127.0.0.1", 0, family=socket.AF_INET)
        async with server:
            buckets = RedisBuckets(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}")
            with pytest.raises(StoreAway) as away:
                await buckets.take("refused", _RATE, _RUNNING)
            await buckets.close()
            await ended.wait()
        return str(away.value)

    assert "it does not answer like Valkey or Redis" == asyncio.run(ask())
