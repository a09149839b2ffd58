"""What was asked and answered, without the secrets in it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import unquote

_MAX_ENTRIES = 10_000
_CREDENTIALS = frozenset({"x-api-key", "authorization", "proxy-authorization", "cookie"})
_REDACTED = "[redacted]"
# Behind /shared/ stands a token, of whatever form; elsewhere, as in a Referer, one is known by its form.
_SHARED = re.compile(r"(?<=/shared/)[^/?#\s]+")
_TOKEN = re.compile(r"shr_[0-9A-Za-z]+")
_SIGNATURE = re.compile(r"(?<=signature=)[^&\s]+")


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


class Filters(NamedTuple):
    """Which requests are asked for; None leaves a matter open."""

    method: str | None = None
    operation: str | None = None
    status: int | None = None
    since: float | None = None
    limit: int | None = None

    def admits(self, request: RecordedRequest) -> bool:
        """Whether the request is one of those that are asked for, `limit` aside."""
        return (
            self.method in (None, request.method)
            and self.operation in (None, request.operation)
            and self.status in (None, request.status)
            and (self.since is None or request.time >= self.since)
        )


class Journal:
    """The latest requests, up to a bound."""

    def __init__(self, max_entries: int = _MAX_ENTRIES) -> None:
        self._requests: deque[RecordedRequest] = deque(maxlen=max_entries)

    def record(self, request: RecordedRequest) -> None:
        """Take down a request; the oldest one goes when there are too many."""
        self._requests.append(request)

    async def requests(self, filters: Filters) -> list[RecordedRequest]:
        """Those that are asked for, newest last."""
        found = [request for request in self._requests if filters.admits(request)]
        return found if filters.limit is None else found[-filters.limit :]

    async def clear(self) -> None:
        """Forget all of them."""
        self._requests.clear()


def redacted(text: str) -> str:
    """Text from a request without the tokens and signatures in it; decoded where percent-encoding would hide one."""
    shown = _SHARED.sub("{token}", text)
    plain = unquote(shown)
    clean = _SIGNATURE.sub(_REDACTED, _TOKEN.sub("{token}", _SHARED.sub("{token}", plain)))
    return shown if clean == plain else clean


def redacted_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers of a request by name, values of the same name joined; of a credential only that it was there."""
    shown: dict[str, str] = {}
    for field, content in headers:
        name = field.decode("latin-1")
        value = _REDACTED if name in _CREDENTIALS else redacted(content.decode("latin-1"))
        shown[name] = f"{shown[name]}, {value}" if name in shown else value
    return shown
