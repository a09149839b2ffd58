"""The faults of one mock, and which of them strikes a request."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from .plans import FaultPlan

Seed = int | str | None
"""What chances follow from."""

MAX_FAULTS = 100
"""More are refused: every request is held against all of them."""


class TooManyFaults(Exception):
    """There is no room for another fault.

    Attributes:
        limit: How many there may be.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


@dataclass(slots=True)
class Fault:
    """A plan at work.

    Attributes:
        id: Names it, `fault_…`.
        plan: What it does, and when.
        matched: How many requests it was meant for.
        struck: How many of them it struck.
    """

    id: str
    plan: FaultPlan
    matched: int = 0
    struck: int = 0

    @property
    def is_due(self) -> bool:
        """Whether the request that matched last may be struck."""
        return self.matched >= (self.plan.nth or 1) and not self.is_spent

    @property
    def is_spent(self) -> bool:
        """Whether it struck as often as it may."""
        times = self.plan.times or (None if self.plan.nth is None else 1)
        return times is not None and self.struck >= times

    def to_json(self) -> dict[str, Any]:
        """The fault as `Fault` in control/openapi.yaml describes it."""
        return {"id": self.id, "plan": self.plan.to_json(), "struck": self.struck}


class Strike(NamedTuple):
    """What happens to one request.

    Attributes:
        fault_id: The fault that did it.
        seconds: How long to wait first.
        plan: Says what comes then.
    """

    fault_id: str
    seconds: float
    plan: FaultPlan


def strike(matching: Iterable[Fault], seed: Seed) -> Strike | None:
    """Count a request for each fault that it is meant for, and let the first one that is due strike it, if any.

    A chance follows from the seed, the fault and how many requests it was meant for: whoever counts alike is struck
    alike, in whichever process, and whatever other faults there are.

    Args:
        matching: The faults that are meant for the request, in the order in which they were added.
        seed: None draws chances and latencies from the operating system.
    """
    matching = list(matching)
    for fault in matching:
        fault.matched += 1
    return next(filter(None, (_strike(fault, seed) for fault in matching if fault.is_due)), None)


def _strike(fault: Fault, seed: Seed) -> Strike | None:
    plan = fault.plan
    # To be foreseen, given the seed, is its purpose.
    chance = random.Random(None if seed is None else f"{seed} {fault.id} {fault.matched}")  # noqa: S311 - to be foreseen, given the seed
    if plan.probability is not None and chance.random() >= plan.probability:
        return None
    fault.struck += 1
    seconds = 0.0 if plan.latency_ms is None else chance.uniform(*plan.latency_ms) / 1000
    return Strike(fault.id, seconds, plan)


class Faults:
    """The faults of one mock, in the order in which they were added.

    Every fault counts every request that it is meant for. Of those that are due then, the first one strikes.

    Args:
        seed: Chances and latencies follow from it; None draws them from the operating system.
        sleep: Waits for seconds of real time, whatever the clock of the mock says: a client's timeout runs on its own.
    """

    def __init__(self, seed: Seed = None, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        self.sleep = sleep
        self._seed = seed
        self._faults: list[Fault] = []
        self._added = 0

    def __bool__(self) -> bool:
        """Whether any fault is left."""
        return bool(self._faults)

    async def add(self, plan: FaultPlan) -> Fault:
        """Let a plan take effect from the next request on.

        Raises:
            TooManyFaults: There are `MAX_FAULTS` already.
        """
        if len(self._faults) >= MAX_FAULTS:
            raise TooManyFaults(MAX_FAULTS)
        self._added += 1
        fault = Fault(f"fault_{self._added}", plan)
        self._faults.append(fault)
        return fault

    async def items(self) -> list[Fault]:
        """Those that can still strike."""
        return list(self._faults)

    async def clear(self) -> None:
        """Take all faults away; the ids go on."""
        self._faults.clear()

    async def strike(self, operation: str, path: str) -> Strike | None:
        """What happens to a request to this operation at this path, or None where nothing does."""
        struck = strike((fault for fault in self._faults if fault.plan.matches(operation, path)), self._seed)
        if struck is not None:
            self._faults = [fault for fault in self._faults if not fault.is_spent]
        return struck
