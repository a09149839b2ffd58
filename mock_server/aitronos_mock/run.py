"""From options to a running mock."""

from __future__ import annotations

import logging
import socket
from dataclasses import dataclass, field

import click

from .app import create_app
from .bounds import Bounds
from .domain.ports import Clock
from .fixtures import FixtureError, SeedSource
from .guards.door import Door, NoAllowedHost, door_for
from .guards.options import GuardOptions
from .limits import Rate
from .media import PlaybackSigner
from .sandboxes import Origin, Outfit, Sandbox, Sandboxes
from .server import AddressUnusable, end_of_stdin, listen, resolve, run_in_loop, serve, url_of
from .store.databases import open_database
from .store.errors import StoreUnusable
from .store.ports import DEFAULT_SANDBOX, Database

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
    stop_with_stdin: bool = False


def run(options: Options, machine: Clock, signing_key: bytes) -> None:
    """Serve until a signal comes.

    Raises:
        click.ClickException: Something that was asked for cannot be had; the message is one line.
    """
    try:
        # Before anything listens where it could be reached from elsewhere.
        door = door_for(options.guards, resolve(options.host, options.port)[1])
        with listen(options.host, options.port) as listener:
            run_in_loop(_answer(options, machine, signing_key, door, listener))
    except (AddressUnusable, FixtureError, NoAllowedHost, StoreUnusable) as error:
        raise click.ClickException(str(error)) from None


async def _answer(options: Options, machine: Clock, signing_key: bytes, door: Door, listener: socket.socket) -> None:
    async with open_database(options.database) as database:
        sandboxes = await furnish(options, database, machine, signing_key)
        app = create_app(sandboxes.default.mock, sandboxes, door)
        ready = f"aitronos-mock ready on {url_of(listener)}"
        until = end_of_stdin if options.stop_with_stdin else None
        await serve(app, lambda: sandboxes.default.mock, listener, lambda: click.echo(ready), options.bounds, until)


async def furnish(options: Options, database: Database, machine: Clock, signing_key: bytes) -> Sandboxes:
    """Make the default sandbox, with the room for others. A database that has a world keeps it.

    Raises:
        FixtureError: The seed is no valid fixture.
    """
    signer = PlaybackSigner(signing_key, ttl_seconds=options.playback_seconds)
    outfit = Outfit(machine, signer, options.resolve_rate)
    origin = Origin(SeedSource(options.seed), options.frozen_at, options.deterministic)
    store = database.sandbox(DEFAULT_SANDBOX)
    has_world = not await store.is_empty()
    if has_world:
        logger.info("The database has a world already; it stays, and the seed %s is not used.", options.seed)
    return Sandboxes(await Sandbox.begin(None, origin, outfit, store, keep_world=has_world), database, outfit)
