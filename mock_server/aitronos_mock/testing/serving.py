"""Mocks of a test suite's own: a process for one session, or one that all workers of pytest-xdist share.

Such a mock ends with its standard input. Whoever uses it holds the other end, so it goes with the last of them, however
that one ends, and nobody has to be asked to stop it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, cast

from .errors import MockUnavailable

READY = "aitronos-mock ready on "
_COMMAND = [sys.executable, "-m", "aitronos_mock", "serve"]
_OPTIONS = ["--port", "0", "--log-level", "warning", "--stop-with-stdin"]
_PATIENCE_SECONDS = 30
"""A mock that takes longer to stop counts as stuck, and is killed."""


@contextmanager
def own_mock(options: Sequence[str], folder: Path) -> Iterator[str]:
    """Start a mock, give its URL, and stop it in the end.

    Args:
        options: Further ones of `aitronos-mock serve`.
        folder: Where its log goes.

    Raises:
        MockUnavailable: It did not start; the message has what it said.
    """
    process, url = _started(options, folder, subprocess.PIPE)
    with process:
        try:
            yield url
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[str]) -> None:
    try:
        process.communicate(timeout=_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def can_share() -> bool:
    """Whether this system has the named pipes that `shared_mock` needs; Windows has not."""
    return hasattr(os, "mkfifo")


@contextmanager
def shared_mock(options: Sequence[str], folder: Path) -> Iterator[str]:
    """Give the URL of the mock that all who name this folder share; who comes first starts it.

    Args:
        options: Further ones of `aitronos-mock serve`, the same for all.
        folder: Where it says where it is, and where its log goes.

    Raises:
        MockUnavailable: It did not start; the message has what it said.
    """
    lifeline, url = _joined(options, folder)
    try:
        yield url
    finally:
        os.close(lifeline)


def _joined(options: Sequence[str], folder: Path) -> tuple[int, str]:
    """What keeps the mock alive while it is open, and its URL."""
    import fcntl

    pipe, address = folder / "aitronos-mock.pipe", folder / "aitronos-mock.url"
    with (folder / "aitronos-mock.lock").open("w") as lock:
        # Closing the file gives the lock back, and so does the end of its process.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not pipe.exists():
            os.mkfifo(pipe, 0o600)
        # It fails where nobody reads: there is no mock yet, or it went with a worker that crashed.
        with suppress(OSError):
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK), address.read_text("ascii")
        lifeline, url = _started_on(pipe, options, folder)
        address.write_text(url, "ascii")
        return lifeline, url


def _started_on(pipe: Path, options: Sequence[str], folder: Path) -> tuple[int, str]:
    """A mock that lives as long as somebody has the pipe open."""
    # Opening one end waits for the other, unless it is told not to; reading is to wait.
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(reading, True)
    lifeline = os.open(pipe, os.O_WRONLY)
    try:
        process, url = _started(options, folder, reading)
    except MockUnavailable:
        os.close(lifeline)
        raise
    finally:
        os.close(reading)
    _let_go(process)
    return lifeline, url


def _let_go(process: subprocess.Popen[str]) -> None:
    """Leave a mock to those who share it: it may outlive this process, which says nothing then."""
    _stdout(process).close()
    process.returncode = 0


def _started(options: Sequence[str], folder: Path, stdin: int) -> tuple[subprocess.Popen[str], str]:
    log = folder / "aitronos-mock.log"
    with log.open("ab") as stderr:
        # Other workers may have tried before.
        begin = stderr.tell()
        process = subprocess.Popen(  # noqa: S603 - our own command, with options of the suite's owner
            [*_COMMAND, *_OPTIONS, *options], stdin=stdin, stdout=subprocess.PIPE, stderr=stderr, text=True
        )
    line = _stdout(process).readline()
    if line.startswith(READY):
        return process, line.removeprefix(READY).strip()
    process.communicate()
    raise MockUnavailable(f"the mock did not start: {_said(log, begin) or _not_served(line)}")


def _said(log: Path, begin: int) -> str:
    return log.read_bytes()[begin:].decode("utf-8", "replace").strip()


def _not_served(line: str) -> str:
    """Why it ended without a complaint: some option, such as `--help`, asks it for something else."""
    return f"it printed {line.strip()!r} and ended; aitronos_mock_options takes options with which it serves"


def _stdout(process: subprocess.Popen[str]) -> IO[str]:
    return cast(IO[str], process.stdout)
