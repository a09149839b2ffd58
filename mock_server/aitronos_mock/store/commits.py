"""Writes that come at the same time go to the disk at the same time."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from typing import NamedTuple

from sqlalchemy import Executable

from .prepared import run
from .worlds import Row, Values

_HAS_THREADS = sqlite3.threadsafety == 3
"""Whether this SQLite lets threads share a connection, as nearly all do."""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[Callable[[], object]]:
    """All that is done within, or nothing of it.

    Yields:
        Ends it, for whoever wants to choose from where; at the end of the block it ends anyway.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield lambda: connection.execute("COMMIT")
        if connection.in_transaction:
            connection.execute("COMMIT")
    except BaseException:
        # A failure of the disk may have ended it already.
        with suppress(sqlite3.OperationalError):
            connection.execute("ROLLBACK")
        raise


class _Write(NamedTuple):
    statement: Executable
    parameters: Values
    answered: asyncio.Future[Sequence[Row]]


class GroupCommit:
    """Collects what is written while the disk is busy into one transaction.

    Whoever writes alone waits for nobody; who writes together with others shares one sync of the disk with them. A
    statement that is refused takes nothing of the others with it: SQLite undoes that statement alone.

    A thread of its own waits for the disk, while the event loop takes in and checks what comes next. The connection is
    that thread's meanwhile, and nobody else's: what SQLite says of a failure belongs to the connection, and a statement
    in between could make a failed commit look like one that went well.

    Args:
        connection: The one connection of the database.
        has_threads: Whether two threads may use it, one after the other; otherwise the event loop waits for the disk.

    Attributes:
        is_syncing: Whether the connection is the thread's; `alone` waits until it is not.
    """

    def __init__(self, connection: sqlite3.Connection, *, has_threads: bool = _HAS_THREADS) -> None:
        self._connection = connection
        self._waiting: list[_Write] = []
        self._turn = asyncio.Lock()
        self._group: asyncio.Task[None] | None = None
        self._has_threads = has_threads
        self.is_syncing = False
        self._disk = ThreadPoolExecutor(1, "aitronos-mock-disk")

    async def write(self, statement: Executable, parameters: Values) -> Sequence[Row]:
        """Run a statement, and return what it returns once it is on the disk.

        Raises:
            sqlite3.IntegrityError: The statement is refused.
            sqlite3.DatabaseError: Nothing was written.
        """
        loop = asyncio.get_running_loop()
        write = _Write(statement, parameters, loop.create_future())
        self._waiting.append(write)
        if len(self._waiting) == 1:
            self._group = loop.create_task(self._commit())
        return await write.answered

    def alone(self) -> AbstractAsyncContextManager[None]:
        """A time in which no transaction is under way. Nothing in it may wait for a write."""
        return self._turn

    def close(self) -> None:
        """Wait for what is under way."""
        self._disk.shutdown()

    async def _commit(self) -> None:
        async with self._turn:
            writes, self._waiting = self._waiting, []
            try:
                results = await self._kept(writes)
            except Exception as error:
                results = [error] * len(writes)
        for write, result in zip(writes, results, strict=True):
            _answer(write.answered, result)

    async def _kept(self, writes: Iterable[_Write]) -> list[Sequence[Row] | Exception]:
        with transaction(self._connection) as commit:
            results = [self._run(write) for write in writes]
            if self._has_threads:
                await self._synced(commit)
        return results

    async def _synced(self, commit: Callable[[], object]) -> None:
        self.is_syncing = True
        try:
            await asyncio.get_running_loop().run_in_executor(self._disk, commit)
        finally:
            self.is_syncing = False

    def _run(self, write: _Write) -> Sequence[Row] | Exception:
        try:
            return run(self._connection, write.statement, write.parameters)
        except sqlite3.IntegrityError as error:
            return error


def _answer(answered: asyncio.Future[Sequence[Row]], result: Sequence[Row] | Exception) -> None:
    if answered.done():
        # Who waited was cancelled.
        return
    if isinstance(result, Exception):
        answered.set_exception(result)
    else:
        answered.set_result(result)
