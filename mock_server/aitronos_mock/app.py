"""The ASGI application: connexion routes, authenticates and validates from the contract, around our handlers."""

from __future__ import annotations

import logging
import re
from typing import Any, cast
from urllib.parse import unquote

from starlette.routing import Mount, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import contract, security
from ._connexion import ConnexionMiddleware, Resolver, RoutingMiddleware, SecurityMiddleware, Specification
from .answers import Answer
from .errors import UNEXPECTED, problem
from .exchange import Exchange
from .handlers import BY_OPERATION
from .mock import Mock
from .refusals import ClientGone, EndpointNotFound
from .validation import BodyValidationMiddleware

API_VERSION = "2025-01-01"
"""The version of the API that the mock plays, as its answers name it."""

_LEFT_ENCODED = re.compile(rb"%(?=2f|0a)", re.IGNORECASE)

logger = logging.getLogger("aitronos_mock")
access_logger = logging.getLogger("aitronos_mock.access")


def create_app(mock: Mock) -> ASGIApp:
    """The whole application for one mock."""
    specification = contract.load()
    security.declare(specification)
    app = ConnexionMiddleware(
        Handlers(),
        import_name=__name__,
        resolver=Resolver(BY_OPERATION.__getitem__),
        # connexion's annotation says ASGIApp where it means what makes one.
        middlewares=cast(list[ASGIApp], [StrictRouting, SecurityMiddleware, BodyValidationMiddleware]),
    )
    app.add_api(specification)
    playback = contract.load("media/openapi.yaml")
    app.add_api(playback, base_path=playback["servers"][0]["url"])
    return Edge(app, mock)


class StrictRouting(RoutingMiddleware):
    """connexion's routing, with a path that has a trailing slash being another path."""

    def add_api(self, specification: Specification, *args: Any, **kwargs: Any) -> None:
        """Register the contract's routes, and take the redirects away."""
        super().add_api(specification, *args, **kwargs)
        self.router.redirect_slashes = False
        for mount in self.router.routes:
            cast(Router, cast(Mount, mount).app).redirect_slashes = False


class Handlers:
    """The innermost application: calls the handler of the operation that was found."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the lifespan of the server."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        exchange = Exchange.of(scope)
        operation_id = exchange.operation_id
        if operation_id is None:
            raise EndpointNotFound
        answer = await BY_OPERATION[operation_id](exchange, scope["path_params"])
        await answer(send)


class Edge:
    """The outermost layer: begins the exchange, gives every answer its headers, and turns exceptions into envelopes."""

    def __init__(self, app: ASGIApp, mock: Mock) -> None:
        self._app = app
        self._mock = mock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever is raised within."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["path"] = _path(scope)
        exchange = Exchange.begin(self._mock, scope)
        response = Response(exchange, send)
        try:
            await self._app(scope, receive, response.send)
        except ClientGone:
            pass
        except Exception as error:
            await _refuse(exchange, response, error)


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
            milliseconds = self._milliseconds()
            message["headers"] = [*message["headers"], *standard_headers(self._exchange.trace_id, milliseconds)]
            message["headers"] += self._exchange.headers
            self._log(message["status"], milliseconds)
        elif self._exchange.method == "HEAD":
            # Whether the server would drop it is the server's affair.
            message = {**message, "body": b""}
        await self._send(message)

    def _milliseconds(self) -> int:
        return max(0, int((self._exchange.mock.clock.time() - self._exchange.started) * 1000))

    def _log(self, status: int, milliseconds: int) -> None:
        exchange = self._exchange
        # The operation, not the path: a path may hold a token.
        operation = exchange.operation_id or "-"
        access_logger.info("%s %s %d %d ms %s", exchange.method, operation, status, milliseconds, exchange.trace_id)


def standard_headers(trace_id: str, milliseconds: int) -> list[tuple[bytes, bytes]]:
    """The headers that every answer carries."""
    return [
        (b"x-request-id", trace_id.encode()),
        (b"freddy-processing-ms", str(milliseconds).encode()),
        (b"freddy-api-version", API_VERSION.encode()),
    ]


async def _refuse(exchange: Exchange, response: Response, error: Exception) -> None:
    described = problem(error, exchange.operation_id)
    if described is UNEXPECTED:
        logger.error("Unexpected failure, trace_id %s", exchange.trace_id, exc_info=error)
    if response.started:
        # Half an answer is out; only a broken connection tells the client that the rest is missing.
        raise error
    answer: Answer = described.answer(exchange.trace_id, exchange.mock.clock.time())
    await answer(response.send)


def _path(scope: Scope) -> str:
    """The path, with encoded slashes and line feeds left encoded.

    A slash like that belongs to its segment and separates none. A line feed ends what the patterns of the routers see:
    the operation would still be found, and the steps that connexion looks up by the path, security too, would not.
    """
    kept, found = _LEFT_ENCODED.subn(b"%25", scope["raw_path"])
    path: str = unquote(kept.decode("ascii")) if found else scope["path"]
    return path


async def _live(receive: Receive, send: Send) -> None:
    """Follow the lifespan protocol; its first message makes connexion build its stack before any request."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
