"""From options to a running mock."""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

import click
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from .app import create_app
from .bounds import Bounds
from .domain.ports import Clock
from .fixtures import FixtureError, seed_fixture
from .guards.door import NoAllowedHost, door_for
from .guards.options import GuardOptions
from .limits import Rate
from .media import PlaybackSigner
from .sandboxes import Origin, Outfit, Sandbox, Sandboxes
from .server import AddressUnusable, listen, resolve, serve, url_of
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
    frozen_at: int | None
    deterministic: bool
    resolve_rate: Rate | None
    playback_seconds: int
    guards: GuardOptions = field(default_factory=GuardOptions)
    bounds: Bounds = field(default_factory=Bounds)


def run(options: Options, machine: Clock, signing_key: bytes) -> None:
    """Serve until a signal comes.

    Raises:
        click.ClickException: Something that was asked for cannot be had; the message is one line.
    """
    try:
        # Before anything listens where it could be reached from elsewhere.
        door = door_for(options.guards, resolve(options.host, options.port)[1])
        with listen(options.host, options.port) as listener, closing(open_store(options.database)) as store:
            sandboxes = furnish(options, store, machine, signing_key)
            app = create_app(sandboxes.default.mock, sandboxes, door)
            ready = f"aitronos-mock ready on {url_of(listener)}"
            serve(app, lambda: sandboxes.default.mock, listener, lambda: click.echo(ready), options.bounds)
    except (AddressUnusable, FixtureError, NoAllowedHost, StoreUnusable) as error:
        raise click.ClickException(str(error)) from None


def furnish(options: Options, store: SQLiteStore, machine: Clock, signing_key: bytes) -> Sandboxes:
    """Make the default sandbox, with the room for others. A database that has a world keeps it.

    Raises:
        FixtureError: The seed is no valid fixture.
    """
    signer = PlaybackSigner(signing_key, ttl_seconds=options.playback_seconds)
    outfit = Outfit(machine, signer, options.resolve_rate)
    origin = Origin(partial(seed_fixture, options.seed), options.frozen_at, options.deterministic)
    has_world = not store.is_empty()
    if has_world:
        logger.info("The database has a world already; it stays, and the seed %s is not used.", options.seed)
    return Sandboxes(Sandbox(None, origin, outfit, store, keep_world=has_world), outfit)


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
    # `sqlite:///` has lost its file, and would quietly keep everything in memory.
    return url == URL.create("sqlite", database=url.database) and url.database != ""
