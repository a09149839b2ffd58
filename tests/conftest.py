"""Says at the end of a run what was left out, so that a green run cannot pass for a whole one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

LEFT_OUT = "LEFT OUT"
"""How the reason of a skip begins where the machine lacks something that the test needs."""


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
