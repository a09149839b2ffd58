"""Mocks of their own for the scripts that need one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

_COMMAND = Path(sys.executable).with_name("aitronos-mock")
_READY = "aitronos-mock ready on "


class MockMissingError(Exception):
    """There is no mock to be had; the message says what to do."""


class BootedMock(NamedTuple):
    """A mock that answers.

    Attributes:
        url: Where.
        process: What runs it.
    """

    url: str
    process: subprocess.Popen[str]


@contextmanager
def booted_mock(*options: str) -> Iterator[BootedMock]:
    """Start `aitronos-mock serve` from beside this Python, give it once it answers, and stop it in the end.

    Raises:
        MockMissingError: It is not installed, or did not start; what it said stands on stderr.
    """
    command = [str(_COMMAND), "serve", "--log-level", "warning", *options]
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    except OSError:
        raise MockMissingError(f"there is no {_COMMAND}; install mock_server into this Python") from None
    with process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith(_READY):
                raise MockMissingError("the mock did not start; what it said stands above")
            yield BootedMock(line.removeprefix(_READY).strip(), process)
        finally:
            process.terminate()
