"""Journal and audit of sandboxes that several replicas serve: written in batches, read when all have written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Literal, NamedTuple

from ..audit import AuditEntry, log_resolve
from ..domain.ports import Clock
from ..journal import Filters, RecordedRequest, TakenRequest
from ..records import MAX_ENTRIES
from .reaching import Connection
from .shared import Life, Shared

Kind = Literal["request", "audit"]

FLUSH = "records"
"""The subject of an announcement on which every replica writes what it holds."""

_MAX_HELD = 20_000
_TRIMMED_AFTER = 1_000
_MAX_COUNTED = 50_000
_TICK = 1e-6

_WRITE = """
WITH alive AS (SELECT number FROM sandboxes WHERE number = ANY($1::int[]) ORDER BY number FOR KEY SHARE)
INSERT INTO records (sandbox, life, kind, recorded_at, time, method, operation, status, entry)
SELECT given.* FROM unnest(
    $1::int[], $2::bigint[], $3::text[], $4::float8[], $5::float8[], $6::text[], $7::text[], $8::int[], $9::text[]
) AS given (sandbox, life, kind, recorded_at, time, method, operation, status, entry)
JOIN alive ON alive.number = given.sandbox
"""
_TRIM = """
DELETE FROM records WHERE sandbox = $1 AND life = $2 AND kind = $3 AND recorded_at <= (
    SELECT recorded_at FROM records WHERE sandbox = $1 AND life = $2 AND kind = $3
    ORDER BY recorded_at DESC OFFSET $4 LIMIT 1
)
"""
_READ = """
SELECT entry FROM records
WHERE sandbox = $1 AND life = $2 AND kind = $3
AND ($4::text IS NULL OR method = $4) AND ($5::text IS NULL OR operation = $5)
AND ($6::int IS NULL OR status = $6) AND ($7::float8 IS NULL OR time >= $7)
ORDER BY recorded_at DESC, id DESC LIMIT $8
"""
_CLEAR = "DELETE FROM records WHERE sandbox = $1 AND life = $2 AND kind = $3"


class _Held(NamedTuple):
    """An entry that is to be written: the columns of `records` from the second on."""

    sandbox: int
    life: int
    kind: Kind
    recorded_at: float
    time: float
    method: str | None
    operation: str | None
    status: int | None
    content: TakenRequest | AuditEntry

    def columns(self) -> tuple[Any, ...]:
        """What is written: of a request only what may be shown of it."""
        content = self.content
        return (*self[:-1], json.dumps(content.redacted() if isinstance(content, TakenRequest) else content))


class Recorder:
    """Holds what one replica has taken down until it is written.

    A replica that is killed loses what it holds: what happened since the latest tick of its line. While the database is
    away, the latest entries are held.

    Args:
        machine: The clock by which entries of all replicas are put in order.
    """

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._held: list[_Held] = []
        self._latest = 0.0
        self._written: dict[tuple[int, int, Kind], int] = {}

    def hold_request(self, life: Life, request: TakenRequest) -> None:
        """Take down a request."""
        time, method, operation, status = request.time, request.method, request.operation, request.status
        self._held.append(_Held(*life, "request", self._now(), time, method, operation, status, request))

    def hold_resolve(self, life: Life, entry: AuditEntry) -> None:
        """Take down a resolve."""
        self._held.append(_Held(*life, "audit", self._now(), entry.time, None, None, None, entry))

    async def write(self, connection: Connection) -> None:
        """Write what is held; where that fails, it is held on."""
        if not self._held:
            return
        batch, self._held = self._held, []
        try:
            await connection.execute(_WRITE, *zip(*(held.columns() for held in batch), strict=True))
        except BaseException:
            self._held = [*batch, *self._held][-_MAX_HELD:]
            raise
        await self._trim(connection, batch)

    async def _trim(self, connection: Connection, batch: Sequence[_Held]) -> None:
        if len(self._written) > _MAX_COUNTED:
            # Most of these lives are over; those that go on are trimmed somewhat later.
            self._written.clear()
        for key, entries in groupby(sorted(held[:3] for held in batch)):
            written = self._written.get(key, 0) + len(list(entries))
            if written >= _TRIMMED_AFTER:
                await connection.execute(_TRIM, *key, MAX_ENTRIES)
                written = 0
            self._written[key] = written

    def _now(self) -> float:
        """The time, later than at the entry before."""
        self._latest = max(self._machine.time(), self._latest + _TICK)
        return self._latest


class SharedJournal:
    """The latest requests to a sandbox, at all replicas.

    Args:
        shared: What this replica shares with the others.
        recorder: That of this replica.
        life: The life of the sandbox that it is about.
    """

    def __init__(self, shared: Shared, recorder: Recorder, life: Life) -> None:
        self._shared = shared
        self._recorder = recorder
        self._life = life

    def record(self, request: TakenRequest) -> None:
        """Take down a request."""
        self._recorder.hold_request(self._life, request)

    async def requests(self, filters: Filters) -> list[RecordedRequest]:
        """Those that are asked for, newest last, and among them all that were answered before."""
        wanted = (filters.method, filters.operation, filters.status, filters.since, filters.limit or MAX_ENTRIES)
        return [RecordedRequest(*entry) for entry in await _read(self._shared, self._life, "request", *wanted)]

    async def clear(self) -> None:
        """Forget all of them."""
        await self._shared.broadcast.ask(FLUSH)
        async with self._shared.database.connection() as connection:
            await connection.execute(_CLEAR, *self._life, "request")


class SharedAudit:
    """The latest resolves in a sandbox, at all replicas; see `SharedJournal`."""

    def __init__(self, shared: Shared, recorder: Recorder, life: Life) -> None:
        self._shared = shared
        self._recorder = recorder
        self._life = life

    def record(self, entry: AuditEntry) -> None:
        """Take down one resolve."""
        self._recorder.hold_resolve(self._life, entry)
        log_resolve(entry)

    async def entries(self) -> list[AuditEntry]:
        """The latest entries, newest last, and among them all that were answered before."""
        everything = (None, None, None, None, MAX_ENTRIES)
        return [AuditEntry(*entry) for entry in await _read(self._shared, self._life, "audit", *everything)]


async def _read(shared: Shared, life: Life, kind: Kind, *wanted: object) -> list[Any]:
    await shared.broadcast.ask(FLUSH)
    async with shared.database.connection() as connection:
        rows = await connection.fetch(_READ, *life, kind, *wanted)
    return [json.loads(row["entry"]) for row in reversed(rows)]
