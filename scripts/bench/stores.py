"""One worker on each kind of store, side by side: what a mock that teams share is sized by.

The servers of databases and limits share a core with the load, and are those that the tests start, with every commit on
the disk.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

from . import wrk
from .figures import Figures
from .machine import Cores
from .mocks import mock, mock_on
from .plan import Plan
from .processes import Running, Server, running
from .requests import RESOLVE, SHARE, Request
from .throughput import MEGABYTES, RATE

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
ON_SQLITE, ON_POSTGRESQL = f"{SQLITE}, limits in Valkey", f"{POSTGRESQL}, limits in Valkey"
MEMORY = "memory of one worker"
_REPOSITORY = Path(__file__).parents[2]


def row_of(request: Request) -> str:
    """The row of a request."""
    return f"{request.name}, one worker"


def stores(folder: Path, plan: Plan, cores: Cores, figures: Figures) -> None:
    """Measure resolves and shares, and memory afterwards, in alternating rounds."""
    with ExitStack() as stack:
        servers = [stack.enter_context(running(server, cores)) for server in _servers(folder, figures, stack)]
        for server in servers:
            _loaded(server, RESOLVE, plan.warm_up_seconds, folder)
        for _ in range(plan.growth_rounds):
            for request in (RESOLVE, SHARE):
                for server in servers:
                    figures.add(row_of(request), server.name, RATE, _loaded(server, request, plan.seconds, folder))
        for server in servers:
            figures.add(MEMORY, server.name, MEGABYTES, server.resident_mb())


def _loaded(server: Running, request: Request, seconds: float, folder: Path) -> float:
    return wrk.load(server, request, seconds, folder).rate


def _servers(folder: Path, figures: Figures, stack: ExitStack) -> Iterator[Server]:
    database, limits = stack.enter_context(_postgresql(figures)), stack.enter_context(_valkey(figures))
    yield mock(folder, name=SQLITE)
    if limits is not None:
        yield mock_on(f"sqlite:///{folder / 'limited.db'}", folder, ON_SQLITE, "--rate-limit-store", limits)
    if database is not None:
        yield mock_on(database[0], folder, POSTGRESQL)
    if database is not None and limits is not None:
        yield mock_on(database[1], folder, ON_POSTGRESQL, "--rate-limit-store", limits)


@contextmanager
def _postgresql(figures: Figures) -> Iterator[tuple[str, str] | None]:
    """Two empty databases."""
    from find_postgresql import find_postgresql

    if find_postgresql() is None or find_spec("asyncpg") is None:
        figures.leave_out(POSTGRESQL, "there is no PostgreSQL here, or no asyncpg; see scripts/install_engines")
        yield None
        return
    from tests.engines.postgresql import running_postgresql

    with running_postgresql(durable=True) as server:
        yield server.new_database(), server.new_database()


@contextmanager
def _valkey(figures: Figures) -> Iterator[str | None]:
    """The URL of an empty store of limits."""
    from find_valkey import find_valkey

    if find_valkey() is None or find_spec("redis") is None:
        figures.leave_out("limits in Valkey", "there is no Valkey here, or no redis-py; see scripts/install_engines")
        yield None
        return
    from tests.engines.valkey import running_valkey

    with running_valkey() as server:
        yield server.url


# The scripts that find servers and the modules of tests that start them are found from here.
sys.path[:0] = [str(_REPOSITORY), str(_REPOSITORY / "scripts")]
