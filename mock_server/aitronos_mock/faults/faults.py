"""The faults of one mock, and which of them strikes a request."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from .plans import FaultPlan

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


class Faults:
    """The faults of one mock, in the order in which they were added.

    Every fault counts every request that it is meant for. Of those that are due then, the first one strikes.

    Args:
        seed: Chances and latencies follow from it; None draws them from the operating system.
        sleep: Waits for seconds of real time, whatever the clock of the mock says: a client's timeout runs on its own.
    """

    def __init__(
        self, seed: int | str | None = None, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self.sleep = sleep
        self._faults: list[Fault] = []
        self._added = 0
        self._chance = random.Random(seed)  # noqa: S311 - to be foreseen, given the seed, is its purpose

    def __bool__(self) -> bool:
        """Whether any fault is left."""
        return bool(self._faults)

    def add(self, plan: FaultPlan) -> Fault:
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

    def items(self) -> list[Fault]:
        """Those that can still strike."""
        return list(self._faults)

    def clear(self) -> None:
        """Take all faults away; the ids go on."""
        self._faults.clear()

    def strike(self, operation: str, path: str) -> Strike | None:
        """What happens to a request to this operation at this path, or None where nothing does."""
        matching = [fault for fault in self._faults if fault.plan.matches(operation, path)]
        for fault in matching:
            fault.matched += 1
        struck = next((fault for fault in matching if fault.is_due and self._happens(fault.plan)), None)
        return None if struck is None else self._struck(struck)

    def _struck(self, fault: Fault) -> Strike:
        fault.struck += 1
        if fault.is_spent:
            self._faults.remove(fault)
        return Strike(fault.id, self._seconds(fault.plan), fault.plan)

    def _happens(self, plan: FaultPlan) -> bool:
        return plan.probability is None or self._chance.random() < plan.probability

    def _seconds(self, plan: FaultPlan) -> float:
        return 0.0 if plan.latency_ms is None else self._chance.uniform(*plan.latency_ms) / 1000
