"""What the control plane refuses, and how it says so."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

MOMENT = "must be a moment of the years 2000 to 8999 such as 2026-06-28T10:30:00Z"


def _refusal(response: httpx.Response) -> str:
    assert 422 == response.status_code
    said: str = response.json()["error"]["system_message"]
    return said


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("status=99", "status: must be a whole number from 100 to 599"),
        ("status=600", "status: must be a whole number from 100 to 599"),
        ("status=", "status: must be a whole number from 100 to 599"),
        ("status=2xx", "status: must be a whole number from 100 to 599"),
        ("limit=0", "limit: must be a whole number from 1 to 10000"),
        ("limit=10001", "limit: must be a whole number from 1 to 10000"),
        ("limit=" + "9" * 5000, "limit: must be a whole number from 1 to 10000"),
        ("since=", f"since: {MOMENT}"),
        ("since=yesterday", f"since: {MOMENT}"),
    ],
)
def test_a_filter_that_means_nothing_is_refused(served: Any, query: str, refusal: str) -> None:
    """A filter of the journal is held against its bounds, and an empty one is not taken for none."""
    assert refusal == _refusal(httpx.get(f"{served.url}/_mock/requests?{query}"))


@pytest.mark.parametrize("method", ["nothing", ""])
def test_a_filter_that_fits_nothing_finds_nothing(served: Any, method: str) -> None:
    """A filter is a condition, whatever it says."""
    httpx.get(f"{served.url}/nothing")

    assert {"items": []} == httpx.get(f"{served.url}/_mock/requests?method={method}").json()


@pytest.mark.parametrize("now", ["1999-12-31T23:59:59Z", "9000-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "noon"])
def test_a_clock_is_set_to_moments_within_reach(served: Any, now: str) -> None:
    """A clock stands only where what counts from it, forth or back, has a spelling too."""
    assert f"now: {MOMENT}" == _refusal(httpx.put(f"{served.url}/_mock/clock", json={"now": now}))


def test_a_clock_goes_forward_within_reach(serve: Any) -> None:
    """However often it is put forward, a clock does not leave the years that it may be set to."""
    clock = f"{serve('--log-level', 'error').url}/_mock/clock"
    assert 200 == httpx.put(clock, json={"now": "8999-12-31T23:59:58Z"}).status_code

    assert "8999-12-31T23:59:59Z" == httpx.put(clock, json={"advance_seconds": 1}).json()["now"]
    refusal = _refusal(httpx.put(clock, json={"advance_seconds": 1}))
    assert "advance_seconds: must not lead beyond the year 8999" == refusal
