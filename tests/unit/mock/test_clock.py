"""Time, as it is read and as it is written."""

from __future__ import annotations

import time

import pytest

from aitronos_mock.clock import SystemClock, moment_of, timestamp


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
