"""The network: one attempt at a time, blocking or asynchronous."""
# httpx has no public way to its connection pools; the cap on its version guards the private names.
# pyright: reportPrivateUsage=false

import os
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import aclosing, closing
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary, WeakSet

import anyio
import httpx

from . import _clock
from ._core import Steps
from ._deadline import Backend
from ._messages import HEADERS, Body, decoded, no_response, reply_of, request_of, without_body
from ._quiet import install, quiet
from ._retry import Budget
from ._wire import Attempt, Failure, Outcome, Pause, Reply, Trouble
from .errors import ClientClosedError, InvalidArgumentError

_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=100)
"""httpcore counts busy connections among those it keeps: with a lower second limit, many threads connect ever anew."""

HttpClient = TypeVar("HttpClient", bound=httpx.Client | httpx.AsyncClient)

install()


class _NoCookies(httpx.Cookies):
    """The jar of a client of ours, which sends no cookies and so collects none."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Leave the cookies of the response alone."""


def _hide_location(response: httpx.Response) -> None:
    """Keep a redirect of ours from httpx.

    It makes the next request of every redirect, followed or not, and fails if it cannot read the location.
    """
    if response.has_redirect_location and isinstance(response.request.stream, Body):
        response.extensions[HEADERS] = response.headers
        response.headers = httpx.Headers(response.headers)
        del response.headers["location"]


async def _hide_location_too(response: httpx.Response) -> None:
    _hide_location(response)


def _hooked(client: HttpClient, hide: Callable[[httpx.Response], object]) -> HttpClient:
    """The client, with the hook in place. The user may have given it other hooks since the last call."""
    hooks = client.event_hooks["response"]
    if hide not in hooks:
        hooks.append(hide)
    return client


def _pools(client: httpx.Client | httpx.AsyncClient) -> Iterator[Any]:
    """The connection pools of a client."""
    for transport in (client._transport, *client._mounts.values()):
        if isinstance(transport, httpx.HTTPTransport | httpx.AsyncHTTPTransport):
            yield transport._pool


_living: WeakSet["_Pool[Any]"] = WeakSet()


def _divert(stream: Any) -> None:
    """Close a forked child's copy of a stream's socket.

    The stream belongs to an event loop of the parent, and keeps a descriptor that leads nowhere.
    """
    descriptor = stream.get_extra_info("socket").fileno()
    if descriptor >= 0:
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, descriptor, inheritable=False)
        os.close(nowhere)


def _after_fork() -> None:
    for pool in _living:
        pool.forget()


if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no fork
    os.register_at_fork(after_in_child=_after_fork)


class _Pool(ABC, Generic[HttpClient]):
    """The connections and the retry budget that a client shares with its copies.

    Connections are made by the first call, so that constructing a client is cheap and a client made before a fork is
    of use after it.
    """

    kind: type[HttpClient]
    _client: HttpClient | None

    def __init__(self, http_client: HttpClient | None) -> None:
        # Callers without a type checker mix the two kinds up.
        if http_client is not None and not isinstance(http_client, self.kind):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidArgumentError(f"http_client must be an httpx.{self.kind.__name__}")
        self._given = http_client
        self._is_closed = False
        self._begin()
        if http_client is not None:
            self._client = self.prepared(http_client)
        _living.add(self)

    def forget(self) -> None:
        """Begin anew in a forked child: sockets and locks belong to the parent."""
        if self._client is not None and self._given is None:
            self.let_go(self._client)
        self._begin()

    def _begin(self) -> None:
        self.budget = Budget()
        self._lock = threading.Lock()
        self._client = None

    @abstractmethod
    def prepared(self, client: HttpClient) -> HttpClient:
        """Make a client of httpx fit for our calls."""

    @abstractmethod
    def let_go(self, client: HttpClient) -> None:
        """Close a forked child's copies of the sockets of a client of ours; the parent's connections live on.

        The client cannot be closed: another thread of the parent may have held the lock of its pool.
        """

    def client(self) -> HttpClient:
        """The client of httpx, made when first asked for."""
        if (client := self._client) is not None and not client.is_closed:
            return client
        with self._lock:
            if self._is_closed or self._given is not None:
                raise ClientClosedError(
                    "The client is closed, or its http_client was made before this process was forked: make a new one"
                )
            if self._client is None:
                self._client = self.prepared(self.kind(timeout=None, limits=_LIMITS))
                self._client._cookies = _NoCookies()
            return self._client

    def released(self) -> HttpClient | None:
        """Mark as closed, and hand out what is to be closed: nothing of the user's own."""
        with self._lock:
            self._is_closed = True
            client, self._client = self._client, None
        return client if self._given is None else None


class BlockingTransport(_Pool[httpx.Client]):
    """Attempts that block the thread."""

    kind = httpx.Client

    def prepared(self, client: httpx.Client) -> httpx.Client:
        """Let the pools keep deadlines."""
        for pool in _pools(client):
            if not isinstance(pool._network_backend, Backend):
                pool._network_backend = Backend(pool._network_backend)
        return client

    def let_go(self, client: httpx.Client) -> None:
        """Close what the backends of the pools made."""
        for pool in _pools(client):
            pool._network_backend.forget()

    def run(self, steps: Steps) -> Reply:
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
                self._pause(step)
            else:
                outcome = self._attempt(step)

    def _pause(self, pause: Pause) -> None:
        if not _clock.skipped(pause.seconds):
            time.sleep(pause.seconds)

    def _attempt(self, attempt: Attempt) -> Outcome:
        client = _hooked(self.client(), _hide_location)
        with quiet():
            try:
                # Neither the user's auth nor redirects: both would send credentials where none belong.
                response = client.send(request_of(attempt), stream=True, auth=None, follow_redirects=False)
            except httpx.RequestError as error:
                return no_response(error)
            with closing(response):
                return self._received(response)

    def _received(self, response: httpx.Response) -> Outcome:
        if response.is_stream_consumed:
            return reply_of(response, response.content)
        try:
            return reply_of(response, decoded(response, b"".join(response.iter_raw())))
        except httpx.RequestError as error:
            return without_body(response, error)

    def close(self) -> None:
        """Close the connections."""
        if client := self.released():
            client.close()


_NO_TURN = Failure(Trouble.NO_CONNECTION_IN_TIME, "its turn for a connection did not come")
_NOT_CONNECTED = Failure(Trouble.NO_CONNECTION_IN_TIME, "connecting took too long")
_LATE = Failure(Trouble.OUT_OF_TIME, "the deadline has passed")


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


_turns: WeakKeyDictionary[httpx.AsyncClient, anyio.Semaphore] = WeakKeyDictionary()


def _turns_of(client: httpx.AsyncClient) -> anyio.Semaphore:
    """Let no more attempts in than the pool has connections.

    A task that is cancelled while it queues inside the pool can take a connection with it for good; so none queues
    there. Clients of ours that share a client of httpx share its turns.
    """
    if client not in _turns:
        limits: list[float] = [pool._max_connections for pool in _pools(client)]
        # The pool knows no limit as the largest number there is. Made here, since a semaphore belongs to an event loop.
        _turns[client] = anyio.Semaphore(int(min([*limits, sys.maxsize])))
    return _turns[client]


class AsyncTransport(_Pool[httpx.AsyncClient]):
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

    async def run(self, steps: Steps) -> Reply:
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
        """Attempt in a task of its own.

        A task that asyncio cancels hears of it once, in the middle of tidying up too, which a scope of anyio shields.
        The pool relies on such shields; the task around it turns asyncio's way of cancelling into anyio's.
        """
        client = _hooked(self.client(), _hide_location_too)
        progress = _Progress(self._streams)
        with quiet():
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._in_turn, client, attempt, progress)
        if isinstance(progress.outcome, Exception):
            raise progress.outcome
        return progress.outcome

    async def _in_turn(self, client: httpx.AsyncClient, attempt: Attempt, progress: _Progress) -> None:
        with anyio.move_on_after(attempt.deadline - _clock.monotonic()):
            async with _turns_of(client):
                try:
                    progress.outcome = await self._send(client, attempt, progress)
                except Exception as error:
                    # From a hook or a transport of the user's: it must not leave wrapped into the group's own.
                    progress.outcome = error

    async def _send(self, client: httpx.AsyncClient, attempt: Attempt, progress: _Progress) -> Outcome:
        request = request_of(attempt)
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
