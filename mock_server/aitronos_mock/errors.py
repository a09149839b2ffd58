"""The one door by which errors leave: whatever was raised becomes the documented envelope."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

from starlette.exceptions import HTTPException

from ._connexion import OAuthProblem
from .answers import Answer, Headers
from .clock import timestamp
from .domain.errors import CollectionNotFound, CollectionNotSaveable, LinkGone, NotAMember, TrackNotFound
from .faults import TooManyFaults
from .fixtures import FixtureError
from .refusals import (
    EndpointNotFound,
    FieldError,
    ForcedAnswerUnknown,
    InvalidBody,
    NotThere,
    PayloadTooLarge,
    PlaybackUrlExpired,
    PlaybackUrlInvalid,
    PreconditionFailed,
    RangeNotSatisfiable,
    RateLimited,
    SandboxNotFound,
    UnsupportedContentCoding,
    UnsupportedMediaType,
)
from .sandboxes import SandboxExists, TooManySandboxes
from .store.errors import StoreUnavailable

SAVE = "saveSharedTrack"
"""The operation whose errors speak of saving."""

_NEED_CONTENT = frozenset({SAVE, "playTrack"})
"""Operations for which removed content is gone; a resolve answers it with a notice."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error in the terms of the API; see `ErrorBody` in openapi.yaml."""

    status: int
    code: str
    type: str
    message: str
    system_message: str
    details: Mapping[str, Any] = field(default_factory=dict)
    headers: Headers = field(default_factory=list)

    def answer(self, trace_id: str, now: float) -> Answer:
        """The envelope, for the request of this id, at this moment (Unix seconds)."""
        error = {
            "code": self.code,
            "message": self.message,
            "system_message": self.system_message,
            "type": self.type,
            "status": self.status,
            "details": self.details,
            "trace_id": trace_id,
            "timestamp": timestamp(now),
        }
        return Answer(self.status, {"success": False, "error": error}, self.headers)


class TurnedAway(Exception):
    """Refused at the door, before anybody asked what the request is about.

    Attributes:
        problem: What the API says about it.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


UNEXPECTED = Problem(
    500,
    "INTERNAL_SERVER_ERROR",
    "server_error",
    "Something went wrong on our side. Please try again later.",
    "Unexpected failure; the server log has the details under this trace_id",
)

MALFORMED_REQUEST = Problem(
    400,
    "BAD_REQUEST",
    "client_error",
    "The request could not be understood.",
    "Malformed HTTP request",
)


VERSION_NOT_SUPPORTED = Problem(
    505,
    "HTTP_VERSION_NOT_SUPPORTED",
    "server_error",
    "This version of HTTP is not spoken here.",
    "The server speaks HTTP/1.0 and HTTP/1.1",
)

METHOD_NOT_IMPLEMENTED = Problem(
    501,
    "METHOD_NOT_IMPLEMENTED",
    "server_error",
    "This method is not known here.",
    "No path has this method; methods are written in capitals",
)

TRANSFER_CODING_NOT_IMPLEMENTED = Problem(
    501,
    "TRANSFER_CODING_NOT_IMPLEMENTED",
    "server_error",
    "This transfer coding is not known here.",
    "The only transfer coding is chunked; send the body as it is",
)


@singledispatch
def problem(error: Exception, operation_id: str | None) -> Problem:
    """What the API says about an exception that was raised within an operation, or before one was found."""
    return UNEXPECTED


@problem.register
def _(error: TurnedAway, operation_id: str | None) -> Problem:
    return error.problem


@problem.register
def _(error: OAuthProblem, operation_id: str | None) -> Problem:
    saving = operation_id == SAVE
    return Problem(
        401,
        "AUTHENTICATION_REQUIRED",
        "authentication_error",
        "Authentication required. Please provide a valid API key.",
        "Saving a shared track requires sign-in" if saving else "Missing or invalid authorization header",
        headers=[(b"www-authenticate", b"Bearer")],
    )


@problem.register
def _(error: NotAMember, operation_id: str | None) -> Problem:
    return Problem(
        403,
        "ORGANIZATION_ACCESS_DENIED",
        "authorization_error",
        "You don't have access to this organization",
        "Caller is not a member of the organization, or it does not exist",
        {"organization_id": error.organization_id},
    )


@problem.register
def _(error: TrackNotFound, operation_id: str | None) -> Problem:
    return _not_found("Track not found or not owned by caller", {"track_id": error.track_id})


@problem.register
def _(error: CollectionNotFound, operation_id: str | None) -> Problem:
    return _not_found("Collection not found or not owned by caller", {"collection_id": error.collection_id})


@problem.register
def _(error: CollectionNotSaveable, operation_id: str | None) -> Problem:
    return _not_found("Only a shared track can be saved; a shared collection is read-only", {})


def _not_found(system_message: str, details: Mapping[str, Any]) -> Problem:
    return Problem(
        404,
        "RESOURCE_NOT_FOUND",
        "client_error",
        "The requested resource was not found.",
        system_message,
        details,
    )


@problem.register
def _(error: NotThere, operation_id: str | None) -> Problem:
    return _not_found("The sandbox has nothing of this identifier", error.identifiers)


@problem.register
def _(error: SandboxNotFound, operation_id: str | None) -> Problem:
    return Problem(
        404,
        "SANDBOX_NOT_FOUND",
        "client_error",
        "There is no such sandbox.",
        f"Make it with POST /_mock/sandboxes and the body {json.dumps({'name': error.name})}; idle ones are dropped",
        {"name": error.name},
    )


@problem.register
def _(error: SandboxExists, operation_id: str | None) -> Problem:
    return Problem(
        409,
        "SANDBOX_EXISTS",
        "client_error",
        "There is a sandbox of this name already.",
        f"Choose another name, or throw it away with DELETE /_mock/sandboxes/{error.name}",
        {"name": error.name},
    )


@problem.register
def _(error: TooManySandboxes, operation_id: str | None) -> Problem:
    return Problem(
        409,
        "TOO_MANY_SANDBOXES",
        "client_error",
        "There is no room for another sandbox.",
        f"All {error.limit} sandboxes are in use; throw one away with DELETE /_mock/sandboxes/NAME",
        {"limit": error.limit},
    )


@problem.register
def _(error: TooManyFaults, operation_id: str | None) -> Problem:
    return Problem(
        409,
        "TOO_MANY_FAULTS",
        "client_error",
        "There is no room for another fault.",
        f"All {error.limit} faults can still strike; take them away with DELETE /_mock/faults",
        {"limit": error.limit},
    )


@problem.register
def _(error: ForcedAnswerUnknown, operation_id: str | None) -> Problem:
    return Problem(
        422,
        "FORCED_ANSWER_UNKNOWN",
        "client_error",
        "There is no such answer to force.",
        f"{error.operation_id} has no such example; details.defined has the names of those that it has, by code",
        {"operation": error.operation_id, "code": error.code, "example": error.example, "defined": error.defined},
    )


@problem.register
def _(error: LinkGone, operation_id: str | None) -> Problem:
    return Problem(
        404,
        "RESOURCE_NOT_FOUND",
        "client_error",
        "This share link is no longer available.",
        "Share token invalid, revoked, expired, or content removed"
        if operation_id in _NEED_CONTENT
        else "Share token invalid, revoked, or expired",
    )


@problem.register
def _(error: EndpointNotFound, operation_id: str | None) -> Problem:
    return Problem(
        404, "ENDPOINT_NOT_FOUND", "client_error", "There is no such endpoint.", "No operation has this path"
    )


@problem.register
def _(error: HTTPException, operation_id: str | None) -> Problem:
    if error.status_code != 405:
        return UNEXPECTED
    return Problem(
        405,
        "METHOD_NOT_ALLOWED",
        "client_error",
        "This method is not allowed here.",
        "The path does not have this method; the Allow header names those it has",
        headers=[(b"allow", _sorted_methods(error))],
    )


def _sorted_methods(error: HTTPException) -> bytes:
    # The router joins them from a set, in another order at every start.
    methods = (error.headers or {})["Allow"].split(", ")
    return ", ".join(sorted(methods)).encode()


@problem.register
def _(error: PayloadTooLarge, operation_id: str | None) -> Problem:
    return Problem(
        413,
        "PAYLOAD_TOO_LARGE",
        "client_error",
        "The request body is too large.",
        f"Request body exceeds {error.limit_bytes} bytes",
        {"limit_bytes": error.limit_bytes},
    )


@problem.register
def _(error: UnsupportedMediaType, operation_id: str | None) -> Problem:
    return Problem(
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        "client_error",
        "The request body must be JSON.",
        "Content-Type must be application/json, in UTF-8",
        {"content_type": error.content_type},
    )


@problem.register
def _(error: UnsupportedContentCoding, operation_id: str | None) -> Problem:
    return Problem(
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        "client_error",
        "The request body must be JSON.",
        "Content-Encoding is not supported; send the body as it is",
        {"content_encoding": error.coding},
        [(b"accept-encoding", b"identity")],
    )


@problem.register
def _(error: InvalidBody, operation_id: str | None) -> Problem:
    first = error.errors[0]
    return Problem(
        422,
        "VALIDATION_ERROR",
        "client_error",
        "The request is not valid.",
        "; ".join(f"{each.field}: {each.message}" for each in error.errors),
        {
            "field": first.field,
            "value": first.value,
            "errors": [{"field": each.field, "message": each.message} for each in error.errors],
        },
    )


@problem.register
def _(error: FixtureError, operation_id: str | None) -> Problem:
    field = error.path or "body"
    # The value may hold keys and tokens.
    return problem(InvalidBody([FieldError(field, None, error.reason.removeprefix(f"{field} "))]), operation_id)


@problem.register
def _(error: RateLimited, operation_id: str | None) -> Problem:
    return Problem(
        429,
        "RATE_LIMIT_EXCEEDED",
        "rate_limit_error",
        "Too many requests. Please try again later.",
        "Share resolve rate limit exceeded for client IP",
        headers=[(b"retry-after", str(error.retry_after).encode())],
    )


@problem.register
def _(error: PlaybackUrlInvalid, operation_id: str | None) -> Problem:
    return Problem(
        403,
        "PLAYBACK_URL_INVALID",
        "authorization_error",
        "This playback link is not valid.",
        "Playback URL was not signed by this server, or not as it stands",
    )


@problem.register
def _(error: PlaybackUrlExpired, operation_id: str | None) -> Problem:
    return Problem(
        403,
        "PLAYBACK_URL_EXPIRED",
        "authorization_error",
        "This playback link has expired. Open the share again to get a new one.",
        "Playback URL has expired",
    )


@problem.register
def _(error: PreconditionFailed, operation_id: str | None) -> Problem:
    return Problem(
        412,
        "PRECONDITION_FAILED",
        "client_error",
        "The file is not the one that was asked for.",
        "If-Match names none of the ETags that the track has",
    )


@problem.register
def _(error: RangeNotSatisfiable, operation_id: str | None) -> Problem:
    return Problem(
        416,
        "RANGE_NOT_SATISFIABLE",
        "client_error",
        "The file has no such part.",
        "Range lies outside of the file",
        {"size_bytes": error.size_bytes},
        [(b"content-range", f"bytes */{error.size_bytes}".encode())],
    )


@problem.register
def _(error: StoreUnavailable, operation_id: str | None) -> Problem:
    return Problem(
        503,
        "SERVICE_UNAVAILABLE",
        "server_error",
        "The service cannot answer right now. Please try again later.",
        "The database cannot be used just now; the mock goes on as soon as it can",
        headers=[(b"retry-after", b"1")],
    )
