"""What a test suite pays for the mock: the start of a session of pytest with the plugin."""

from __future__ import annotations

import subprocess
import sys
import time
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from .errors import BenchError
from .figures import Figures
from .mocks import MOCK
from .plan import Plan

SESSION = "pytest plugin: session start"
_WITH = "def test_nothing(aitronos_sandbox):\n    assert aitronos_sandbox\n"
_WITHOUT = "def test_nothing():\n    assert True\n"


def sessions(folder: Path, plan: Plan, figures: Figures) -> None:
    """Run a suite of one test that gets a sandbox, and the same without plugin and sandbox; the difference counts."""
    if find_spec("pytest") is None:
        figures.leave_out(SESSION, "pytest is not installed into this Python")
        return
    if not entry_points(group="pytest11", name="aitronos_mock"):
        figures.leave_out(
            SESSION, "the mock on the path is not installed into this Python, so pytest has no plugin of it"
        )
        return
    for _ in range(plan.starts):
        without = _suite_seconds(folder / "test_without.py", _WITHOUT, "-p", "no:aitronos_mock")
        figures.add(SESSION, MOCK, "s", _suite_seconds(folder / "test_with.py", _WITH) - without)


def _suite_seconds(path: Path, code: str, *options: str) -> float:
    path.write_text(code, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "--rootdir", str(path.parent), *options]
    start = time.perf_counter()
    ended = subprocess.run([*command, str(path)], capture_output=True, text=True, timeout=60, cwd=path.parent)
    took = time.perf_counter() - start
    if ended.returncode:
        raise BenchError(f"{path.name} ended with {ended.returncode}: {_reasons(ended.stdout) or ended.stderr.strip()}")
    return took


def _reasons(said: str) -> str:
    """Of what pytest says, the lines that it marks as errors."""
    return "; ".join(
        line[1:].strip() for line in said.splitlines() if line.startswith("E ") and not line.endswith("%]")
    )
