"""What the tests run against is what the contract describes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from aitronos_mock.testing import Mock

COMMAND = str(Path(sys.executable).with_name("aitronos-mock"))


def test_the_mock_keeps_the_contract(aitronos_mock: Mock) -> None:
    """Every row holds, on the mock that this session uses."""
    command = [COMMAND, "verify", "--target", aitronos_mock.url, "--format", "json", "--strict"]
    verified = subprocess.run(command, capture_output=True, text=True, check=False)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert len(json.loads(verified.stdout)["rows"]) > 100
