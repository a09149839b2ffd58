"""Which database a URL means."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from .errors import StoreUnusable
from .ports import Database
from .sqlite import SQLiteDatabase


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """Open the database of a URL, and let go of it in the end.

    Raises:
        StoreUnusable: The URL is none of ours, or the database cannot be used.
    """
    with closing(_opened(url)) as database:
        yield database


def _opened(url: str) -> SQLiteDatabase:
    if not _is_ours(url):
        raise StoreUnusable("--database takes sqlite:// for memory, or sqlite:///FILE")
    try:
        return SQLiteDatabase(url)
    except StoreUnusable as error:
        raise StoreUnusable(f"cannot use the database {url}: {error}") from None


def _is_ours(database: str) -> bool:
    try:
        url = make_url(database)
    except (ArgumentError, ValueError):
        return False
    # `sqlite:///` has lost its file, and would quietly keep everything in memory.
    return url == URL.create("sqlite", database=url.database) and url.database != ""
