"""The way to a mock in this process: no server, and no socket to it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager

import anyio.to_thread
import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.types import ASGIApp, Receive, Scope, Send

from ..app import create_app
from ..clock import SystemClock
from ..faults.striking import HANG_UP
from ..limits import Rate
from ..media import TTL_SECONDS
from ..run import Options, furnish
from ..store.databases import open_database

URL = "http://aitronos-mock.test"
"""Where it says it is: a name that leads nowhere on any network."""

_SERVED = Options(
    host="127.0.0.1",
    port=0,
    database="sqlite://",
    seed="docs",
    frozen_at=None,
    deterministic=False,
    resolve_rate=Rate.parse("100/minute"),
    playback_seconds=TTL_SECONDS,
)
"""As `aitronos-mock serve` has it where it is told nothing."""


@contextmanager
def mock_in_process() -> Iterator[InProcess]:
    """A mock in a thread of its own, for as long as the block runs."""
    with start_blocking_portal("asyncio") as portal, portal.wrap_async_context_manager(_application()) as app:
        yield InProcess(portal, app)


@asynccontextmanager
async def _application() -> AsyncIterator[ASGIApp]:
    async with open_database(_SERVED.database) as database:
        sandboxes = await furnish(_SERVED, database, SystemClock(), secrets.token_bytes(32))
        yield create_app(sandboxes.default.mock, sandboxes)


class InProcess:
    """What clients of a mock in this process go through, blocking or asynchronous, on any event loop.

    Args:
        portal: Leads into the thread in which the mock lives.
        app: The mock.
    """

    def __init__(self, portal: BlockingPortal, app: ASGIApp) -> None:
        self._bridge = _Bridge(portal, app)
        self._http_client = self.http_client_of(URL)

    @property
    def url(self) -> str:
        """Of the mock, for clients that go through here."""
        return URL

    def exchange(self, method: str, target: str, body: bytes | None) -> tuple[int, bytes]:
        """Send a request to the control plane; see `Exchange`."""
        headers = {"Content-Type": "application/json"}
        answer = self._http_client.request(method, target, content=body, headers=headers)
        return answer.status_code, answer.content

    def http_client(self) -> httpx.Client:
        """What blocking clients of the API share."""
        return self._http_client

    def http_client_of(self, base_url: str) -> httpx.Client:
        """A blocking client of one's own."""
        return httpx.Client(transport=self._bridge, base_url=base_url)

    def async_http_client(self) -> httpx.AsyncClient:
        """What an asynchronous client of the API goes through; it holds nothing that would have to be closed."""
        return httpx.AsyncClient(transport=self._bridge)


class _Bridge(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Carries requests into the thread of the mock, and answers back."""

    def __init__(self, portal: BlockingPortal, app: ASGIApp) -> None:
        self._portal = portal
        self._transport = httpx.ASGITransport(_Connected(app))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of a blocking client."""
        return self._sent(request, request.read()).result()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of an asynchronous client; one that is given up is given up in the mock too."""
        future = self._sent(request, await request.aread())
        try:
            return await anyio.to_thread.run_sync(future.result, abandon_on_cancel=True)
        finally:
            future.cancel()

    def _sent(self, request: httpx.Request, body: bytes) -> Future[httpx.Response]:
        seconds = request.extensions.get("timeout", {}).get("read")
        # Whatever the streams of the original belong to is not here.
        copy = httpx.Request(request.method, request.url, headers=request.headers, content=body)
        return self._portal.start_task_soon(self._answer, copy, seconds)

    async def _answer(self, request: httpx.Request, seconds: float | None) -> httpx.Response:
        try:
            answer = await asyncio.wait_for(self._transport.handle_async_request(request), seconds)
        except TimeoutError:
            raise httpx.ReadTimeout("The mock took too long.") from None
        return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())


class _Connected:
    """An application whose faults can close the connection, which they do where a server is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            httpx.RemoteProtocolError: The connection was closed on purpose.
        """
        closed = asyncio.Event()
        await self._app({**scope, "state": {HANG_UP: closed.set}}, receive, send)
        if closed.is_set():
            raise httpx.RemoteProtocolError("Server disconnected without sending a complete response.")
