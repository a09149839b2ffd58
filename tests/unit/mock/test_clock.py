"""Time, as it is read and as it is written."""

from __future__ import annotations

import time

import pytest

from aitronos_mock.clock import SystemClock, timestamp


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
