"""Refusals and missing answers become exceptions with all that could be read."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from aitronos import (
    AitronosError,
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    InternalServerError,
    NotFoundError,
    RateLimitError,
    ResponseParseError,
)
from aitronos._envelope import error_for
from aitronos._wire import Failure, Reply, Trouble

from .stub import KEY, TOKEN, envelope


def refused(body: object, status: int = 404, headers: Mapping[str, str] | None = None) -> APIStatusError:
    """The exception for an answer."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    error = error_for(Reply(status, headers or {}, content), "GET /x", 1, 0.0, (KEY, TOKEN))
    assert isinstance(error, APIStatusError)
    return error


def test_all_fields_of_the_envelope() -> None:
    """Every documented field is an attribute."""
    error = refused(envelope(404, details={"track_id": "mtrack_1"}), headers={"x-request-id": "req_7"})
    assert type(error) is NotFoundError
    assert vars(error) == {
        "message": "This share link is no longer available.",
        "status": 404,
        "code": "RESOURCE_NOT_FOUND",
        "system_message": "Share token invalid, revoked, or expired",
        "type": "client_error",
        "details": {"track_id": "mtrack_1"},
        "trace_id": "req_jkl012mno",
        "timestamp": datetime(2026, 6, 28, 10, 30, tzinfo=UTC),
        "retry_after": None,
        "request_id": "req_7",
    }


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"error": {"code"', b"\xff", b"[" * 200_000, [], "x", {"error": []}]
)
@pytest.mark.parametrize("status", [404, 502, 520])
def test_without_an_envelope(body: object, status: int) -> None:
    """HTML, an empty body, a truncated one: the class follows the status, and the fields are None."""
    error = refused(body, status)
    assert type(error) is (NotFoundError if status == 404 else InternalServerError)
    assert error.message == f"HTTP {status} without a readable error envelope"
    assert (error.code, error.trace_id, error.timestamp, error.details) == (None, None, None, {})


@pytest.mark.parametrize("depth", [200, 700, 900])
def test_with_an_envelope_nested_too_deep(depth: int) -> None:
    """Details that nest without end are no envelope, and no reason to fail otherwise."""
    body = f'{{"error": {{"code": "X", "details": {{"a": {"[" * depth}{"]" * depth}}}}}}}'.encode()
    error = refused(body)
    assert type(error) is NotFoundError
    assert (error.code, error.details) == (None, {})


@pytest.mark.parametrize(
    "name", ["code", "message", "system_message", "type", "status", "details", "trace_id", "timestamp"]
)
@pytest.mark.parametrize("value", [None, 7, [], "soon"])
def test_with_an_envelope_of_another_shape(name: str, value: object) -> None:
    """A field missing or of another type costs that field only; the status is the answer's own."""
    body = envelope(404, **{name: value}, extra="x")
    error = refused(body)
    assert error.status == 404
    assert error.type == ("client_error" if name != "type" else value if value == "soon" else None)
    assert isinstance(error.message, str)
    assert isinstance(error.details, dict)


def test_retry_after() -> None:
    """How long to wait is an attribute, in seconds."""
    error = refused(envelope(429), 429, {"retry-after": "17"})
    assert type(error) is RateLimitError
    assert error.retry_after == 17.0


def test_echoed_secrets_are_redacted() -> None:
    """A server that repeats the key or the token does not bring them into the exception."""
    body = envelope(404, message=f"no {TOKEN}", details={"sent": [KEY, {KEY: 1}]}, trace_id=KEY)
    error = refused(body, headers={"x-request-id": TOKEN})
    assert KEY not in str(vars(error))
    assert TOKEN not in str(vars(error))
    assert error.details == {"sent": ["[redacted]", {"[redacted]": 1}]}


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (Trouble.UNREACHABLE, APIConnectionError),
        (Trouble.NO_CONNECTION_IN_TIME, APITimeoutError),
        (Trouble.INTERRUPTED, APIConnectionError),
        (Trouble.OUT_OF_TIME, APITimeoutError),
        (Trouble.GARBLED, ResponseParseError),
    ],
)
def test_no_answer(trouble: Trouble, kind: type[AitronosError]) -> None:
    """What is missing has a class, and the message names the route and the reason without secrets."""
    error = error_for(Failure(trouble, f"ReadError: {TOKEN}"), "GET /v1/music/shared/{token}", 2, 0.0, ())
    assert type(error) is kind
    assert "GET /v1/music/shared/{token}: " in str(error)
    assert "ReadError: [redacted]" in str(error)


@pytest.mark.parametrize(("attempts", "text"), [(1, "1 attempt)"), (3, "3 attempts)")])
def test_attempts_are_counted(attempts: int, text: str) -> None:
    """The message says how often it was tried."""
    assert text in str(error_for(Failure(Trouble.UNREACHABLE, "x"), "GET /x", attempts, 0.0, ()))
