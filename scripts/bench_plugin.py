#!/usr/bin/env python3
"""What the fixtures of the pytest plugin cost, on this machine.

    python scripts/bench_plugin.py [--tests N] [--rounds N]

Suites of N tests that do nothing are run by pytest, with and without a sandbox each, in alternating rounds; what a
sandbox costs is the difference per test. Medians are printed, with the lowest and the highest round.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from aitronos_mock.testing.mock import Mock
from aitronos_mock.testing.serving import own_mock
from aitronos_mock.testing.wire import Wire

SUITE = """
import pytest

@pytest.mark.parametrize("number", range({tests}))
def test_nothing(number{fixture}): ...
"""
FIXTURES = {
    "aitronos_sandbox": "a sandbox for each test, over a server",
    "aitronos_sandbox_in_process": "a sandbox for each test, in the process",
}


def suite_seconds(folder: Path, fixture: str | None, tests: int) -> float:
    """How long a whole run of pytest takes."""
    suite = folder / f"test_{fixture or 'nothing'}_{tests}.py"
    suite.write_text(SUITE.format(tests=tests, fixture=f", {fixture}" if fixture else ""), "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(suite)]
    return seconds(lambda: subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL))


def seconds(act: Callable[[], object]) -> float:
    """How long something takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def told(what: str, values: list[float], unit: str) -> str:
    """One line of the table."""
    return f"{what:44} {statistics.median(values):8.2f} {unit} ({min(values):.2f} to {max(values):.2f})"


def fixtures(folder: Path, tests: int, rounds: int) -> Iterator[str]:
    """Yield the cost per test of each fixture, and what the first test that uses it waits for."""
    costs: dict[str, list[float]] = {fixture: [] for fixture in FIXTURES}
    starts: dict[str, list[float]] = {fixture: [] for fixture in FIXTURES}
    for _ in range(rounds):
        bare, bare_one = suite_seconds(folder, None, tests), suite_seconds(folder, None, 1)
        for fixture in FIXTURES:
            whole, one = suite_seconds(folder, fixture, tests), suite_seconds(folder, fixture, 1)
            costs[fixture].append((whole - bare - one + bare_one) / (tests - 1) * 1000)
            starts[fixture].append(one - bare_one)
    for fixture, what in FIXTURES.items():
        yield told(what, costs[fixture], "ms")
        yield told("  once per run, start and end of the mock", starts[fixture], "s ")


def by_hand(folder: Path, tests: int, rounds: int) -> Iterator[str]:
    """Yield what is in it: the start of a server alone, and a sandbox made and thrown away without pytest."""
    began = time.perf_counter()
    with own_mock([], folder) as url, closing(Wire(url)) as wire:
        yield told("start of a server, until it answers", [time.perf_counter() - began], "s ")
        mock = Mock(wire)
        values = [seconds(lambda: make(mock, tests)) / tests * 1000 for _ in range(rounds)]
        yield told("a sandbox made and thrown away, two requests", values, "ms")


def make(mock: Mock, times: int) -> None:
    """Make sandboxes, one after the other."""
    for _ in range(times):
        with mock.sandbox():
            pass


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tests", type=int, default=500, help="tests per suite, 2 or more")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for lines in (by_hand, fixtures):
            for line in lines(Path(folder), options.tests, options.rounds):
                print(line)


if __name__ == "__main__":
    main()
