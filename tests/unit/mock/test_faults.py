"""Which requests faults strike."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aitronos_mock.errors import problem
from aitronos_mock.faults import MAX_FAULTS, Faults, Strike, TooManyFaults

from .faulting import RESOLVE, Json, add, items_of


def _strike(faults: Faults, operation: str = "resolveShare") -> Strike | None:
    return asyncio.run(faults.strike(operation, RESOLVE))


def _struck(faults: Faults, requests: int, operation: str = "resolveShare") -> list[str | None]:
    strikes = (_strike(faults, operation) for _ in range(requests))
    return [strike and strike.fault_id for strike in strikes]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({}, "xxxxx"),
        ({"times": 2}, "xx---"),
        ({"nth": 1}, "x----"),
        ({"nth": 3}, "--x--"),
        ({"nth": 3, "times": 2}, "--xx-"),
        ({"probability": 0}, "-----"),
        ({"probability": 1, "times": 1}, "x----"),
        ({"operation": "shareTrack"}, "-----"),
        ({"operation": "resolveShare"}, "xxxxx"),
        ({"path": "/v1/music/org_*"}, "-----"),
        ({"path": "/v1/music/shared/*", "operation": "shareTrack"}, "-----"),
    ],
)
def test_a_fault_strikes_when_it_was_told_to(when: Json, expected: str) -> None:
    """By operation, path, count, limit and chance, all of which must be met."""
    faults = Faults()
    add(faults, status=503, **when)

    assert expected == "".join("x" if struck else "-" for struck in _struck(faults, 5))


def test_the_first_one_that_is_due_strikes() -> None:
    """The order is that of adding; one that is not due leaves the request to the next."""
    faults = Faults()
    add(faults, status=500, nth=2)
    add(faults, status=502, times=1)
    add(faults, status=503)

    assert ["fault_2", "fault_1", "fault_3"] == _struck(faults, 3)


def test_every_fault_counts_what_it_is_meant_for() -> None:
    """A request that another one struck counts too, so `nth` does not depend on what else there is."""
    faults = Faults()
    add(faults, status=500, times=2)
    add(faults, status=502, nth=3)

    assert ["fault_1", "fault_1", "fault_2", None] == _struck(faults, 4)


def test_what_can_still_strike_is_listed() -> None:
    """With how often it struck; one that is done is gone, and so is everything once it is cleared."""
    faults = Faults()
    add(faults, status=503, times=2)
    add(faults, status=500, times=1, operation="shareTrack")
    _struck(faults, 1)
    _struck(faults, 1, "shareTrack")

    listed = [fault.to_json() for fault in items_of(faults)]
    asyncio.run(faults.clear())

    plan = {"status": 500, "times": 1, "operation": "shareTrack"}
    _struck(faults, 2)
    assert [{"id": "fault_2", "plan": plan, "struck": 0}] == listed
    assert ([], False) == (items_of(faults), bool(faults))


def test_ids_are_never_given_twice() -> None:
    """Also not after the faults were cleared."""
    faults = Faults()
    first = add(faults, status=503).id
    asyncio.run(faults.clear())

    assert ("fault_1", "fault_2") == (first, add(faults, status=503).id)


def test_there_is_room_for_so_many() -> None:
    """One more is refused in the terms of the API, and those that are there stay."""
    faults = Faults()
    for _ in range(MAX_FAULTS):
        add(faults, status=503)

    with pytest.raises(TooManyFaults) as refused:
        add(faults, status=503)

    assert MAX_FAULTS == len(items_of(faults))
    described = problem(refused.value, "addFault")
    assert (409, "TOO_MANY_FAULTS", {"limit": 100}) == (described.status, described.code, described.details)


@given(st.integers(), st.floats(0, 1))
def test_chances_follow_from_the_seed(seed: int, probability: float) -> None:
    """Two mocks of the same seed are struck alike, latencies included."""

    def strikes() -> Iterator[float | None]:
        faults = Faults(seed)
        add(faults, latency_ms=[1, 60000], probability=probability)
        for _ in range(20):
            strike = _strike(faults)
            yield strike and strike.seconds

    assert list(strikes()) == list(strikes())


@given(st.integers(), st.integers(0, 20))
def test_a_chance_is_a_matter_of_its_fault_alone(seed: int, others: int) -> None:
    """A fault strikes the same requests whatever other faults there were before them, or draw beside it."""

    def struck(others: int) -> list[str | None]:
        faults = Faults(seed)
        add(faults, status=503, probability=0.5)
        for _ in range(others):
            add(faults, latency_ms=[1, 9], probability=0.5, operation="shareTrack")
        pattern = []
        for _ in range(10):
            _strike(faults, "shareTrack")
            pattern += _struck(faults, 1)
        return pattern

    assert struck(0) == struck(others)


def test_chances_differ_between_seeds() -> None:
    """Half of the requests are struck, others with another seed; without a seed it is another sequence every time."""
    patterns = set()
    for seed in (1, 2, None, None):
        faults = Faults(seed)
        add(faults, status=503, probability=0.5)
        patterns.add("".join("x" if struck else "-" for struck in _struck(faults, 200)))

    assert 4 == len(patterns)
    assert all(60 < pattern.count("x") < 140 for pattern in patterns)


@pytest.mark.parametrize(("latency", "shortest", "longest"), [(250, 0.25, 0.25), ([100, 300], 0.1, 0.3), (0, 0, 0)])
def test_a_latency_is_drawn_from_its_range(latency: Any, shortest: float, longest: float) -> None:
    """In seconds, both ends included; a fixed one is always the same."""
    faults = Faults()
    add(faults, latency_ms=latency)

    strikes = [_strike(faults) for _ in range(50)]

    assert all(strike and shortest <= strike.seconds <= longest for strike in strikes)
