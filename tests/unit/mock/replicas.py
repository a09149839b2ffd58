"""Replicas of a mock over one database, in one event loop, each asked like a server of its own."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from itertools import cycle
from typing import Any, cast

import httpx
from starlette.types import ASGIApp

from aitronos_mock.domain.ports import Clock
from aitronos_mock.fixtures import SeedSource
from aitronos_mock.limits import Rate
from aitronos_mock.media import PlaybackSigner
from aitronos_mock.replicas.opening import open_shared
from aitronos_mock.replicas.sandboxes import SharedSandboxes
from aitronos_mock.sandboxes import Origin, Outfit
from aitronos_mock.store.postgresql import open_postgresql

from .whole import CurrentSandboxes, Whole


class TickingClock:
    """Another clock, which goes on a little each time that it is read, as every clock does."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ticks = 0

    def time(self) -> float:
        """Unix seconds."""
        self._ticks += 1
        return self._clock.time() + self._ticks * 1e-5


class Replicas:
    """Starts replicas, and stops them all in the end.

    Args:
        url: The database that they share.
        clock: The machine's clock of all of them.
        applications: What answers, and what decides over which sandboxes it works; one for each replica.
        contracts: openapi.yaml and control/openapi.yaml.
    """

    def __init__(
        self, url: str, clock: Clock, applications: list[tuple[CurrentSandboxes, ASGIApp]], contracts: tuple[Any, Any]
    ) -> None:
        self._url = url
        self._clock = TickingClock(clock)
        self._applications = iter(applications)
        self._contracts = contracts
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self.run = self._runner.run

    def start(
        self,
        rate: Rate | None = None,
        frozen_at: int | None = None,
        deterministic: bool = False,
        key: bytes = b"signing key",
        seed: str = "docs",
        **outfit: Any,
    ) -> Whole:
        """Start another one; it takes what `Origin` and `Outfit` have defaults for."""
        origin = Origin(SeedSource(seed), frozen_at, deterministic)
        outfit_with = partial(self._outfit, rate, outfit)
        sandboxes = self.run(self._open(origin, key, outfit_with))
        current, app = next(self._applications)
        current.sandboxes = cast(Any, sandboxes)
        return Whole(cast(Any, sandboxes), app, *self._contracts, self.run)

    def stop(self) -> None:
        """Stop all of them."""
        self.run(self._stack.aclose())
        self._runner.close()

    def _outfit(self, rate: Rate | None, outfit: dict[str, Any], key: bytes) -> Outfit:
        return Outfit(self._clock, PlaybackSigner(key), rate, **outfit)

    async def _open(self, origin: Origin, key: bytes, outfit_with: Any) -> SharedSandboxes:
        database = await self._stack.enter_async_context(open_postgresql(self._url))
        return await self._stack.enter_async_context(open_shared(database, origin, key, outfit_with))


class InTurn(Whole):
    """A client of several replicas, which asks now this one and now that one, as a proxy before them would.

    Args:
        replicas: At least two.
    """

    def __init__(self, *replicas: Whole) -> None:
        vars(self).update(vars(replicas[0]))
        first, second, *_ = replicas
        # A change and the look at it meet in every order.
        self._turns = cycle([first, second, second, first, second, first, first])

    def ask(self, method: str, path: str, key: str | None = None, **request: Any) -> httpx.Response:
        """Call the one whose turn it is."""
        return next(self._turns).ask(method, path, key, **request)
