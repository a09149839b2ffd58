"""Answers per second, of all servers in alternating rounds; then memory, and latencies below the peak."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import cycle, islice
from pathlib import Path

from . import worlds, wrk
from .figures import Figures
from .machine import Cores
from .mocks import MOCK, logging_mock, mock, seeded
from .pacing import paced
from .peers import BARE
from .plan import Plan
from .processes import Running, Server, running
from .requests import RESOLVE, SHARE, UNKNOWN, Request

RATE, SECONDS, MEGABYTES = "r/s", "s", "MB"
START, MEMORY = "start to first answer", "memory after load"
PACED_SHARE = 0.7
ALL_ROWS = (RESOLVE, SHARE)
MOCK_ROWS = (RESOLVE, SHARE, worlds.COLLECTION, worlds.SAVE, UNKNOWN)


def starts(servers: Iterable[Server], plan: Plan, cores: Cores, figures: Figures) -> None:
    """Start each server several times, in alternating rounds, alone on its core."""
    servers = list(servers)
    for _ in range(plan.starts):
        for server in servers:
            with running(server, cores) as started:
                figures.add(START, server.name, SECONDS, started.started_in)


def throughput(peers: list[Server], folder: Path, plan: Plan, cores: Cores, figures: Figures) -> None:
    """Measure the rows of all servers, which all stand ready, one at a time."""
    with _all_running([*_mocks(folder, cores), *peers], cores) as servers:
        turns = _Turns(folder, figures)
        for server in servers:
            turns.warm_up(server, plan.warm_up_seconds)
        for number in range(plan.rounds):
            for row in MOCK_ROWS:
                for server in _rotated(servers, number):
                    if row in _rows_of(server):
                        turns.take(server, row, plan.seconds)
        for server in servers:
            figures.add(MEMORY, server.name, MEGABYTES, server.resident_mb())
        _latencies({server.name: server for server in servers}, plan, figures)


def p50_of(row: Request) -> str:
    """The row of the middle latency."""
    return f"{row.name}: p50 at 70 % of peak"


def p99_of(row: Request) -> str:
    """The row of the latency that one in a hundred exceeds."""
    return f"{row.name}: p99 at 70 % of peak"


class _Turns:
    """Takes turns of load, and knows where varying requests have to go on."""

    def __init__(self, folder: Path, figures: Figures) -> None:
        self._folder = folder
        self._figures = figures
        self._next: dict[str, int] = {}

    def warm_up(self, server: Running, seconds: int) -> None:
        for row in ALL_ROWS:
            wrk.load(server, row, seconds, self._folder)

    def take(self, server: Running, row: Request, seconds: int) -> None:
        first = self._next.get(row.name, 0)
        done = wrk.load(server, row, seconds, self._folder, first)
        # Those that were under way at the end are counted by nobody, and were done perhaps.
        self._next[row.name] = first + done.requests + wrk.CONNECTIONS
        self._figures.add(row.name, server.name, RATE, done.rate)


def _mocks(folder: Path, cores: Cores) -> Iterator[Server]:
    database = seeded(folder, "mock", cores)
    worlds.furnish(database)
    yield mock(folder, database)
    yield logging_mock(folder, seeded(folder, "logging", cores))


def _rows_of(server: Running) -> tuple[Request, ...]:
    return MOCK_ROWS if server.name == MOCK else ALL_ROWS


def _rotated(servers: list[Running], number: int) -> Iterator[Running]:
    """Begin with another server each round, so that none always comes after the same one."""
    return islice(cycle(servers), number % len(servers), number % len(servers) + len(servers))


def _latencies(servers: Mapping[str, Running], plan: Plan, figures: Figures) -> None:
    """Ask the mock, and the bare function to tell what the machine adds, each at a share of its own peak."""
    for _ in range(plan.growth_rounds):
        for row in ALL_ROWS:
            for name in (MOCK, BARE):
                peak = figures.find(row.name, name)
                if peak is not None:
                    address = ("127.0.0.1", servers[name].port)
                    took = paced(address, row, PACED_SHARE * peak.median, plan.paced_seconds)
                    figures.add(p50_of(row), name, "ms", took.p50 * 1e3)
                    figures.add(p99_of(row), name, "ms", took.p99 * 1e3)


@contextmanager
def _all_running(servers: Iterable[Server], cores: Cores) -> Iterator[list[Running]]:
    with ExitStack() as stack:
        yield [stack.enter_context(running(server, cores)) for server in servers]
