"""How answers leave, over real connections."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import re
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing

import pytest
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from aitronos_mock.bounds import Bounds
from aitronos_mock.clock import SystemClock
from aitronos_mock.exchange import Exchange
from aitronos_mock.faults.striking import HANG_UP
from aitronos_mock.guards.door import Door
from aitronos_mock.mock import Mock
from aitronos_mock.response import REPLY
from aitronos_mock.run import Options, Serving
from aitronos_mock.server import Server, listen
from aitronos_mock.way_out import head

from . import whole
from .sockets import PATIENCE_SECONDS, Client

NOWHERE = "GET /v1/nowhere HTTP/1.1"
SAVE = f"{whole.RESOLVE}/save"
Connect = Callable[[], Client]
HELD = (Exchange, RequestResponseCycle)


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Makes connections to the product, which serves from a thread of its own."""
    options = Options("127.0.0.1", 0, "sqlite://", "docs", None, False, None, 300)
    ready, over = threading.Event(), threading.Event()
    with listen("127.0.0.1", 0) as listener, ExitStack() as stack:
        serving = Serving(options, SystemClock(), bytes(32), Door(), listener)
        thread = threading.Thread(target=lambda: asyncio.run(serving.until_told(ready.set, over.wait)))
        thread.start()
        stack.callback(thread.join, PATIENCE_SECONDS)
        stack.callback(over.set)
        assert ready.wait(PATIENCE_SECONDS)
        yield lambda: stack.enter_context(closing(Client(listener.getsockname())))


def _request(line: str, *fields: str) -> bytes:
    return "\r\n".join([line, "Host: localhost", *fields, "", ""]).encode()


@pytest.mark.parametrize(
    ("status", "line", "fields"),
    [
        (200, f"GET {whole.RESOLVE}", ()),
        (404, "GET /v1/music/shared/shr_none", ()),
        (201, f"POST {SAVE}", ("X-API-Key: recipient-api-key",)),
        (401, f"POST {SAVE}", ()),
        (404, "GET /v1/nowhere", ()),
        (200, "GET /_mock/health", ()),
    ],
)
def test_an_answered_request_leaves_no_garbage(connect: Connect, status: int, line: str, fields: Iterable[str]) -> None:
    """Well or badly answered, what a request needed is gone before anybody looks for garbage."""
    client, wanted = connect(), _request(f"{line} HTTP/1.1", *fields)
    gc.collect()
    before = _held()
    gc.disable()
    try:
        for _ in range(9):
            client.send(wanted)
            assert status == client.answer().status
        left = _held() - before
    finally:
        gc.enable()
    # The connection knows its latest request, which may still be about to end.
    assert 1 >= max(left.values(), default=0)


def _held() -> Counter[type]:
    return Counter(type(each) for each in gc.get_objects() if isinstance(each, HELD))


def _raw(connect: Connect, *requests: bytes) -> bytes:
    """All that comes for requests, the last of which closes the connection; the moment of it aside."""
    client = connect()
    client.send(*requests)
    return re.sub(rb"date: [^\r]+", b"date: now", client.rest())


def test_an_answer_in_one_piece_reads_like_any_other(connect: Connect) -> None:
    """First line, date, the headers in their order, an empty line and the body; the connection stays open."""
    client = connect()
    client.send(_request(NOWHERE), _request(NOWHERE, "Connection: close"))
    lines = re.sub(rb"(date: |req_|-ms: )[^\r]+", rb"\1?", client.rest()).split(b"\r\n")
    begin = [
        b"HTTP/1.1 404 Not Found",
        b"date: ?",
        b"content-type: application/json",
        b"content-length: ",
        b"x-request-id: req_?",
    ]
    assert begin == [line[: len(wanted)] for line, wanted in zip(lines, begin, strict=False)]
    assert 1 == lines.count(b"connection: close")
    assert b"" == lines[-2]


def test_http_1_0_gets_its_answer_and_the_end(connect: Connect) -> None:
    """A client that keeps no connection is told that it ends, and it does."""
    said = _raw(connect, b"GET /v1/nowhere HTTP/1.0\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 404 Not Found\r\n")
    assert b"\r\nconnection: close\r\n\r\n{" in said


def test_a_head_is_told_the_length_and_gets_no_body(connect: Connect) -> None:
    """HEAD has the headers of the answer that it stands for."""
    said = _raw(connect, _request("HEAD /v1/nowhere HTTP/1.1", "Connection: close"))
    assert re.search(rb"\r\ncontent-length: [1-9][0-9]+\r\n", said)
    assert said.endswith(b"\r\n\r\n")


def test_who_closes_its_side_during_a_latency_hears_nothing_more(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    """A client that goes looks like that, so nobody answers it, and nothing is told as a failure of the mock."""
    client = connect()
    fault = b'{"operation":"resolveShare","latency_ms":60000}'
    length = f"Content-Length: {len(fault)}"
    client.send(_request("POST /_mock/faults HTTP/1.1", "Content-Type: application/json", length) + fault)
    assert 201 == client.answer().status

    client.send(_request(f"GET {whole.RESOLVE} HTTP/1.1"))
    control, struck = connect(), 0
    while not struck:
        control.send(_request("GET /_mock/faults HTTP/1.1"))
        struck = json.loads(control.answer().body)["items"][0]["struck"]
    client.socket.shutdown(socket.SHUT_WR)
    assert b"" == client.rest()
    assert [] == [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_nobody_is_answered_whose_connection_is_given_up(mock: Mock) -> None:
    """What hangs up instead of answering has the last word."""
    replied: list[bool] = []
    ready = threading.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            for _ in range(2):
                await send({"type": f"{(await receive())['type']}.complete"})
            return
        scope["state"][HANG_UP]()
        replied.append(scope["state"][REPLY](200, [(b"content-length", b"4")], b"late"))

    with listen("127.0.0.1", 0) as listener:
        server = Server(app, lambda: mock, Bounds(), ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        assert ready.wait(PATIENCE_SECONDS)
        with closing(Client(listener.getsockname())) as client:
            client.send(_request(NOWHERE))
            assert b"" == client.rest()
        server.end()
        thread.join(PATIENCE_SECONDS)
    assert [False] == replied


def test_a_header_cannot_smuggle_another_one_in() -> None:
    """A line feed in a header ends the connection, not the header."""
    with pytest.raises(ValueError, match="line feed"):
        head(200, [(b"x-own", b"1\r\nx-other: 2")], is_kept=True)


def test_a_status_without_a_name_has_a_first_line() -> None:
    """Faults may have any status, also those of which nobody has a word."""
    assert head(599, [], is_kept=True).startswith(b"HTTP/1.1 599 ")
