"""Writing to a connection in few pieces."""

from __future__ import annotations

import asyncio
from typing import Any


class JoinedWrites:
    """A transport that writes in one piece what is written within one turn of the event loop.

    The parts of a streamed answer are written one right after the other, and two system calls cost more than all the
    routing. And a client that waits for several answers is woken once for all that were made in a turn, not while the
    others are still being made.

    Args:
        transport: Where it goes.
        loop: Whose turns count.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []
        self.is_closing = transport.is_closing

    def __getattr__(self, name: str) -> Any:
        """Everything else is as the transport has it."""
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write at the end of this turn."""
        if not self._held:
            self._loop.call_soon(self._flush)
        self._held.append(data)

    def write_eof(self) -> None:
        """Write what is held, and nothing more."""
        self._flush()
        self._transport.write_eof()

    def close(self) -> None:
        """Close once everything is written."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        held, self._held = self._held, []
        # Nobody takes it any more once the connection is lost, and the transport refuses it.
        if held and not self.is_closing():
            self._transport.write(b"".join(held) if len(held) > 1 else held[0])
