"""Which database a URL means."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from importlib import import_module
from typing import cast

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from .errors import StoreUnusable
from .patience import PATIENCE, Patience
from .ports import Database
from .sqlite import SQLiteDatabase

_Opening = Callable[[str, Patience], AbstractAsyncContextManager[Database]]


def is_shared(url: str) -> bool:
    """Whether several processes may use the database of this URL at once."""
    return url.startswith("postgresql:")


@asynccontextmanager
async def open_database(url: str, patience: Patience = PATIENCE) -> AsyncIterator[Database]:
    """Open the database of a URL, and let go of it in the end.

    Args:
        url: `sqlite://` for memory, `sqlite:///FILE`, or `postgresql://USER:PASSWORD@HOST/DATABASE`.
        patience: How long a server is waited for.

    Raises:
        StoreUnusable: The URL is none of ours, or the database cannot be used. No message has the password.
    """
    parsed = _parsed(url)
    try:
        async with _opened(parsed, patience) as database:
            yield database
    except StoreUnusable as error:
        raise StoreUnusable(f"cannot use the database {_name(parsed)}: {error}") from None


def _parsed(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise StoreUnusable(_FORMS) from None
    # `sqlite:///` has lost its file, and would quietly keep everything in memory.
    is_file = url == URL.create("sqlite", database=url.database) and url.database != ""
    if not is_file and not (url.drivername == "postgresql" and url.database):
        raise StoreUnusable(_FORMS)
    return url


def _opened(url: URL, patience: Patience) -> AbstractAsyncContextManager[Database]:
    opening = _open_sqlite if url.drivername == "sqlite" else _postgresql()
    return opening(url.render_as_string(hide_password=False), patience)


def _postgresql() -> _Opening:
    try:
        # Here, because what it needs is an extra, and whoever has that may not use it.
        return cast(_Opening, import_module(".postgresql", __package__).open_postgresql)
    except ModuleNotFoundError:
        raise StoreUnusable("asyncpg is missing; pip install 'aitronos-mock-server[postgresql]'") from None


@asynccontextmanager
async def _open_sqlite(url: str, _: Patience) -> AsyncIterator[Database]:
    with closing(SQLiteDatabase(url)) as database:
        yield database


def _name(url: URL) -> str:
    """The URL without what may be a secret."""
    return str(URL.create(url.drivername, url.username, host=url.host, port=url.port, database=url.database))


_FORMS = "--database takes sqlite:// for memory, sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/DATABASE"
