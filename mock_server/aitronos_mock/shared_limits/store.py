"""Limits in a store, and in memory while the store is away."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from ..clock import AdjustableClock, ClockState
from ..limits import Limiting, Rate, RateLimiter, Verdict
from .ports import Buckets, StoreAway

logger = logging.getLogger("aitronos_mock")

_CONNECTIONS = 16
_PROBE = Rate(per_minute=60, burst=1)
_KEYS = "aitronos-mock"


class RateStore:
    """A store of token buckets, which may go away and come back.

    While it is away nobody waits for it: one background task asks whether it is back.

    Args:
        buckets: What is in it.
        name: What it is called in messages, without any secret.
        pause_seconds: How long to wait before it is asked again.
    """

    def __init__(self, buckets: Buckets, name: str, pause_seconds: float = 0.5) -> None:
        self._buckets = buckets
        self.name = name
        self._pause_seconds = pause_seconds
        self._away = asyncio.Event()
        self._slots = asyncio.Semaphore(_CONNECTIONS)

    def limiting(self, world: str) -> Limiting:
        """Makes the limiters of a world, of which others in the store are told apart by this name."""
        return partial(SharedLimiter, self, f"{_KEYS}:{world}")

    async def take(self, key: str, rate: Rate, clock: ClockState) -> Verdict | None:
        """Take one token from a bucket, if there is one; None while the store is away."""
        async with self._slots:
            if self._away.is_set():
                return None
            try:
                return await self._buckets.take(key, rate, clock)
            except StoreAway as away:
                self._lose(away)
                return None

    async def probe(self) -> None:
        """Do all that a request needs.

        Raises:
            StoreAway: It cannot be done.
        """
        await self._buckets.take(f"{_KEYS}:probe", _PROBE, ClockState())

    async def watch(self) -> None:
        """Whenever the store is lost, notice when it is back."""
        while True:
            await self._away.wait()
            await asyncio.sleep(self._pause_seconds)
            await self._look()

    async def _look(self) -> None:
        try:
            await self.probe()
        except StoreAway:
            return
        self._away.clear()
        logger.info("The rate limit store %s is back.", self.name)

    def _lose(self, why: StoreAway) -> None:
        if not self._away.is_set():
            self._away.set()
            logger.warning("The rate limit store %s is away (%s); this process limits alone.", self.name, why)


class SharedLimiter:
    """One token bucket per client in a store; while that is away, in memory.

    A clock that runs is the server's, put forward as the sandbox's is, so that all processes count by the same one; a
    clock that stands still is the sandbox's.

    Args:
        store: The store.
        prefix: What the keys of the world begin with.
        rate: The measures of the buckets.
        life: Names the life of the sandbox. Buckets of an earlier one are never asked for again, and expire.
        clock: The sandbox's clock.

    Attributes:
        prefix: What the keys of this life begin with.
    """

    def __init__(self, store: RateStore, prefix: str, rate: Rate, life: str, clock: AdjustableClock) -> None:
        self._store = store
        self.prefix = f"{prefix}:{life}"
        self._rate = rate
        self._clock = clock
        self._here = RateLimiter(rate)

    async def admit(self, client: str, now: float) -> Verdict:
        """Count one request of the client, if it is granted; `now` (Unix seconds) counts while the store is away."""
        verdict = await self._store.take(f"{self.prefix}:{client}", self._rate, self._clock.state)
        return self._here.take(client, now) if verdict is None else verdict
