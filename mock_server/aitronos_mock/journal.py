"""What was asked and answered, without the secrets in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote

from .credentials import BEARER, PREFIXED_KEY
from .records import MAX_ENTRIES, Records, Room

_ENTRY_BYTES = 700
"""What an entry takes, its path and its headers aside."""

_FIELD_BYTES = 122
"""What a header takes, its text aside: a tuple and two objects of bytes."""

# Whoever makes up a header or a parameter for a secret says so in its name.
_SENSITIVE = "(?:key|token|auth|secret|cookie|signature|passw|credential|session|jwt)"
_SENSITIVE_NAME = re.compile(_SENSITIVE, re.IGNORECASE)
_REDACTED = "[redacted]"
# Behind /shared/ stands a token, of whatever form; elsewhere, as in a Referer, one is known by its form.
_SHARED = re.compile(r"(?<=/shared/)[^/?#\s]+")
_TOKEN = re.compile(r"shr_[0-9A-Za-z]+")
_PARAMETER = re.compile(rf"(?<![\w.\-])(?=[\w.\-]*{_SENSITIVE})([\w.\-]++)=[^&#\s]++", re.IGNORECASE)

_CREDENTIALS = frozenset({b"authorization", b"x-api-key"})
_SCHEME = re.compile("(?:bearer|basic) +", re.IGNORECASE)
_SHORTEST_CREDENTIAL = 8
"""What is shorter stands in too much that is no secret."""


class RecordedRequest(NamedTuple):
    """One request and its answer; see `RecordedRequest` in control/openapi.yaml."""

    time: float
    method: str
    path: str
    operation: str | None
    status: int | None
    milliseconds: int
    trace_id: str
    client_ip: str
    headers: dict[str, str]
    body: dict[str, Any] | None


class TakenRequest(NamedTuple):
    """One request and its answer as they were, secrets and all, so nobody is shown it like that.

    Redacting takes longer than finding a share link, and after most requests nobody asks.

    Attributes:
        time: Unix seconds at which it arrived.
        method: The method, in capitals.
        raw_path: The path as it was sent.
        operation: The operation that was found, or None.
        status: The HTTP status; None where nobody was answered.
        milliseconds: How long the answer took to begin.
        trace_id: The `x-request-id` of the answer.
        client_ip: The address that the request came from.
        fields: The headers of the request.
        body: The validated JSON body, in which no operation takes a secret; None where there is none.
    """

    time: float
    method: str
    raw_path: bytes
    operation: str | None
    status: int | None
    milliseconds: int
    trace_id: str
    client_ip: str
    fields: Sequence[tuple[bytes, bytes]]
    body: dict[str, Any] | None

    def __repr__(self) -> str:
        """Which one it is, without a word of what it holds."""
        return f"<TakenRequest {self.trace_id}>"

    def redacted(self) -> RecordedRequest:
        """What may be shown of it."""
        own = _credentials(self.fields)
        return RecordedRequest(
            self.time,
            self.method,
            redacted(self.raw_path.decode("latin-1"), own),
            self.operation,
            self.status,
            self.milliseconds,
            self.trace_id,
            self.client_ip,
            redacted_headers(self.fields, own),
            self.body,
        )


class Filters(NamedTuple):
    """Which requests are asked for; None leaves a matter open."""

    method: str | None = None
    operation: str | None = None
    status: int | None = None
    since: float | None = None
    limit: int | None = None

    def admits(self, request: TakenRequest) -> bool:
        """Whether the request is one of those that are asked for, `limit` aside."""
        return (
            self.method in (None, request.method)
            and self.operation in (None, request.operation)
            and self.status in (None, request.status)
            and (self.since is None or request.time >= self.since)
        )


class Journal:
    """The latest requests, up to a bound.

    Args:
        max_entries: How many.
        room: What is shared with other records; None is room of its own.
    """

    def __init__(self, max_entries: int = MAX_ENTRIES, room: Room | None = None) -> None:
        self._requests = Records(_size_of, max_entries, room)

    def record(self, request: TakenRequest) -> None:
        """Take down a request; the oldest one goes when there are too many."""
        self._requests.add(request)

    async def requests(self, filters: Filters) -> list[RecordedRequest]:
        """Those that are asked for, newest last."""
        found = [request for request in self._requests if filters.admits(request)]
        latest = found if filters.limit is None else found[-filters.limit :]
        return [request.redacted() for request in latest]

    async def clear(self) -> None:
        """Forget all of them."""
        self._requests.clear()


def redacted(text: str, credentials: Collection[str] = ()) -> str:
    """Text from a request without tokens, without keys, and without values of parameters that are named like secrets.

    It is decoded where percent-encoding would hide one.

    Args:
        text: A path or a value.
        credentials: Those of the request, whatever their form.
    """
    shown = _SHARED.sub("{token}", text)
    plain = unquote(shown)
    clean = _TOKEN.sub("{token}", _SHARED.sub("{token}", plain))
    if "=" in clean:
        clean = _PARAMETER.sub(rf"\1={_REDACTED}", clean)
    clean = PREFIXED_KEY.sub(_REDACTED, BEARER.sub(f"Bearer {_REDACTED}", clean))
    for credential in credentials:
        clean = clean.replace(credential, _REDACTED)
    return shown if clean == plain else clean


@lru_cache(maxsize=512)
def _is_secret(name: str) -> bool:
    """Whether a header of this name holds a secret; clients send the same few names all the time."""
    return _SENSITIVE_NAME.search(name) is not None


def _credentials(headers: Iterable[tuple[bytes, bytes]]) -> set[str]:
    """What a request identifies itself with, since a debug header or a query may repeat it."""
    values = (_SCHEME.sub("", value.decode("latin-1"), count=1) for name, value in headers if name in _CREDENTIALS)
    return {value for value in values if len(value) >= _SHORTEST_CREDENTIAL}


def redacted_headers(headers: Iterable[tuple[bytes, bytes]], credentials: Collection[str] = ()) -> dict[str, str]:
    """The headers of a request by name, values of the same name joined; of a secret one only that it was there."""
    shown: dict[str, str] = {}
    for field, content in headers:
        name = field.decode("latin-1")
        value = _REDACTED if _is_secret(name) else redacted(content.decode("latin-1"), credentials)
        shown[name] = f"{shown[name]}, {value}" if name in shown else value
    return shown


def _size_of(request: TakenRequest) -> int:
    texts = sum([len(name) + len(value) for name, value in request.fields])
    return _ENTRY_BYTES + len(request.raw_path) + _FIELD_BYTES * len(request.fields) + texts
