"""The HTTP server, over real sockets."""

from __future__ import annotations

import http.client
import io
import json
import signal
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx
import pytest

from aitronos_mock.bounds import Bounds
from aitronos_mock.mock import Mock
from aitronos_mock.server import AddressUnusable, Server, listen, url_of

from .sockets import Application

TOKEN = "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"
RESOLVE = f"/v1/music/shared/{TOKEN}"
SHARE = "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"
KEY = "X-API-Key: your-api-key"


def _request(method: str, path: str, *fields: str, body: str = "", version: str = "1.1") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/{version}", *fields, "", body]).encode("latin-1")


def _responses(received: bytes, *methods: str) -> list[httpx.Response]:
    """The answers in what a server sent, one for each method that was asked with."""
    stream = io.BytesIO(received)
    answers = []
    for method in methods:
        answer = http.client.HTTPResponse(_Connection(stream), method=method)  # type: ignore[arg-type] # it makes a file of it, and no more
        answer.begin()
        answers.append(httpx.Response(answer.status, headers=answer.getheaders(), content=answer.read()))
    assert b"" == stream.read()
    return answers


class _Connection:
    def __init__(self, stream: io.BytesIO) -> None:
        self._stream = stream

    def makefile(self, _: str) -> Any:
        """The stream, which outlives the answers that are read from it."""
        return _Unclosed(self._stream)


class _Unclosed:
    def __init__(self, stream: io.BytesIO) -> None:
        self.read, self.readline, self.readinto = stream.read, stream.readline, stream.readinto

    def close(self) -> None:
        """Leave the rest for the next answer."""

    def flush(self) -> None:
        """Nothing was written."""


def _without_time(body: Any) -> Any:
    return {**body, "error": {**body["error"], "timestamp": None, "trace_id": None}}


@pytest.mark.parametrize(
    "sent",
    [
        b"NONSENSE\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.9\r\nHost: x\r\n\r\n",
        b"BREW /\r\nHost: x\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHo st: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: \x00\r\n\r\n",
        b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 40 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_what_is_no_http_gets_the_envelope_and_a_closed_connection(served: Any, contract: Any, sent: bytes) -> None:
    """Bytes that the parser refuses are answered with 400 as the contract has it, and the connection ends."""
    (response,) = _responses(served.exchange(sent), "GET")

    contract.assert_declares(None, response)
    assert 400 == response.status_code
    assert "close" == response.headers["connection"]
    assert _without_time(contract.example("-", 400, "malformed_http")) == _without_time(response.json())
    assert response.headers["x-request-id"] == response.json()["error"]["trace_id"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (_request("GET", RESOLVE, "Host: localhost"), 200),
        (_request("GET", f"http://localhost{RESOLVE}", "Host: elsewhere.test"), 200),
        (_request("GET", f"{RESOLVE}?a=b#c", "Host: localhost"), 200),
        (_request("GET", "/v1/music/shared/%C3%28", "Host: localhost"), 404),
        (_request("GET", "/v1/music/shared/..%2f..", "Host: localhost"), 404),
        (_request("GET", f"{RESOLVE}%0A", "Host: localhost"), 404),
        (_request("POST", f"{RESOLVE}/save%0A", "Host: localhost", KEY), 404),
        (_request("POST", f"{SHARE}%0a", "Host: localhost"), 404),
        (_request("POST", SHARE, "Host: localhost"), 401),
        (_request("DELETE", SHARE, "Host: localhost"), 405),
        (_request("OPTIONS", "*", "Host: localhost"), 404),
        (_request("POST", SHARE, "Host: localhost", KEY, "Content-Length: 1", body="{"), 422),
        (_request("POST", SHARE, "Host: localhost", KEY, "Content-Type: a/b", "Content-Length: 1", body="{"), 415),
        (_request("POST", SHARE, "Host: localhost", KEY, "Content-Length: 70000"), 413),
        (_request("GET", RESOLVE, "Host: localhost", "Upgrade: websocket", "Connection: Upgrade"), 200),
        (_request("GET", RESOLVE, "Host: localhost", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings"), 200),
        (_request("GET", RESOLVE, "Host: localhost", f"X-Large: {'x' * 15_000}"), 200),
    ],
)
def test_every_answer_over_a_socket_is_a_declared_one(served: Any, contract: Any, sent: bytes, status: int) -> None:
    """Whatever the request, the answer's status, headers and body are as openapi.yaml declares them."""
    method, target, _ = sent.decode("latin-1").split(" ", 2)
    with served.connect() as connection:
        connection.sendall(sent)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        response = httpx.Response(answer.status, headers=answer.getheaders(), content=answer.read())

    path = target.removeprefix("http://localhost").partition("?")[0]
    assert status == response.status_code
    contract.assert_declares(contract.operation(method, path), response)


def test_http_1_0_needs_no_host(served: Any) -> None:
    """Without a `Host` the url in a share's answer has the server's own address, and the connection ends."""
    (response,) = _responses(served.exchange(_request("POST", SHARE, KEY, version="1.0")), "POST")

    assert response.json()["url"].startswith(f"{served.url}/v1/music/shared/shr_")


@pytest.mark.parametrize(
    "host", ["evil.test/path", "evil.test@x", "x y", '"><script>alert(1)</script>', "", "[::1", "\xe9.test"]
)
def test_a_hostile_host_is_refused(served: Any, contract: Any, host: str) -> None:
    """A `Host` that is no host is malformed HTTP, and never shows up in an answer."""
    request = _request("POST", SHARE, f"Host: {host}", KEY, "Connection: close")
    (response,) = _responses(served.exchange(request), "POST")

    assert 400 == response.status_code
    assert _without_time(contract.example("-", 400, "malformed_http")) == _without_time(response.json())


def test_head_has_no_body(served: Any) -> None:
    """The answer to HEAD ends with its header, which has the length that GET would have."""
    (response,) = _responses(served.exchange(_request("HEAD", RESOLVE, "Host: localhost", "Connection: close")), "HEAD")

    assert (200, b"") == (response.status_code, response.content)
    assert int(response.headers["content-length"]) > 100


def test_pipelined_requests_are_answered_in_order(served: Any) -> None:
    """Requests sent in one go get their answers in their order."""
    sent = (
        _request("POST", SHARE, "Host: localhost", KEY, "Content-Length: 2", body="{}")
        + _request("GET", "/nothing", "Host: localhost")
        + _request("GET", RESOLVE, "Host: localhost")
        + _request("POST", SHARE, "Host: localhost", "Connection: close")
    )
    answers = _responses(served.exchange(sent), "POST", "GET", "GET", "POST")

    assert [201, 404, 200, 401] == [answer.status_code for answer in answers]


def test_an_upgrade_is_not_taken_and_loses_no_body(served: Any) -> None:
    """A client that offers HTTP/2 with its request is answered by HTTP/1.1, its body read, the connection kept."""
    fields = ["Host: localhost", KEY, "Connection: Upgrade", "Upgrade: h2c", "Content-Length: 23"]
    with served.connect() as connection:
        for _ in range(2):
            connection.sendall(_request("POST", SHARE, *fields, body='{"visibility":"public"}'))
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            assert "public" == json.loads(answer.read())["visibility"]


@pytest.mark.parametrize(("size", "status"), [(60_000, 422), (70_000, 413), (3_000_000, 413)])
def test_a_chunked_body_is_measured_as_it_comes(served: Any, size: int, status: int) -> None:
    """A body without a declared length is refused once it is too large, and read no further into memory."""
    chunks = b"".join(b"3e8\r\n" + b" " * 1000 + b"\r\n" for _ in range(size // 1000)) + b"0\r\n\r\n"
    head = _request("POST", SHARE, "Host: localhost", KEY, "Transfer-Encoding: chunked", "Connection: close")
    with served.connect() as connection:
        connection.sendall(head)
        answer = http.client.HTTPResponse(connection)
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(_send_all, connection, chunks)
            answer.begin()
            sending.result()

    assert status == answer.status


def _send_all(connection: socket.socket, data: bytes) -> None:
    # The server may hang up on whoever goes on sending what it refused.
    with suppress(ConnectionError):
        connection.sendall(data)


def test_a_client_that_asks_first_is_told_to_go_on(served: Any) -> None:
    """`Expect: 100-continue` is granted when the body is wanted, and the body then read."""
    head = ["Host: localhost", KEY, "Expect: 100-continue", "Content-Length: 2", "Connection: close"]
    with served.connect() as connection:
        connection.sendall(_request("POST", SHARE, *head))
        assert b"HTTP/1.1 100 Continue\r\n\r\n" == connection.recv(65536)
        connection.sendall(b"{}")
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert 201 == answer.status


@pytest.mark.parametrize(("fields", "status"), [([KEY, "Content-Length: 70000"], 413), (["Content-Length: 2"], 401)])
def test_a_client_that_asks_first_is_spared_a_useless_body(served: Any, fields: list[str], status: int) -> None:
    """`Expect: 100-continue` is answered at once with the refusal where there is one already."""
    with served.connect() as connection:
        connection.sendall(_request("POST", SHARE, "Host: localhost", "Expect: 100-continue", *fields))
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert status == answer.status


def test_a_client_that_hangs_up_harms_nobody(served: Any) -> None:
    """A body that is shorter than declared, or breaks off in a chunk, is nobody's failure."""
    for field in ("Content-Length: 10", "Transfer-Encoding: chunked"):
        with served.connect() as connection:
            connection.sendall(_request("POST", SHARE, "Host: localhost", KEY, field, body="5\r\n{"))
    with served.connect() as connection:
        connection.sendall(
            _request("POST", SHARE, "Host: localhost", KEY, "Transfer-Encoding: chunked", body="no chunk\r\n")
        )
        assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")

    assert 200 == httpx.get(served.url + RESOLVE).status_code
    assert "Traceback" not in served.log()


def test_a_thousand_quick_requests_are_all_answered(served: Any) -> None:
    """Requests over several connections at once are each answered with their own answer and an id of their own."""

    def resolve(count: int) -> list[tuple[int, str | None]]:
        connection = http.client.HTTPConnection(served.address[0], served.address[1], timeout=20)
        answers = []
        for number in range(count):
            connection.request("GET", RESOLVE if number % 2 else "/nothing")
            answer = connection.getresponse()
            answer.read()
            answers.append((answer.status, answer.getheader("x-request-id")))
        connection.close()
        return answers

    with ThreadPoolExecutor(8) as pool:
        answers = [each for some in pool.map(resolve, [125] * 8) for each in some]

    assert ([404, 200] * 63)[:125] * 8 == [status for status, _ in answers]
    assert 1000 == len({request_id for _, request_id in answers})


def test_a_client_cannot_choose_the_address_that_it_is_limited_by(serve: Callable[..., Any]) -> None:
    """A forwarding header is not trusted: a resolve past the burst is refused, whoever it claims to be from."""
    url = serve("--resolve-rate-limit", "1/minute").url + RESOLVE
    answers = [httpx.get(url, headers={"X-Forwarded-For": f"203.0.113.{number}"}) for number in range(2)]

    assert [200, 429] == [answer.status_code for answer in answers]


def test_an_ipv6_address_is_bracketed(serve: Callable[..., Any]) -> None:
    """Over IPv6 the ready line and the urls in answers have the address in brackets, and open."""
    served = serve("--host", "::1")
    (response,) = _responses(served.exchange(_request("POST", SHARE, KEY, version="1.0")), "POST")

    assert served.url.startswith("http://[::1]:")
    assert response.json()["url"].startswith(f"{served.url}/v1/music/shared/")
    assert 200 == httpx.get(response.json()["url"]).status_code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_after_the_request_under_way(serve: Callable[..., Any], number: int) -> None:
    """A request whose handling began is answered before the server ends, with exit code 0."""
    served = serve()
    with served.connect() as connection:
        fields = ["Host: localhost", KEY, "Expect: 100-continue", "Content-Length: 2"]
        connection.sendall(_request("POST", SHARE, *fields))
        assert connection.recv(65536).startswith(b"HTTP/1.1 100")
        served.process.send_signal(number)
        connection.sendall(b"{}")
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert 201 == answer.status
        answer.read()

    assert 0 == served.process.wait(timeout=20)
    assert "Traceback" not in served.log()


def test_idle_connections_do_not_keep_the_server_up(serve: Callable[..., Any]) -> None:
    """Connections that wait for nothing, or in the middle of a request's head, are closed at the end."""
    served = serve()
    with served.connect() as idle, served.connect() as half:
        idle.sendall(_request("GET", RESOLVE, "Host: localhost"))
        idle.recv(65536)
        half.sendall(b"GET / HT")

        assert 0 == served.stop()


def test_who_is_told_to_stop_before_it_runs_stops_at_once(mock: Mock) -> None:
    """A reason to stop that comes early is not lost."""
    with listen("127.0.0.1", 0) as listener:
        server = Server(Application(), lambda: mock, Bounds(), lambda: None)
        server.end()
        server.run(sockets=[listener])

    assert server.started


def test_a_free_port_is_found_and_told() -> None:
    """Port 0 binds a free port, which the URL names."""
    with listen("127.0.0.1", 0) as listener:
        assert f"http://127.0.0.1:{listener.getsockname()[1]}" == url_of(listener)


def test_a_taken_port_is_refused_in_one_line() -> None:
    """A port that somebody listens on is refused with what to do."""
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(AddressUnusable, match=rf"cannot listen on 127.0.0.1 port {port}: .*; choose another"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["no.such.host.invalid", "300.1.1.1", "", "a" * 300, "a..b", "203.0.113.1"])
def test_a_host_that_is_not_ours_is_refused_in_one_line(host: str) -> None:
    """A host that is unknown, malformed or another machine's is refused with what to do."""
    with pytest.raises(AddressUnusable) as refused:
        listen(host, 0)

    assert str(refused.value).endswith("; choose another --host or --port")
    assert 1 == len(str(refused.value).splitlines())
