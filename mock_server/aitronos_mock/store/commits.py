"""Writes that come at the same time go to the disk at the same time."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

from sqlalchemy import Executable

from .prepared import run
from .worlds import Row, Values


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is done within, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
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
    """Collects what is written in one turn of the event loop into one transaction.

    Whoever writes alone waits for nobody; who writes together with others shares one sync of the disk with them. A
    statement that is refused takes nothing of the others with it: SQLite undoes that statement alone.

    Args:
        connection: The one connection of the database.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: list[_Write] = []

    async def write(self, statement: Executable, parameters: Values) -> Sequence[Row]:
        """Run a statement, and return what it returns once it is on the disk.

        Raises:
            sqlite3.IntegrityError: The statement is refused.
            sqlite3.DatabaseError: Nothing was written.
        """
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._commit)
        write = _Write(statement, parameters, loop.create_future())
        self._waiting.append(write)
        return await write.answered

    def _commit(self) -> None:
        writes, self._waiting = self._waiting, []
        try:
            with transaction(self._connection):
                results = [self._run(write) for write in writes]
        except Exception as error:
            results = [error] * len(writes)
        for write, result in zip(writes, results, strict=True):
            _answer(write.answered, result)

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
