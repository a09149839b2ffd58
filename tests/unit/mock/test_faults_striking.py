"""What faults leave of answers."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from aitronos_mock.app import create_app
from aitronos_mock.faults import Faults
from aitronos_mock.faults.spoiling import BYTE_PAUSE_SECONDS
from aitronos_mock.journal import Filters
from aitronos_mock.mock import Mock
from aitronos_mock.refusals import CannotHangUp

from .faulting import OPERATIONS, RESOLVE, TRACK, Call, Connection, Json, Sleeper, add, items_of

RESOLVE_REMOVED = "/v1/music/shared/shr_removed_track"
"""Answered with the same bytes each time: there is nothing to play, so no new playback URL."""


@pytest.fixture
def sleeper() -> Sleeper:
    """The sleep of the mock under test."""
    return Sleeper()


@pytest.fixture
def mock(build: Callable[..., Mock], sleeper: Sleeper) -> Mock:
    """The mock over the small world, with a sleep that takes no time."""
    return replace(build(), faults=Faults(sleep=sleeper))


@pytest.fixture
def connection(mock: Mock) -> Connection:
    """A connection to the mock, whose client stays."""
    return Connection(create_app(mock))


@pytest.mark.parametrize(
    ("operation", "method", "path", "status", "cause"),
    [
        ("shareTrack", "POST", TRACK, 401, "missing_key"),
        ("shareTrack", "POST", TRACK, 404, "unknown"),
        ("resolveShare", "GET", RESOLVE, 404, "unknown"),
        ("resolveShare", "GET", RESOLVE, 429, "client_ip"),
        ("resolveShare", "GET", RESOLVE, 500, "unexpected"),
        ("saveSharedTrack", "POST", f"{RESOLVE}/save", 401, "missing_key"),
    ],
)
def test_a_documented_status_comes_as_documented(
    call: Call,
    mock: Mock,
    assert_envelope: Callable[..., None],
    operation: str,
    method: str,
    path: str,
    status: int,
    cause: str,
) -> None:
    """Code, type, messages, details and headers are those of the contract."""
    add(mock.faults, status=status)

    assert_envelope(call(method, path), operation, status, cause)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "BAD_REQUEST", "client_error"),
        (403, "ORGANIZATION_ACCESS_DENIED", "authorization_error"),
        (418, "IM_A_TEAPOT", "client_error"),
        (502, "BAD_GATEWAY", "server_error"),
        (503, "SERVICE_UNAVAILABLE", "server_error"),
        (599, "STATUS_599", "server_error"),
    ],
)
def test_any_other_status_has_an_envelope_too(ask: Call, mock: Mock, status: int, code: str, kind: str) -> None:
    """What the operation does not document is taken from another one that does, or named after the status."""
    add(mock.faults, status=status)

    response = ask("GET", RESOLVE)

    error = response.json()["error"]
    assert (status, status, code, kind) == (response.status_code, error["status"], error["code"], error["type"])
    assert response.headers["x-request-id"] == error["trace_id"]


@pytest.mark.parametrize(
    ("operation", "path", "status", "retry_after"),
    [("resolveShare", RESOLVE, 503, "1"), ("shareTrack", TRACK, 429, "1"), ("resolveShare", RESOLVE, 502, None)],
)
def test_who_may_come_back_learns_when(
    ask: Call, mock: Mock, operation: str, path: str, status: int, retry_after: str | None
) -> None:
    """503 and 429 name the seconds to wait, whichever operation they strike."""
    add(mock.faults, status=status)

    assert retry_after == ask("GET" if path == RESOLVE else "POST", path).headers.get("retry-after")


def test_a_status_leaves_everything_as_it_was(ask: Call, mock: Mock) -> None:
    """No link is minted and no open counted, and nobody is authenticated."""
    add(mock.faults, status=503, times=3)

    answers = [ask("GET", "/v1/music/shared/shr_opens_twice") for _ in range(2)]
    answers.append(ask("POST", TRACK))
    opens = [ask("GET", "/v1/music/shared/shr_opens_twice") for _ in range(3)]

    assert [503, 503, 503] == [answer.status_code for answer in answers]
    assert [200, 200, 404] == [answer.status_code for answer in opens]
    assert ["opened", "opened", "over_limit"] == [entry.outcome for entry in asyncio.run(mock.audit.entries())]


def test_a_forced_answer_is_struck_too(ask: Call, mock: Mock) -> None:
    """What goes wrong goes wrong whatever was asked for."""
    add(mock.faults, body="invalid_json", times=1)
    add(mock.faults, status=503)

    spoilt = ask("GET", RESOLVE, headers={"Prefer": "code=404"})
    refused = ask("GET", RESOLVE, headers={"Prefer": "code=404"})

    assert (404, b"<") == (spoilt.status_code, spoilt.content[:1])
    assert 503 == refused.status_code


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("DELETE", RESOLVE, 405)])
def test_only_operations_of_the_api_are_struck(ask: Call, mock: Mock, method: str, path: str, status: int) -> None:
    """A request that reaches none is answered as ever, and counts for no fault."""
    add(mock.faults, status=503, times=1)

    assert status == ask(method, path).status_code
    assert 1 == len(items_of(mock.faults))


def test_a_strike_is_logged_without_its_path(ask: Call, mock: Mock, caplog: pytest.LogCaptureFixture) -> None:
    """The log says which fault struck which request, so that nobody looks for it elsewhere; a path may hold a token."""
    caplog.set_level("INFO")
    add(mock.faults, status=503, path=RESOLVE)

    trace_id = ask("GET", RESOLVE).headers["x-request-id"]

    said = [record.getMessage() for record in caplog.records if record.name.startswith("aitronos_mock")]
    assert f"Fault fault_1 strikes resolveShare, trace_id {trace_id}" == said[0]
    assert not any("shr_track" in line for line in said)


def test_a_latency_comes_before_the_answer(ask: Call, mock: Mock, sleeper: Sleeper) -> None:
    """The answer is the real one, or that of the other effect."""
    add(mock.faults, latency_ms=250, times=1)
    add(mock.faults, latency_ms=500, status=503)

    answers = [ask("GET", RESOLVE) for _ in range(2)]

    assert [200, 503] == [answer.status_code for answer in answers]
    assert [0.25, 0.5] == sleeper.slept


@pytest.mark.parametrize("pieces", [1, 2, 40])
def test_a_body_that_comes_during_a_latency_is_kept(mock: Mock, connection: Connection, pieces: int) -> None:
    """It is read after the wait, whole, in as many pieces as it came in."""
    add(mock.faults, latency_ms=250)
    body = b" " * 4000 + b'{"expires_in_days": 30}'
    size = -(-len(body) // pieces)

    connection.ask(
        "POST",
        TRACK,
        (b"x-api-key", b"owner-key"),
        body=tuple(body[at : at + size] for at in range(0, len(body), size)),
    )

    assert "2026-07-28T10:30:00Z" == json.loads(connection.body)["expires_at"]


def test_no_more_than_a_body_is_kept_during_a_latency(mock: Mock, connection: Connection) -> None:
    """A body without end is refused like any other that is too large, after the wait."""
    add(mock.faults, latency_ms=250)

    connection.ask("POST", TRACK, (b"x-api-key", b"owner-key"), body=(b" " * 30000,) * 10)

    assert 413 == connection.sent[0]["status"]


def test_a_client_that_goes_during_a_latency_is_not_answered(build: Callable[..., Mock]) -> None:
    """The wait ends at once, and nothing is done for it."""
    mock = replace(build(), faults=Faults(sleep=Sleeper(wakes=False)))
    add(mock.faults, latency_ms=60000)
    connection = Connection(create_app(mock), client_goes=True)

    connection.ask("GET", RESOLVE)

    assert ([], []) == (connection.sent, asyncio.run(mock.audit.entries()))


def test_a_client_that_closes_its_side_during_a_latency_counts_as_gone(build: Callable[..., Mock]) -> None:
    """One that gave up looks the same; the server tells of it by a message behind the whole request."""
    mock = replace(build(), faults=Faults(sleep=Sleeper(wakes=False)))
    add(mock.faults, latency_ms=60000)
    connection = Connection(create_app(mock), client_closes=True)

    connection.ask("GET", RESOLVE)

    assert ([], []) == (connection.sent, asyncio.run(mock.audit.entries()))


def test_a_wait_ends_with_whoever_waits(build: Callable[..., Mock]) -> None:
    """A server that stops cancels it, and leaves no task behind."""
    sleeper = Sleeper(wakes=False)
    mock = replace(build(), faults=Faults(sleep=sleeper))
    add(mock.faults, latency_ms=60000)
    connection = Connection(create_app(mock))

    async def run() -> set[asyncio.Task[Any]]:
        task = asyncio.create_task(connection.asking("GET", RESOLVE))
        await sleeper.asleep.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0)
        return {each for each in asyncio.all_tasks() if each is not asyncio.current_task()}

    assert set() == asyncio.run(run())


def test_a_truncated_body_is_half_of_it(ask: Call, mock: Mock) -> None:
    """HTTP finds nothing wrong with it: what is announced is sent. The open has happened."""
    whole = ask("GET", RESOLVE).content
    add(mock.faults, body="truncated")

    response = ask("GET", RESOLVE)

    assert (200, whole[: len(whole) // 2]) == (response.status_code, response.content)
    assert str(len(whole) // 2) == response.headers["content-length"]
    assert 2 == len(asyncio.run(mock.audit.entries()))


def test_an_invalid_body_is_as_long_as_the_real_one(ask: Call, mock: Mock) -> None:
    """It is no JSON any more, and nothing else differs."""
    whole = ask("GET", RESOLVE_REMOVED).content
    add(mock.faults, body="invalid_json")

    response = ask("GET", RESOLVE_REMOVED)

    assert b"<" + whole[1:] == response.content
    with pytest.raises(ValueError, match="Expecting value"):
        response.json()


def test_a_slow_body_comes_byte_by_byte(ask: Call, mock: Mock, connection: Connection, sleeper: Sleeper) -> None:
    """With a pause after each, and whole in the end."""
    whole = ask("GET", RESOLVE_REMOVED, headers={"Host": "mock.test:80"}).content
    add(mock.faults, body="slow")

    connection.ask("GET", RESOLVE_REMOVED, (b"host", b"mock.test:80"))

    sizes = [len(message["body"]) for message in connection.sent[1:]]
    assert whole == connection.body
    assert [1] * len(whole) + [0] == sizes
    assert [BYTE_PAUSE_SECONDS] * len(whole) == sleeper.slept
    assert [True] * len(whole) + [False] == [message.get("more_body", False) for message in connection.sent[1:]]


def test_a_client_that_goes_during_a_slow_body_gets_no_more(mock: Mock) -> None:
    """The first pause notices it."""
    add(mock.faults, body="slow")
    connection = Connection(create_app(mock), client_goes=True)

    connection.ask("GET", RESOLVE)

    assert b"{" == connection.body


@pytest.mark.parametrize("is_audio", [True, False])
def test_a_body_that_breaks_off_was_announced_whole(
    ask: Call, mock: Mock, connection: Connection, is_audio: bool
) -> None:
    """Half of it is sent, and then the connection is closed; audio, which comes in pieces, breaks off alike."""
    url = httpx.URL(ask("GET", RESOLVE).json()["track"]["playback_url"] if is_audio else RESOLVE)
    whole = ask("GET", str(url)).content
    add(mock.faults, drop="mid_body")

    connection.ask("GET", url.path, (b"host", b"mock.test"), query=url.query)

    assert (len(whole), whole[: len(whole) // 2]) == (connection.announced, connection.body)
    assert connection.hung_up


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/music/shared/shr_unknown", 404), ("POST", TRACK, 401), ("POST", f"{RESOLVE}/save", 401)],
)
def test_errors_are_spoilt_like_successes(
    ask: Call, mock: Mock, connection: Connection, method: str, path: str, status: int
) -> None:
    """Whatever the answer is and wherever it was decided, it is that one which comes to harm."""
    for effect in ({"body": "invalid_json"}, {"body": "truncated"}, {"drop": "mid_body"}):
        add(mock.faults, times=1, **effect)

    invalid, truncated = (ask(method, path) for _ in range(2))
    connection.ask(method, path)

    whole = len(invalid.content)
    assert [status] * 3 == [invalid.status_code, truncated.status_code, connection.sent[0]["status"]]
    assert (b"<", whole // 2) == (invalid.content[:1], len(truncated.content))
    assert (whole, whole // 2, True) == (connection.announced, len(connection.body), connection.hung_up)


def test_head_breaks_off_after_its_headers(mock: Mock, connection: Connection) -> None:
    """There is no body to be broken off, and the connection is closed all the same."""
    add(mock.faults, drop="mid_body")

    connection.ask("HEAD", RESOLVE)

    assert (200, b"", True) == (connection.sent[0]["status"], connection.body, connection.hung_up)


def test_what_breaks_off_has_been_done(mock: Mock, ask: Call, connection: Connection) -> None:
    """The share whose answer did not arrive has minted its link, as it would behind a bad line."""
    add(mock.faults, drop="mid_body", times=1)

    connection.ask("POST", TRACK, (b"x-api-key", b"owner-key"))

    token = re.search(rb'"token":"(shr_\w+)"', connection.body)
    assert token is not None
    assert 200 == ask("GET", f"/v1/music/shared/{token[1].decode()}").status_code


def test_a_dropped_connection_carries_nothing(mock: Mock, ask: Call, connection: Connection) -> None:
    """Not a byte is sent, and nothing is done."""
    add(mock.faults, drop="before", times=1)

    connection.ask("GET", RESOLVE)

    assert (True, [], []) == (connection.hung_up, connection.sent, asyncio.run(mock.audit.entries()))


@pytest.mark.parametrize("drop", ["before", "mid_body"])
def test_what_cannot_hang_up_says_so(mock: Mock, drop: str) -> None:
    """Without a server there is no connection to drop; nothing is answered, and nothing done."""
    add(mock.faults, drop=drop)
    connection = Connection(create_app(mock), can_hang_up=False)

    with pytest.raises(CannotHangUp, match="serve the mock with the command aitronos-mock"):
        connection.ask("GET", RESOLVE)

    assert ([], []) == (connection.sent, asyncio.run(mock.audit.entries()))


@pytest.mark.parametrize("effect", [{"body": "truncated"}, {"body": "invalid_json"}, {"body": "slow"}])
def test_an_answer_without_a_body_has_nothing_to_spoil(ask: Call, mock: Mock, effect: Json) -> None:
    """A 304 stays what it is."""
    url = ask("GET", RESOLVE).json()["track"]["playback_url"]
    etag = ask("GET", url).headers["etag"]
    add(mock.faults, **effect)

    response = ask("GET", url, headers={"If-None-Match": etag})

    assert (304, b"") == (response.status_code, response.content)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"latency_ms": "long"}, "latency_ms: must be 0 to 60000 milliseconds, or a pair of such numbers"),
        ({"status": 503, "path": ""}, "path: must have 1 or more characters"),
        ({"status": 503, "path": "p" * 2049}, "path: must have 2048 or fewer characters"),
        ({"latency_ms": [1]}, "latency_ms: must be 0 to 60000 milliseconds, or a pair of such numbers"),
        ({"latency_ms": 60001}, "latency_ms: must be 0 to 60000 milliseconds, or a pair of such numbers"),
        ({"status": 200}, "status: must be at least 400"),
        ({"operation": "getTrackAudio", "status": 503}, f"operation: must be one of {', '.join(OPERATIONS)}"),
        ({}, "body: must have one of latency_ms, status, drop, body"),
    ],
)
def test_the_control_plane_says_what_is_wrong_with_a_plan(served: Any, plan: Json, said: str) -> None:
    """A plan that the schema or the rules refuse is a 422 that says what to write instead."""
    response = httpx.post(f"{served.url}/_mock/faults", json=plan)

    assert (422, said) == (response.status_code, response.json()["error"]["system_message"])


def test_the_journal_has_what_was_dropped(mock: Mock, connection: Connection) -> None:
    """A request that got no answer was made all the same: without a status, so that attempts can be counted."""
    add(mock.faults, drop="before", times=1)
    add(mock.faults, drop="mid_body", times=1)

    for _ in range(2):
        connection.hung_up = False
        connection.ask("GET", RESOLVE)

    recorded = asyncio.run(mock.journal.requests(Filters()))
    assert [("resolveShare", None), ("resolveShare", 200)] == [(each.operation, each.status) for each in recorded]
