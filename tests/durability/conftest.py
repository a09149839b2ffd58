"""How long the runs are, and their figures at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import pytest
from tests.engines.postgresql import PostgreSQL, running_postgresql

from .mocks import KillableMock

_T = TypeVar("_T")
_FIGURES = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--full`."""
    parser.addoption("--full", action="store_true", help="run everything to its full length, and hold the times too")


def pytest_configure(config: pytest.Config) -> None:
    """Make room for the figures."""
    config.stash[_FIGURES] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the figures."""
    for figure in config.stash[_FIGURES]:
        terminalreporter.write_line(figure)


@pytest.fixture
def is_full(request: pytest.FixtureRequest) -> bool:
    """Whether the whole run was asked for. It alone holds times: the machine of a CI is busy with other things."""
    return bool(request.config.getoption("--full", default=False))


@pytest.fixture
def length(is_full: bool) -> Callable[[_T, _T], _T]:
    """Chooses between the length of the whole run and that of the short one."""
    return lambda full, short: full if is_full else short


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Takes a figure down, to be printed at the end."""
    return lambda figure: request.config.stash[_FIGURES].append(f"{request.node.name}: {figure}")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., KillableMock]]:
    """Starts mocks, which stop in the end as they should."""
    with ExitStack() as stack:

        def start(database: str, *options: str) -> KillableMock:
            mock = KillableMock(database, tmp_path / "log", *options)
            stack.callback(lambda: _stopped(mock))
            return mock

        yield start


def _stopped(mock: KillableMock) -> None:
    assert 0 == mock.stop()


@pytest.fixture
def durable_postgresql() -> Iterator[PostgreSQL]:
    """A private PostgreSQL server that keeps its promises to the disk."""
    with running_postgresql(durable=True) as server:
        yield server
