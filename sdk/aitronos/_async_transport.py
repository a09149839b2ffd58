"""The network under asyncio and trio: one attempt at a time, awaited."""
# httpx has no public way to its connection pools; the cap on its version guards the private names.
# pyright: reportPrivateUsage=false

import os
import sys
from collections.abc import Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet

import anyio
import httpcore
import httpx

from . import _clock
from ._messages import CONNECT_TIMEOUT, decoded, no_response, reply_of, request_of, without_body
from ._quiet import quiet
from ._tasks import undisturbed
from ._transport import Pool, hide_location, hooked, pools_of
from ._wire import Attempt, Failure, Outcome, Pause, Reply, Request, Trouble

if TYPE_CHECKING:
    from ._core import Steps

# The scope around an attempt keeps the deadline; a timeout for each step of it would be one more scope each.
_TIMEOUTS = {"connect": CONNECT_TIMEOUT, "read": None, "write": None, "pool": None}
_NO_TURN = Failure(Trouble.NO_CONNECTION_IN_TIME, "its turn for a connection did not come")
_NOT_CONNECTED = Failure(Trouble.NO_CONNECTION_IN_TIME, "connecting took too long")
_LATE = Failure(Trouble.OUT_OF_TIME, "the deadline has passed")


async def _hide_location_too(response: httpx.Response) -> None:
    hide_location(response)


def _divert(stream: Any) -> None:
    """Close a forked child's copy of a stream's socket.

    The stream belongs to an event loop of the parent, and keeps a descriptor that leads nowhere.
    """
    descriptor = stream.get_extra_info("socket").fileno()
    if descriptor >= 0:
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, descriptor, inheritable=False)
        os.close(nowhere)


class _Progress:
    """How far an attempt came, as httpcore tells: a scope that ends it at the deadline does not know."""

    def __init__(self, streams: WeakSet[Any]) -> None:
        self.outcome: Outcome | Exception = _NO_TURN
        self._stream: Any = None
        self._streams = streams

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Hear of a step. httpcore documents their names, which begin with the part of it that takes the step."""
        match event.split(".")[1:]:
            case ["connect_tcp" | "connect_unix_socket", "started"]:
                self.outcome = _NOT_CONNECTED
            case ["connect_tcp" | "connect_unix_socket" | "start_tls", "complete"]:
                self._stream = info["return_value"]
                self._streams.add(self._stream)
            case ["start_tls", "failed"]:
                # httpcore forgets the socket of a handshake that is cancelled.
                with anyio.CancelScope(shield=True):
                    await self._stream.aclose()
            case ["send_request_headers", "started"]:
                self.outcome = _LATE
                self._stop(info["request"])

    def _stop(self, request: httpcore.Request) -> None:
        """Hear no more, since nothing that comes matters; behind what opens a tunnel comes another connection."""
        if request.method != b"CONNECT":
            del request.extensions["trace"]


_turns: WeakKeyDictionary[httpx.AsyncClient, anyio.Semaphore] = WeakKeyDictionary()


def _turns_of(client: httpx.AsyncClient) -> anyio.Semaphore:
    """Let no more attempts in than the pool has connections.

    A task that is cancelled while it queues inside the pool can take a connection with it for good; so none queues
    there. Clients of ours that share a client of httpx share its turns.
    """
    if client not in _turns:
        limits: list[float] = [pool._max_connections for pool in pools_of(client)]
        # The pool knows no limit as the largest number there is. Made here, since a semaphore belongs to an event loop.
        _turns[client] = anyio.Semaphore(int(min([*limits, sys.maxsize])), fast_acquire=True)
    return _turns[client]


class AsyncTransport(Pool[httpx.AsyncClient]):
    """Attempts that await, under asyncio and trio."""

    kind = httpx.AsyncClient

    def __init__(self, http_client: httpx.AsyncClient | None) -> None:
        super().__init__(http_client)
        self._streams: WeakSet[Any] = WeakSet()

    def prepared(self, client: httpx.AsyncClient) -> httpx.AsyncClient:
        """Take the client as it is: a scope around each attempt keeps the deadline, whatever the transport."""
        return client

    def let_go(self, client: httpx.AsyncClient) -> None:
        """Close what connected; a client of httpx cannot be closed outside of its event loop."""
        for stream in list(self._streams):
            _divert(stream)

    async def run(self, steps: "Steps") -> Reply:
        """Drive a conversation to its end."""
        outcome: Outcome | None = None
        while True:
            try:
                step = steps.send(outcome)
            except StopIteration as stop:
                reply: Reply = stop.value
                return reply
            outcome = None
            if isinstance(step, Pause):
                await self._pause(step)
            else:
                outcome = await self._attempt(step)

    async def _pause(self, pause: Pause) -> None:
        if not _clock.skipped(pause.seconds):
            await anyio.sleep(pause.seconds)

    async def _attempt(self, attempt: Attempt) -> Outcome:
        client = hooked(self.client(), _hide_location_too)
        progress = _Progress(self._streams)
        with quiet():
            await undisturbed(lambda: self._in_turn(client, attempt, progress), attempt.deadline - _clock.monotonic())
        if isinstance(progress.outcome, Exception):
            raise progress.outcome
        return progress.outcome

    async def _in_turn(self, client: httpx.AsyncClient, attempt: Attempt, progress: _Progress) -> None:
        async with _turns_of(client):
            try:
                progress.outcome = await self._send(client, attempt.request, progress)
            except Exception as error:
                # From a hook or a transport of the user's: it is raised where the user called.
                progress.outcome = error

    async def _send(self, client: httpx.AsyncClient, wanted: Request, progress: _Progress) -> Outcome:
        request = request_of(wanted, _TIMEOUTS)
        request.extensions["trace"] = progress.trace
        if type(client._transport_for_url(request.url)) is not httpx.AsyncHTTPTransport:
            # Of a transport of the user's own nobody tells when it begins to send.
            progress.outcome = _LATE
        try:
            response = await client.send(request, stream=True, auth=None, follow_redirects=False)
        except httpx.RequestError as error:
            return no_response(error)
        async with aclosing(response):
            return await self._received(response)

    async def _received(self, response: httpx.Response) -> Outcome:
        if response.is_stream_consumed:
            return reply_of(response, response.content)
        try:
            return reply_of(response, decoded(response, b"".join([chunk async for chunk in response.aiter_raw()])))
        except httpx.RequestError as error:
            return without_body(response, error)

    async def aclose(self) -> None:
        """Close the connections."""
        if client := self.released():
            await client.aclose()
