"""Waiting for as long as the client waits too."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from starlette.types import Message, Receive

from ..refusals import ClientGone

_MAX_KEPT_BYTES = 64 * 1024
"""Of a request that goes on and on, no more is kept; whether its client stays is then found out after the wait."""


class Patience:
    """Waits, and notices when the client goes. What it receives meanwhile is kept for whoever answers the request."""

    def __init__(self, receive: Receive, sleep: Callable[[float], Awaitable[object]]) -> None:
        self._receive = receive
        self._sleep = sleep
        self._kept: deque[Message] = deque()
        self._room = _MAX_KEPT_BYTES
        self._is_whole = False

    async def wait(self, seconds: float) -> None:
        """Wait so many seconds of real time.

        Raises:
            ClientGone: The client went before.
        """
        sleeping = asyncio.ensure_future(self._sleep(seconds))
        listening = asyncio.ensure_future(self._listen())
        try:
            await asyncio.wait({sleeping, listening}, return_when=asyncio.FIRST_COMPLETED)
            if listening.done() and listening.result():
                raise ClientGone
            await sleeping
        finally:
            sleeping.cancel()
            listening.cancel()

    async def receive(self) -> Message:
        """What was kept, and then what comes."""
        return self._kept.popleft() if self._kept else await self._hear()

    async def _listen(self) -> bool:
        """Whether the client went, or sent more than there is room for."""
        while self._room > 0:
            was_whole, message = self._is_whole, await self._hear()
            # What comes behind the whole request is the news that the client closed its side, as those do that go.
            if was_whole or message["type"] == "http.disconnect":
                return True
            self._kept.append(message)
            self._room -= len(message.get("body", b""))
        return False

    async def _hear(self) -> Message:
        message = await self._receive()
        self._is_whole = not message.get("more_body", False)
        return message
