"""Turn an answer that refuses, or no answer at all, into the exception for it.

A gateway's HTML page, an empty or cut-off body, an envelope with fields missing, added or of another type: all of them
give an exception of the right class, with what could be read.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from . import _retry
from ._json import decoded
from ._redact import scrub, scrub_json
from ._wire import TIMED_OUT, Failure, Outcome, Reply, Trouble
from .errors import AitronosError, APIConnectionError, APIStatusError, APITimeoutError, ResponseParseError, class_for


def error_for(outcome: Outcome, what: str, attempts: int, now: float, secrets: Iterable[str]) -> AitronosError:
    """The exception for an outcome that is no success.

    `what` names the call without secrets, `now` is the wall clock in Unix seconds.
    """
    if isinstance(outcome, Reply):
        return _refusal(outcome, now, secrets)
    return _no_answer(outcome, what, attempts, secrets)


def _refusal(reply: Reply, now: float, secrets: Iterable[str]) -> APIStatusError:
    error = _error_object(reply.body)
    known: dict[str, Any] = {
        name: scrub(value, secrets) if isinstance(value := error.get(name), str) else None
        for name in ("code", "message", "system_message", "type", "trace_id")
    }
    message = known.pop("message") or f"HTTP {reply.status} without a readable error envelope"
    return class_for(reply.status)(
        message,
        status=reply.status,
        details=scrub_json(_object(error.get("details")), secrets),
        timestamp=_moment(error.get("timestamp")),
        retry_after=_retry.retry_after(reply.headers, now),
        request_id=_request_id(reply, secrets),
        **known,
    )


def _request_id(outcome: Outcome, secrets: Iterable[str]) -> str | None:
    return None if outcome.request_id is None else scrub(outcome.request_id, secrets)


def _error_object(body: bytes) -> dict[str, object]:
    try:
        return _object(_object(decoded(body)).get("error"))
    except ValueError:
        return {}


def _object(value: object) -> dict[str, object]:
    return cast(dict[str, object], value) if isinstance(value, dict) else {}


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _no_answer(failure: Failure, what: str, attempts: int, secrets: Iterable[str]) -> AitronosError:
    reason = scrub(failure.reason, secrets)
    tries = f"{attempts} attempt{'s' if attempts > 1 else ''}"
    if failure.trouble is Trouble.GARBLED:
        message = f"{what}: the answer cannot be decoded: {reason}"
        return ResponseParseError(message, status=failure.status, request_id=_request_id(failure, secrets))
    kind = APITimeoutError if failure.trouble in TIMED_OUT else APIConnectionError
    return kind(f"{what}: {_STORY[failure.trouble]} ({reason}; {tries})")


_STORY = {
    Trouble.UNREACHABLE: "the server could not be reached",
    Trouble.NO_CONNECTION_IN_TIME: "no connection came about in time",
    Trouble.INTERRUPTED: "the connection broke before the answer was complete; the server may have processed the call",
    Trouble.OUT_OF_TIME: "no complete answer in time; the server may have processed the call",
}
