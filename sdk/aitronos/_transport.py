"""The network: one attempt at a time. What both kinds of transport share, and the one that blocks."""
# httpx has no public way to its connection pools; the cap on its version guards the private names.
# pyright: reportPrivateUsage=false

import os
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import WeakSet

import httpx

from . import _clock
from ._budget import Budget
from ._deadline import Backend, Until
from ._later import Later
from ._quiet import install, quiet
from .errors import ClientClosedError, InvalidArgumentError

if TYPE_CHECKING:
    from . import _messages, _wire
    from ._core import Steps
    from ._wire import Attempt, Outcome, Pause, Reply
else:
    _messages, _wire = Later("_messages"), Later("_wire")

_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=100)
"""httpcore counts busy connections among those it keeps: with a lower second limit, many threads connect ever anew."""

HttpClient = TypeVar("HttpClient", bound=httpx.Client | httpx.AsyncClient)

install()


class _NoCookies(httpx.Cookies):
    """The jar of a client of ours, which sends no cookies and so collects none."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Leave the cookies of the response alone."""


def hide_location(response: httpx.Response) -> None:
    """Keep a redirect of ours from httpx.

    It makes the next request of every redirect, followed or not, and fails if it cannot read the location.
    """
    if response.has_redirect_location and isinstance(response.request.stream, _messages.Body):
        response.extensions[_messages.HEADERS] = response.headers
        response.headers = httpx.Headers(response.headers)
        del response.headers["location"]


def hooked(client: HttpClient, hide: Callable[[httpx.Response], object]) -> HttpClient:
    """The client, with the hook in place. The user may have given it other hooks since the last call."""
    hooks = client.event_hooks["response"]
    if hide not in hooks:
        hooks.append(hide)
    return client


def pools_of(client: httpx.Client | httpx.AsyncClient) -> Iterator[Any]:
    """The connection pools of a client."""
    for transport in (client._transport, *client._mounts.values()):
        if isinstance(transport, httpx.HTTPTransport | httpx.AsyncHTTPTransport):
            yield transport._pool


_living: WeakSet["Pool[Any]"] = WeakSet()


def _after_fork() -> None:
    for pool in _living:
        pool.forget()


if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no fork
    os.register_at_fork(after_in_child=_after_fork)


class Pool(ABC, Generic[HttpClient]):
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
                self._client = self.prepared(self._made())
            return self._client

    def _made(self) -> HttpClient:
        # Without a context of ours, httpx makes one for every proxy of the environment as well, of 20 ms or more each.
        client = self.kind(timeout=None, limits=_LIMITS, verify=httpx.create_ssl_context())
        client._cookies = _NoCookies()
        return client

    def released(self) -> HttpClient | None:
        """Mark as closed, and hand out what is to be closed: nothing of the user's own."""
        with self._lock:
            self._is_closed = True
            client, self._client = self._client, None
        return client if self._given is None else None


def _timeouts(deadline: float) -> dict[str, float]:
    rest = Until.of(deadline)
    connect = Until.of(min(deadline, _clock.monotonic() + _messages.CONNECT_TIMEOUT))
    return {"connect": connect, "read": rest, "write": rest, "pool": rest}


class BlockingTransport(Pool[httpx.Client]):
    """Attempts that block the thread."""

    kind = httpx.Client

    def prepared(self, client: httpx.Client) -> httpx.Client:
        """Let the pools keep deadlines."""
        for pool in pools_of(client):
            if not isinstance(pool._network_backend, Backend):
                pool._network_backend = Backend(pool._network_backend)
        return client

    def let_go(self, client: httpx.Client) -> None:
        """Close what the backends of the pools made."""
        for pool in pools_of(client):
            pool._network_backend.forget()

    def run(self, steps: "Steps") -> "Reply":
        """Drive a conversation to its end."""
        outcome: Outcome | None = None
        while True:
            try:
                step = steps.send(outcome)
            except StopIteration as stop:
                reply: Reply = stop.value
                return reply
            outcome = None
            if isinstance(step, _wire.Pause):
                self._pause(step)
            else:
                outcome = self._attempt(step)

    def _pause(self, pause: "Pause") -> None:
        if not _clock.skipped(pause.seconds):
            time.sleep(pause.seconds)

    def _attempt(self, attempt: "Attempt") -> "Outcome":
        client = hooked(self.client(), hide_location)
        with quiet():
            request = _messages.request_of(attempt.request, _timeouts(attempt.deadline))
            try:
                # Neither the user's auth nor redirects: both would send credentials where none belong.
                response = client.send(request, stream=True, auth=None, follow_redirects=False)
            except httpx.RequestError as error:
                return _messages.no_response(error)
            with closing(response):
                return self._received(response)

    def _received(self, response: httpx.Response) -> "Outcome":
        if response.is_stream_consumed:
            return _messages.reply_of(response, response.content)
        try:
            return _messages.reply_of(response, _messages.decoded(response, b"".join(response.iter_raw())))
        except httpx.RequestError as error:
            return _messages.without_body(response, error)

    def close(self) -> None:
        """Close the connections."""
        if client := self.released():
            client.close()
