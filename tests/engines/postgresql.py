"""A private PostgreSQL server."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from find_postgresql import find_postgresql

_NO_SERVER = "LEFT OUT: there is no PostgreSQL here, neither on the path nor where Debian installs it"
NO_CLIENT = "LEFT OUT: there is no asyncpg here; pip install -e 'mock_server[postgresql]'"
"""Why a test that needs what speaks to PostgreSQL is skipped."""

LOCKED = "locked"
"""A user who would need a password; there is none yet."""

_OWNER = "mock"
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgreSQL:
    """A server of its own: a new cluster, on a free port of the loopback, with one user who needs no password.

    Args:
        folder: Where its files go; it is of the one who runs the server.
        commands: The folder of PostgreSQL's commands.
        durable: Whether what is committed survives the machine; slower.
    """

    def __init__(self, folder: Path, commands: Path, *, durable: bool = False) -> None:
        self._folder = folder
        self._commands = commands
        self._settings = () if durable else _FAST
        self._databases = 0
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        # ICU's order of letters is not that of their code points, which the mock must not notice.
        locale = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en")
        self._run("initdb", "--username", _OWNER, "--auth=trust", "--no-sync", *locale)
        access = folder / "data" / "pg_hba.conf"
        access.write_text(f"host all {LOCKED} 127.0.0.1/32 scram-sha-256\n{access.read_text('utf-8')}", "utf-8")

    @property
    def log(self) -> str:
        """What the server said so far."""
        return (self._folder / "log").read_text("utf-8")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = (f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self._folder}")
        options = " ".join(f"-c {setting}" for setting in (*settings, *self._settings))
        self._run("pg_ctl", "start", "--wait", "--silent", "--log", str(self._folder / "log"), "--options", options)

    def stop(self, mode: str = "fast") -> None:
        """Stop it, `fast` or `immediate`, which is as if it had crashed, and wait until it is gone."""
        self._run("pg_ctl", "stop", "--wait", "--silent", "--mode", mode)

    def url(self, database: str = "postgres") -> str:
        """The URL of a database."""
        return f"postgresql://{_OWNER}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database; its URL."""
        self._databases += 1
        name = f"world_{self._databases}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def execute(self, statement: str, database: str = "postgres") -> list[Any]:
        """Run a statement; the rows that it finds."""
        return asyncio.run(self._fetch(statement, self.url(database)))

    async def _fetch(self, statement: str, url: str) -> list[Any]:
        # Whoever has a server need not have the extra.
        import asyncpg

        connection = await asyncpg.connect(url)
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()

    def _run(self, command: str, *arguments: str) -> None:
        # It refuses to run as root.
        user = "postgres" if os.getuid() == 0 else None
        data = ("--pgdata", str(self._folder / "data"))
        # What it starts in the background keeps the output open, and nobody must wait for its end.
        with (self._folder / f"{command}.log").open("ab") as said:
            subprocess.run(
                [self._commands / command, *arguments, *data],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                user=user,
                group=user,
                extra_groups=[] if user else None,
                cwd=self._folder,
            )


@contextmanager
def running_postgresql(*, durable: bool = False) -> Iterator[PostgreSQL]:
    """A server that is thrown away in the end. Where it cannot be had, the test is skipped, and the reason printed."""
    commands = find_postgresql()
    if commands is None:
        pytest.skip(_NO_SERVER)
    pytest.importorskip("asyncpg", reason=NO_CLIENT)
    # Not in a folder of pytest: the path of a socket has a hundred characters at most.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    try:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        server = PostgreSQL(folder, commands, durable=durable)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder)
