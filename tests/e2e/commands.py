"""Runs samples as their readers would: each in a process of its own, with the tools of their languages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

DOCUMENTED_SERVER = "https://api.aitronos.com"
API_KEY = "your-api-key"
"""The literal of the documented samples, which the seed `docs` knows as the owner's key."""

_OURS = ("AITRONOS_BASE_URL", "FREDDY_API_KEY")
_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "curl": ("sh", "-eu", "-s"),
    "sdk": (sys.executable, "-"),
    "requests": (sys.executable, "-"),
    "javascript": ("node", "--input-type=module", "-"),
}
"""How each language runs a program that it reads from stdin."""


def run_sample(language: str, source: str, mock_url: str) -> str:
    """Run a sample against the mock and give what it printed.

    A sample of the SDK runs byte for byte, and learns of the mock from the environment. In the others the documented
    server is replaced by the mock, and the environment holds the key. A sample that does not name that server would
    reach another one, and is not run.
    """
    require("node" if language == "javascript" else "curl" if language == "curl" else sys.executable)
    if language == "sdk":
        return run(_COMMANDS[language], {"AITRONOS_BASE_URL": mock_url}, source)
    assert DOCUMENTED_SERVER in source
    return run(_COMMANDS[language], {"FREDDY_API_KEY": API_KEY}, source.replace(DOCUMENTED_SERVER, mock_url))


def run(command: tuple[str, ...], settings: Mapping[str, str], stdin: str, folder: Path | None = None) -> str:
    """Run a command that must succeed, and give its stdout.

    The environment holds `settings` and nothing else that the SDK reads.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in _OURS}
    environment = inherited | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"} | dict(settings)
    ended = subprocess.run(command, env=environment, input=stdin, cwd=folder, capture_output=True, text=True)
    assert ended.returncode == 0, f"exit code {ended.returncode}\n{stdin}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout


def require(tool: str) -> None:
    """Leave the test out where there is no such tool; in CI, which has them all, fail."""
    if shutil.which(tool):
        return
    if os.environ.get("CI"):
        pytest.fail(f"CI needs {tool}")
    pytest.skip(f"LEFT OUT: there is no {tool} on this machine")
