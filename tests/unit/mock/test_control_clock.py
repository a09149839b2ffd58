"""The clock of a sandbox, as the control plane sets it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .whole import (
    OWNER,
    SHARE_TRACK,
    Json,
    Whole,
    refusal_of,
)


def test_the_clock_is_frozen_advanced_and_released(whole: Whole, advance: Callable[[float], None]) -> None:
    """Frozen it stands still and can be put forward; shifted it runs ahead of the machine; real it follows it."""
    changes: list[Json] = [
        {"now": "2030-01-01T00:00:00Z"},
        {"advance_seconds": 3600},
        {"real": True},
        {"advance_seconds": 0.5},
        {"advance_seconds": 59.5},
    ]
    read = []
    for change in changes:
        assert 200 == whole.control("PUT", "/clock", json=change).status_code
        advance(1)
        read.append(whole.control("GET", "/clock").json())

    assert [
        {"now": "2030-01-01T00:00:00Z", "mode": "frozen"},
        {"now": "2030-01-01T01:00:00Z", "mode": "frozen"},
        {"now": "2026-06-28T10:30:03Z", "mode": "real"},
        {"now": "2026-06-28T10:30:04Z", "mode": "shifted"},
        {"now": "2026-06-28T10:31:05Z", "mode": "shifted"},
    ] == read


def test_setting_the_clock_takes_no_time(whole: Whole) -> None:
    """What the clock was moved by is not told as the time that the answer took."""
    moved = [
        whole.control("PUT", "/clock", json=change)
        for change in ({"advance_seconds": 3600}, {"now": "2030-01-01T00:00:00Z"})
    ]

    assert ["0", "0"] == [answer.headers["freddy-processing-ms"] for answer in moved]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "body: must have one of now, advance_seconds, real"),
        ({"now": "2026-06-28T10:30:00Z", "real": True}, "body: must have only one of now, advance_seconds, real"),
        ({"now": 7}, "now: must be a string"),
        ({"now": "yesterday"}, "now: must be a moment of the years 2000 to 8999 such as 2026-06-28T10:30:00Z"),
        (
            {"now": "2026-02-30T00:00:00Z"},
            "now: must be a moment of the years 2000 to 8999 such as 2026-06-28T10:30:00Z",
        ),
        (
            {"now": "1999-12-31T23:59:59Z"},
            "now: must be a moment of the years 2000 to 8999 such as 2026-06-28T10:30:00Z",
        ),
        (
            {"now": "2026-06-28T10:30:00Z\n"},
            "now: must be a moment of the years 2000 to 8999 such as 2026-06-28T10:30:00Z",
        ),
        ({"advance_seconds": -1}, "advance_seconds: must be at least 0"),
        ({"advance_seconds": 3153600001}, "advance_seconds: must be at most 3153600000"),
        ({"advance_seconds": "1"}, "advance_seconds: must be a number"),
        ({"real": False}, "real: must be one of true"),
        ({"tomorrow": True}, "tomorrow: unknown field; known are now, advance_seconds, real"),
    ],
)
def test_a_wrong_change_of_the_clock_is_refused(whole: Whole, change: Json, said: str) -> None:
    """What is no change of the clock is a 422 that says what would be one, and the clock goes on."""
    assert (422, "VALIDATION_ERROR", said) == refusal_of(whole.control("PUT", "/clock", json=change))
    assert "real" == whole.control("GET", "/clock").json()["mode"]


def test_the_clock_does_not_go_beyond_what_can_be_written(whole: Whole) -> None:
    """Steps forward are refused before links would expire in a year of five digits."""
    step = {"advance_seconds": 3153600000}
    answers = [whole.control("PUT", "/clock", json=step) for _ in range(71)]

    assert {200, 422} == {answer.status_code for answer in answers}
    assert "advance_seconds: must not lead beyond the year 8999" == refusal_of(answers[-1])[2]
    share = whole.call("POST", SHARE_TRACK, OWNER, json={"expires_in_days": 90}).json()
    assert 20 == len(share["expires_at"])
