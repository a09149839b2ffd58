"""The faults of a sandbox at several replicas, counted in the database so that they strike exactly so often."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ..faults import MAX_FAULTS, Fault, FaultPlan, Seed, Strike, TooManyFaults, strike
from ..refusals import SandboxNotFound
from .shared import Life, Shared

_TAKE_POSITION = """
UPDATE sandboxes SET faults_added = faults_added + 1 WHERE number = $1 AND life = $2 RETURNING faults_added
"""
_COUNT = "SELECT count(*) FROM faults WHERE sandbox = $1"
_ADD = "INSERT INTO faults (sandbox, position, plan, matched, struck) VALUES ($1, $2, $3, 0, 0)"
_ALL = "SELECT position, plan, matched, struck FROM faults WHERE sandbox = $1 ORDER BY position"
_CLEAR = "DELETE FROM faults WHERE sandbox = $1"
_LOCK = """
SELECT position, plan, matched, struck FROM faults
WHERE sandbox = $1 AND position = ANY($2::int[]) ORDER BY position FOR UPDATE
"""
_COUNT_ON = """
UPDATE faults SET matched = given.matched, struck = given.struck
FROM unnest($2::int[], $3::bigint[], $4::bigint[]) AS given (position, matched, struck)
WHERE faults.sandbox = $1 AND faults.position = given.position
"""
_END = "DELETE FROM faults WHERE sandbox = $1 AND position = ANY($2::int[])"


class SharedFaults:
    """The faults of one life of a sandbox; see `faults.Faults`.

    The plans are remembered, so that a request which no plan is meant for costs nothing. What is remembered may have
    struck as often as it may already, at another replica; the database knows.

    Args:
        shared: What this replica shares with the others.
        life: The life of the sandbox that it is about.
        name: The name of the sandbox.
        seed: Chances and latencies follow from it; None draws them from the operating system.
        sleep: Waits for seconds of real time.
    """

    def __init__(
        self,
        shared: Shared,
        life: Life,
        name: str | None,
        seed: Seed,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.sleep = sleep
        self._shared = shared
        self._life = life
        self._name = name
        self._seed = seed
        self._plans: dict[int, FaultPlan] = {}

    def __bool__(self) -> bool:
        """Whether any fault may be left."""
        return bool(self._plans)

    def remember(self, plans: Mapping[int, str]) -> None:
        """Take these plans, in JSON by position, for those that there are."""
        self._plans = {position: _plan(plan) for position, plan in plans.items()}

    async def add(self, plan: FaultPlan) -> Fault:
        """Let a plan take effect from the next request on, at whichever replica.

        Raises:
            TooManyFaults: There are `MAX_FAULTS` already.
            SandboxNotFound: The sandbox, or this life of it, is over.
        """
        sandbox = self._life.sandbox
        async with self._shared.broadcast.announcing(f"sandbox {sandbox}") as connection:
            position = await connection.fetchval(_TAKE_POSITION, *self._life)
            if position is None:
                raise SandboxNotFound(self._name or "")
            if await connection.fetchval(_COUNT, sandbox) >= MAX_FAULTS:
                raise TooManyFaults(MAX_FAULTS)
            await connection.execute(_ADD, sandbox, position, json.dumps(plan.to_json()))
        return Fault(_id(position), plan)

    async def items(self) -> list[Fault]:
        """Those that can still strike."""
        async with self._shared.database.connection() as connection:
            return [_fault(row) for row in await connection.fetch(_ALL, self._life.sandbox)]

    async def clear(self) -> None:
        """Take all faults away; the ids go on."""
        async with self._shared.broadcast.announcing(f"sandbox {self._life.sandbox}") as connection:
            await connection.execute(_CLEAR, self._life.sandbox)

    async def strike(self, operation: str, path: str) -> Strike | None:
        """What happens to a request to this operation at this path, or None where nothing does."""
        meant = [position for position, plan in self._plans.items() if plan.matches(operation, path)]
        return await self._count(meant) if meant else None

    async def _count(self, meant: list[int]) -> Strike | None:
        """Count a request where all replicas do, one after the other."""
        sandbox = self._life.sandbox
        async with self._shared.database.connection() as connection, connection.transaction():
            rows = await connection.fetch(_LOCK, sandbox, meant)
            faults = {row["position"]: _fault(row) for row in rows}
            struck = strike(faults.values(), self._seed)
            left = {position: fault for position, fault in faults.items() if not fault.is_spent}
            await connection.execute(_COUNT_ON, sandbox, *_counts(left))
            await connection.execute(_END, sandbox, list(faults.keys() - left.keys()))
        for position in set(meant) - left.keys():
            self._plans.pop(position, None)
        return struck


def _counts(faults: Mapping[int, Fault]) -> tuple[list[int], list[int], list[int]]:
    return list(faults), [fault.matched for fault in faults.values()], [fault.struck for fault in faults.values()]


def _id(position: int) -> str:
    return f"fault_{position}"


def _plan(text: str) -> FaultPlan:
    return FaultPlan.from_json(json.loads(text))


def _fault(row: Any) -> Fault:
    return Fault(_id(row["position"]), _plan(row["plan"]), row["matched"], row["struck"])
