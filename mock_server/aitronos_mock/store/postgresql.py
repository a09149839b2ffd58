"""PostgreSQL, which any number of processes may use at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import cache
from typing import Any, NamedTuple, TypeVar, cast

import asyncpg
from asyncpg.pool import Pool, PoolConnectionProxy
from sqlalchemy import Executable
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect

from ..domain.models import World
from ..domain.ports import ContentGone, DuplicateId
from . import statements
from .availability import Availability
from .errors import StoreUnavailable, StoreUnusable
from .patience import PATIENCE, Patience
from .sql import SQLStore, inserts_of
from .upgrades import FOREIGN, READ_VERSIONS, steps
from .worlds import Row, Values

POOL_SIZE = 10
"""How many connections one process has at most, for requests."""

_UPGRADING = 0x616D7570
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
_DIALECT = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy's own

_REFUSED = (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)
_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    # What was the server is a standby now.
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InterfaceError,
    # A connection that is used after the server said that it ends, and before it did.
    asyncpg.InternalClientError,
)

_SILENT = "it does not answer"

_Connection = PoolConnectionProxy
_Told = TypeVar("_Told")


class PostgreSQLDatabase:
    """A pool of connections, each of which prepares a statement when it is first asked for it.

    Args:
        pool: The pool.
        url: Where its connections lead.
        patience: How long it is waited for.
    """

    def __init__(self, pool: Pool, url: str, patience: Patience) -> None:
        self._pool = pool
        self._availability = Availability()
        self._url = url
        self._patience = patience

    def sandbox(self, number: int) -> SQLStore:
        """The store of the sandbox of this number."""
        return SQLStore(self, number)

    async def rows(self, statement: Executable, parameters: Values) -> Sequence[Row]:
        """What a reading statement finds."""
        sql, arguments = _spelt(statement, parameters)
        async with self.connection() as connection:
            return cast(Sequence[Row], await connection.fetch(sql, *arguments))

    async def settled(self, statement: Executable, told: Callable[[Sequence[Row]], _Told], parameters: Values) -> _Told:
        """What is to be told of the rows that a statement finds; read each time, since other processes write too."""
        return told(await self.rows(statement, parameters))

    async def snapshot(self, reads: Iterable[Executable], parameters: Values) -> list[Sequence[Row]]:
        """What several reading statements find, all at one moment."""
        spelt = [_spelt(statement, parameters) for statement in reads]
        async with self.connection() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            return [cast(Sequence[Row], await connection.fetch(sql, *arguments)) for sql, arguments in spelt]

    async def write(self, statement: Executable, parameters: Values) -> Sequence[Row]:
        """Insert or update, and return what the statement says is to be returned."""
        try:
            return await self.rows(statement, parameters)
        except asyncpg.UniqueViolationError as error:
            # The text of the database names constraints and no values.
            raise DuplicateId(str(error)) from None
        except asyncpg.ForeignKeyViolationError as error:
            raise ContentGone(str(error)) from None

    async def replace(self, sandbox: int, inserts: Iterable[tuple[Executable, list[Values]]]) -> None:
        """Put these rows in the place of all that a sandbox has, or change nothing at all."""
        async with self.connection() as connection, connection.transaction():
            await _replace(connection, sandbox, inserts)

    async def fill(self, connection: _Connection, sandbox: int, world: World) -> None:
        """Put a world in the place of all that a sandbox has, within a transaction."""
        await _replace(connection, sandbox, inserts_of(sandbox, world))

    async def connect(self) -> asyncpg.Connection:
        """A connection that is not of the pool, for whoever keeps it."""
        seconds = self._patience.connecting
        return await asyncpg.connect(self._url, timeout=seconds, command_timeout=seconds)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[_Connection]:
        """A connection of the pool.

        Raises:
            StoreUnavailable: There is none, or it was lost within.
        """
        try:
            async with self._pool.acquire(timeout=self._patience.queueing) as connection:
                yield connection
        except _AWAY as error:
            self._availability.lost(str(error) or _SILENT)
            raise StoreUnavailable(str(error)) from error
        self._availability.had()


@asynccontextmanager
async def open_postgresql(url: str, patience: Patience = PATIENCE) -> AsyncIterator[PostgreSQLDatabase]:
    """Open a database, bring its tables to the schema of this release, and let go of it in the end.

    Args:
        url: `postgresql://user:password@host:port/database`, with the settings that libpq takes in a URL.
        patience: How long it is waited for.

    Raises:
        StoreUnusable: The database is not there, does not let us in, or holds something else.
    """
    with _told():
        pool = await _pool(url, patience)
    try:
        with _told():
            async with pool.acquire() as connection:
                await _prepare(connection)
        yield PostgreSQLDatabase(pool, url, patience)
    finally:
        # Whoever wants to stop does not wait for a server that is away.
        with suppress(TimeoutError):
            async with asyncio.timeout(patience.connecting):
                await pool.close()


async def _pool(url: str, patience: Patience) -> Pool:
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=POOL_SIZE,
        timeout=patience.connecting,
        command_timeout=patience.answering,
        # The statements are few, and each is worth keeping.
        max_cached_statement_lifetime=0,
        reset=_nothing,
        server_settings={"application_name": "aitronos-mock"},
    )


async def _nothing(connection: asyncpg.Connection) -> None:
    """Do nothing at a release: asyncpg ends a transaction by itself, and what else it would reset, nobody sets."""


async def _prepare(connection: _Connection) -> None:
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _UPGRADING)
        tables = [row[0] for row in await connection.fetch(_TABLES)]
        versions = [row[0] for row in await connection.fetch(READ_VERSIONS)] if "meta" in tables else []
        for step in steps(tables, versions, _DIALECT):
            await connection.execute(step)


async def _replace(connection: _Connection, sandbox: int, inserts: Iterable[tuple[Executable, list[Values]]]) -> None:
    for clearing in [statements.TAKE_WORLD, *statements.CLEAR]:
        sql, arguments = _spelt(clearing, {"here": sandbox})
        await connection.fetch(sql, *arguments)
    for statement, rows in inserts:
        spelt = [_spelt(statement, row) for row in rows]
        await connection.executemany(spelt[0].sql, [each.arguments for each in spelt])


class _Spelt(NamedTuple):
    sql: str
    arguments: list[object]


def _spelt(statement: Executable, parameters: Values) -> _Spelt:
    sql, names, constants = _compiled(statement)
    values = constants | parameters
    return _Spelt(sql, [_writable(values[name]) for name in names])


def _writable(value: object) -> object:
    # Text cannot hold U+0000 there. Identifiers cannot hold U+0001 either, so what is asked for is not found.
    return value.replace("\0", "\1") if isinstance(value, str) else value


@cache
def _compiled(statement: Any) -> tuple[str, Sequence[str], Values]:
    compiled = statement.compile(dialect=_DIALECT)
    constants = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
    return compiled.string, compiled.positiontup, constants


@contextmanager
def _told() -> Iterator[None]:
    """Turn what a server or a URL has against being used into a line for people."""
    try:
        yield
    except ValueError:
        # What asyncpg says of a URL may quote it.
        raise StoreUnusable("something in the URL cannot be read; percent-encode the user and the password") from None
    except asyncpg.UndefinedColumnError:
        raise StoreUnusable(FOREIGN) from None
    except _REFUSED as error:
        raise StoreUnusable(f"{error}; check its name, the user and the password") from None
    except asyncpg.InsufficientPrivilegeError as error:
        raise StoreUnusable(f"{error}; let the user make tables there") from None
    except asyncpg.PostgresError as error:
        raise StoreUnusable(f"the server refuses: {error}") from None
    except _AWAY as error:
        raise StoreUnusable(f"{str(error) or _SILENT}; check that the server runs there") from None
