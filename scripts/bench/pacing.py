"""Load at a constant rate, and how long each answer took.

A generator of our own, on sockets, because Debian 12 packages none that holds a rate whatever the server does: wrk has
no rate, and hey keeps a pause between the requests of a connection. Here requests are due at equal distances, and each
is timed from the moment it was due: one that had to wait for a free connection counts with its waiting.
"""

from __future__ import annotations

import gc
import select
import socket
import statistics
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from .errors import BenchError
from .requests import Request

CONNECTIONS = 16
_PATIENCE_SECONDS = 10.0


class Latencies(NamedTuple):
    """How long answers took, in seconds.

    Attributes:
        p50: Half of them took at most this.
        p99: All but one in a hundred took at most this.
    """

    p50: float
    p99: float


def percentiles(seconds: list[float]) -> Latencies:
    """The two that are asked for, of at least two values."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return Latencies(cuts[49], cuts[98])


def complete(received: bytes) -> bool:
    """Whether these bytes are a whole answer, by its Content-Length."""
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return False
    _, _, length = head.lower().partition(b"content-length:")
    return len(body) >= int(length.partition(b"\r\n")[0])


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    due: float = 0.0
    received: bytes = b""


def paced(address: tuple[str, int], request: Request, rate: float, seconds: float) -> Latencies:
    """Ask at this rate for some seconds.

    Args:
        address: Where the server listens.
        request: What is asked; always the same.
        rate: Requests per second.
        seconds: For how long.

    Raises:
        BenchError: An answer has another status, or the server falls behind by more than 10 seconds.
    """
    with _connected(address) as connections, _no_collection():
        return percentiles(_Pacer(connections, request, f"{address[0]}:{address[1]}").run(rate, seconds))


class _Pacer:
    """Spins: to sleep until the next request is due takes longer than the time between two."""

    def __init__(self, connections: list[_Connection], request: Request, host: str) -> None:
        self._by_number = {connection.socket.fileno(): connection for connection in connections}
        self._idle = deque(connections)
        self._wire = request.wire(host)
        self._status = f"HTTP/1.1 {request.status} ".encode()
        self._taken: list[float] = []
        self._poll = select.epoll()
        for number in self._by_number:
            self._poll.register(number, select.EPOLLIN)

    def run(self, rate: float, seconds: float) -> list[float]:
        count, sent, start = int(rate * seconds), 0, time.perf_counter()
        give_up = start + seconds + _PATIENCE_SECONDS
        with self._poll:
            while len(self._taken) < count:
                now = time.perf_counter()
                if now > give_up:
                    raise BenchError(f"the server does not keep up with {rate:.0f} requests per second")
                while sent < count and self._idle and (due := start + sent / rate) <= now:
                    self._send(due)
                    sent += 1
                self._receive()
        return self._taken

    def _send(self, due: float) -> None:
        connection = self._idle.popleft()
        connection.due = due
        connection.socket.sendall(self._wire)

    def _receive(self) -> None:
        for number, _ in self._poll.poll(0):
            connection = self._by_number[number]
            data = connection.socket.recv(65536)
            connection.received += data
            if not data or not connection.received.startswith(self._status[: len(connection.received)]):
                raise BenchError(f"a paced request was answered with {connection.received[:40]!r}")
            if complete(connection.received):
                self._taken.append(time.perf_counter() - connection.due)
                connection.received = b""
                self._idle.append(connection)


@contextmanager
def _connected(address: tuple[str, int]) -> Iterator[list[_Connection]]:
    connections = [_Connection(socket.create_connection(address, timeout=5)) for _ in range(CONNECTIONS)]
    try:
        for connection in connections:
            connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield connections
    finally:
        for connection in connections:
            connection.socket.close()


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep our own garbage collector out of the latencies."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
