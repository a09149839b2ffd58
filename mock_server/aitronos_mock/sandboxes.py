"""Worlds beside each other: each sandbox has its own state, clock, ids, rate windows, faults and records."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Protocol

from .audit import Audit
from .clock import AdjustableClock
from .domain.ports import Clock
from .domain.sharing import Sharing
from .faults import Faults
from .fixtures import Fixture, FixtureSource
from .ids import NO_NEXT_IDS, NextIds, RandomIds, SeededIds, system_digits
from .journal import Journal
from .limits import Limiter, Limiting, Rate, limited_here
from .media import PlaybackSigner
from .mock import Mock, MockIds
from .records import Room
from .refusals import SandboxNotFound
from .store.errors import StoreUnavailable
from .store.ports import Database, SandboxStore

PREFIX = "/sandboxes/"
"""Where sandboxes are; the name follows."""

_SEED = "aitronos"


@dataclass(frozen=True, slots=True)
class Origin:
    """How a sandbox begins, and begins anew at a reset.

    Attributes:
        fixture: Builds the world and the ids to be handed out first, for a start at `now` (Unix seconds).
        frozen_at: Unix seconds at which the clock stands still from the start, or None.
        deterministic: Whether ids, tokens and chances follow from a seed, the same for every sandbox.
    """

    fixture: FixtureSource
    frozen_at: int | None = None
    deterministic: bool = False


@dataclass(frozen=True, slots=True)
class Outfit:
    """What all sandboxes of a server are made with.

    Attributes:
        machine: The clock that they follow while theirs is not adjusted.
        signer: Signs playback URLs; each life of each sandbox derives its own from it.
        rate: Limits resolves per client IP address; None is no limit.
        max_sandboxes: How many there may be besides the default one.
        idle_seconds: How long one that nobody uses is kept.
        hexadecimal: Gives twice as many random hexadecimal digits as it is asked for bytes.
        room: What the records of all sandboxes share.
        lives: Numbers the lives of all sandboxes: a reset begins another one, and so does a name that is used again.
        limiting: Makes the limiter of each life of each sandbox.
    """

    machine: Clock
    signer: PlaybackSigner
    rate: Rate | None
    max_sandboxes: int = 10_000
    idle_seconds: float = 3600.0
    hexadecimal: Callable[[int], str] = system_digits
    room: Room = field(default_factory=Room)
    lives: Iterator[int] = field(default_factory=count)
    limiting: Limiting = limited_here


def path_of(name: str | None) -> str:
    """What stands between the server's address and the paths of the API in the sandbox of this name."""
    return "" if name is None else f"{PREFIX}{name}"


class TooManySandboxes(Exception):
    """There is no room for another sandbox.

    Attributes:
        limit: How many there may be.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class SandboxExists(Exception):
    """There is a sandbox of this name already.

    Attributes:
        name: The name.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Sandbox:
    """One world and what works over it; `begin` makes one.

    Attributes:
        name: Its name; the default sandbox has none.
        origin: How it begins.
        store: Where its world is kept.
        clock: The clock that everything in it follows; another one after each reset.
        mock: What its requests are answered with; another one after each reset.
        last_used: Unix seconds of the machine's clock at the latest request.
    """

    clock: AdjustableClock
    mock: Mock

    def __init__(self, name: str | None, origin: Origin, outfit: Outfit, store: SandboxStore) -> None:
        self.name = name
        self.origin = origin
        self.store = store
        self._outfit = outfit
        self.last_used = outfit.machine.time()

    @classmethod
    async def begin(
        cls, name: str | None, origin: Origin, outfit: Outfit, store: SandboxStore, *, keep_world: bool = False
    ) -> Sandbox:
        """Make a sandbox, with its world.

        Args:
            name: Its name; the default sandbox has none.
            origin: How it begins.
            outfit: What it is made with.
            store: Where its world is kept.
            keep_world: Whether the store has its world already.
        """
        sandbox = cls(name, origin, outfit, store)
        await sandbox._begin(keep_world)
        return sandbox

    async def reset(self) -> None:
        """Begin anew: world, clock, ids, rate windows, faults and records."""
        await self._begin(keep_world=False)

    async def load(self, fixture: Fixture) -> None:
        """Put another world in the place of this one; clock, rate windows, faults and records go on."""
        await self.store.load(fixture.world)
        self._renew_ids(fixture.next_ids)

    async def adjust(self, change: Callable[[AdjustableClock], None]) -> AdjustableClock:
        """Change the clock, and return it; what `change` raises leaves it as it was."""
        change(self.clock)
        return self.clock

    async def _begin(self, keep_world: bool) -> None:
        clock = AdjustableClock(self._outfit.machine, self.origin.frozen_at)
        next_ids = NO_NEXT_IDS if keep_world else await self._plant(int(clock.time()))
        self.clock, self.mock = clock, self._mock(clock, next_ids, next(self._outfit.lives))

    def _renew_ids(self, next_ids: NextIds) -> None:
        ids = self._ids(next_ids)
        self.mock = replace(self.mock, ids=ids, sharing=Sharing(self.store, self.clock, ids))

    async def _plant(self, now: int) -> NextIds:
        fixture = self.origin.fixture(now=now, deterministic=self.origin.deterministic)
        await self.store.load(fixture.world)
        return fixture.next_ids

    def _mock(self, clock: AdjustableClock, next_ids: NextIds, life: int) -> Mock:
        ids = self._ids(next_ids)
        limiter = self._limiter(clock, life)
        sharing = Sharing(self.store, clock, ids)
        faults = Faults(self._seed)
        signer = self._outfit.signer.for_life(life)
        audit, journal = Audit(room=self._outfit.room), Journal(room=self._outfit.room)
        return Mock(sharing, clock, ids, signer, limiter, path_of(self.name), audit, journal, faults)

    def _limiter(self, clock: AdjustableClock, life: int) -> Limiter | None:
        rate = self._outfit.rate
        return None if rate is None else self._outfit.limiting(rate, f"{self.name or ''}:{life}", clock)

    def _ids(self, next_ids: NextIds) -> MockIds:
        if self._seed is None:
            return RandomIds(self._outfit.hexadecimal, next_ids)
        return SeededIds(self._seed, next_ids)

    @property
    def _seed(self) -> str | None:
        """What ids, tokens and chances follow from, if they do."""
        return _SEED if self.origin.deterministic else None


class SandboxRegistry(Protocol):
    """All sandboxes of a server."""

    @property
    def default(self) -> Sandbox:
        """The one that is there from the start."""
        ...

    async def names(self) -> list[str]:
        """The names of all but the default one, the one that was used last at the end."""
        ...

    async def find(self, name: str | None) -> Sandbox:
        """The sandbox of this name, which counts as used now; the default one has none.

        Raises:
            SandboxNotFound: There is none of this name.
            StoreUnavailable: Nobody can tell now.
        """
        ...

    async def create(self, name: str | None, origin: Origin) -> str:
        """Make a sandbox, and return its name; without one it gets one.

        Raises:
            SandboxExists: The name is taken.
            TooManySandboxes: There is no room for another one.
        """
        ...

    async def delete(self, name: str) -> bool:
        """Throw a sandbox away; false where there is none of this name."""
        ...


class Sandboxes:
    """All sandboxes of a server, kept by one process.

    Those that were used last are kept; one that nobody used for long goes when another one is asked for.

    Args:
        default: The one that is there from the start.
        database: Where the worlds of all are kept.
        outfit: What they are made with.
    """

    def __init__(self, default: Sandbox, database: Database, outfit: Outfit) -> None:
        self.default = default
        self._database = database
        self._outfit = outfit
        self._named: OrderedDict[str, Sandbox] = OrderedDict()
        self._numbers = 0
        self._creating = asyncio.Lock()

    async def names(self) -> list[str]:
        """The names of all but the default one, the one that was used last at the end."""
        await self._drop_idle()
        return list(self._named)

    async def find(self, name: str | None) -> Sandbox:
        """The sandbox of this name, which counts as used now; the default one has none.

        Raises:
            SandboxNotFound: There is none of this name.
        """
        if name is None:
            return self.default
        await self._drop_idle()
        if name not in self._named:
            raise SandboxNotFound(name)
        sandbox = self._named[name]
        sandbox.last_used = self._outfit.machine.time()
        self._named.move_to_end(name)
        return sandbox

    async def create(self, name: str | None, origin: Origin) -> str:
        """Make a sandbox, and return its name; without one it gets one.

        Raises:
            SandboxExists: The name is taken.
            TooManySandboxes: There is no room for another one.
        """
        await self._drop_idle()
        name = name or f"sandbox-{self._outfit.hexadecimal(6)}"
        # One after the other: a name is taken, and room is, only once a world is loaded.
        async with self._creating:
            self._require_room(name)
            self._numbers += 1
            store = self._database.sandbox(self._numbers)
            self._named[name] = await Sandbox.begin(name, origin, self._outfit, store)
        return name

    async def delete(self, name: str) -> bool:
        """Throw a sandbox away; false where there is none of this name."""
        if name not in self._named:
            return False
        # First: where the disk takes nothing, it stays, and can be deleted later.
        await self._named[name].store.clear()
        return self._named.pop(name, None) is not None

    def _require_room(self, name: str) -> None:
        if name in self._named:
            raise SandboxExists(name)
        if len(self._named) >= self._outfit.max_sandboxes:
            raise TooManySandboxes(self._outfit.max_sandboxes)

    async def _drop_idle(self) -> None:
        oldest_kept = self._outfit.machine.time() - self._outfit.idle_seconds
        while self._named:
            name, sandbox = next(iter(self._named.items()))
            if sandbox.last_used >= oldest_kept:
                return
            # Who asks for another one is not to blame for a full disk, and what is left goes at the next start.
            with suppress(StoreUnavailable):
                await self.delete(name)
            self._named.pop(name, None)
