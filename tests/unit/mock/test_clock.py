"""Time, as it is read and as it is written."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from aitronos_mock.clock import AdjustableClock, SystemClock, moment_of, settable_moment, timestamp


def test_the_system_clock_tells_unix_seconds() -> None:
    """The system clock lies between two readings of the machine's own."""
    before = time.time()
    now = SystemClock().time()

    assert before <= now <= time.time()


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1782642600, "2026-06-28T10:30:00Z"),
        (1782642600.999, "2026-06-28T10:30:00Z"),
        (253402300799, "9999-12-31T23:59:59Z"),
    ],
)
def test_a_moment_is_written_in_utc_without_fractions(seconds: float, expected: str) -> None:
    """A timestamp is UTC, and its fraction of a second is cut off."""
    assert expected == timestamp(seconds)


@pytest.mark.parametrize("seconds", [0, 1782642600, 253402300799])
def test_a_moment_is_read_as_it_is_written(seconds: int) -> None:
    """What a timestamp says can be read back."""
    assert seconds == moment_of(timestamp(seconds))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-06-28",
        "2026-6-28T10:30:00Z",
        "2026-02-30T10:30:00Z",
        "2026-06-28T10:30:60Z",
        "2026-06-28T24:00:00Z",
        "2026-06-28T10:30:00+00:00",
        "2026-06-28T10:30:00.0Z",
        " 2026-06-28T10:30:00Z",
    ],
)
def test_what_is_written_otherwise_is_no_moment(text: str) -> None:
    """A moment has one spelling, and a day that there is not has none."""
    with pytest.raises(ValueError):  # noqa: PT011 - its words are those of the standard library, and nobody reads them
        moment_of(text)


def test_a_clock_follows_the_machine(clock: Any, advance: Callable[[float], None], start: int) -> None:
    """A clock that nobody touched tells the machine's time."""
    adjustable = AdjustableClock(clock)
    advance(7)

    assert ("real", start + 7) == (adjustable.mode, adjustable.time())


def test_a_frozen_clock_stands_still(clock: Any, advance: Callable[[float], None]) -> None:
    """Frozen from the start or later, it tells the same moment until it is told another one."""
    adjustable = AdjustableClock(clock, frozen_at=0)
    advance(7)
    assert ("frozen", 0) == (adjustable.mode, adjustable.time())

    adjustable.freeze(100)
    adjustable.advance(5)
    advance(7)
    assert ("frozen", 105) == (adjustable.mode, adjustable.time())


def test_an_advanced_clock_runs_ahead(clock: Any, advance: Callable[[float], None], start: int) -> None:
    """Steps forward add up, and between them it goes with the machine."""
    adjustable = AdjustableClock(clock)
    for seconds in (60, 0.5):
        adjustable.advance(seconds)
        advance(1)

    assert ("shifted", start + 62.5) == (adjustable.mode, adjustable.time())


@pytest.mark.parametrize("frozen_at", [None, 0])
def test_a_released_clock_follows_the_machine_again(clock: Any, start: int, frozen_at: int | None) -> None:
    """Release undoes both freezing and advancing."""
    adjustable = AdjustableClock(clock, frozen_at)
    adjustable.advance(60)
    adjustable.release()

    assert ("real", start) == (adjustable.mode, adjustable.time())


@pytest.mark.parametrize("text", ["2000-01-01T00:00:00Z", "2026-06-28T10:30:00Z", "8999-12-31T23:59:59Z"])
def test_a_clock_can_be_set_to_a_moment_with_room_on_both_sides(text: str) -> None:
    """The first and the last moment that a clock can be set to are among those that it can."""
    assert text == timestamp(settable_moment(text))


@pytest.mark.parametrize("text", ["1999-12-31T23:59:59Z", "9000-01-01T00:00:00Z", "noon"])
def test_a_clock_cannot_be_set_to_the_edge_of_time(text: str) -> None:
    """A moment from which nothing could be counted back or forth is refused, as is what is no moment at all."""
    with pytest.raises(ValueError):  # noqa: PT011 - whoever asks has words of its own
        settable_moment(text)


@pytest.mark.parametrize(
    ("change", "mode"), [(("freeze", 1000.0), "frozen"), (("advance", 60.0), "shifted"), (("release",), "real")]
)
def test_how_a_clock_stands_can_be_handed_on(clock: Any, change: tuple[Any, ...], mode: str) -> None:
    """Another clock over the same machine's tells the same time, in the same way."""
    first, second = AdjustableClock(clock), AdjustableClock(clock, frozen_at=1.0)
    getattr(first, change[0])(*change[1:])
    second.restore(first.state)

    assert (first.time(), mode) == (second.time(), second.mode)
