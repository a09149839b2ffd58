"""How the answer to one request leaves."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from .answers import Headers

if TYPE_CHECKING:
    from .protocol import BoundedProtocol


class WayOut:
    """The transport as the answer to one request sees it.

    It lives in what it serves and must not keep it alive: what refers to itself goes only when garbage is looked for,
    and that takes a fifth of the time where every request leaves some.

    Args:
        protocol: The connection.
        cycle: What takes the answer from the application.
    """

    __slots__ = ("_cycle", "_protocol", "is_closing", "write")

    def __init__(self, protocol: BoundedProtocol, cycle: RequestResponseCycle) -> None:
        self._protocol = protocol
        self._cycle = weakref.ref(cycle)
        self.write = protocol.transport.write
        self.is_closing = protocol.transport.is_closing

    def close(self) -> None:
        """Close the connection behind the answer."""
        self._protocol.end(self._awaiting())

    def hang_up(self) -> None:
        """Close the connection instead of answering."""
        self._protocol.hang_up(self._awaiting())

    def reply(self, status: int, headers: Headers, body: bytes) -> bool:
        """Send an answer in one piece, as uvicorn's cycle does with the two messages that ASGI has for it.

        That looks at every header and for every way that a body can take. All headers here are of our own making: they
        name the length of the body, and neither `connection` nor `transfer-encoding`.

        Returns:
            Whether it was sent. It is not where nobody waits for it, or the client does not take what was sent before;
            the cycle knows what to do.
        """
        cycle = self._awaiting()
        if cycle.disconnected or cycle.flow.write_paused:
            return False
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        self.write(head(status, [*cycle.default_headers, *headers], is_kept=cycle.keep_alive) + body)
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.close()
        cycle.on_response()
        return True

    def _awaiting(self) -> RequestResponseCycle:
        # It is the cycle that asks, or what it has called.
        return cast(RequestResponseCycle, self._cycle())


def head(status: int, headers: Headers, *, is_kept: bool) -> bytes:
    """The first line, the headers and the empty line, for a connection that is kept afterwards or ends.

    Raises:
        ValueError: A header holds a line feed, which would begin another one.
    """
    lines = [b"%s: %s\r\n" % header for header in headers]
    if not is_kept:
        lines.append(b"connection: close\r\n")
    written = b"".join([STATUS_LINE[status], *lines, b"\r\n"])
    if written.count(b"\n") != len(lines) + 2:
        raise ValueError("a header of an answer holds a line feed")
    return written
