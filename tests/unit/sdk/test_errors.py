"""The exception tree and its promises."""

import copy
import inspect
import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

import aitronos.errors
from aitronos.errors import (
    AitronosError,
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    ClientClosedError,
    ConflictError,
    InternalServerError,
    InvalidArgumentError,
    NotFoundError,
    PayloadTooLargeError,
    PermissionDeniedError,
    RateLimitError,
    ResponseParseError,
    UnprocessableEntityError,
    UnsupportedMediaTypeError,
    class_for,
)

CLASSES = [item for item in vars(aitronos.errors).values() if inspect.isclass(item) and issubclass(item, AitronosError)]

FACTS: dict[str, Any] = {
    "status": 404,
    "code": "RESOURCE_NOT_FOUND",
    "system_message": "Track not found or not owned by caller",
    "type": "client_error",
    "details": {"track_id": "mtrack_b4d9e1c6a72f"},
    "trace_id": "req_jkl012mno",
    "timestamp": datetime(2026, 6, 28, 10, 30, tzinfo=UTC),
    "retry_after": 1.5,
    "request_id": "req_jkl012mno",
}


def example(kind: type[AitronosError]) -> AitronosError:
    """An instance with every attribute set."""
    if issubclass(kind, APIStatusError):
        return kind("It is not there.", **FACTS)
    if issubclass(kind, ResponseParseError):
        return kind("It is not there.", status=200, request_id="req_1")
    return kind("It is not there.")


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("again", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy])  # noqa: S301 - our own bytes
def test_every_class_pickles_and_copies(kind: type[AitronosError], again: Callable[[Any], AitronosError]) -> None:
    """An exception survives pickle and copy with its class, its text and all attributes."""
    error = example(kind)
    twin = again(error)
    assert type(twin) is kind
    assert str(twin) == str(error)
    assert vars(twin) == vars(error)


@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_prints_one_line(kind: type[AitronosError]) -> None:
    """The text of an exception is one line, however many its message has, and holds no control characters."""
    error = example(kind)
    error.message = "first\nsecond\x1b[31m"
    assert len(str(error).splitlines()) == 1
    assert "first second�[31m" in str(error)


@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_is_an_aitronos_error_and_documented(kind: type[AitronosError]) -> None:
    """One except clause catches everything, and every class says when it is raised."""
    assert issubclass(kind, AitronosError)
    assert kind.__doc__


def test_status_error_line() -> None:
    """The line names status, code, message and trace_id."""
    expected = "404 RESOURCE_NOT_FOUND: It is not there. (trace_id req_jkl012mno)"
    assert str(example(NotFoundError)) == expected


def test_status_error_line_without_envelope() -> None:
    """What an answer did not say is left out of the line."""
    assert str(InternalServerError("HTTP 502", status=502)) == "502: HTTP 502"


def test_status_error_line_falls_back_to_the_request_id() -> None:
    """Without a trace_id the header's request id identifies the error."""
    assert str(InternalServerError("No.", status=500, request_id="req_9")) == "500: No. (trace_id req_9)"


def test_parse_error_line() -> None:
    """An unreadable answer can be reported by its request id."""
    assert str(ResponseParseError("No JSON", status=200, request_id="req_9")) == "No JSON (request_id req_9)"
    assert str(ResponseParseError("No JSON")) == "No JSON"


def test_long_messages_are_cut() -> None:
    """A server cannot flood a log with one message; the whole of it is in the attribute."""
    error = AitronosError("x" * 10_000)
    assert len(str(error)) == 501
    assert len(error.message) == 10_000


def test_details_default_to_an_empty_dict_of_their_own() -> None:
    """`details` can always be searched, and no two exceptions share it."""
    first, second = APIStatusError("a"), APIStatusError("b")
    assert first.details == {}
    assert first.details is not second.details


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, APIStatusError),
        (400, BadRequestError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (405, BadRequestError),
        (408, BadRequestError),
        (409, ConflictError),
        (413, PayloadTooLargeError),
        (415, UnsupportedMediaTypeError),
        (418, BadRequestError),
        (422, UnprocessableEntityError),
        (429, RateLimitError),
        (499, BadRequestError),
        (500, InternalServerError),
        (503, InternalServerError),
        (520, InternalServerError),
        (599, InternalServerError),
        (999, InternalServerError),
    ],
)
def test_class_for(status: int, kind: type[APIStatusError]) -> None:
    """A status has its class, and a new one that of its family."""
    assert class_for(status) is kind


def test_builtin_relatives() -> None:
    """Code that knows nothing of this package still catches what Python has a class for."""
    assert issubclass(InvalidArgumentError, ValueError)
    assert issubclass(ClientClosedError, RuntimeError)
    assert issubclass(APITimeoutError, APIConnectionError)
