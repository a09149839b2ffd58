#!/usr/bin/env python3
"""Measure what limits in Valkey or Redis cost a resolve: the mock with --rate-limit-store beside the mock without.

    scripts/bench_limits.py               five rounds, in each of which either has its turn
    scripts/bench_limits.py --rounds 1    to see that everything works

Both keep their world in memory and count each resolve, with a limit out of reach. The server is one of its own, on
loopback and on the core that asks, so a store across a network costs its latency besides. Needs wrk.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import machine, wrk
from bench.errors import Missing
from bench.machine import Cores
from bench.processes import Running, Server, running
from bench.requests import RESOLVE
from find_valkey import find_valkey

# The server that the tests start is started here too.
sys.path.append(str(Path(__file__).parents[1]))

_COMMAND = str(Path(sys.executable).with_name("aitronos-mock"))
_OPTIONS = ("--resolve-rate-limit", "999999999/minute", "--log-level", "warning")
_WITHOUT, _WITH = "counted in the process", "counted in the store"


def _serving(*options: str) -> Callable[[int], list[str]]:
    return lambda port: [_COMMAND, "serve", "--port", str(port), *_OPTIONS, *options]


@contextmanager
def _mocks(folder: Path, cores: Cores) -> Iterator[list[Running]]:
    from tests.engines.valkey import running_valkey

    with ExitStack() as stack:
        store = stack.enter_context(running_valkey())
        servers = (
            Server(_WITHOUT, _serving(), folder),
            Server(_WITH, _serving("--rate-limit-store", store.url), folder),
        )
        yield [stack.enter_context(running(server, cores)) for server in servers]


def _rates(rounds: int, seconds: float) -> dict[str, float]:
    """The middle of what each took a second, in rounds that begin with either in turn."""
    cores, taken = machine.cores(), {_WITHOUT: list[float](), _WITH: list[float]()}
    with tempfile.TemporaryDirectory() as name, machine.pinned(cores.load):
        folder = Path(name)
        with _mocks(folder, cores) as servers:
            for server in servers:
                wrk.load(server, RESOLVE, 1, folder)
            for number in range(rounds):
                for server in servers if number % 2 else reversed(servers):
                    taken[server.name].append(wrk.load(server, RESOLVE, seconds, folder).rate)
    return {server: statistics.median(rates) for server, rates in taken.items()}


def main() -> int:
    """Measure, and print; 2 where something is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="for each turn")
    options = parser.parse_args()
    try:
        wrk.version()
        if find_valkey() is None:
            raise Missing("there is no Valkey or Redis here; scripts/install_engines installs Debian's")
    except Missing as missing:
        print(f"bench_limits: {missing}", file=sys.stderr)
        return 2
    rates = _rates(options.rounds, options.seconds)
    for name, rate in rates.items():
        print(f"resolve a track, {name:22}  {rate:7.0f}/s  {1e6 / rate:5.0f} microseconds each")
    print(f"with the store beside without: {rates[_WITH] / rates[_WITHOUT]:.2f} of the rate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
