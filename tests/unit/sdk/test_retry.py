"""The retry rules, without a network."""

import math
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aitronos._budget import Budget
from aitronos._retry import Policy, Replay, backoff, is_health, is_repeatable, retry_after
from aitronos._wire import Failure, Outcome, Reply, Trouble

NOW = datetime(2026, 6, 28, 10, 30, tzinfo=UTC).timestamp()


def reply(status: int, headers: Mapping[str, str] | None = None) -> Reply:
    """An answer without a body."""
    return Reply(status, headers or {}, b"")


def failure(trouble: Trouble) -> Failure:
    """No answer."""
    return Failure(trouble, "reason")


def policy(replay: Replay = Replay.ALWAYS, max_retries: int = 2, jitter: float = 1.0) -> Policy:
    """A policy without chance."""
    return Policy(replay, max_retries, Budget(), lambda: jitter, lambda: NOW)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_passing_statuses_are_repeatable(status: int) -> None:
    """What may have been processed is repeated only where that does no harm; 429 was not processed."""
    assert is_repeatable(reply(status), Replay.ALWAYS)
    assert is_repeatable(reply(status), Replay.IF_NOT_PROCESSED) is (status == 429)


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 409, 413, 415, 422, 501, 505, 520])
@pytest.mark.parametrize("replay", Replay)
def test_lasting_statuses_are_not_repeatable(status: int, replay: Replay) -> None:
    """What will not change is not asked again."""
    assert not is_repeatable(reply(status), replay)


@pytest.mark.parametrize(
    ("trouble", "always", "if_not_processed"),
    [
        (Trouble.UNREACHABLE, True, True),
        (Trouble.NO_CONNECTION_IN_TIME, True, True),
        (Trouble.INTERRUPTED, True, False),
        (Trouble.OUT_OF_TIME, False, False),
        (Trouble.GARBLED, False, False),
    ],
)
def test_troubles(trouble: Trouble, always: bool, if_not_processed: bool) -> None:
    """A broken connection leaves it open whether a request was processed; one that never was leaves no doubt."""
    assert is_repeatable(failure(trouble), Replay.ALWAYS) is always
    assert is_repeatable(failure(trouble), Replay.IF_NOT_PROCESSED) is if_not_processed


@pytest.mark.parametrize(
    ("outcome", "healthy"),
    [
        (reply(200), True),
        (reply(404), True),
        (reply(429), False),
        (reply(503), False),
        (failure(Trouble.GARBLED), False),
    ],
)
def test_health(outcome: Outcome, healthy: bool) -> None:
    """A server that refuses does its work; one that is busy, fails or falls silent does not."""
    assert is_health(outcome) is healthy


@pytest.mark.parametrize(("retry", "limit"), [(0, 0.5), (1, 1.0), (2, 2.0), (4, 8.0), (5, 8.0), (10_000, 8.0)])
def test_backoff_limits(retry: int, limit: float) -> None:
    """The limit doubles from half a second to eight seconds."""
    assert backoff(retry, lambda: 1.0) == limit


@given(st.integers(0, 100), st.floats(0, 1, exclude_max=True))
def test_backoff_is_full_jitter(retry: int, jitter: float) -> None:
    """The pause lies anywhere between nothing and the limit."""
    assert 0 <= backoff(retry, lambda: jitter) <= 8


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": " 7 "}, 7.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after": "1", "retry-after-ms": "2500"}, 2.5),
        ({"retry-after": "3", "retry-after-ms": "2500"}, 3.0),
        ({"retry-after": "Sun, 28 Jun 2026 10:31:00 GMT"}, 60.0),
        ({"retry-after": "Sun, 28 Jun 2026 10:29:00 GMT"}, 0.0),
        ({"retry-after": "Sun, 28 Jun 2026 12:31:00 +0200"}, 60.0),
        ({"retry-after": "Sunday, 28-Jun-26 10:31:00 GMT"}, 60.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "1_0"}, None),
        ({"retry-after": "1e1"}, None),
        ({"retry-after": "\u0663"}, None),
        ({"retry-after": "9" * 400}, sys.float_info.max),
        ({"retry-after": "3, 5"}, 5.0),
        ({"retry-after-ms": "soon", "retry-after": "4"}, 4.0),
    ],
)
def test_retry_after(headers: Mapping[str, str], expected: float | None) -> None:
    """Seconds, milliseconds and dates are read; of two the longer counts; nonsense counts as absent."""
    assert retry_after(headers, NOW) == expected


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Kolkata"])
def local_time(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine stands somewhere in the world."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("local_time")
@pytest.mark.parametrize(
    "date", ["Sun Jun 28 10:31:00 2026", "Sun, 28 Jun 2026 10:31:00 -0000", "Sun, 28 Jun 2026 10:31:00"]
)
def test_a_date_without_a_zone_is_one_of_utc(date: str) -> None:
    """HTTP knows no local time, wherever the machine stands."""
    assert retry_after({"retry-after": date}, NOW) == 60.0


@given(st.text())
def test_retry_after_takes_any_text(text: str) -> None:
    """Whatever a server puts into the header, it is a wait or nothing."""
    wait = retry_after({"retry-after": text, "retry-after-ms": text}, NOW)
    assert wait is None or 0 <= wait < math.inf


def test_retry_after_is_never_undercut() -> None:
    """Jitter may prolong what the server asked for, never shorten it."""
    busy = reply(429, {"retry-after": "3"})
    assert policy(jitter=0.0).delay(busy, 0, remaining=60) == 3.0
    assert policy(jitter=1.0).delay(reply(429, {"retry-after": "0.1"}), 0, remaining=60) == 0.5


@pytest.mark.parametrize(("seconds", "remaining"), [("121", 1000.0), ("60", 60.0), ("61", 60.0)])
def test_retry_after_out_of_reach(seconds: str, remaining: float) -> None:
    """A wait beyond the deadline, or beyond two minutes, ends the call at once."""
    assert policy().delay(reply(429, {"retry-after": seconds}), 0, remaining) is None


def test_retry_after_of_two_minutes() -> None:
    """Two minutes are still waited for."""
    assert policy().delay(reply(429, {"retry-after": "120"}), 0, remaining=1000) == 120.0


@pytest.mark.parametrize(("outcome", "retry"), [(reply(503), 2), (reply(404), 0), (failure(Trouble.OUT_OF_TIME), 0)])
def test_giving_up(outcome: Outcome, retry: int) -> None:
    """No retry is left, or none would help."""
    assert policy().delay(outcome, retry, remaining=60) is None


def test_giving_up_spends_nothing() -> None:
    """Only a retry that takes place costs a token."""
    rules = policy()
    rules.delay(reply(503), 2, remaining=60)
    rules.delay(reply(429, {"retry-after": "600"}), 0, remaining=60)
    assert all(rules.budget.spend() for _ in range(100))


def test_budget_against_a_dead_server() -> None:
    """A thousand calls that only fail make at most eleven hundred attempts."""
    rules = policy()
    attempts = 0
    for _ in range(1000):
        attempts += 1
        retry = 0
        while rules.delay(reply(503), retry, remaining=60) is not None:
            attempts, retry = attempts + 1, retry + 1
    assert attempts == 1100
