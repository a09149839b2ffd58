"""The way to a mock that runs as a server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from aitronos_mock.testing import Mock, MockRefused, MockUnavailable
from aitronos_mock.testing.wire import Wire

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
def wire(served: Any) -> Iterator[Wire]:
    """A way to a server that runs."""
    with closing(Wire(served.url)) as wire:
        yield wire


def test_one_connection_is_kept(wire: Wire) -> None:
    """The next request goes over the connection of the one before."""
    wire.exchange("GET", "/_mock/health", None)
    before = wire._connection.sock.getsockname()
    wire.exchange("GET", "/_mock/health", None)
    assert before == wire._connection.sock.getsockname()


def test_a_connection_that_was_closed_is_made_anew() -> None:
    """Servers close what is idle; the next request is made over another connection, and only once."""
    served: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire = Wire(f"http://127.0.0.1:{listener.getsockname()[1]}")
        for _ in range(2):
            answering = threading.Thread(target=answer_once, args=(listener, served))
            answering.start()
            assert (200, b"{}") == wire.exchange("POST", "/_mock/reset", b"{}")
            answering.join()
        wire.close()
    assert [b"POST /_mock/reset HTTP/1.1"] * 2 == [each.partition(b"\r\n")[0] for each in served]


def answer_once(listener: socket.socket, served: list[bytes]) -> None:
    """Answer one request, and close the connection although it could be kept."""
    connection, _ = listener.accept()
    with connection:
        received = b""
        while not received.endswith(b"{}"):
            received += connection.recv(65536)
        served.append(received)
        connection.sendall(ANSWER)


def test_nobody_there_is_one_line() -> None:
    """A mock that does not answer is named, with the reason."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with (
        closing(Wire(url)) as wire,
        pytest.raises(MockUnavailable, match=rf"^the mock at {url} does not answer \(.+\)$"),
    ):
        wire.exchange("GET", "/_mock/health", None)


def test_a_broken_answer_is_none() -> None:
    """What is no HTTP is no answer, and the connection is not used again."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire = Wire(f"http://127.0.0.1:{listener.getsockname()[1]}")
        answering = threading.Thread(target=lambda: hang_up(listener))
        answering.start()
        with pytest.raises(MockUnavailable, match="does not answer"):
            wire.exchange("GET", "/_mock/health", None)
        answering.join()
    assert wire._connection.sock is None


def hang_up(listener: socket.socket) -> None:
    """Read a request, and answer nothing."""
    connection, _ = listener.accept()
    with connection:
        connection.recv(65536)


def test_a_token_is_sent(serve: Any) -> None:
    """A mock that demands a token gets it from those who have it, and nobody sees it in a message."""
    served = serve("--control-token", "a-control-token")
    with closing(Wire(served.url, "a-control-token")) as wire:
        assert "ok" == Mock(wire).health()["status"]
        assert "a-control-token" not in repr(wire)
    with (
        closing(Wire(served.url, "another")) as wire,
        pytest.raises(MockRefused, match="CONTROL_TOKEN_REQUIRED") as caught,
    ):
        Mock(wire).health()
    assert "another" not in str(caught.value)


def test_a_sandbox_is_below_a_path(served: Any) -> None:
    """A URL may have a path, as that of a sandbox or behind a proxy has."""
    with closing(Wire(served.url)) as wire, Mock(wire).sandbox() as sandbox:
        inner = Wire(sandbox.base_url)
        assert "ok" == Mock(inner).health()["status"]
        inner.close()


def test_encrypted_ways_are_taken_by_their_scheme() -> None:
    """An https URL is spoken to over TLS: a server that speaks plainly is no answer."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire = Wire(f"https://127.0.0.1:{listener.getsockname()[1]}")
        answering = threading.Thread(target=lambda: hang_up(listener))
        answering.start()
        with pytest.raises(MockUnavailable, match="does not answer"):
            wire.exchange("GET", "/_mock/health", None)
        answering.join()


def test_closing_may_be_repeated(served: Any) -> None:
    """A way that was never used, or is closed already, can be closed; it can be used again."""
    wire = Wire(served.url)
    wire.close()
    http = wire.http_client()
    wire.exchange("GET", "/_mock/health", None)
    wire.close()
    wire.close()
    assert http.is_closed
    assert (200, 200) == (
        wire.exchange("GET", "/_mock/health", None)[0],
        wire.http_client().get("/_mock/health").status_code,
    )
    wire.close()
