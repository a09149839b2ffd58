"""The outermost layer: chooses the sandbox, gives every answer its headers, and lets no exception pass."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from urllib.parse import unquote

from starlette.types import ASGIApp, Receive, Scope, Send

from .errors import UNEXPECTED, problem
from .exchange import Control, Exchange
from .faults.striking import HANG_UP
from .guards.door import Door
from .mock import Mock
from .refusals import CannotHangUp, ClientGone, SandboxNotFound
from .response import Response
from .sandboxes import PREFIX, SandboxRegistry
from .store.errors import StoreUnavailable

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
        response = Response(exchange, scope, send)
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
            _hang_up(scope)
        except CannotHangUp:
            # Whoever runs the application must learn of it; the client was promised no answer.
            raise
        except Exception as error:
            with suppress(ClientGone):
                await _refuse(exchange, response, error)
        finally:
            exchange.end()

    async def _control(self, name: str | None) -> tuple[Control | None, Exception | None]:
        """What can be controlled from here, and why it is not what was asked for, if it is not."""
        if self._sandboxes is None:
            return None, None
        try:
            return Control(await self._sandboxes.find(name), self._sandboxes), None
        except (SandboxNotFound, StoreUnavailable) as refusal:
            return Control(self._sandboxes.default, self._sandboxes), refusal


def _hang_up(scope: Scope) -> None:
    """Close the connection: a client may have closed its side alone, and the server would send words of its own."""
    hang_up = scope.get("state", {}).get(HANG_UP)
    if hang_up is not None:
        hang_up()


async def _refuse(exchange: Exchange, response: Response, error: Exception) -> None:
    described = problem(error, exchange.operation_id)
    if described is UNEXPECTED:
        logger.error("Unexpected failure, trace_id %s", exchange.trace_id, exc_info=error)
    if response.started:
        # Half an answer is out; only a broken connection tells the client that the rest is missing.
        raise error
    # Some of the frames that it came through hold on to it, and each other, until somebody looks for garbage.
    error.__traceback__ = None
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
    path: str = scope["path"]
    if b"%" in scope["raw_path"]:
        kept, found = _LEFT_ENCODED.subn(b"%25", scope["raw_path"])
        path = unquote(kept.decode("ascii")) if found else path
    return path
