"""What one client may cost the server, and what it is told when it costs more."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import Problem


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one client may cost. Bodies are bounded where they are read, by `validation`.

    Attributes:
        head_bytes: The size of a request line and its header fields together.
        fields: How many header fields a request may have.
        head_seconds: How long a request line and its header fields may take to arrive.
        body_seconds: How long a body may take from there on.
        connections: How many connections there may be at once. The default leaves room below the 1024 open files that
            most systems grant a process.
        write_seconds: How long a client may take none of an answer that waits for it.
        linger_seconds: How long a client that was refused may go on sending, so that it gets to read the refusal.
    """

    head_bytes: int = 16 * 1024
    fields: int = 100
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    connections: int = 900
    write_seconds: float = 60.0
    linger_seconds: float = 1.0


def too_slow(seconds: float) -> Problem:
    """A part of the request took longer than this."""
    return Problem(
        408,
        "REQUEST_TIMEOUT",
        "client_error",
        "The request took too long to arrive.",
        f"The request did not arrive whole within {seconds:g} seconds",
    )


def head_too_large(limit_bytes: int) -> Problem:
    """The request line and the header fields are larger than this."""
    return _head_too_large(f"Request line and header fields exceed {limit_bytes} bytes", {"limit_bytes": limit_bytes})


def too_many_fields(limit: int) -> Problem:
    """There are more header fields than this."""
    return _head_too_large(f"The request has more than {limit} header fields", {"limit_fields": limit})


def _head_too_large(system_message: str, details: dict[str, int]) -> Problem:
    code, message = "REQUEST_HEADER_FIELDS_TOO_LARGE", "The header of the request is too large."
    return Problem(431, code, "client_error", message, system_message, details)


def overloaded(limit: int) -> Problem:
    """There are more connections than this."""
    return Problem(
        503,
        "SERVICE_UNAVAILABLE",
        "server_error",
        "The service cannot answer right now. Please try again later.",
        f"All {limit} connections are in use; start the mock with a larger --max-connections",
        {"limit_connections": limit},
        [(b"retry-after", b"1")],
    )
