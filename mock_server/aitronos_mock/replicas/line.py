"""A connection to PostgreSQL that listens for announcements."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Any, NamedTuple

from .reaching import Connection

CHANNEL = "aitronos_mock"
"""What announcements are made on; they are acknowledged on a channel of each line's own."""

MARK = "aitronos-mock listener"
"""By this `application_name` the server's list of connections tells who is listening."""

_ACKNOWLEDGE = "SELECT pg_notify(channel, id) FROM unnest($1::text[], $2::text[]) AS heard (channel, id)"


class LineLost(OSError):
    """The connection is gone, and announcements may have been missed."""


class Heard(NamedTuple):
    """An announcement.

    Attributes:
        reply_to: The channel on which its announcer waits for acknowledgements.
        id: What the announcer calls it.
        subject: What it is about.
    """

    reply_to: str
    id: str
    subject: str


async def wait_for_news(news: asyncio.Event, seconds: float) -> None:
    """Wait until there are some, but no longer than so many seconds; those that come later count for the next time."""
    timer = asyncio.get_running_loop().call_later(seconds, news.set)
    try:
        await news.wait()
    finally:
        timer.cancel()
    news.clear()


class Line:
    """One listening connection, used by one task; `open` makes one.

    Attributes:
        connection: For whatever else that task wants to ask.
        address: The channel on which acknowledgements come in.
    """

    def __init__(self, connection: Connection, on_acknowledged: Callable[[str, int], None]) -> None:
        self.connection = connection
        self.address = f"{CHANNEL}_{connection.get_server_pid()}"
        self._on_acknowledged = on_acknowledged
        self._heard: list[Heard] = []
        self._is_lost = False
        self._news = asyncio.Event()

    @classmethod
    async def open(
        cls, connect: Callable[[], Awaitable[Connection]], on_acknowledged: Callable[[str, int], None]
    ) -> Line:
        """Connect, listen, and only then be seen as a listener: whoever is seen is waited for.

        Args:
            connect: Opens a connection of its own.
            on_acknowledged: Gets the id of an announcement, and the server's process id of the line that followed it.
        """
        line = cls(await connect(), on_acknowledged)
        try:
            await line._listen()
        except BaseException:
            line.close()
            raise
        return line

    async def hear(self, seconds: float) -> list[Heard]:
        """What was announced meanwhile; nothing, where no announcement comes for so many seconds.

        Raises:
            LineLost: The connection is gone.
        """
        await wait_for_news(self._news, seconds)
        if self._is_lost:
            raise LineLost
        heard, self._heard = self._heard, []
        return heard

    async def acknowledge(self, heard: Collection[Heard]) -> None:
        """Tell the announcers that theirs was followed."""
        await self.connection.execute(_ACKNOWLEDGE, [each.reply_to for each in heard], [each.id for each in heard])

    def close(self) -> None:
        """Hang up at once."""
        self.connection.terminate()

    async def _listen(self) -> None:
        self.connection.add_termination_listener(self._on_end)
        await self.connection.add_listener(CHANNEL, self._on_announcement)
        await self.connection.add_listener(self.address, self._on_acknowledgement)
        await self.connection.execute(f"SET application_name = '{MARK}'")

    def _on_end(self, _: Any) -> None:
        self._is_lost = True
        self._news.set()

    def _on_announcement(self, _: Any, __: int, ___: str, payload: Any) -> None:
        self._heard.append(Heard(*payload.split(" ", 2)))
        self._news.set()

    def _on_acknowledgement(self, _: Any, process_id: int, __: str, payload: Any) -> None:
        self._on_acknowledged(payload, process_id)
