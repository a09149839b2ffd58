"""Servers as processes of their own, on the core that is theirs."""

from __future__ import annotations

import http.client
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .errors import BenchError
from .machine import Cores, pinned, resident_bytes
from .requests import RESOLVE, Request

_START_SECONDS = 60.0
_POLL_SECONDS = 0.002


@dataclass(frozen=True, slots=True)
class Server:
    """How a server is started.

    Attributes:
        name: What the tables call it.
        command: Gives the command for a port.
        folder: Where it runs, and finds what it needs.
        log: Where what it says goes; None is nowhere.
        first: What is asked of it to see whether it answers.
    """

    name: str
    command: Callable[[int], list[str]]
    folder: Path
    log: Path | None = None
    first: Request = RESOLVE


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers.

    Attributes:
        name: What the tables call it.
        port: Its port on 127.0.0.1.
        pid: Its process.
        started_in: Seconds from the start of the process to the first answer.
    """

    name: str
    port: int
    pid: int
    started_in: float

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def resident_mb(self) -> float:
        """Its memory in RAM now, in megabytes."""
        return resident_bytes(self.pid) / 1e6


@contextmanager
def running(server: Server, cores: Cores) -> Iterator[Running]:
    """Start a server, give it once it answers, and stop it in the end.

    Raises:
        BenchError: It ended, or did not answer as it should in a minute.
    """
    port = _free_port()
    start = time.perf_counter()
    with _spawned(server, port, cores) as process:
        try:
            _await_answer(server, port, process)
            yield Running(server.name, port, process.pid, time.perf_counter() - start)
        finally:
            _stop(process)


def status_of(port: int, request: Request) -> int:
    """Ask once, over a connection of its own, and return the status.

    Raises:
        OSError: Nobody listens there, or the connection ended.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(request.method, request.path, request.body, dict(request.headers))
        return connection.getresponse().status
    finally:
        connection.close()


@contextmanager
def _spawned(server: Server, port: int, cores: Cores) -> Iterator[subprocess.Popen[bytes]]:
    with (server.log or Path("/dev/null")).open("ab") as log, pinned(cores.server):
        process = subprocess.Popen(
            server.command(port), stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=server.folder
        )
    yield process


def _await_answer(server: Server, port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if status_of(port, server.first) == server.first.status:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(_POLL_SECONDS)
    ended = "did not answer in time" if process.returncode is None else f"ended with {process.returncode}"
    raise BenchError(f"{server.name} {ended}; its command: {' '.join(server.command(port))}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
