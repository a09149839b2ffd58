"""The time of a sandbox, and what goes wrong in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from aitronos_mock.testing import MockRefused, Sandbox, seeded
from aitronos_mock.testing.steering import written

MOMENT = datetime(2026, 6, 28, 10, 30, tzinfo=UTC)
OPEN = f"/v1/music/shared/{seeded.TRACK_TOKEN}"


@pytest.fixture
def sandbox(aitronos_sandbox_in_process: Sandbox) -> Sandbox:
    """A sandbox of its own."""
    return aitronos_sandbox_in_process


@pytest.mark.parametrize(
    "moment",
    [
        "2026-06-28T10:30:00Z",
        MOMENT,
        MOMENT.replace(microsecond=999_999),
        MOMENT.astimezone(timezone(timedelta(hours=-8))),
    ],
)
def test_a_moment_is_written_as_the_api_does(moment: datetime | str) -> None:
    """Moments of any time zone are written in UTC and whole seconds; text stays as it is."""
    assert "2026-06-28T10:30:00Z" == written(moment)


def test_a_clock_is_frozen_advanced_and_released(sandbox: Sandbox) -> None:
    """Each change gives the time that it is then, and the clock goes on as it did."""
    clock, modes = sandbox.clock, [sandbox.clock.mode]
    assert MOMENT == clock.freeze(MOMENT)
    assert MOMENT + timedelta(hours=1) == clock.advance(3600)
    assert MOMENT + timedelta(days=1) == clock.advance(timedelta(hours=23))
    assert MOMENT + timedelta(days=1) == clock.now()
    modes.append(clock.mode)
    assert clock.release() > MOMENT
    clock.advance(60)
    assert ["real", "frozen", "shifted"] == [*modes, clock.mode]


def test_a_clock_can_stop_where_it_is(sandbox: Sandbox) -> None:
    """Without a moment, time stands still."""
    stopped = sandbox.clock.freeze()
    assert (stopped, "frozen") == (sandbox.clock.now(), sandbox.clock.mode)


def test_time_has_bounds(sandbox: Sandbox) -> None:
    """What no clock can be set to is refused."""
    with pytest.raises(MockRefused, match="VALIDATION_ERROR"):
        sandbox.clock.freeze("yesterday")
    with pytest.raises(MockRefused, match="VALIDATION_ERROR"):
        sandbox.clock.advance(timedelta(days=-1))


def test_faults_strike_until_they_are_over_or_taken_away(sandbox: Sandbox) -> None:
    """A fault is listed while it can strike, and can be taken away."""
    http = sandbox.http_client()
    sandbox.faults.add(operation="resolveShare", status=503, times=1)
    sandbox.faults.add(path="/v1/music/*/save", status=500)
    assert [503, 500] == [fault["plan"]["status"] for fault in sandbox.faults.items()]
    assert [503, 200] == [http.get(OPEN).status_code for _ in range(2)]
    assert [500] == [fault["plan"]["status"] for fault in sandbox.faults.items()]
    sandbox.faults.clear()
    assert [] == sandbox.faults.items()


def test_a_fault_that_makes_no_sense_is_refused(sandbox: Sandbox) -> None:
    """What a fault cannot be is refused with its fields."""
    with pytest.raises(MockRefused) as caught:
        sandbox.faults.add(times=1)
    assert "body" == caught.value.details["field"]
