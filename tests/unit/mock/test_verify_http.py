"""HTTP with a deadline, against servers that answer as they like."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from aitronos_mock.verify.http import Http
from aitronos_mock.verify.wire import Request, Unanswered

Serve = Callable[[socket.socket], None]


@contextmanager
def serving(serve: Serve) -> Iterator[str]:
    """A server that does this with its one connection; its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            connection, _ = listener.accept()
            with connection:
                serve(connection)

        thread = threading.Thread(target=run)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def saying(*parts: bytes) -> Serve:
    """Reads what is sent, and says this."""

    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        for part in parts:
            connection.sendall(part)

    return serve


def until_hung_up(connection: socket.socket) -> None:
    """Says nothing until the other side hangs up."""
    while connection.recv(65536):
        pass


def half_until_hung_up(connection: socket.socket) -> None:
    """Sends half of an answer."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    until_hung_up(connection)


def test_an_answer_has_status_headers_and_body() -> None:
    """Names of headers come in lower case, and values of the same name are joined."""
    with serving(saying(b"HTTP/1.1 404 No\r\nA-b: 1\r\nContent-Length: 2\r\na-B: 2\r\n\r\nno")) as url:
        answer = Http(20)(Request("GET", f"{url}/x?y=1"))
    assert (404, "1, 2", b"no") == (answer.status, answer.headers["a-b"], answer.content)


def test_what_is_sent_is_what_was_asked_for() -> None:
    """Path, query, header and body arrive; the address to send from is the one that was named."""
    heard: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        heard.append(connection.getpeername()[0].encode())
        while not heard[-1].endswith(b"hello"):
            heard.append(heard.pop() + connection.recv(65536) if len(heard) > 1 else connection.recv(65536))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with serving(serve) as url:
        Http(20)(Request("POST", f"{url}/x?y=1", {"A": "b"}, b"hello", "127.0.0.1"))
    assert b"127.0.0.1" == heard[0]
    assert heard[1].startswith(b"POST /x?y=1 HTTP/1.1\r\n")
    assert b"\r\nA: b\r\n" in heard[1]


def test_a_url_without_a_path_means_the_root() -> None:
    """There is always something to ask for."""
    with serving(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as url:
        assert 200 == Http(20)(Request("GET", url)).status


def endless_until_hung_up(connection: socket.socket) -> None:
    """Sends an answer that only the end of the connection would end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nhalf")
    until_hung_up(connection)


def dripping_until_hung_up(connection: socket.socket) -> None:
    """Sends an answer without end, too often for any single wait to become long."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    with suppress(OSError):
        while not select.select([connection], [], [], 0.02)[0]:
            connection.sendall(b"x")


@pytest.mark.parametrize("serve", [until_hung_up, half_until_hung_up, endless_until_hung_up, dripping_until_hung_up])
def test_the_deadline_is_over_the_whole_exchange(serve: Serve) -> None:
    """A server that says nothing, or stops in the middle, is hung up on, and the reason says so."""
    with serving(serve) as url, pytest.raises(Unanswered) as silence:
        Http(0.2)(Request("GET", url))
    assert "no answer within 0.2 s" == str(silence.value)


@pytest.mark.parametrize(
    ("serve", "said"),
    [
        (saying(b"SSH-2.0-OpenSSH\r\n"), "that is no HTTP"),
        (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"), "that is no HTTP"),
        (saying(), "the connection ended without an answer"),
    ],
)
def test_what_is_no_answer_is_told(serve: Serve, said: str) -> None:
    """Bytes that are no HTTP, half an answer and none at all are no answer."""
    with serving(serve) as url, pytest.raises(Unanswered) as silence:
        Http(20)(Request("GET", url))
    assert said == str(silence.value)


@pytest.mark.parametrize("url", ["http://[::", "http://127.0.0.1:x/", "https://127.0.0.1:0"])
def test_what_cannot_be_asked_has_no_answer(url: str) -> None:
    """A URL that leads nowhere is no traceback."""
    with pytest.raises(Unanswered):
        Http(20)(Request("GET", url))


def test_a_long_body_is_not_read_to_its_end() -> None:
    """Audio need not be heard to its end."""
    megabyte = b"x" * (1 << 20)
    with serving(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n", megabyte)) as url:
        assert 1 << 20 == len(Http(20)(Request("GET", url)).content)
