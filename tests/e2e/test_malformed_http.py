"""Malformed, oversized and misdirected HTTP, against a running mock: every answer is the envelope."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from .serving import running_mock

TOKEN = "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"
SHARE = "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"
HOST = b"Host: localhost\r\n"
KEY = b"X-API-Key: your-api-key\r\n"
GOOD = b"GET /v1/music/shared/" + TOKEN.encode() + b" HTTP/1.1\r\n" + HOST + b"\r\n"
PATIENCE_SECONDS = 20
KIB = 1024

Connect = Callable[[], socket.socket]


def _get(*lines: bytes, path: bytes = b"/", method: bytes = b"GET", version: bytes = b"1.1") -> bytes:
    return b"%s %s HTTP/%s\r\n%s\r\n" % (method, path, version, b"".join(lines))


def _post(*lines: bytes, body: bytes = b"") -> bytes:
    return _get(HOST, KEY, *lines, path=SHARE.encode(), method=b"POST") + body


CHUNKED = b"Transfer-Encoding: chunked\r\n"

CLOSED = [
    # No HTTP.
    (b"NONSENSE\r\n\r\n", 400),
    (b"\x00" * 64, 400),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    (b"GET\r\n\r\n", 400),
    (b"GET / HTTP/1.1 \r\n" + HOST + b"\r\n", 400),
    (b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET / JTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /\xff HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"CONNECT localhost:443 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    # The parser reads no minor version that is still to come, which RFC 9110, 2.5 would have it take for 1.1.
    (_get(HOST, version=b"1.2"), 400),
    # Other major versions (RFC 9110, 15.6.6), whether the parser knows them or not; no version is HTTP/0.9.
    (b"GET /\r\n\r\n", 505),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    (_get(HOST, version=b"0.9"), 505),
    (_get(HOST, version=b"2.0"), 505),
    (_get(HOST, version=b"3.7"), 505),
    # Methods that nobody knows, which are case-sensitive (RFC 9110, 9.1).
    (_get(HOST, method=b"BREW"), 501),
    (_get(HOST, method=b"get"), 501),
    (_get(HOST, method=b"GETS"), 501),
    # Fields that are none.
    (_get(HOST, b"no colon\r\n"), 400),
    (_get(HOST, b": no name\r\n"), 400),
    (_get(HOST, b"a b: c\r\n"), 400),
    (_get(HOST, b"a : b\r\n"), 400),
    (_get(HOST, b"a: \x00\r\n"), 400),
    (_get(HOST, b"a: b\rc: d\r\n"), 400),
    # Bodies of no certain length, by which a proxy and a server could be set against each other.
    (_post(b"Content-Length: many\r\n"), 400),
    (_post(b"Content-Length: -1\r\n"), 400),
    (_post(b"Content-Length: 0x2\r\n", body=b"{}"), 400),
    (_post(b"Content-Length: " + b"9" * 40 + b"\r\n"), 400),
    (_post(b"Content-Length: 1\r\nContent-Length: 2\r\n", body=b"{}"), 400),
    (_post(b"Content-Length: 2\r\n", CHUNKED, body=b"0\r\n\r\n"), 400),
    (_post(b"Transfer-Encoding: gzip, chunked, identity\r\n", body=b"0\r\n\r\n"), 400),
    (_post(b"Transfer-Encoding: gzip, chunked\r\n", body=b"2\r\n{}\r\n0\r\n\r\n"), 501),
    (_post(CHUNKED, body=b"no size\r\n"), 400),
    (_post(CHUNKED, body=b"-1\r\n"), 400),
    (_post(CHUNKED, body=b"2\r\n{}x\r\n"), 400),
    (_post(CHUNKED, body=b"f" * 20 + b"\r\n"), 400),
    # Too much.
    (b"GET /" + b"a" * 17 * KIB, 431),
    (_get(HOST, path=b"/" + b"a" * 17 * KIB), 431),
    (_get(HOST, b"x: " + b"v" * 17 * KIB + b"\r\n"), 431),
    (b"GET / HTTP/1.1\r\nx: " + b"v" * 100 * KIB, 431),
    (_get(HOST, b"x: y\r\n" * 100), 431),
    (_post(CHUNKED, body=b"2\r\n{}\r\n0\r\n" + b"x: " + b"v" * 40 * KIB), 431),
]

KEPT = [
    # A host that is missing, doubled, malformed or somebody else's.
    (_get(), 400),
    (_get(HOST, HOST), 400),
    (_get(HOST, b"Host: evil.test\r\n"), 400),
    (_get(b"Host: \r\n"), 400),
    (_get(b"Host: local host\r\n"), 400),
    (_get(b"Host: localhost/path\r\n"), 400),
    (_get(b"Host: user@localhost\r\n"), 400),
    (_get(b"Host: evil.test\r\n"), 421),
    (_get(b"Host: localhost.evil.test\r\n", path=b"/_mock/reset", method=b"POST"), 421),
    (_get(b"Host: 192.0.2.7\r\n", path=b"/docs"), 421),
    # A target in absolute form, which decides over the host (RFC 9112, 3.2.2), and has to be of ours.
    (_get(HOST, path=b"http://evil.test/v1/music/shared/x"), 421),
    (_get(HOST, path=b"http://evil.test:80/_mock/reset", method=b"POST"), 421),
    (_get(HOST, path=b"HTTP://evil.test"), 421),
    (_get(HOST, path=b"https://localhost/v1/music/shared/x"), 400),
    (_get(HOST, path=b"http://user@localhost/v1/music/shared/x"), 400),
    (_get(path=b"http://localhost/v1/music/shared/x"), 400),
    (_get(HOST, HOST, path=b"http://localhost/v1/music/shared/x"), 400),
    (_get(HOST, path=b"http://localhost?a=b"), 404),
    (_get(b"Host: evil.test\r\n", path=b"http://localhost/nothing"), 404),
    # Paths and methods that are none of ours.
    (_get(HOST, path=b"/nothing"), 404),
    (_get(HOST, path=b"//"), 404),
    (_get(HOST, path=b"/../../etc/passwd"), 404),
    (_get(HOST, path=b"/%2e%2e/%00"), 404),
    (_get(HOST, path=b"*", method=b"OPTIONS"), 404),
    (_get(HOST, path=b"/sandboxes/nowhere/v1"), 404),
    (_get(HOST, path=SHARE.encode(), method=b"TRACE"), 405),
    (_get(HOST, path=b"/docs", method=b"DELETE"), 405),
    (_get(HOST, path=b"/_mock/reset"), 405),
    # Pages that nobody invited.
    (_get(HOST, b"Origin: https://evil.test\r\n", path=b"/_mock/state"), 403),
    (_get(HOST, b"Sec-Fetch-Site: cross-site\r\n", path=b"/_mock/state"), 403),
    (_get(HOST, b"Origin: null\r\n", path=b"/%5fmock/reset", method=b"POST"), 403),
    # Bodies that are read, and refused.
    (_post(b"Content-Length: 1\r\n", body=b"{"), 422),
    (_post(b"Content-Length: 3\r\n", b"Content-Type: text/plain\r\n", body=b"abc"), 415),
    (_post(b"Content-Length: 2\r\n", b"Content-Encoding: gzip\r\n", body=b"{}"), 415),
    (_post(b"Content-Length: %d\r\n" % (64 * KIB + 1), body=b" " * (64 * KIB + 1)), 413),
    (_post(CHUNKED, body=b"11000\r\n" + b" " * 0x11000 + b"\r\n0\r\n\r\n"), 413),
]


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    """A mock of its own, on this machine."""
    with running_mock("--resolve-rate-limit", "off") as url:
        yield _address(url)


@pytest.fixture
def connect(address: tuple[str, int]) -> Connect:
    """Opens connections to it."""
    return lambda: socket.create_connection(address, timeout=PATIENCE_SECONDS)


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port


def _answer(connection: socket.socket) -> tuple[http.client.HTTPResponse, Any]:
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response, json.loads(response.read())


def _assert_envelope(response: http.client.HTTPResponse, body: Any, status: int) -> None:
    assert {"success", "error"} == body.keys()
    assert {"code", "message", "system_message", "type", "status", "details", "trace_id", "timestamp"} == (
        body["error"].keys()
    )
    assert (status, status) == (response.status, body["error"]["status"])
    assert "application/json" == response.getheader("content-type")
    assert response.getheader("x-request-id") == body["error"]["trace_id"]
    assert "nosniff" == response.getheader("x-content-type-options")
    assert "no-store" == response.getheader("cache-control")
    assert (status == 405) == (response.getheader("allow") is not None)


@pytest.mark.parametrize(("sent", "status"), CLOSED)
def test_what_cannot_be_read_ends_the_connection(connect: Connect, sent: bytes, status: int) -> None:
    """The refusal is the envelope, and nobody guesses where the next request would begin."""
    with connect() as connection:
        connection.sendall(sent)
        response, body = _answer(connection)

        _assert_envelope(response, body, status)
        assert "close" == response.getheader("connection")
        assert b"" == connection.recv(1)


@pytest.mark.parametrize(("sent", "status"), KEPT)
def test_what_can_be_read_keeps_the_connection(connect: Connect, sent: bytes, status: int) -> None:
    """The refusal is the envelope, and the next request over the connection is answered as ever."""
    with connect() as connection:
        connection.sendall(sent)
        _assert_envelope(*_answer(connection), status)
        connection.sendall(GOOD)

        assert 200 == _answer(connection)[0].status


@pytest.mark.parametrize(("sent", "status"), CLOSED)
def test_a_refusal_comes_after_what_was_asked_before(connect: Connect, sent: bytes, status: int) -> None:
    """Good requests in front of a bad one get their answers, in one go and in their order."""
    with connect() as connection:
        connection.sendall(GOOD * 2 + sent)
        received = b"".join(iter(lambda: connection.recv(65536), b""))

    statuses = [int(answer[:3]) for answer in received.split(b"HTTP/1.1 ")[1:]]
    assert [200, 200, status] == statuses


def test_a_host_beyond_http_1_0_is_needed(connect: Connect) -> None:
    """HTTP/1.0 may leave it out, and its connection ends with the answer."""
    with connect() as connection:
        connection.sendall(GOOD.replace(b"1.1", b"1.0").replace(HOST, b""))
        response, body = _answer(connection)

        assert (200, "track") == (response.status, body["kind"])
        assert b"" == connection.recv(1)


def test_a_target_in_absolute_form_is_answered(connect: Connect) -> None:
    """It is what clients send to a proxy, and every server has to take it; links lead back to its host."""
    with connect() as connection:
        connection.sendall(
            _get(b"Host: evil.test\r\n", KEY, path=b"http://localhost:80" + SHARE.encode(), method=b"POST")
        )
        response, body = _answer(connection)

    assert 201 == response.status
    assert body["url"].startswith("http://localhost:80/v1/music/shared/")


def test_http_1_0_hides_no_host_in_its_target(connect: Connect) -> None:
    """It may leave `Host` out; what its target names counts all the same."""
    with connect() as connection:
        connection.sendall(_get(path=b"http://evil.test/", version=b"1.0"))

        _assert_envelope(*_answer(connection), 421)


def test_who_says_that_nothing_more_comes_is_answered(connect: Connect) -> None:
    """Tools that send what they read from a pipe close their side behind it, and go on listening."""
    with connect() as connection:
        connection.sendall(GOOD)
        connection.shutdown(socket.SHUT_WR)
        response, body = _answer(connection)

        assert (200, "track") == (response.status, body["kind"])
        assert b"" == connection.recv(1)


def test_five_hundred_slow_clients_do_not_stop_the_rest(connect: Connect) -> None:
    """Half of them send nothing, the others a byte at a time; whoever asks meanwhile is answered."""
    clients: list[socket.socket] = []
    try:
        clients += [connect() for _ in range(500)]
        for byte in b"GET /":
            for client in clients[::2]:
                client.sendall(bytes([byte]))
            with connect() as other:
                other.sendall(GOOD)
                assert 200 == _answer(other)[0].status
    finally:
        for client in clients:
            client.close()


def test_one_connection_too_many_is_refused() -> None:
    """It is told to come again, while those that are there go on."""
    with running_mock("--max-connections", "1") as url, socket.create_connection(_address(url)) as first:
        first.sendall(GOOD)
        assert 200 == _answer(first)[0].status
        with socket.create_connection(_address(url), timeout=PATIENCE_SECONDS) as second:
            response, body = _answer(second)
            _assert_envelope(response, body, 503)
            assert "1" == response.getheader("retry-after")
        first.sendall(GOOD)
        assert 200 == _answer(first)[0].status
