"""SQLite, in memory or in a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Connection, Engine, Executable, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import StaticPool

from ..domain.ports import ContentGone, DuplicateId
from . import statements
from .availability import Availability
from .commits import GroupCommit, transaction
from .errors import StoreUnavailable, StoreUnusable
from .prepared import run
from .sql import SQLStore
from .upgrades import FOREIGN, READ_VERSIONS, steps
from .worlds import Row, Values

_BUSY_TIMEOUT_SECONDS = 0.2
_PRIMARY_CODE = 0xFF
_DISK_FAILURES = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY})
"""What the disk may bring about, and may end; any other failure is a mistake of ours."""


class SQLiteDatabase:
    """One connection, used from one thread.

    A file is locked for as long as the database is open, so no second process writes to it, and every commit is on disk
    before it is acknowledged.

    Args:
        url: `sqlite://` for memory, `sqlite:///relative.db` or `sqlite:////absolute.db` for a file.

    Raises:
        StoreUnusable: The file cannot be opened, is locked by another process, or holds something else.

    Attributes:
        connection: The one connection.
    """

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        self._availability = Availability()
        try:
            self.connection = self._engine.connect()
            _prepare(self.connection)
            self._driver = cast(sqlite3.Connection, self.connection.connection.driver_connection)
            # In memory there is no disk to wait for together.
            in_memory = self._engine.url.database in (None, ":memory:")
            self._write = self.rows if in_memory else GroupCommit(self.connection).write
        except DatabaseError as error:
            self._engine.dispose()
            raise StoreUnusable(_reason(error)) from None
        except StoreUnusable:
            self.close()
            raise

    def sandbox(self, number: int) -> SQLStore:
        """The store of the sandbox of this number."""
        return SQLStore(self, number)

    def close(self) -> None:
        """Let go of the database."""
        self.connection.close()
        self._engine.dispose()

    async def rows(self, statement: Executable, parameters: Values) -> Sequence[Row]:
        """What a reading statement finds.

        It runs right on the event loop: it takes some 10 microseconds, and handing it to a thread takes longer.
        """
        return run(self._driver, statement, parameters)

    async def snapshot(self, reads: Iterable[Executable], parameters: Values) -> list[Sequence[Row]]:
        """What several reading statements find; nobody writes in between, since none of them waits."""
        return [await self.rows(statement, parameters) for statement in reads]

    async def write(self, statement: Executable, parameters: Values) -> Sequence[Row]:
        """Insert or update, and return what the statement says is to be returned."""
        try:
            with self._writing():
                return await self._write(statement, parameters)
        except sqlite3.IntegrityError as error:
            raise _refusal(error) from None

    async def replace(self, sandbox: int, inserts: Iterable[tuple[Executable, list[Values]]]) -> None:
        """Put these rows in the place of all that a sandbox has, or change nothing at all."""
        with self._writing(), transaction(self.connection):
            for delete in statements.CLEAR:
                self.connection.execute(delete, {"here": sandbox})
            for insert, rows in inserts:
                self.connection.execute(insert, rows)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Say in our terms that the disk takes nothing.

        Raises:
            StoreUnavailable: It is full, is read-only, or fails.
        """
        try:
            yield
        except (sqlite3.OperationalError, OperationalError) as error:
            failure = _driver_error(error)
            if failure.sqlite_errorcode & _PRIMARY_CODE not in _DISK_FAILURES:
                raise
            self._availability.lost(str(failure))
            raise StoreUnavailable(str(failure)) from error
        self._availability.had()


def _driver_error(error: sqlite3.OperationalError | OperationalError) -> sqlite3.OperationalError:
    return cast(sqlite3.OperationalError, error.orig) if isinstance(error, OperationalError) else error


def _refusal(error: sqlite3.IntegrityError) -> DuplicateId | ContentGone:
    # The text of the database names columns and no values.
    said = str(error)
    return ContentGone(said) if "FOREIGN KEY" in said else DuplicateId(said)


def _engine(url: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=StaticPool,
        isolation_level="AUTOCOMMIT",
        # Parameters are digests and ids; a failing statement must not put them into a log.
        hide_parameters=True,
        connect_args={"timeout": _BUSY_TIMEOUT_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: object) -> None:
        # EXCLUSIVE keeps every other process out for as long as this one lives: below SQLite 3.51.3 a WAL with two
        # writing connections can be corrupted. It must be set before the WAL is touched.
        for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _prepare(connection: Connection) -> None:
    """Take the lock, and bring the tables to the schema of this release."""
    with transaction(connection):
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        versions = connection.exec_driver_sql(READ_VERSIONS).scalars().all() if "meta" in tables else []
        for step in steps(tables, versions, connection.dialect):
            connection.exec_driver_sql(step)
        # Sandboxes other than the default one end with the process that made them.
        for statement in statements.EVERY_OTHER_SANDBOX:
            connection.execute(statement)
    # Not before: a table that others refer to may be replaced by an upgrade.
    connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _reason(error: DatabaseError) -> str:
    """What a person can do about a database that does not open."""
    said = str(error.orig)
    if "locked" in said:
        return "another process has it open; stop that one, or name another file"
    if "no such column" in said:
        return FOREIGN
    if "not a database" in said:
        return "the file is no SQLite database; name another file"
    if "is full" in said:
        return "the disk is full; make room, or name a file on another one"
    if "malformed" in said:
        return "the file is damaged; restore a copy, or name another file"
    return f"{said}; check that the folder exists, and that it and the file can be written to"
