"""Mocks that can be killed."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

from .worlds import seed_in

_COMMAND = str(Path(sys.executable).with_name("aitronos-mock"))
_READY = "aitronos-mock ready on "
_PATIENCE_SECONDS = 30.0
_OPTIONS = ("--port", "0", "--resolve-rate-limit", "off", "--log-level", "error")


def _status(url: str) -> int:
    """What the mock says of its health."""
    connection = HTTPConnection(url.removeprefix("http://"), timeout=_PATIENCE_SECONDS)
    with closing(connection):
        connection.request("GET", "/_mock/health")
        return connection.getresponse().status


def _processor_seconds(pid: int) -> float:
    """What a process took so far, by Linux."""
    after_name = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


class KillableMock:
    """A process of `aitronos-mock serve`, which answers.

    Args:
        database: URL of its database.
        log: Where its standard error goes; the seed is put beside it.
        options: Further ones.

    Attributes:
        url: Where it answers.
        started_in: Seconds from its start to its first answer, by the clock on the wall. Nobody else may ask meanwhile.
        started_for: Seconds of a processor that it took for that: where these are far fewer, the machine was busy.
    """

    def __init__(self, database: str, log: Path, *options: str) -> None:
        command = [_COMMAND, "serve", "--database", database, "--seed", str(seed_in(log.parent)), *_OPTIONS, *options]
        started = time.perf_counter()
        with log.open("ab") as stderr:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
        assert self._process.stdout is not None
        ready = self._process.stdout.readline()
        assert ready.startswith(_READY), log.read_text("utf-8")
        self.url = ready.removeprefix(_READY).strip()
        assert 200 == _status(self.url)
        self.started_in = time.perf_counter() - started
        self.started_for = _processor_seconds(self._process.pid)

    def kill(self) -> None:
        """Kill it as `kill -9` does, with no chance to tidy up; it has to be alive until then."""
        self._process.kill()
        assert -signal.SIGKILL == self._end()

    def limit_files(self, size_bytes: int | None) -> None:
        """Let no file of it grow beyond a size, as a disk that is full does; None lifts the limit."""
        _, hard = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)
        soft = hard if size_bytes is None else size_bytes
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (soft, hard))

    def stop(self) -> int:
        """Ask it to stop, and wait until it did; its exit code."""
        self._process.terminate()
        return self._end()

    def _end(self) -> int:
        code = self._process.wait(timeout=_PATIENCE_SECONDS)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code
