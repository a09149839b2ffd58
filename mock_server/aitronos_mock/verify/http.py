"""HTTP over sockets, with a deadline over each exchange as a whole."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from threading import Event, Timer
from urllib.parse import urlsplit

from .wire import Answer, Request, Unanswered

_MAX_BYTES = 1 << 20
"""What is read of a body; no answer of the contract comes near, and audio need not be heard to its end."""


class Http:
    """Sends each request over a connection of its own.

    It follows no redirect and asks no proxy: what it sends is for the one server that was named.

    Args:
        seconds: How long connecting may take, and after it the exchange from the first byte to the last.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __call__(self, request: Request) -> Answer:
        """Carry one request.

        Raises:
            Unanswered: Nobody answered within the deadline, or not in HTTP.
        """
        expired = Event()
        try:
            with closing(self._connection(request)) as connection:
                connection.connect()
                with self._deadline(connection.sock, expired):
                    return _exchanged(connection, request)
        except (OSError, HTTPException, ValueError) as error:
            raise Unanswered(self._reason(error, expired)) from None

    def _connection(self, request: Request) -> HTTPConnection:
        url = urlsplit(request.url)
        kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
        source = None if request.source is None else (request.source, 0)
        return kind(str(url.hostname), url.port, timeout=self._seconds, source_address=source)

    @contextmanager
    def _deadline(self, opened: socket.socket, expired: Event) -> Iterator[None]:
        """Hang up when the time is over: a socket's own timeout begins anew at each byte."""

        def hang_up() -> None:
            expired.set()
            # There may be no connection any more.
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)

        timer = Timer(self._seconds, hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
            if expired.is_set():
                raise TimeoutError
        finally:
            timer.cancel()

    def _reason(self, error: Exception, expired: Event) -> str:
        if expired.is_set() or isinstance(error, TimeoutError):
            return f"no answer within {self._seconds:g} s"
        if isinstance(error, OSError) and error.strerror:
            return error.strerror
        if isinstance(error, ConnectionError):
            return "the connection ended without an answer"
        return "that is no HTTP"


def _exchanged(connection: HTTPConnection, request: Request) -> Answer:
    url = urlsplit(request.url)
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    connection.request(request.method, target, request.body, dict(request.headers))
    with connection.getresponse() as response:
        content = response.read(_MAX_BYTES)
        if len(content) < _MAX_BYTES and response.length:
            # Only a read without a bound says so by itself.
            raise IncompleteRead(content)
        return Answer(response.status, _headers(response), content)


def _headers(response: HTTPResponse) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in response.getheaders():
        known = headers.get(name.lower())
        headers[name.lower()] = value if known is None else f"{known}, {value}"
    return headers
