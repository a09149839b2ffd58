"""The mock as its users start it: a process that says where it answers."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("aitronos-mock"))
READY = "aitronos-mock ready on "
PATIENCE_SECONDS = 30
"""A mock that takes longer to start or to stop counts as stuck and is killed."""


@contextmanager
def running_mock(*options: str, folder: Path | None = None) -> Iterator[str]:
    """Run `aitronos-mock serve` with these options on a free port, and give its URL once it answers.

    The test fails with the mock's own words where it does not start, or does not end cleanly on SIGTERM.
    """
    with running_process(*options, folder=folder) as (url, _):
        yield url


@contextmanager
def running_process(*options: str, folder: Path | None = None) -> Iterator[tuple[str, int]]:
    """Do the same, and give the id of the process too."""
    with tempfile.TemporaryFile("w+") as stderr:
        command = [COMMAND, "serve", *options, "--port", "0"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, cwd=folder, text=True)
        try:
            url = _ready_url(process)
            if url:
                yield url, process.pid
        finally:
            _stop(process)
        if not url or process.returncode:
            stderr.seek(0)
            pytest.fail(f"`{' '.join(command)}` ended with {process.returncode}:\n{stderr.read()}")


def _ready_url(process: subprocess.Popen[str]) -> str:
    """The URL of the ready line, or nothing where none came."""
    watchdog = threading.Timer(PATIENCE_SECONDS, process.kill)
    watchdog.start()
    try:
        line = process.stdout.readline() if process.stdout else ""
    finally:
        watchdog.cancel()
    return line.removeprefix(READY).strip() if line.startswith(READY) else ""


def _stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
