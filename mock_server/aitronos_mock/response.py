"""The way out of one exchange."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from starlette.types import Message, Scope, Send

from .answers import WHOLE, Headers
from .exchange import Exchange
from .logs import Access, log_access, logs_access

API_VERSION = "2025-01-01"
"""The version of the API that the mock plays, as its answers name it."""

NOT_KEPT = (b"cache-control", b"no-store")
"""Every answer that does not say otherwise may hold a token, and is nobody's to keep."""

REPLY = "aitronos_mock.reply"
"""Under this name the server puts into the state of a request what sends an answer in one piece; see `Reply`."""

Reply = Callable[[int, Headers, bytes], bool]
"""Sends a status, all headers and a body, which is for no other answer than one with a body of just that length; or
says that it cannot, and has done nothing."""


class Response:
    """Adds the headers of every answer, and takes down what was answered.

    Args:
        exchange: What is answered.
        scope: Of the request.
        send: Where the answer goes, unless the server takes it in one piece.
    """

    def __init__(self, exchange: Exchange, scope: Scope, send: Send) -> None:
        self._exchange = exchange
        self._scope = scope
        self._send = send
        self.started = False

    async def send(self, message: Message) -> None:
        """Pass a message on; the first one gets the headers."""
        kind = message["type"]
        if kind == WHOLE:
            await self._send_whole(message["status"], message["headers"], message["body"])
        elif kind == "http.response.start":
            await self._start(message["status"], self._begin(message["status"], message["headers"]))
        else:
            await self._go_on(message)

    async def _send_whole(self, status: int, own: Headers, body: bytes) -> None:
        headers = self._begin(status, own)
        exchange = self._exchange
        if exchange.spoil is None and exchange.method != "HEAD":
            reply = cast("Reply | None", self._scope.get("state", {}).get(REPLY))
            if reply is not None and reply(status, headers, body):
                return
        await self._start(status, headers)
        await self._go_on({"type": "http.response.body", "body": body})

    async def _start(self, status: int, headers: Headers) -> None:
        if self._exchange.spoil is not None:
            self._send = self._exchange.spoil(self._send)
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def _go_on(self, message: Message) -> None:
        if self._exchange.method == "HEAD":
            # Whether the server would drop it is the server's affair.
            message = {**message, "body": b""}
        await self._send(message)

    def _begin(self, status: int, own: Headers) -> Headers:
        """Take down the answer, and give it all its headers."""
        self.started = True
        milliseconds = self._milliseconds()
        headers = [*own, *standard_headers(self._exchange.trace_id, milliseconds), *self._exchange.headers]
        if b"cache-control" not in dict(own):
            headers.append(NOT_KEPT)
        self._log(status, milliseconds)
        self._record(status, milliseconds)
        return headers

    def unanswered(self) -> None:
        """Take down that nobody waits for the answer, unless it has begun."""
        if not self.started:
            self._record(None, self._milliseconds())

    def _record(self, status: int | None, milliseconds: int) -> None:
        if self._exchange.is_recorded:
            self._exchange.record(status, milliseconds)

    def _milliseconds(self) -> int:
        return max(0, int((self._exchange.mock.clock.time() - self._exchange.started) * 1000))

    def _log(self, status: int, milliseconds: int) -> None:
        if not logs_access():
            return
        exchange = self._exchange
        # The operation, not the path: a path may hold a token.
        asked, by = (exchange.method, exchange.operation_id), (exchange.client_ip, exchange.sandbox)
        log_access(Access(*asked, status, milliseconds, exchange.trace_id, *by))


_FIXED: Headers = [
    (b"freddy-api-version", API_VERSION.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]


def standard_headers(trace_id: str, milliseconds: int) -> Headers:
    """The headers that every answer carries.

    The last two are no matter of the API, so its description does not mention them: a page that an answer leads to
    shall not learn the token in its address, and no browser shall take an answer for something else.
    """
    return [(b"x-request-id", trace_id.encode()), (b"freddy-processing-ms", b"%d" % milliseconds), *_FIXED]
