"""The outermost layer: chooses the sandbox, gives every answer its headers, and lets no exception pass."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .answers import Headers
from .errors import UNEXPECTED, problem
from .exchange import Control, Exchange
from .guards.door import Door
from .logs import Access, log_access
from .mock import Mock
from .refusals import CannotHangUp, ClientGone, SandboxNotFound
from .sandboxes import PREFIX, SandboxRegistry
from .store.errors import StoreUnavailable

API_VERSION = "2025-01-01"
"""The version of the API that the mock plays, as its answers name it."""

_LEFT_ENCODED = re.compile(rb"%(?=2f|0a)", re.IGNORECASE)

logger = logging.getLogger("aitronos_mock")
_PREFIX = PREFIX.encode()


class Edge:
    """Begins the exchange, and turns what is raised within it into envelopes.

    Args:
        app: What answers.
        mock: What requests outside every sandbox are answered with.
        sandboxes: All sandboxes, or None where there is one mock alone.
        door: Guards that a request has to pass first.
    """

    def __init__(self, app: ASGIApp, mock: Mock, sandboxes: SandboxRegistry | None, door: Door) -> None:
        self._app = app
        self._door = door
        self._mock = mock
        self._sandboxes = sandboxes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever is raised within."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = None if self._sandboxes is None else _enter(scope)
        scope["path"] = _path(scope)
        control, refusal = await self._control(name)
        exchange = Exchange.begin(control.sandbox.mock if control else self._mock, scope, control)
        response = Response(exchange, send)
        # The default sandbox answers in the place of one that is not there, and has nothing else to do with it.
        exchange.is_recorded = refusal is None
        try:
            if answer := self._door.admit(exchange):
                await answer(response.send)
                return
            if refusal is not None:
                raise refusal
            await self._app(scope, receive, response.send)
        except ClientGone:
            response.unanswered()
        except CannotHangUp:
            # Whoever runs the application must learn of it; the client was promised no answer.
            raise
        except Exception as error:
            with suppress(ClientGone):
                await _refuse(exchange, response, error)

    async def _control(self, name: str | None) -> tuple[Control | None, Exception | None]:
        """What can be controlled from here, and why it is not what was asked for, if it is not."""
        if self._sandboxes is None:
            return None, None
        try:
            return Control(await self._sandboxes.find(name), self._sandboxes), None
        except (SandboxNotFound, StoreUnavailable) as refusal:
            return Control(self._sandboxes.default, self._sandboxes), refusal


class Response:
    """The way out of one exchange: adds the headers of every answer, and takes down what was answered."""

    def __init__(self, exchange: Exchange, send: Send) -> None:
        self._exchange = exchange
        self._send = send
        self.started = False

    async def send(self, message: Message) -> None:
        """Pass a message on; the first one gets the headers."""
        if message["type"] == "http.response.start":
            self.started = True
            if self._exchange.spoil is not None:
                self._send = self._exchange.spoil(self._send)
            milliseconds = self._milliseconds()
            message["headers"] = [*message["headers"], *standard_headers(self._exchange.trace_id, milliseconds)]
            message["headers"] += self._exchange.headers
            if not any(name == b"cache-control" for name, _ in message["headers"]):
                message["headers"].append(NOT_KEPT)
            self._log(message["status"], milliseconds)
            self._record(message["status"], milliseconds)
        elif self._exchange.method == "HEAD":
            # Whether the server would drop it is the server's affair.
            message = {**message, "body": b""}
        await self._send(message)

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
        exchange = self._exchange
        # The operation, not the path: a path may hold a token.
        asked, by = (exchange.method, exchange.operation_id), (exchange.client_ip, exchange.sandbox)
        log_access(Access(*asked, status, milliseconds, exchange.trace_id, *by))


NOT_KEPT = (b"cache-control", b"no-store")
"""Every answer that does not say otherwise may hold a token, and is nobody's to keep."""


def standard_headers(trace_id: str, milliseconds: int) -> Headers:
    """The headers that every answer carries.

    The last two are no matter of the API, so its description does not mention them: a page that an answer leads to
    shall not learn the token in its address, and no browser shall take an answer for something else.
    """
    return [
        (b"x-request-id", trace_id.encode()),
        (b"freddy-processing-ms", str(milliseconds).encode()),
        (b"freddy-api-version", API_VERSION.encode()),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
    ]


async def _refuse(exchange: Exchange, response: Response, error: Exception) -> None:
    described = problem(error, exchange.operation_id)
    if described is UNEXPECTED:
        logger.error("Unexpected failure, trace_id %s", exchange.trace_id, exc_info=error)
    if response.started:
        # Half an answer is out; only a broken connection tells the client that the rest is missing.
        raise error
    answer = described.answer(exchange.trace_id, exchange.mock.clock.time())
    await answer(response.send)


def _enter(scope: Scope) -> str | None:
    """Take the name of the sandbox out of the path, and leave the path as it is below there."""
    raw: bytes = scope["raw_path"]
    name = None
    if raw.startswith(_PREFIX):
        segment, _, below = raw.removeprefix(_PREFIX).partition(b"/")
        name, scope["raw_path"] = segment.decode("latin-1"), b"/" + below
        scope["path"] = unquote(scope["raw_path"].decode("ascii"))
    return name


def _path(scope: Scope) -> str:
    """The path, with encoded slashes and line feeds left encoded.

    A slash like that belongs to its segment and separates none. A line feed ends what the patterns of the routers see:
    the operation would still be found, and the steps that connexion looks up by the path, security too, would not.
    """
    kept, found = _LEFT_ENCODED.subn(b"%25", scope["raw_path"])
    path: str = unquote(kept.decode("ascii")) if found else scope["path"]
    return path
