"""Which store of rate limits a URL means."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import NamedTuple, cast
from urllib.parse import SplitResult, urlsplit

from ..replicas.background import in_background
from .ports import Buckets, StoreAway
from .store import RateStore

_SCHEMES = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss"}
"""What is taken, and what the library calls it."""

_FORMS = "--rate-limit-store takes redis://USER:PASSWORD@HOST:PORT/NUMBER; valkey:// is the same, rediss:// has TLS"


class RateStoreUnusable(Exception):
    """The store cannot be used; the message is one line that says why and what to do, without the password."""


class _Place(NamedTuple):
    url: str
    name: str


@asynccontextmanager
async def open_rate_store(url: str | None) -> AsyncIterator[RateStore | None]:
    """Open a store of rate limits, which need not be there yet, and let go of it in the end.

    Args:
        url: `redis://USER:PASSWORD@HOST:PORT/NUMBER`, `rediss://…` with TLS, or the same as `valkey://…` and
            `valkeys://…`; None is no store.

    Raises:
        RateStoreUnusable: The URL is none of ours, or an extra is missing.
    """
    if url is None:
        yield None
        return
    place = _place(url)
    buckets = _buckets(place)
    store = RateStore(buckets, place.name)
    try:
        async with in_background(store.watch()):
            yield store
    finally:
        await buckets.close()


async def require_rate_store(url: str | None) -> None:
    """Make sure that a store is there and does what it is needed for.

    Raises:
        RateStoreUnusable: It cannot be used.
    """
    async with open_rate_store(url) as store:
        if store is None:
            return
        try:
            await store.probe()
        except StoreAway as away:
            raise RateStoreUnusable(f"cannot use the rate limit store {store.name}: {away}") from None
        except TypeError:
            # The library takes what the query of a URL says as it is, until it connects.
            raise RateStoreUnusable(_FORMS) from None


def _place(text: str) -> _Place:
    try:
        parts = urlsplit(text)
        # Reading it tells whether it is a number.
        port = parts.port or 6379
    except ValueError:
        raise RateStoreUnusable(_FORMS) from None
    if parts.scheme not in _SCHEMES or not parts.hostname or not _is_number(parts):
        raise RateStoreUnusable(_FORMS)
    return _Place(parts._replace(scheme=_SCHEMES[parts.scheme]).geturl(), f"{parts.scheme}://{parts.hostname}:{port}")


def _is_number(parts: SplitResult) -> bool:
    database = parts.path.removeprefix("/")
    return not database or (database.isascii() and database.isdigit())


def _buckets(place: _Place) -> Buckets:
    try:
        # Here, because what it needs is an extra, and whoever has that may not use it.
        make = cast("Callable[[str], Buckets]", import_module(".buckets", __package__).RedisBuckets)
        return make(place.url)
    except ModuleNotFoundError:
        raise RateStoreUnusable("redis-py is missing; pip install 'aitronos-mock-server[redis]'") from None
    except ValueError:
        raise RateStoreUnusable(_FORMS) from None
