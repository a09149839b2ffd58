"""The soak, kept short, and what it takes for growth."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from soak import Sample, growth, slowness

SOAK = Path(__file__).parents[2] / "scripts" / "soak.py"
STEADY = [Sample(32, 90.0), Sample(34, 92.0)] * 10


def test_a_mock_is_kept_busy_and_looked_at() -> None:
    """A run says what it saw, and ends well where nothing was wrong."""
    command = [sys.executable, str(SOAK), "--minutes", "0.2", "--store", "sqlite"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (0, "") == (ended.returncode, ended.stderr)
    heading, rates, descriptors, memory, answers = ended.stdout.splitlines()
    assert "sqlite, 12 seconds" == heading
    assert re.fullmatch(r"  peak [1-9]\d*/s, asked at [1-9]\d*/s, answered at [1-9]\d*/s", rates)
    seen = r": [1-9]\d* at first, [1-9]\d* to [1-9]\d*, [1-9]\d* at last"
    assert re.fullmatch("  file descriptors" + seen, descriptors)
    assert re.fullmatch("  memory in MB" + seen, memory)
    assert re.fullmatch(r"  [1-9]\d* answers, 0 errors", answers)


def test_what_goes_up_and_down_is_no_growth() -> None:
    """Samples that stay about the same are as they should be."""
    assert [] == growth(STEADY)


@pytest.mark.parametrize(
    ("grown", "expected"),
    [
        ([Sample(32 + number, 90.0) for number in range(20)], "file descriptors grew from 34 to 49"),
        ([Sample(32, 90.0 + number) for number in range(20)], "memory grew from 92 MB to 107 MB"),
    ],
)
def test_what_only_goes_up_is_growth(grown: list[Sample], expected: str) -> None:
    """Descriptors and memory that are more at the end than in the beginning are named."""
    assert [expected] == growth(grown)


@pytest.mark.parametrize(
    ("answered", "seconds", "expected"),
    [(899, 600, ["asked at 1000/s, answered at 899/s only"]), (900, 600, []), (500, 12, [])],
)
def test_a_mock_that_keeps_no_pace_is_named(answered: float, seconds: float, expected: list[str]) -> None:
    """In a run that is long enough to say so, what is asked has to be answered, but for a tenth."""
    assert expected == slowness(1000, answered, seconds)
