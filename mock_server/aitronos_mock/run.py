"""From options to a running mock."""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, cast

import click

from . import logs
from .app import create_app
from .bounds import Bounds
from .commands.failures import give_up
from .domain.ports import Clock
from .fixtures import FixtureError, SeedSource
from .guards.door import Door, NoAllowedHost, door_for
from .guards.options import GuardOptions
from .limits import Rate, limited_here
from .media import PlaybackSigner
from .sandboxes import Origin, Outfit, Sandbox, Sandboxes, SandboxRegistry
from .server import AddressUnusable, end_of_stdin, listen, resolve, run_in_loop, serve, url_of
from .shared_limits.opening import RateStoreUnusable, open_rate_store, require_rate_store
from .shared_limits.store import RateStore
from .store.databases import is_shared, open_database
from .store.errors import StoreUnavailable, StoreUnusable
from .store.ports import DEFAULT_SANDBOX, Database
from .workers import Lifeline, Supervisor, WorkerFailed

if TYPE_CHECKING:
    from .store.postgresql import PostgreSQLDatabase

logger = logging.getLogger("aitronos_mock")


@dataclass(frozen=True, slots=True)
class Options:
    """What `aitronos-mock serve` is told; see its help."""

    host: str
    port: int
    # Its URL may have a password.
    database: str = field(repr=False)
    seed: str
    frozen_at: int | None
    deterministic: bool
    resolve_rate: Rate | None
    playback_seconds: int
    guards: GuardOptions = field(default_factory=GuardOptions)
    bounds: Bounds = field(default_factory=Bounds)
    stop_with_stdin: bool = False
    workers: int = 1
    rate_store: str | None = field(default=None, repr=False)
    log_level: str = "info"
    log_format: logs.Format = "human"


def run(options: Options, machine: Clock, signing_key: bytes) -> None:
    """Serve until a signal comes.

    Raises:
        click.ClickException: Something that was asked for cannot be had; the message is one line.
    """
    try:
        # Before anything listens where it could be reached from elsewhere.
        door = door_for(options.guards, resolve(options.host, options.port)[1])
        _require_room_for_workers(options)
        if options.rate_store is not None:
            # A worker that takes the place of another one has to do without a store that is away just then.
            asyncio.run(require_rate_store(options.rate_store))
        with listen(options.host, options.port) as listener:
            serving = Serving(options, machine, signing_key, door, listener)
            ready = f"aitronos-mock ready on {url_of(listener)}"
            until = end_of_stdin if options.stop_with_stdin else None
            serve_with(options.workers, serving, lambda: click.echo(ready), until)
    except _REASONS as error:
        raise click.ClickException(str(error)) from None


_REASONS = (AddressUnusable, FixtureError, NoAllowedHost, RateStoreUnusable, StoreUnavailable, StoreUnusable)


def _require_room_for_workers(options: Options) -> None:
    if options.workers > 1 and not is_shared(options.database):
        advice = "name a --database postgresql://…, or leave --workers out"
        raise StoreUnusable(f"{options.workers} workers cannot share SQLite, which is for one process; {advice}")


def serve_with(
    workers: int, serving: Serving, on_ready: Callable[[], None], until: Callable[[], object] | None = None
) -> None:
    """Answer requests, in this process or in several others, until SIGINT or SIGTERM.

    Args:
        workers: How many processes; one is this one.
        serving: What each of them serves.
        on_ready: Called once requests are answered, by all of them.
        until: Waits for another reason to stop, in a thread of its own.
    """
    if workers == 1:
        run_in_loop(serving.until_told(on_ready, until))
        return
    if until is not None:
        threading.Thread(target=_terminate_after, args=(until,), daemon=True).start()
    try:
        Supervisor(workers, serving.as_worker, on_ready).run()
    except WorkerFailed as failure:
        sys.exit(failure.exit_code)


def _terminate_after(wait: Callable[[], object]) -> None:
    wait()
    os.kill(os.getpid(), signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Serving:
    """What one process serves, in whichever process that is.

    Attributes:
        options: What the command was told.
        machine: The machine's clock.
        signing_key: What playback URLs are signed with, unless other processes do so with another one.
        door: What stands between the network and the router.
        listener: A bound socket.
    """

    options: Options
    machine: Clock
    signing_key: bytes = field(repr=False)
    door: Door
    listener: socket.socket

    async def until_told(self, on_ready: Callable[[], None], until: Callable[[], object] | None) -> None:
        """Answer requests until SIGINT or SIGTERM.

        Args:
            on_ready: Called once requests are answered.
            until: Waits for another reason to stop, in a thread of its own.
        """
        async with (
            open_database(self.options.database) as database,
            open_rate_store(self.options.rate_store) as rates,
            furnished(self.options, database, self.machine, self.signing_key, rates) as sandboxes,
        ):
            app = create_app(sandboxes.default.mock, sandboxes, self.door)
            await serve(app, lambda: sandboxes.default.mock, self.listener, on_ready, self.options.bounds, until)

    def as_worker(self, lifeline: Lifeline) -> None:
        """Answer requests as one of several processes, and end with their supervisor."""
        logs.configure(self.options.log_level, self.options.log_format)
        try:
            run_in_loop(self.until_told(lifeline.say_ready, lifeline.hold))
        except _REASONS as error:
            give_up(str(error))


@asynccontextmanager
async def furnished(
    options: Options, database: Database, machine: Clock, signing_key: bytes, rates: RateStore | None = None
) -> AsyncIterator[SandboxRegistry]:
    """The sandboxes of a database, which other processes may be using too.

    Raises:
        FixtureError: The seed is no valid fixture.
        StoreUnavailable: The database cannot be reached.
    """
    if not is_shared(options.database):
        yield await furnish(options, database, machine, signing_key, rates)
        return
    # Needs an extra, which is there where such a database is open.
    from .replicas.opening import open_shared  # pragma: no cover - nobody comes here without a PostgreSQL

    shared, origin = cast("PostgreSQLDatabase", database), _origin(options)  # pragma: no cover - the same
    opening = open_shared(
        shared, origin, signing_key, partial(_outfit, options, machine, rates)
    )  # pragma: no cover - the same
    async with opening as sandboxes:  # pragma: no cover - the same
        yield sandboxes


async def furnish(
    options: Options, database: Database, machine: Clock, signing_key: bytes, rates: RateStore | None = None
) -> Sandboxes:
    """Make the default sandbox, with the room for others. A database that has a world keeps it.

    Raises:
        FixtureError: The seed is no valid fixture.
    """
    origin, outfit = _origin(options), _outfit(options, machine, rates, signing_key)
    store = database.sandbox(DEFAULT_SANDBOX)
    has_world = not await store.is_empty()
    if has_world:
        logger.info("The database has a world already; it stays, and the seed %s is not used.", options.seed)
    return Sandboxes(await Sandbox.begin(None, origin, outfit, store, keep_world=has_world), database, outfit)


def _origin(options: Options) -> Origin:
    return Origin(SeedSource(options.seed), options.frozen_at, options.deterministic)


def _outfit(options: Options, machine: Clock, rates: RateStore | None, signing_key: bytes) -> Outfit:
    signer = PlaybackSigner(signing_key, ttl_seconds=options.playback_seconds)
    limiting = limited_here if rates is None else rates.limiting(_world(signing_key))
    return Outfit(machine, signer, options.resolve_rate, limiting=limiting)


def _world(signing_key: bytes) -> str:
    """Names what replicas have in common and no other mock has; the key does not follow from it."""
    return hmac.new(signing_key, b"rate limits", sha256).hexdigest()[:16]
