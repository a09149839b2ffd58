"""The sandboxes of a database that other processes may be using too."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from ..clock import AdjustableClock
from ..sandboxes import Origin, Outfit
from ..store.postgresql import PostgreSQLDatabase
from .background import in_background
from .broadcast import Broadcast
from .origins import write_origin
from .reaching import Pooled
from .records import Recorder
from .sandboxes import DEFAULT, SharedSandbox, SharedSandboxes, read_row
from .shared import Shared

logger = logging.getLogger("aitronos_mock")

_BEGINNING = 0x616D6266
_KEY = "SELECT key FROM signing_keys"
_KEEP_KEY = "INSERT INTO signing_keys (key) VALUES ($1)"
_BEGIN = """
INSERT INTO sandboxes (number, life, world, origin, frozen_at, ahead, faults_added, last_used)
VALUES ($1, nextval('sandbox_lives'), nextval('sandbox_lives'), $2, $3, 0, 0, $4)
"""


@asynccontextmanager
async def open_shared(
    database: PostgreSQLDatabase, origin: Origin, signing_key: bytes, outfit_with: Callable[[bytes], Outfit]
) -> AsyncIterator[SharedSandboxes]:
    """Join those who serve a database, or be the first.

    Args:
        database: The database.
        origin: How the default sandbox begins, if it has not yet, and begins anew.
        signing_key: What playback URLs are signed with, if nobody signs yet.
        outfit_with: What sandboxes are made with, given the key with which all replicas sign.

    Raises:
        FixtureError: The seed is no valid fixture.
        StoreUnavailable: The database cannot be reached.
    """
    async with database.connection() as connection, connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _BEGINNING)
        outfit = outfit_with(await _common_key(connection, signing_key))
        await _begin(database, connection, origin, outfit)
        row = await read_row(connection, DEFAULT)
    broadcast = Broadcast(database.connect, database.connection)
    shared, recorder = Shared(outfit, database, broadcast), Recorder(outfit.machine)
    sandboxes = SharedSandboxes(shared, recorder, SharedSandbox(shared, recorder, row, origin))
    async with broadcast.running(sandboxes), in_background(sandboxes.sweeping()):
        yield sandboxes


async def _common_key(connection: Pooled, key: bytes) -> bytes:
    """The key that is signed with; this one, where there is none."""
    kept: bytes | None = await connection.fetchval(_KEY)
    if kept is None:
        await connection.execute(_KEEP_KEY, key)
    return kept or key


async def _begin(database: PostgreSQLDatabase, connection: Pooled, origin: Origin, outfit: Outfit) -> None:
    """Make the default sandbox, unless it is there."""
    if await read_row(connection, DEFAULT) is not None:
        logger.info("The database has a world already; it stays, and neither the seed nor the clock is used.")
        return
    now = AdjustableClock(outfit.machine, origin.frozen_at).time()
    fixture = origin.fixture(now=int(now), deterministic=origin.deterministic)
    values = (write_origin(origin), origin.frozen_at, outfit.machine.time())
    await connection.execute(_BEGIN, DEFAULT, *values)
    await database.fill(connection, DEFAULT, fixture.world)
