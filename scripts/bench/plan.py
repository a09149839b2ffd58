"""How much is measured: bounded in count and in time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """How often, and for how long.

    Attributes:
        rounds: Rounds of throughput, in each of which every row of every server has its turn.
        seconds: For how long a turn lasts; whole seconds.
        warm_up_seconds: For how long each server is asked beforehand; a JVM compiles meanwhile.
        growth_rounds: Rounds of throughput for the rows about growth.
        paced_seconds: How long a constant rate is held.
        starts: How often each server is started.
        links: The numbers of links that are compared, ascending.
        sandboxes: The numbers of sandboxes that are compared, ascending.
        lives: How many sandboxes are made and thrown away one by one.
        sdk_rounds: Rounds of imports and calls.
        calls: Calls of a round.
    """

    rounds: int
    seconds: int
    warm_up_seconds: int
    growth_rounds: int
    paced_seconds: float
    starts: int
    links: tuple[int, ...]
    sandboxes: tuple[int, ...]
    lives: int
    sdk_rounds: int
    calls: int


FULL = Plan(5, 3, 5, 3, 5.0, 5, (10, 10_000, 1_000_000), (1, 1_000), 500, 15, 500)
"""What the README's figures come from; some ten minutes."""

QUICK = Plan(2, 1, 1, 2, 1.0, 2, (10, 1_000), (1, 20), 20, 2, 50)
"""Whether everything works; its figures say nothing."""
