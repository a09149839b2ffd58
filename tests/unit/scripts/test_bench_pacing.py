"""Load at a constant rate."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from bench.errors import BenchError
from bench.pacing import Latencies, complete, paced, percentiles
from bench.requests import RESOLVE

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
REFUSED = b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n"


@contextmanager
def answering(answer: bytes) -> Iterator[tuple[str, int]]:
    """A server that answers everything so, in two pieces."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, answer), daemon=True).start()
        yield listener.getsockname()


def _accept(listener: socket.socket, answer: bytes) -> None:
    with suppress(OSError):  # the test is over
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_answer, args=(connection, answer), daemon=True).start()


def _answer(connection: socket.socket, answer: bytes) -> None:
    with connection, suppress(OSError):  # a client that gives up resets what it did not read
        while connection.recv(65536):
            connection.sendall(answer[:20])
            connection.sendall(answer[20:])


def test_percentiles_are_those_of_all_values() -> None:
    """Of the numbers from 0 to 100, half are at most 50, and all but one in a hundred at most 99."""
    assert Latencies(50.0, 99.0) == percentiles([float(number) for number in range(101)])


@pytest.mark.parametrize("cut", range(len(OK)))
def test_an_answer_is_complete_with_its_last_byte(cut: int) -> None:
    """No beginning of an answer is taken for the whole of it."""
    assert not complete(OK[:cut])
    assert complete(OK)


def test_every_request_of_the_rate_is_answered_and_counts() -> None:
    """The latencies are those of all requests that were due; an answer in pieces is one answer."""
    with answering(OK) as address:
        took = paced(address, RESOLVE, rate=400, seconds=0.2)

    assert 0 < took.p50 <= took.p99


def test_another_status_stops_the_measurement() -> None:
    """How fast a server refuses is no latency of its answers."""
    with answering(REFUSED) as address, pytest.raises(BenchError, match="429"):
        paced(address, RESOLVE, rate=400, seconds=0.2)
