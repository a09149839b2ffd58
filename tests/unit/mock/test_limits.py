"""The limit on resolves."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aitronos_mock.limits import Rate, RateLimiter, Verdict, client_of
from aitronos_mock.mock import Mock

Call = Callable[..., httpx.Response]

RATES = st.builds(Rate, st.integers(1, 10_000), st.integers(1, 12_000))
MOMENTS = st.floats(0, 4e9)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("100/minute", Rate(100, 120)), ("1/minute", Rate(1, 1)), ("999999999/minute", Rate(999999999, 1199999998))],
)
def test_a_rate_allows_bursts_of_a_fifth_more(text: str, expected: Rate) -> None:
    """`N/minute` grants N a minute with bursts of 1.2 N, rounded down."""
    assert expected == Rate.parse(text)


def test_off_is_no_limit() -> None:
    """`off` means that there is no limit."""
    assert Rate.parse("off") is None


@pytest.mark.parametrize(
    "text", ["", "0/minute", "-1/minute", "1.5/minute", "10", "10/second", "OFF", "10/minute\n", "٣/minute", "1" * 10]
)
def test_anything_else_is_no_rate(text: str) -> None:
    """Any other text is refused with what to write instead."""
    with pytest.raises(ValueError, match="write N/minute with N from 1, for instance 100/minute, or off"):
        Rate.parse(text)


def test_a_burst_is_admitted_and_no_request_more() -> None:
    """A client that kept still may make as many requests at once as the burst has, and is told what is left."""
    limiter = RateLimiter(Rate(per_minute=60, burst=3))

    verdicts = [limiter.take("client", 1000.0) for _ in range(4)]

    assert [
        Verdict(admitted=True, limit=60, remaining=2, reset=1001, retry_after=0),
        Verdict(admitted=True, limit=60, remaining=1, reset=1002, retry_after=0),
        Verdict(admitted=True, limit=60, remaining=0, reset=1003, retry_after=1),
        Verdict(admitted=False, limit=60, remaining=0, reset=1003, retry_after=1),
    ] == verdicts


def test_tokens_come_back_with_time_up_to_the_burst() -> None:
    """The bucket refills at the rate, and never beyond its burst."""
    limiter = RateLimiter(Rate(per_minute=60, burst=2))
    limiter.take("client", 0.0)
    limiter.take("client", 0.0)

    assert [False, True, False] == [limiter.take("client", moment).admitted for moment in (0.5, 1.0, 1.5)]
    assert 1 == limiter.take("client", 1e6).remaining


def test_each_client_has_a_bucket_of_its_own() -> None:
    """One client's requests take nothing from another's."""
    limiter = RateLimiter(Rate(1, 1))
    limiter.take("one", 0.0)

    assert limiter.take("other", 0.0).admitted
    assert not limiter.take("one", 0.0).admitted


def test_a_clock_that_is_set_back_gives_nothing_and_takes_nothing() -> None:
    """A client keeps the tokens that it has when time goes backwards."""
    limiter = RateLimiter(Rate(per_minute=60, burst=2))
    limiter.take("client", 1000.0)

    assert [True, False] == [limiter.take("client", 0.0).admitted for _ in range(2)]


def test_the_client_not_seen_for_longest_is_forgotten_first() -> None:
    """Past the bound on clients the one seen last longest ago starts afresh, and the others do not."""
    limiter = RateLimiter(Rate(1, 1), max_clients=2)
    for client in ("one", "two", "one", "three"):
        limiter.take(client, 0.0)

    assert [False, False, True] == [limiter.take(client, 0.0).admitted for client in ("one", "three", "two")]


@given(RATES, MOMENTS, st.lists(st.floats(0, 10), max_size=20))
@example(Rate(10, 2), 11.1, [0.8, 0.9, 2.1])
def test_whoever_waits_as_long_as_told_is_admitted(rate: Rate, now: float, pauses: list[float]) -> None:
    """After `retry_after` seconds a request is admitted, whatever the rate, the time of day and what went before."""
    limiter = RateLimiter(Rate(rate.per_minute, min(rate.burst, 20)))
    for pause in pauses:
        now += pause
        limiter.take("client", now)
    while (verdict := limiter.take("client", now)).admitted:
        pass

    assert limiter.take("client", now + verdict.retry_after).admitted


@given(RATES, MOMENTS, st.integers(1, 50))
def test_the_whole_allowance_is_there_at_the_reset(rate: Rate, now: float, requests: int) -> None:
    """At `reset` the whole burst is available again."""
    limiter = RateLimiter(rate)
    verdict = [limiter.take("client", now) for _ in range(requests)][-1]

    assert rate.burst - 1 == limiter.take("client", verdict.reset).remaining


@given(RATES, st.lists(st.floats(0, 100), max_size=50))
def test_what_remains_is_what_would_be_admitted(rate: Rate, pauses: list[float]) -> None:
    """`remaining` counts the requests that are admitted without any wait, neither more nor fewer."""
    limiter = RateLimiter(Rate(rate.per_minute, min(rate.burst, 20)))
    now = 0.0
    for pause in pauses:
        now += pause
        limiter.take("client", now)
    remaining = limiter.take("client", now).remaining

    assert remaining == sum(limiter.take("client", now).admitted for _ in range(remaining + 1))


def test_a_resolve_tells_its_client_the_allowance(
    build: Callable[..., Mock], calling: Callable[..., Call], start: int
) -> None:
    """Every answer to a resolve carries limit, remaining and reset, a refusal too."""
    call = calling(build(rate=Rate(per_minute=30, burst=2)))
    answers = [call("GET", f"/v1/music/shared/{token}") for token in ("shr_track", "shr_unknown", "shr_track")]

    told = [
        (each.status_code, *(each.headers[f"x-ratelimit-{name}"] for name in ("limit", "remaining", "reset")))
        for each in answers
    ]
    assert [
        (200, "30", "1", f"{start + 2}"),
        (404, "30", "0", f"{start + 4}"),
        (429, "30", "0", f"{start + 4}"),
    ] == told
    assert "2" == answers[2].headers["retry-after"]


def test_addresses_are_limited_apart_and_other_operations_not_at_all(
    build: Callable[..., Mock], calling: Callable[..., Call]
) -> None:
    """The limit is per client IP address and for resolves alone; headers cannot name another address."""
    mock = build(rate=Rate(1, 1))
    one, other = calling(mock, "203.0.113.7"), calling(mock, "2001:db8::7")
    one("GET", "/v1/music/shared/shr_track")

    assert 429 == one("GET", "/v1/music/shared/shr_track", headers={"X-Forwarded-For": "203.0.113.8"}).status_code
    assert 201 == one("POST", "/v1/music/shared/shr_track/save", "recipient-key").status_code
    assert 200 == other("GET", "/v1/music/shared/shr_track").status_code


def test_without_a_limit_nothing_is_told(call: Call) -> None:
    """With the limit off, resolves are not counted and carry no allowance."""
    answers = [call("GET", "/v1/music/shared/shr_track") for _ in range(5)]

    assert {200} == {each.status_code for each in answers}
    assert not any("x-ratelimit-limit" in each.headers for each in answers)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("unknown", "unknown"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
    ],
)
def test_a_household_is_one_client(address: str, expected: str) -> None:
    """With IPv6 anybody has a /64 of addresses, so that is what is limited; IPv4 in its clothes is IPv4."""
    assert expected == client_of(address)
