"""SQLite, in memory or in a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from functools import cached_property, lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import Engine, Executable, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from ..domain.ports import ContentGone, DuplicateId
from . import statements
from .availability import Availability
from .commits import GroupCommit, transaction
from .errors import StoreUnavailable, StoreUnusable
from .ports import DEFAULT_SANDBOX
from .prepared import DIALECT, run, run_for_each
from .sql import SQLStore
from .upgrades import FOREIGN, READ_VERSIONS, steps
from .worlds import Row, Values

_BUSY_TIMEOUT_SECONDS = 0.2
_NAMELESS = "file:"
"""A file that SQLite keeps in memory while it is small, never syncs, and removes once it is closed."""
_PRIMARY_CODE = 0xFF
_DISK_FAILURES = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY})
"""What the disk may bring about, and may end; any other failure is a mistake of ours."""
_SETTLED = 2048
"""How many answers about worlds as they were loaded are kept, of all sandboxes together: two of each of a thousand."""

_Told = TypeVar("_Told")


class _Syncing(Exception):
    """The connection is not to be used now."""


class SQLiteDatabase:
    """One connection, used from one thread, beside the one that waits for the disk.

    A file is locked for as long as the database is open, so no second process writes to it, and every commit is on disk
    before it is acknowledged. It has the default sandbox alone: the others end with the process, so they are beside it,
    where nobody has to wait for the disk.

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
        self._commits: GroupCommit | None = None
        try:
            self.connection = self._engine.connect()
            self._driver = cast(sqlite3.Connection, self.connection.connection.driver_connection)
            _prepare(self._driver)
            self._is_lasting = _is_lasting(self._engine)
            if self._is_lasting:
                # Otherwise there is no disk to wait for together.
                self._commits = GroupCommit(self._driver)
            self._settled = lru_cache(_SETTLED)(self._told)
        except (DatabaseError, sqlite3.DatabaseError) as error:
            self._engine.dispose()
            raise StoreUnusable(_reason(str(getattr(error, "orig", error)))) from None
        except StoreUnusable:
            self.close()
            raise

    def sandbox(self, number: int) -> SQLStore:
        """The store of the sandbox of this number."""
        return SQLStore(self._passing if self._is_lasting and number != DEFAULT_SANDBOX else self, number)

    @cached_property
    def _passing(self) -> SQLiteDatabase:
        return SQLiteDatabase(f"sqlite:///{_NAMELESS}?uri=true")

    def close(self) -> None:
        """Let go of the database."""
        if "_passing" in self.__dict__:
            self._passing.close()
        if self._commits is not None:
            self._commits.close()
        self.connection.close()
        self._engine.dispose()

    async def rows(self, statement: Executable, parameters: Values) -> Sequence[Row]:
        """What a reading statement finds.

        It runs right on the event loop: it takes some 10 microseconds, and handing it to a thread takes longer. Where a
        commit is on its way to the disk, it waits for the end of that.
        """
        if not self._is_syncing:
            return run(self._driver, statement, parameters)
        async with self._alone():
            return run(self._driver, statement, parameters)

    async def settled(self, statement: Executable, told: Callable[[Sequence[Row]], _Told], parameters: Values) -> _Told:
        """What is to be told of the rows that a statement finds; kept until something of the kind is written.

        That is the same as reading it each time: nobody but this connection can write to the database, and whatever it
        writes besides links and the library makes it forget all of this, before anybody else has a turn.
        """
        asked = (statement, told, tuple(parameters.items()))
        try:
            return cast(_Told, self._settled(*asked))
        except _Syncing:
            async with self._alone():
                return cast(_Told, self._settled(*asked))

    def _told(self, statement: Executable, told: Callable[[Sequence[Row]], Any], parameters: tuple[Any, ...]) -> Any:
        if self._is_syncing:
            raise _Syncing
        return told(run(self._driver, statement, dict(parameters)))

    async def snapshot(self, reads: Iterable[Executable], parameters: Values) -> list[Sequence[Row]]:
        """What several reading statements find; nobody writes in between, since none of them waits."""
        async with self._alone():
            return [await self.rows(statement, parameters) for statement in reads]

    async def write(self, statement: Executable, parameters: Values) -> Sequence[Row]:
        """Insert or update, and return what the statement says is to be returned."""
        try:
            with self._writing():
                if statement in statements.CHANGING_WHAT_IS_SETTLED:
                    return await self._unsettle(statement, parameters)
                if self._commits is not None:
                    return await self._commits.write(statement, parameters)
                return run(self._driver, statement, parameters)
        except sqlite3.IntegrityError as error:
            raise _refusal(error) from None

    async def _unsettle(self, statement: Executable, parameters: Values) -> Sequence[Row]:
        # Not with others: where it waited for the disk, its caller could be cancelled, and nothing be forgotten.
        async with self._alone():
            with self._unsettling():
                return run(self._driver, statement, parameters)

    @property
    def _is_syncing(self) -> bool:
        return self._commits is not None and self._commits.is_syncing

    def _alone(self) -> AbstractAsyncContextManager[None]:
        """A time in which nothing is being written; nothing in it may wait."""
        return nullcontext() if self._commits is None else self._commits.alone()

    @contextmanager
    def _unsettling(self) -> Iterator[None]:
        """Forget what was settled, whatever comes of what is written within."""
        try:
            yield
        finally:
            self._settled.cache_clear()

    async def replace(self, sandbox: int, inserts: Iterable[tuple[Executable, list[Values]]]) -> None:
        """Put these rows in the place of all that a sandbox has, or change nothing at all."""
        async with self._alone():
            with self._writing(), self._unsettling(), transaction(self._driver):
                for delete in statements.CLEAR:
                    run(self._driver, delete, {"here": sandbox})
                for insert, rows in inserts:
                    run_for_each(self._driver, insert, rows)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Say in our terms that the disk takes nothing.

        Raises:
            StoreUnavailable: It is full, is read-only, or fails.
        """
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY_CODE not in _DISK_FAILURES:
                raise
            self._availability.lost(str(error))
            raise StoreUnavailable(str(error)) from error
        self._availability.had()


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
        # One thread works with it, and another one waits for its disk.
        connect_args={"timeout": _BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: object) -> None:
        # EXCLUSIVE keeps every other process out for as long as this one lives: below SQLite 3.51.3 a WAL with two
        # writing connections can be corrupted. It must be set before the WAL is touched.
        lasting = ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL")
        # What a transaction would undo need not outlive the process where nothing does.
        for pragma in lasting if _is_lasting(engine) else ("journal_mode=MEMORY",):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _is_lasting(engine: Engine) -> bool:
    return engine.url.database not in (None, ":memory:", _NAMELESS)


def _prepare(connection: sqlite3.Connection) -> None:
    """Take the lock, and bring the tables to the schema of this release."""
    with transaction(connection):
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        versions = [version for (version,) in connection.execute(READ_VERSIONS)] if "meta" in tables else []
        for step in steps(tables, versions, DIALECT):
            connection.execute(step)
        # Sandboxes other than the default one end with the process that made them, which was of an earlier release.
        for statement in statements.EVERY_OTHER_SANDBOX:
            run(connection, statement, {})
    # Not before: a table that others refer to may be replaced by an upgrade.
    connection.execute("PRAGMA foreign_keys=ON")


def _reason(said: str) -> str:
    """What a person can do about a database that does not open."""
    if "locked" in said:
        return "another process has it open; stop that one, or name another file"
    if "no such column" in said:
        return FOREIGN
    if "not a database" in said:
        return "the file is no SQLite database; name another file"
    if "malformed" in said:
        return "the file is damaged; restore a copy, or name another file"
    return f"{said}; check that the folder exists, and that it and the file can be written to"
