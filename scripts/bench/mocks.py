"""The mock under test, as it is shipped: the seed `docs`, SQLite on disk, audit and journal on."""

from __future__ import annotations

import sys
from pathlib import Path

from .errors import Missing
from .machine import Cores
from .processes import Server, running

MOCK, LOGGING_MOCK = "this mock", "this mock, default log to file"
_COMMAND = Path(sys.executable).with_name("aitronos-mock")
# Counted on every resolve, and out of reach.
_RATE = "999999999/minute"
_QUIET = ("--log-level", "warning")


def mock(folder: Path, database: Path | None = None, name: str = MOCK) -> Server:
    """The mock with the log level that is like the peers' silence.

    Args:
        folder: Where it runs.
        database: The file that it keeps its world in; None is a new one at each start.
        name: What the tables call it.

    Raises:
        Missing: It is not installed.
    """
    return Server(name, lambda port: [*_command(port, _file(database or folder / f"{port}.db")), *_QUIET], folder)


def mock_on(database: str, folder: Path, name: str, *options: str) -> Server:
    """The same on another kind of database, by its URL, and with further options."""
    return Server(name, lambda port: [*_command(port, database), *_QUIET, *options], folder)


def logging_mock(folder: Path, database: Path) -> Server:
    """The mock with its default log level, which writes a line per request, to a file."""
    return Server(LOGGING_MOCK, lambda port: _command(port, _file(database)), folder, log=folder / "mock.log")


def seeded(folder: Path, name: str, cores: Cores) -> Path:
    """A database file with the seed `docs`, made by the mock itself, which has let go of it."""
    database = folder / f"{name}.db"
    with running(mock(folder, database), cores):
        return database


def _file(database: Path) -> str:
    return f"sqlite:///{database}"


def _command(port: int, database: str) -> list[str]:
    if not _COMMAND.exists():
        raise Missing(f"there is no {_COMMAND}; install mock_server into this Python")
    where = ["--port", str(port), "--database", database]
    return [str(_COMMAND), "serve", *where, "--seed", "docs", "--resolve-rate-limit", _RATE]
