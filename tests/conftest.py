"""Says at the end of a run what was left out, so that a green run cannot pass for a whole one.

Where CONTRACT_COVERAGE names a folder, it also counts there which examples of the contract the tests bring about.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

collect_ignore = ["downstream"]
"""A project of its own, whose tests are run against what is built; see `scripts/try_downstream.py`."""

LEFT_OUT = "LEFT OUT"
"""How the reason of a skip begins where the machine lacks something that the test needs."""
COUNTS = os.environ.get("CONTRACT_COVERAGE")
"""The folder for what is counted."""


def pytest_configure() -> None:
    """Begin to count, in each process that runs tests."""
    if COUNTS:
        from exercised.observing import install

        install()


def pytest_unconfigure() -> None:
    """Leave what was counted."""
    if COUNTS:
        from exercised.observing import write

        write(Path(COUNTS))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Repeat each reason once, with the number of tests that it cost, below all else."""
    yield
    reports = terminalreporter.stats.get("skipped", [])
    reasons = Counter(_reason(report) for report in reports)
    for reason, tests in sorted(reasons.items()):
        if reason.startswith(LEFT_OUT):
            terminalreporter.write_line(f"!!! {reason} ({tests} tests)", yellow=True, bold=True)


def _reason(report: pytest.TestReport) -> str:
    _, _, reason = report.longrepr if isinstance(report.longrepr, tuple) else ("", 0, "")
    return reason.removeprefix("Skipped: ")
