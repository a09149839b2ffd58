"""The layers around the handlers: the order of checks, headers, the last resort, what is logged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from starlette.types import Message, Receive, Send

from aitronos_mock.app import create_app
from aitronos_mock.mock import Mock
from aitronos_mock.store.sql import SQLStore
from aitronos_mock.store.sqlite import SQLiteDatabase

Call = Callable[..., httpx.Response]

TRACK = "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"
FOREIGN = "/v1/music/org_other/tracks/mtrack_ffffffffffff/share"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
LARGE = b"{" * 70_000


@pytest.mark.parametrize(
    ("status", "method", "path", "key", "headers", "content"),
    [
        (404, "GET", "/nothing", "nobody's", FORM, LARGE),
        (405, "PUT", FOREIGN, "nobody's", FORM, LARGE),
        (401, "POST", FOREIGN, "nobody's", FORM, LARGE),
        (401, "POST", FOREIGN, "nobody's", JSON, b"{"),
        (415, "POST", FOREIGN, "owner-key", FORM, LARGE),
        (415, "POST", FOREIGN, "owner-key", FORM, b"{"),
        (413, "POST", FOREIGN, "owner-key", JSON, LARGE),
        (422, "POST", FOREIGN, "owner-key", JSON, b"{"),
        (403, "POST", FOREIGN, "owner-key", JSON, b"{}"),
        (404, "POST", FOREIGN, "outsider-key", JSON, b"{}"),
        (201, "POST", TRACK, "owner-key", JSON, b"{}"),
    ],
)
def test_the_first_check_that_fails_answers(
    call: Call, status: int, method: str, path: str, key: str, headers: dict[str, str], content: bytes
) -> None:
    """Route, credentials, media type, size, body, membership, ownership: each check hides all that come after it."""
    assert status == call(method, path, key, headers=headers, content=content).status_code


@pytest.mark.parametrize(
    ("method", "path", "key"),
    [
        ("POST", TRACK, "owner-key"),
        ("POST", TRACK, None),
        ("GET", "/v1/music/shared/shr_track", None),
        ("GET", "/nothing", None),
        ("GET", TRACK, None),
    ],
)
def test_every_answer_has_the_standard_headers(
    calling: Callable[[Mock], Call], mock: Mock, method: str, path: str, key: str | None
) -> None:
    """Whatever the answer, it names its request, the time that it took, and the version of the API."""
    headers = calling(mock)(method, path, key).headers

    expected = ("req_000000000001", "0", "2025-01-01")
    names = ("x-request-id", "freddy-processing-ms", "freddy-api-version")
    assert expected == tuple(headers[name] for name in names)


class SlowStore(SQLStore):
    """A store that moves the clock when it is asked."""

    advance: Callable[[float], None]

    async def shared_content(self, token_digest: bytes) -> Any:
        """What the small world has, later."""
        self.advance(1.2345)
        return await super().shared_content(token_digest)


@pytest.mark.parametrize(("seconds", "told"), [(1.2345, "1234"), (-5.0, "0")])
def test_the_time_spent_is_told_in_whole_milliseconds(
    database: SQLiteDatabase,
    build: Callable[..., Mock],
    calling: Callable[..., Call],
    advance: Callable[[float], None],
    seconds: float,
    told: str,
) -> None:
    """`freddy-processing-ms` is what the clock says has passed, never less than nothing."""
    store = SlowStore(database, 0)
    store.advance = lambda _: advance(seconds)

    response = calling(build(store=store))("GET", "/v1/music/shared/shr_track")

    assert told == response.headers["freddy-processing-ms"]


def test_every_request_has_an_id_of_its_own(call: Call) -> None:
    """Two requests have two ids."""
    one, other = (call("GET", "/v1/music/shared/shr_track").headers["x-request-id"] for _ in range(2))

    assert one != other


def test_a_client_cannot_choose_the_id(call: Call) -> None:
    """An `x-request-id` that is sent is not taken over: it would end up in the log."""
    response = call("GET", "/v1/music/shared/shr_track", headers={"x-request-id": "chosen"})

    assert "req_000000000001" == response.headers["x-request-id"]


@pytest.mark.parametrize(("token", "status"), [("shr_track", 200), ("shr_unknown", 404)])
def test_head_is_answered_like_get(call: Call, token: str, status: int) -> None:
    """HTTP has HEAD wherever GET is: same status, same headers."""
    head, get = (call(method, f"/v1/music/shared/{token}") for method in ("HEAD", "GET"))

    assert status == head.status_code
    assert [*get.headers] == [*head.headers]


def test_a_refused_method_learns_all_that_the_path_has(served: Any) -> None:
    """`Allow` names every method of the path, those of its other operations too."""
    response = httpx.delete(f"{served.url}/_mock/clock")

    assert (405, "GET, HEAD, PUT") == (response.status_code, response.headers["allow"])


@pytest.mark.parametrize(
    "path", ["/v1/music/shared/shr_track?x=1", "/v1/music/shared/shr_track?visibility=public&expires_in_days=0"]
)
def test_a_query_is_ignored(call: Call, path: str) -> None:
    """No operation has a query, and one that is sent makes no difference."""
    assert 200 == call("GET", path).status_code


class FailingStore(SQLStore):
    """A store in which nothing can be found for a reason of its own."""

    async def shared_content(self, token_digest: bytes) -> Any:
        """Fail, telling a secret."""
        raise RuntimeError("secret of the inside")

    async def add_share_link(self, link: Any, token_digest: bytes) -> None:
        """Fail, telling a secret."""
        raise RuntimeError("secret of the inside")


@pytest.mark.parametrize(
    ("operation", "method", "path"),
    [
        ("shareTrack", "POST", TRACK),
        ("shareCollection", "POST", "/v1/music/org_abc123/collections/mcoll_5e8a1d3f9c27/share"),
        ("resolveShare", "GET", "/v1/music/shared/shr_track"),
        ("saveSharedTrack", "POST", "/v1/music/shared/shr_track/save"),
    ],
)
def test_an_unexpected_failure_gets_500_and_its_cause_goes_to_the_log(
    database: SQLiteDatabase,
    build: Callable[..., Mock],
    calling: Callable[..., Call],
    world: Any,
    assert_envelope: Callable[..., None],
    caplog: pytest.LogCaptureFixture,
    operation: str,
    method: str,
    path: str,
) -> None:
    """The client learns the id of the request; the log has the cause under that id."""
    store = FailingStore(database, 0)
    asyncio.run(store.load(world))

    response = calling(build(store=store))(method, path, "owner-key")

    assert_envelope(response, operation, 500, "unexpected")
    logged = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [f"Unexpected failure, trace_id {response.headers['x-request-id']}"] == [r.getMessage() for r in logged]
    assert "secret of the inside" in caplog.text


def test_a_foreseen_error_leaves_no_error_in_the_log(call: Call, caplog: pytest.LogCaptureFixture) -> None:
    """What clients get wrong is no fault of the server and logged as none."""
    call("GET", "/nothing")
    call("POST", TRACK, "nobody's")

    assert [] == [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_the_access_log_names_operations_and_no_paths(call: Call, caplog: pytest.LogCaptureFixture) -> None:
    """A line has method, operation, status, time, id, client and sandbox of a request; a path may hold a token."""
    caplog.set_level(logging.DEBUG)
    call("GET", "/v1/music/shared/shr_track")
    call("POST", "/v1/music/shared/shr_track/save", "recipient-key")
    call("GET", "/nothing/shr_track")

    said = [record.getMessage() for record in caplog.records if record.name == "aitronos_mock.access"]
    assert [
        "GET resolveShare 200 0 ms req_000000000001 203.0.113.7 -",
        "POST saveSharedTrack 201 0 ms req_000000000003 203.0.113.7 -",
        "GET - 404 0 ms req_000000000005 203.0.113.7 -",
    ] == said


def _scope(method: str, path: str, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "server": ("127.0.0.1", 80),
        "client": None,
    }


async def _call(mock: Mock, scope: dict[str, Any], receive: Receive, send: Send) -> None:
    await create_app(mock)(scope, receive, send)


def test_a_client_that_hangs_up_is_owed_no_answer(mock: Mock, caplog: pytest.LogCaptureFixture) -> None:
    """When the connection ends in the middle of a body, nothing is sent, shared or logged as a failure."""
    sent: list[Message] = []
    incoming: Iterator[Message] = iter(
        [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> Message:
        return next(incoming)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(_call(mock, _scope("POST", TRACK, [(b"x-api-key", b"owner-key")]), receive, send))

    assert [] == sent
    assert [] == [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_half_an_answer_is_never_followed_by_another(mock: Mock) -> None:
    """A failure after the head of an answer is passed on to the server, which can only cut the connection."""
    sent: list[str] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message["type"])
        if message["type"] == "http.response.body":
            raise OSError("connection lost")

    with pytest.raises(OSError, match="connection lost"):
        asyncio.run(_call(mock, _scope("GET", "/v1/music/shared/shr_track", []), receive, send))
    assert ["http.response.start", "http.response.body"] == sent


def test_a_client_without_an_address_is_one_client(mock: Mock) -> None:
    """Where the server knows no address, a resolve is audited under `unknown`."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        pass

    asyncio.run(_call(mock, _scope("GET", "/v1/music/shared/shr_track", []), receive, send))

    assert ["unknown"] == [entry.client_ip for entry in asyncio.run(mock.audit.entries())]


def test_the_lifespan_is_followed_to_its_end(mock: Mock) -> None:
    """Startup and shutdown are both acknowledged; the first makes the application ready before any request."""
    incoming: Iterator[Message] = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent: list[str] = []

    async def receive() -> Message:
        return next(incoming)

    async def send(message: Message) -> None:
        sent.append(message["type"])

    asyncio.run(_call(mock, {"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send))

    assert ["lifespan.startup.complete", "lifespan.shutdown.complete"] == sent
