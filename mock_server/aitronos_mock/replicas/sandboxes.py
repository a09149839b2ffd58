"""Sandboxes that any replica finds, whichever made them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from typing import Any

import asyncpg

from ..clock import AdjustableClock, ClockState
from ..domain.models import World
from ..fixtures import Fixture, FixtureError
from ..ids import NO_NEXT_IDS, NextIds
from ..refusals import SandboxNotFound
from ..sandboxes import Origin, Sandbox, SandboxExists, TooManySandboxes
from ..store.errors import StoreUnavailable
from .faults import SharedFaults
from .origins import read_next_ids, read_origin, write_next_ids, write_origin
from .reaching import Connection, Pooled
from .records import FLUSH, Recorder, SharedAudit, SharedJournal
from .shared import Life, Shared

logger = logging.getLogger("aitronos_mock.replicas")

_ROW = """
SELECT number, name, life, world, origin, next_ids, frozen_at, ahead, last_used,
    ARRAY(SELECT position FROM faults WHERE sandbox = number ORDER BY position) AS positions,
    ARRAY(SELECT plan FROM faults WHERE sandbox = number ORDER BY position) AS plans
FROM sandboxes WHERE number = $1 OR name = $2
"""
_NEW_NUMBER = """
SELECT nextval('sandbox_numbers')
WHERE (SELECT count(*) FROM sandboxes WHERE number <> 0) < $2 AND NOT EXISTS (SELECT FROM sandboxes WHERE name = $1)
"""
# A statement sees what was committed before it began, so who counts has to take the lock in one before.
_TAKE_ROOM = "SELECT pg_advisory_xact_lock($1)"
_CREATE = """
INSERT INTO sandboxes (number, name, life, world, origin, frozen_at, ahead, faults_added, last_used)
SELECT $1, $2, nextval('sandbox_lives'), nextval('sandbox_lives'), $3, $4, 0, 0, $5
WHERE (SELECT count(*) FROM sandboxes WHERE number <> 0) < $6
ON CONFLICT (name) DO NOTHING RETURNING number
"""
_ROOM = 0x616D726F
_CLOCK = "SELECT frozen_at, ahead FROM sandboxes WHERE number = $1 FOR NO KEY UPDATE"
_SET_CLOCK = "UPDATE sandboxes SET frozen_at = $2, ahead = $3 WHERE number = $1"
_BEGIN_ANEW = """
UPDATE sandboxes SET life = nextval('sandbox_lives'), world = nextval('sandbox_lives'), next_ids = NULL,
    frozen_at = $2, ahead = 0, faults_added = 0
WHERE number = $1 RETURNING number
"""
_FORGET = ("DELETE FROM faults WHERE sandbox = $1", "DELETE FROM records WHERE sandbox = $1")
_ANOTHER_WORLD = """
UPDATE sandboxes SET world = nextval('sandbox_lives'), next_ids = $2 WHERE number = $1 RETURNING number
"""
_USED = """
WITH alive AS (SELECT number FROM sandboxes WHERE number = ANY($1::int[]) ORDER BY number FOR NO KEY UPDATE)
UPDATE sandboxes SET last_used = greatest(last_used, given.at)
FROM unnest($1::int[], $2::float8[]) AS given (number, at) JOIN alive USING (number)
WHERE sandboxes.number = given.number
"""
_NAMES = "SELECT name FROM sandboxes WHERE number <> 0 ORDER BY last_used, number"
_NUMBER = "SELECT number FROM sandboxes WHERE name = $1"
_IDLE = "SELECT number FROM sandboxes WHERE number <> 0 AND last_used < $1"
_DELETE = "DELETE FROM sandboxes WHERE number = $1 AND last_used < $2 RETURNING number"

DEFAULT = 0
"""The number of the default sandbox."""

_SWEEPS_PER_IDLE_TIME = 60


async def read_row(connection: Connection | Pooled, number: int) -> asyncpg.Record | None:
    """What the database says of the sandbox of this number, or None."""
    return await connection.fetchrow(_ROW, number, None)


def _subject(number: int) -> str:
    return f"sandbox {number}"


class _NoRoom(Exception):
    """The name is taken, or there are as many sandboxes as there may be; nothing is made."""


def _require_room(number: int | None) -> None:
    if number is None:
        raise _NoRoom


class SharedSandbox(Sandbox):
    """A sandbox as one replica knows it.

    Args:
        shared: What this replica shares with the others.
        recorder: That of this replica.
        row: What the database says of the sandbox.
        origin: How it begins.
    """

    def __init__(self, shared: Shared, recorder: Recorder, row: Any, origin: Origin) -> None:
        super().__init__(row["name"], origin, shared.outfit, shared.database.sandbox(row["number"]))
        self.number: int = row["number"]
        self.is_used = True
        self._shared = shared
        self._recorder = recorder
        self._row: Any = None
        self.take(row)

    def take(self, row: Any) -> None:
        """Be as the database says."""
        before, self._row = self._row, row
        if before is None or before["life"] != row["life"]:
            self._live(Life(self.number, row["life"]))
        elif before["world"] != row["world"]:
            self._renew_ids(self._next_ids())
        self.clock.restore(ClockState(row["frozen_at"], row["ahead"]))
        self._faults.remember(dict(zip(row["positions"], row["plans"], strict=True)))

    async def reset(self) -> None:
        """Begin anew: world, clock, ids, rate windows, faults and records, at every replica."""
        clock = AdjustableClock(self._outfit.machine, self.origin.frozen_at)
        fixture = self.origin.fixture(now=int(clock.time()), deterministic=self.origin.deterministic)
        async with self._changing() as connection:
            self._require(await connection.fetchval(_BEGIN_ANEW, self.number, self.origin.frozen_at))
            for statement in _FORGET:
                await connection.execute(statement, self.number)
            await self._shared.database.fill(connection, self.number, fixture.world)

    async def load(self, fixture: Fixture) -> None:
        """Put another world in the place of this one; clock, rate windows, faults and records go on."""
        async with self._changing() as connection:
            next_ids = write_next_ids(fixture.next_ids)
            self._require(await connection.fetchval(_ANOTHER_WORLD, self.number, next_ids))
            await self._shared.database.fill(connection, self.number, fixture.world)

    async def adjust(self, change: Callable[[AdjustableClock], None]) -> AdjustableClock:
        """Change the clock at every replica, and return it; what `change` raises leaves it as it was."""
        clock = AdjustableClock(self._outfit.machine)
        async with self._changing() as connection:
            row = await connection.fetchrow(_CLOCK, self.number)
            self._require(row)
            clock.restore(ClockState(*row))
            change(clock)
            await connection.execute(_SET_CLOCK, self.number, *clock.state)
        return clock

    def _changing(self) -> Any:
        return self._shared.broadcast.announcing(_subject(self.number))

    def _require(self, found: object) -> None:
        if found is None:
            raise SandboxNotFound(self.name or "")

    def _live(self, life: Life) -> None:
        """Begin a life that the database has begun."""
        self.clock = AdjustableClock(self._outfit.machine)
        self._faults = SharedFaults(self._shared, life, self.name, self._seed)
        self.mock = replace(
            self._mock(self.clock, self._next_ids(), life.life),
            faults=self._faults,
            journal=SharedJournal(self._shared, self._recorder, life),
            audit=SharedAudit(self._shared, self._recorder, life),
        )

    def _next_ids(self) -> NextIds:
        if self._row["next_ids"] is not None:
            return read_next_ids(self._row["next_ids"])
        now = int(self._outfit.machine.time())
        try:
            return self.origin.fixture(now=now, deterministic=self.origin.deterministic).next_ids
        except FixtureError:
            # The file that the world once came from need not be there any more.
            return NO_NEXT_IDS


class SharedSandboxes:
    """All sandboxes of a database, as one replica knows them. It is a member of the broadcast.

    Args:
        shared: What this replica shares with the others.
        recorder: That of this replica.
        default: The one that is there from the start.
    """

    def __init__(self, shared: Shared, recorder: Recorder, default: SharedSandbox) -> None:
        self.default = default
        self._shared = shared
        self._recorder = recorder
        self._known: dict[str, SharedSandbox] = {}
        self._news = 0
        self._uses_written = 0.0

    # As the registry.

    async def names(self) -> list[str]:
        """The names of all but the default one, the one that was used last at the end."""
        await self.sweep()
        async with self._shared.database.connection() as connection:
            return [row["name"] for row in await connection.fetch(_NAMES)]

    async def find(self, name: str | None) -> SharedSandbox:
        """The sandbox of this name, which counts as used now; the default one has none.

        Raises:
            SandboxNotFound: There is none of this name.
            StoreUnavailable: Nobody can tell now.
        """
        self._shared.broadcast.require_listening()
        if name is None:
            return self.default
        now = self._shared.outfit.machine.time()
        sandbox = self._known.get(name) or await self._learn(name)
        if now - sandbox.last_used > self._shared.outfit.idle_seconds:
            await self.sweep()
            sandbox = self._known.get(name) or await self._learn(name)
        sandbox.last_used, sandbox.is_used = now, True
        return sandbox

    async def create(self, name: str | None, origin: Origin) -> str:
        """Make a sandbox, and return its name; without one it gets one.

        Raises:
            SandboxExists: The name is taken.
            TooManySandboxes: There is no room for another one.
        """
        name = name or f"sandbox-{self._shared.outfit.hexadecimal(6)}"
        if await self._make(name, origin):
            return name
        # It may be that nobody uses any more what is in the way.
        await self.sweep()
        if await self._make(name, origin):
            return name
        if await self._number_of(name) is not None:
            raise SandboxExists(name)
        raise TooManySandboxes(self._shared.outfit.max_sandboxes)

    async def delete(self, name: str) -> bool:
        """Throw a sandbox away at every replica; false where there is none of this name."""
        number = await self._number_of(name)
        return number is not None and await self._delete(number)

    async def sweep(self) -> None:
        """Throw away what nobody used for long, at whichever replica."""
        await self._shared.broadcast.ask(FLUSH)
        oldest_kept = self._shared.outfit.machine.time() - self._shared.outfit.idle_seconds
        async with self._shared.database.connection() as connection:
            idle = await connection.fetch(_IDLE, oldest_kept)
        for row in idle:
            await self._delete(row["number"], oldest_kept)

    async def sweeping(self) -> None:
        """Throw away what nobody used for long, again and again."""
        while True:
            await asyncio.sleep(self._shared.outfit.idle_seconds / _SWEEPS_PER_IDLE_TIME)
            with suppress(StoreUnavailable):
                await self.sweep()

    async def _make(self, name: str, origin: Origin) -> bool:
        outfit = self._shared.outfit
        now = int(AdjustableClock(outfit.machine, origin.frozen_at).time())
        fixture = origin.fixture(now=now, deterministic=origin.deterministic)
        values = (name, write_origin(origin), origin.frozen_at, outfit.machine.time(), outfit.max_sandboxes)
        with suppress(_NoRoom):
            async with self._shared.database.connection() as connection, connection.transaction():
                number = await connection.fetchval(_NEW_NUMBER, name, outfit.max_sandboxes)
                _require_room(number)
                await self._shared.database.fill(connection, number, fixture.world)
                # Not before: the lock is kept until the end, and a world may be large.
                await connection.execute(_TAKE_ROOM, _ROOM)
                _require_room(await connection.fetchval(_CREATE, number, *values))
            return True
        return False

    async def _number_of(self, name: str) -> int | None:
        async with self._shared.database.connection() as connection:
            number: int | None = await connection.fetchval(_NUMBER, name)
        return number

    async def _delete(self, number: int, unused_since: float = float("inf")) -> bool:
        async with self._shared.broadcast.announcing(_subject(number)) as connection:
            deleted = await connection.fetchval(_DELETE, number, unused_since)
            if deleted is not None:
                await self._shared.database.fill(connection, number, World())
        return deleted is not None

    async def _learn(self, name: str) -> SharedSandbox:
        """Read a sandbox that is not known here."""
        while True:
            self._shared.broadcast.require_listening()
            news = self._news
            async with self._shared.database.connection() as connection:
                row = await connection.fetchrow(_ROW, None, name)
            if row is None:
                raise SandboxNotFound(name)
            if name in self._known:
                return self._known[name]
            # What was announced meanwhile might be about this one.
            if news == self._news:
                sandbox = SharedSandbox(self._shared, self._recorder, row, read_origin(row["origin"]))
                sandbox.last_used = row["last_used"]
                self._known[name] = sandbox
                return sandbox

    # As a member of the broadcast.

    async def join(self, connection: Connection) -> None:
        """Know the default sandbox; the others are learnt when they are asked for."""
        self.default.take(await read_row(connection, DEFAULT))

    async def follow(self, connection: Connection, subjects: Collection[str]) -> None:
        """Write what is held, and read again what is known of the sandboxes that changed."""
        if FLUSH in subjects:
            await self._recorder.write(connection)
            await self._write_uses(connection)
        self._news += 1
        for sandbox in [self.default, *self._known.values()]:
            if _subject(sandbox.number) in subjects:
                self._renew(sandbox, await read_row(connection, sandbox.number))

    async def tick(self, connection: Connection) -> None:
        """Write what is held."""
        await self._recorder.write(connection)

    def leave(self) -> None:
        """Know none but the default sandbox, and that only to answer that nobody can tell."""
        self._news += 1
        self._known.clear()

    def _renew(self, sandbox: SharedSandbox, row: Any) -> None:
        if row is not None:
            sandbox.take(row)
        else:
            del self._known[sandbox.name or ""]

    async def _write_uses(self, connection: Connection) -> None:
        used = [sandbox for sandbox in self._known.values() if sandbox.is_used]
        for sandbox in used:
            sandbox.is_used = False
        await connection.execute(_USED, [each.number for each in used], [each.last_used for each in used])


__all__ = ["SharedSandbox", "SharedSandboxes"]
