"""Announcements that every replica has followed by the time the announcer goes on.

Each replica has a line, a connection on which it listens. Whoever changes what replicas remember announces it within
the transaction of the change, so that no change goes unannounced, and waits until every line has acknowledged it. Which
lines there are is the server's to know. One that does not acknowledge in time is cut, and so its replica learns that
what it remembers may be true no longer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from ..store.errors import StoreUnavailable
from .background import in_background
from .line import CHANNEL, MARK, Line, wait_for_news
from .reaching import LOST, Connection, Pooled, reaching_the_database

logger = logging.getLogger("aitronos_mock.replicas")

_LIVING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1"
_CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = $1 AND pid = ANY($2)
"""


class Member(Protocol):
    """What a replica remembers, and how it is kept true. A connection may be used until the call returns."""

    async def join(self, connection: Connection) -> None:
        """Begin to remember: announcements come from now on."""
        ...

    async def follow(self, connection: Connection, subjects: Collection[str]) -> None:
        """Bring what is remembered of these subjects up to date."""
        ...

    async def tick(self, connection: Connection) -> None:
        """Do what is to be done from time to time."""
        ...

    def leave(self) -> None:
        """Forget everything: announcements may be missed from now on."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How often, and how long, in seconds.

    Attributes:
        tick: Between two ticks of a member.
        patience: How long an announcer waits for the others.
        look: Between two looks at who is still listening.
        check: Between two checks that the line is still there.
        retry: Between two attempts to listen again.
    """

    tick: float = 0.1
    patience: float = 2.0
    look: float = 0.25
    check: float = 1.0
    retry: float = 0.2


@dataclass(slots=True)
class _Announcement:
    """An announcement, as its announcer follows it."""

    acknowledged_by: set[int] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Broadcast:
    """One replica's part in the announcements.

    Args:
        connect: Opens a connection of its own for listening.
        borrow: Lends one for a change.
        pace: How often, and how long.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[Connection]],
        borrow: Callable[[], AbstractAsyncContextManager[Pooled]],
        pace: Pace | None = None,
    ) -> None:
        self._connect = connect
        self._borrow = borrow
        self._pace = pace or Pace()
        self._ids = count(1)
        self._announced: dict[str, _Announcement] = {}
        self._line: Line | None = None

    def require_listening(self) -> Line:
        """Make sure that announcements come: without them, nothing that is remembered can be relied upon.

        Raises:
            StoreUnavailable: They do not, since the line is lost.
        """
        if self._line is None:
            raise StoreUnavailable("the line to the database is lost")
        return self._line

    @asynccontextmanager
    async def running(self, member: Member) -> AsyncIterator[None]:
        """Let a member follow what is announced; listen again whenever the line is lost.

        Raises:
            StoreUnavailable: The database cannot be reached at the start.
        """
        with reaching_the_database():
            line = await self._join(member)
        async with in_background(self._stay(line, member)):
            yield

    @asynccontextmanager
    async def announcing(self, subject: str) -> AsyncIterator[Pooled]:
        """A transaction for a change; when the block is left, every replica has followed it.

        Raises:
            StoreUnavailable: The database cannot be reached, or nobody listens here. If that came about while waiting
                for the others, the change is made.
        """
        line, announced_id = self.require_listening(), str(next(self._ids))
        announcement = self._announced[announced_id] = _Announcement()
        try:
            async with self._borrow() as connection:
                async with connection.transaction():
                    yield connection
                    notice = f"{line.address} {announced_id} {subject}"
                    await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, notice)
                await self._settle(connection, announcement, line)
        finally:
            del self._announced[announced_id]

    async def ask(self, subject: str) -> None:
        """Announce without a change.

        Raises:
            StoreUnavailable: See `announcing`.
        """
        async with self.announcing(subject):
            pass

    # How an announcer waits.

    async def _settle(self, connection: Pooled, announcement: _Announcement, line: Line) -> None:
        """Wait until every line that there is has acknowledged, or is cut."""
        try:
            async with asyncio.timeout(self._pace.patience):
                while await self._silent(connection, announcement):
                    await wait_for_news(announcement.news, self._pace.look)
                    if self._line is not line:
                        raise StoreUnavailable("the line to the database was lost while others were waited for")
        except TimeoutError:
            silent = await self._silent(connection, announcement)
            logger.warning("%d replicas do not follow in time; their lines are cut", len(silent))
            await connection.execute(_CUT, MARK, list(silent))

    @staticmethod
    async def _silent(connection: Pooled, announcement: _Announcement) -> set[int]:
        living = {row["pid"] for row in await connection.fetch(_LIVING, MARK)}
        return living - announcement.acknowledged_by

    def _on_acknowledged(self, announced_id: str, process_id: int) -> None:
        if announcement := self._announced.get(announced_id):
            announcement.acknowledged_by.add(process_id)
            announcement.news.set()

    # How a listener lives.

    async def _join(self, member: Member) -> Line:
        line = await Line.open(self._connect, self._on_acknowledged)
        try:
            await member.join(line.connection)
        except BaseException:
            line.close()
            raise
        self._line = line
        return line

    async def _stay(self, line: Line, member: Member) -> None:
        while True:
            try:
                await self._follow(line, member)
            except LOST as error:
                logger.warning("Lost the line to the database (%s)", type(error).__name__)
            except Exception:
                # Whatever it is, a replica that cannot follow must not go on as if it had.
                logger.exception("Cannot follow")
            finally:
                self._leave(line, member)
            line = await self._rejoin(member)

    async def _follow(self, line: Line, member: Member) -> None:
        checked = asyncio.get_running_loop().time()
        while True:
            if heard := await line.hear(self._pace.tick):
                await member.follow(line.connection, {each.subject for each in heard})
                await line.acknowledge(heard)
            await member.tick(line.connection)
            now = asyncio.get_running_loop().time()
            if now - checked >= self._pace.check:
                await line.connection.execute("SELECT 1", timeout=self._pace.patience)
                checked = now

    def _leave(self, line: Line, member: Member) -> None:
        self._line = None
        member.leave()
        line.close()
        for announcement in self._announced.values():
            announcement.news.set()

    async def _rejoin(self, member: Member) -> Line:
        while True:
            await asyncio.sleep(self._pace.retry)
            try:
                line = await self._join(member)
            except Exception:
                logger.debug("Cannot listen yet", exc_info=True)
            else:
                logger.info("Listening again")
                return line
