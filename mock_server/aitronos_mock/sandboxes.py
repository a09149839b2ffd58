"""Worlds beside each other: each sandbox has its own state, clock, ids, rate windows, faults and records."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from .clock import AdjustableClock
from .domain.ports import Clock
from .domain.sharing import Sharing
from .faults import Faults
from .fixtures import Fixture
from .ids import NO_NEXT_IDS, NextIds, RandomIds, SeededIds
from .limits import Rate, RateLimiter
from .media import PlaybackSigner
from .mock import Mock, MockIds
from .store.sqlite import SQLiteStore

PREFIX = "/sandboxes/"
"""Where sandboxes are; the name follows."""

_SEED = "aitronos"


class FixtureSource(Protocol):
    """Builds a fixture for a start at a moment."""

    def __call__(self, *, now: int, deterministic: bool = False) -> Fixture:
        """The world, and the ids that are handed out first.

        Args:
            now: Unix seconds of the start.
            deterministic: Whether the variant for deterministic sandboxes is meant.
        """
        ...


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
        signer: Signs playback URLs; each sandbox derives its own from it.
        rate: Limits resolves per client IP address; None is no limit.
        max_sandboxes: How many there may be besides the default one.
        idle_seconds: How long one that nobody uses is kept.
        hexadecimal: Gives twice as many random hexadecimal digits as it is asked for bytes.
    """

    machine: Clock
    signer: PlaybackSigner
    rate: Rate | None
    max_sandboxes: int = 10_000
    idle_seconds: float = 3600.0
    hexadecimal: Callable[[int], str] = secrets.token_hex


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
    """One world and what works over it.

    Args:
        name: Its name; the default sandbox has none.
        origin: How it begins.
        outfit: What it is made with.
        store: Where its world is kept.
        keep_world: Whether the store has its world already.

    Attributes:
        clock: The clock that everything in it follows; another one after each reset.
        mock: What its requests are answered with; another one after each reset.
        last_used: Unix seconds of the machine's clock at the latest request.
    """

    def __init__(
        self, name: str | None, origin: Origin, outfit: Outfit, store: SQLiteStore, *, keep_world: bool = False
    ) -> None:
        self.name = name
        self.origin = origin
        self.store = store
        self._outfit = outfit
        self._signer = outfit.signer.for_sandbox(name or "")
        self.last_used = outfit.machine.time()
        self.mock: Mock
        self._begin(keep_world)

    @property
    def path(self) -> str:
        """What stands between the server's address and the paths of the API."""
        return "" if self.name is None else f"{PREFIX}{self.name}"

    def reset(self) -> None:
        """Begin anew: world, clock, ids, rate windows, faults and records."""
        self._begin(keep_world=False)

    def load(self, fixture: Fixture) -> None:
        """Put another world in the place of this one; clock, rate windows, faults and records go on."""
        self.store.load(fixture.world)
        ids = self._ids(fixture.next_ids)
        self.mock = replace(self.mock, ids=ids, sharing=Sharing(self.store, self.clock, ids))

    def _begin(self, keep_world: bool) -> None:
        self.clock = AdjustableClock(self._outfit.machine, self.origin.frozen_at)
        if keep_world:
            self.mock = self._mock(NO_NEXT_IDS)
            return
        fixture = self.origin.fixture(now=int(self.clock.time()), deterministic=self.origin.deterministic)
        self.store.load(fixture.world)
        self.mock = self._mock(fixture.next_ids)

    def _mock(self, next_ids: NextIds) -> Mock:
        ids = self._ids(next_ids)
        limiter = None if self._outfit.rate is None else RateLimiter(self._outfit.rate)
        sharing = Sharing(self.store, self.clock, ids)
        faults = Faults(_SEED if self.origin.deterministic else None)
        return Mock(sharing, self.clock, ids, self._signer, limiter, path=self.path, faults=faults)

    def _ids(self, next_ids: NextIds) -> MockIds:
        if self.origin.deterministic:
            return SeededIds(_SEED, next_ids)
        return RandomIds(self._outfit.hexadecimal, next_ids)


class Sandboxes:
    """All sandboxes of a server.

    Those that were used last are kept; one that nobody used for long goes when another one is asked for.
    """

    def __init__(self, default: Sandbox, outfit: Outfit) -> None:
        self.default = default
        self._outfit = outfit
        self._named: OrderedDict[str, Sandbox] = OrderedDict()
        self._numbers = 0

    def __iter__(self) -> Iterator[Sandbox]:
        """All but the default one, the one that was used last at the end."""
        self._drop_idle()
        return iter(list(self._named.values()))

    def find(self, name: str) -> Sandbox | None:
        """The sandbox of this name, which counts as used now, or None."""
        self._drop_idle()
        sandbox = self._named.get(name)
        if sandbox is not None:
            sandbox.last_used = self._outfit.machine.time()
            self._named.move_to_end(name)
        return sandbox

    def create(self, name: str | None, origin: Origin) -> Sandbox:
        """Make a sandbox; without a name it gets one.

        Raises:
            SandboxExists: The name is taken.
            TooManySandboxes: There is no room for another one.
        """
        self._drop_idle()
        name = name or f"sandbox-{self._outfit.hexadecimal(6)}"
        if name in self._named:
            raise SandboxExists(name)
        if len(self._named) >= self._outfit.max_sandboxes:
            raise TooManySandboxes(self._outfit.max_sandboxes)
        self._numbers += 1
        sandbox = Sandbox(name, origin, self._outfit, self.default.store.sandbox(self._numbers))
        self._named[name] = sandbox
        return sandbox

    def delete(self, name: str) -> bool:
        """Throw a sandbox away; false where there is none of this name."""
        sandbox = self._named.pop(name, None)
        if sandbox is None:
            return False
        sandbox.store.clear()
        return True

    def _drop_idle(self) -> None:
        oldest_kept = self._outfit.machine.time() - self._outfit.idle_seconds
        while self._named:
            name, sandbox = next(iter(self._named.items()))
            if sandbox.last_used >= oldest_kept:
                return
            self.delete(name)
