"""The HTTP server: uvicorn, with a socket and a protocol of our own."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.loops.auto import auto_loop_factory

from .bounds import Bounds
from .exchange import authority
from .mock import Mock
from .protocol import BoundedProtocol

_BACKLOG = 2048
_GARBAGE_THRESHOLD = 50_000


class AddressUnusable(Exception):
    """The address cannot be listened on; the message is one line that says why and what to do."""


def resolve(host: str, port: int) -> tuple[socket.AddressFamily, str]:
    """The address that a host stands for, and its family.

    Raises:
        AddressUnusable: The host is unknown.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise _unusable(host, port, error) from None
    family, *_, address = found[0]
    return family, str(address[0])


def listen(host: str, port: int) -> socket.socket:
    """Bind a socket; port 0 picks a free one.

    Raises:
        AddressUnusable: The host is unknown, or the port is taken or not allowed.
    """
    family, address = resolve(host, port)
    try:
        return socket.create_server((address, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise _unusable(host, port, error) from None


def _unusable(host: str, port: int, error: Exception) -> AddressUnusable:
    reason = getattr(error, "strerror", None) or str(error)
    return AddressUnusable(f"cannot listen on {host} port {port}: {reason}; choose another --host or --port")


def url_of(listener: socket.socket) -> str:
    """The URL of a bound socket."""
    return f"http://{authority(*listener.getsockname()[:2])}"


def run_in_loop(main: Coroutine[Any, Any, None]) -> None:
    """Run to the end, in the fastest event loop that there is.

    Requests leave hardly a cycle behind, and thousands of records that stay: at Python's own threshold, looking through
    them for garbage takes an eighth of the time.
    """
    gc.set_threshold(_GARBAGE_THRESHOLD)
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(main)


async def serve(
    app: ASGIApp,
    mock: Callable[[], Mock],
    listener: socket.socket,
    on_ready: Callable[[], None],
    bounds: Bounds | None = None,
    until: Callable[[], object] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, and finish the requests that are under way.

    Args:
        app: What answers.
        mock: Gives the mock whose clock and ids the answers of the server itself use; a reset makes another one.
        listener: A bound socket.
        on_ready: Called once requests are answered.
        bounds: What one client may cost.
        until: Waits for another reason to stop, in a thread of its own.
    """
    server = Server(app, mock, bounds or Bounds(), on_ready)
    if until is not None:
        threading.Thread(target=_stop_after, args=(server, until), daemon=True).start()
    for number in (signal.SIGINT, signal.SIGTERM):
        # uvicorn raises the signal again once it is done, and a wanted end is no failure; one that comes before
        # uvicorn listens for it is a wanted end too.
        with suppress(ValueError):
            signal.signal(number, server.handle_exit)
    await server.serve(sockets=[listener])


def _stop_after(server: Server, wait: Callable[[], object]) -> None:
    wait()
    server.end()


def end_of_stdin() -> None:
    """Wait until standard input ends, and pass over what comes before."""
    # Not through sys.stdin, whose lock a thread that waits forever would take into the end of the interpreter.
    while os.read(0, 65536):
        pass
    # So that nobody takes a mock that is about to stop for one that lives. Closed, its number would be taken by a file
    # of the event loop, which does not bear that.
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)


class Server(uvicorn.Server):
    """uvicorn, set up for the mock.

    Args:
        app: What answers.
        mock: Gives the mock whose clock and ids the answers of the server itself use; a reset makes another one.
        bounds: What one client may cost.
        on_ready: Called once requests are answered.
    """

    def __init__(self, app: ASGIApp, mock: Callable[[], Mock], bounds: Bounds, on_ready: Callable[[], None]) -> None:
        config = uvicorn.Config(
            app,
            # uvicorn's annotation asks for a class, and calls it.
            http=cast(Any, partial(BoundedProtocol, mock, bounds)),
            ws="none",
            lifespan="on",
            log_config=None,
            # Its lines hold paths, and ours hold tokens.
            access_log=False,
            server_header=False,
            date_header=True,
            # Whoever may name its own address in a header has no limit per address; see guards/proxies.py.
            proxy_headers=False,
        )
        super().__init__(config)
        self._on_ready = on_ready
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told = asyncio.Event()

    def end(self) -> None:
        """Stop, from whatever thread, without waiting for the next of uvicorn's looks at `should_exit`."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._told.set)

    async def main_loop(self) -> None:
        """Go on until told to stop."""
        self._loop = asyncio.get_running_loop()
        looking, told = asyncio.create_task(super().main_loop()), asyncio.create_task(self._told.wait())
        await asyncio.wait([looking, told], return_when=asyncio.FIRST_COMPLETED)
        looking.cancel()
        told.cancel()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        try:
            self._on_ready()
        except OSError:
            # Nobody learns where it is. What has begun ends in order, or its end would be told as a failure too.
            await self.shutdown(sockets)
            raise
