"""How many resolves one client may make."""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, IPv6Network
from typing import NamedTuple, Protocol

from .clock import AdjustableClock

_FORM = re.compile(r"([1-9][0-9]{0,8})/minute")
_BURST_FACTOR = 1.2
_MAX_CLIENTS = 100_000


class Rate(NamedTuple):
    """A token bucket's measures.

    Attributes:
        per_minute: Requests granted per minute.
        burst: Requests that a client which kept still may make at once.
    """

    per_minute: int
    burst: int

    @classmethod
    def parse(cls, text: str) -> Rate | None:
        """Read `N/minute`, with a burst of 1.2 N as the public standard plan has it, or `off`.

        Raises:
            ValueError: The text is neither; the message says what to write.
        """
        if text == "off":
            return None
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no rate; write N/minute with N from 1, for instance 100/minute, or off")
        per_minute = int(match[1])
        return cls(per_minute, math.floor(per_minute * _BURST_FACTOR))


class Verdict(NamedTuple):
    """Whether a request is admitted, and what the client is told about its allowance.

    Attributes:
        admitted: Whether the request may go on.
        limit: Requests granted per minute.
        remaining: Requests that would be admitted right now.
        reset: Unix seconds at which the whole allowance is available again.
        retry_after: Whole seconds until a request would be admitted; 0 while one would be.
    """

    admitted: bool
    limit: int
    remaining: int
    reset: int
    retry_after: int

    @classmethod
    def of(cls, rate: Rate, level: float, now: float, *, admitted: bool) -> Verdict:
        """What is said of a bucket that has `level` tokens left at `now` (Unix seconds)."""
        per_second = rate.per_minute / 60
        reset = math.ceil(now + (rate.burst - level) / per_second)
        retry_after = 0 if level >= 1 else math.ceil((1 - level) / per_second)
        return cls(admitted, rate.per_minute, math.floor(level), reset, retry_after)


def client_of(address: str) -> str:
    """Who stands behind an address: with IPv6 the whole /64, which is what one household gets and can walk through."""
    if ":" not in address:
        return address
    found = IPv6Address(address.partition("%")[0])
    return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False))


class Limiter(Protocol):
    """Grants each client so many requests."""

    async def admit(self, client: str, now: float) -> Verdict:
        """Count one request of the client at `now` (Unix seconds), if it is granted."""
        ...


Limiting = Callable[[Rate, str, AdjustableClock], Limiter]
"""Makes the limiter of one life of one sandbox, which has this name and this clock."""


class RateLimiter:
    """One token bucket per client, in memory.

    The clients seen last are kept, up to a bound; one that is forgotten starts with a full bucket, which by then its
    own would nearly always be.
    """

    def __init__(self, rate: Rate, max_clients: int = _MAX_CLIENTS) -> None:
        self._rate = rate
        self._per_second = rate.per_minute / 60
        self._max_clients = max_clients
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def admit(self, client: str, now: float) -> Verdict:
        """Count one request of the client at `now` (Unix seconds), if it is granted."""
        return self.take(client, now)

    def take(self, client: str, now: float) -> Verdict:
        """Take one token from the client's bucket at `now` (Unix seconds), if there is one."""
        level = self._level(client, now)
        admitted = level >= 1
        if admitted:
            level -= 1
        self._keep(client, level, now)
        return Verdict.of(self._rate, level, now, admitted=admitted)

    def _level(self, client: str, now: float) -> float:
        if client not in self._buckets:
            return self._rate.burst
        level, since = self._buckets[client]
        # A clock that was set back gives no tokens and takes none.
        refilled = level + max(0.0, now - since) * self._per_second
        # Rounded, because whoever waited exactly as long as told must not miss the token by what a float cannot hold.
        return self._rate.burst if refilled >= self._rate.burst else round(refilled, 9)

    def _keep(self, client: str, level: float, now: float) -> None:
        self._buckets[client] = (level, now)
        self._buckets.move_to_end(client)
        if len(self._buckets) > self._max_clients:
            self._buckets.popitem(last=False)


def limited_here(rate: Rate, life: str, clock: AdjustableClock) -> Limiter:
    """A limiter in the memory of this process."""
    return RateLimiter(rate)
