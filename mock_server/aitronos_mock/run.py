"""From options to a running mock."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import click
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from .app import create_app
from .domain.ports import Clock
from .domain.sharing import Sharing
from .fixtures import FixtureError, seed_world
from .limits import Rate, RateLimiter
from .media import PlaybackSigner
from .mock import Mock, MockIds
from .server import AddressUnusable, listen, serve, url_of
from .store.errors import StoreUnusable
from .store.sqlite import SQLiteStore

logger = logging.getLogger("aitronos_mock")


@dataclass(frozen=True, slots=True)
class Options:
    """What `aitronos-mock serve` is told; see its help."""

    host: str
    port: int
    database: str
    seed: str
    resolve_rate: Rate | None
    playback_seconds: int


def run(options: Options, clock: Clock, ids: MockIds, signing_key: bytes) -> None:
    """Serve until a signal comes.

    Raises:
        click.ClickException: Something that was asked for cannot be had; the message is one line.
    """
    try:
        store = open_store(options.database)
        try:
            plant(store, options.seed, clock)
            signer = PlaybackSigner(signing_key, ttl_seconds=options.playback_seconds)
            mock = build_mock(store, clock, ids, signer, options.resolve_rate)
            with listen(options.host, options.port) as listener:
                ready = f"aitronos-mock ready on {url_of(listener)}"
                serve(create_app(mock), mock, listener, lambda: click.echo(ready))
        finally:
            store.close()
    except (AddressUnusable, FixtureError, StoreUnusable) as error:
        raise click.ClickException(str(error)) from None


def build_mock(store: SQLiteStore, clock: Clock, ids: MockIds, signer: PlaybackSigner, rate: Rate | None) -> Mock:
    """Put the parts of a mock together."""
    limiter = None if rate is None else RateLimiter(rate)
    return Mock(Sharing(store, clock, ids), clock, ids, signer, limiter)


def open_store(database: str) -> SQLiteStore:
    """Open the database of a URL.

    Raises:
        StoreUnusable: The URL is none of ours, or the database cannot be used.
    """
    if not _is_ours(database):
        raise StoreUnusable("--database takes sqlite:// for memory, or sqlite:///FILE")
    try:
        return SQLiteStore(database)
    except StoreUnusable as error:
        raise StoreUnusable(f"cannot use the database {database}: {error}") from None


def _is_ours(database: str) -> bool:
    try:
        url = make_url(database)
    except (ArgumentError, ValueError):
        return False
    return url == URL.create("sqlite", database=url.database)


def plant(store: SQLiteStore, seed: str, clock: Clock) -> None:
    """Fill a new database from a seed; one that has a world keeps it.

    Raises:
        FixtureError: The seed is no valid fixture.
    """
    world = seed_world(seed, now=int(clock.time()))
    if store.is_empty():
        store.load(world)
    else:
        logger.info("The database has a world already; it stays, and the seed %s is not used.", seed)
