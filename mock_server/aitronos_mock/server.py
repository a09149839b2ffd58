"""The HTTP server: uvicorn, with a socket of our own and the envelope for requests that are no HTTP."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from .edge import standard_headers
from .errors import MALFORMED_REQUEST
from .exchange import authority
from .faults.striking import HANG_UP
from .mock import Mock
from .parsing import NoUpgradeParser

_BACKLOG = 2048


class AddressUnusable(Exception):
    """The address cannot be listened on; the message is one line that says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """Bind a socket; port 0 picks a free one.

    Raises:
        AddressUnusable: The host is unknown, or the port is taken or not allowed.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        advice = "choose another --host or --port"
        raise AddressUnusable(f"cannot listen on {host} port {port}: {reason}; {advice}") from None


def url_of(listener: socket.socket) -> str:
    """The URL of a bound socket."""
    return f"http://{authority(*listener.getsockname()[:2])}"


def serve(app: ASGIApp, mock: Mock, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM, and finish the requests that are under way.

    Args:
        app: What answers.
        mock: Whose clock and ids the answers of the server itself use.
        listener: A bound socket.
        on_ready: Called once requests are answered.
    """
    config = uvicorn.Config(
        app,
        http=_protocol(mock),
        ws="none",
        lifespan="on",
        log_config=None,
        # Its lines hold paths, and ours hold tokens.
        access_log=False,
        server_header=False,
        date_header=True,
        # Whoever may name its own address in a header has no limit per address.
        proxy_headers=False,
    )
    server = _Server(config, on_ready)
    for number in (signal.SIGINT, signal.SIGTERM):
        # uvicorn raises the signal again once it is done, and a wanted end is no failure; one that comes before
        # uvicorn listens for it is a wanted end too.
        with suppress(ValueError):
            signal.signal(number, server.handle_exit)
    server.run(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()


def _protocol(mock: Mock) -> type[HttpToolsProtocol]:
    class EnvelopeProtocol(HttpToolsProtocol):
        """Answers what is no HTTP with the envelope instead of plain text, and takes no upgrade."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            parser = NoUpgradeParser(self, lambda: (self.url, self.headers))
            self.parser = cast(Any, parser)
            self._upgrade_offered = parser.offered

        def on_headers_complete(self) -> None:
            if not self._upgrade_offered():
                super().on_headers_complete()
                scope = cast(dict[str, Any], self.cycle.scope)
                scope["state"][HANG_UP] = partial(self._hang_up, self.cycle)

        def _hang_up(self, cycle: RequestResponseCycle) -> None:
            # The server would report the answer as missing, and send one of its own.
            cycle.disconnected = True
            self.transport.close()

        def on_message_complete(self) -> None:
            if not self._upgrade_offered():
                super().on_message_complete()

        def send_400_response(self, msg: str) -> None:
            trace_id = mock.ids.request()
            body = MALFORMED_REQUEST.answer(trace_id, mock.clock.time()).encoded()
            headers = [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(body)).encode()),
                *standard_headers(trace_id, 0),
                (b"connection", b"close"),
            ]
            lines = [b"HTTP/1.1 400 Bad Request", *(b"%s: %s" % header for header in headers), b"", body]
            self.transport.write(b"\r\n".join(lines))
            self.transport.close()

    return EnvelopeProtocol
