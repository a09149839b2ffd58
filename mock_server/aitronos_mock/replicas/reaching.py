"""What tells that the database is away, or that a connection to it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

import asyncpg
import asyncpg.pool

from ..store.errors import StoreUnavailable

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Pooled: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"

LOST = (
    OSError,  # TimeoutError is one
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that the server has ended, and whose end is not yet noticed
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
)
"""What asyncpg raises when a connection cannot be had, breaks, or is ended by the server."""


@contextmanager
def reaching_the_database() -> Iterator[None]:
    """Say in our terms that the database is away.

    Raises:
        StoreUnavailable: It is.
    """
    try:
        yield
    except LOST as error:
        raise StoreUnavailable(str(error)) from error
