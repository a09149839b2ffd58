"""What one client may cost, over real connections."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from aitronos_mock.bounds import Bounds
from aitronos_mock.mock import Mock

from .sockets import LARGE_BYTES, Answer, Client, Running, running

READ = b"POST /read HTTP/1.1\r\nHost: x\r\n"
GET = b"GET /early HTTP/1.1\r\nHost: x\r\n\r\n"
KIB = 1024

Serve = Callable[..., Running]


@pytest.fixture
def serve(mock: Mock) -> Iterator[Serve]:
    """Starts servers within the given bounds, the default ones otherwise."""
    with ExitStack() as stack:

        def start(**bounds: Any) -> Running:
            return stack.enter_context(running(mock, Bounds(**bounds)))

        yield start


def _assert_refused(client: Client, answer: Answer, status: int, code: str) -> None:
    """The answer is the envelope, and the connection ends behind it."""
    error = json.loads(answer.body)["error"]
    assert (status, status, code) == (answer.status, error["status"], error["code"])
    assert answer.headers["x-request-id"] == error["trace_id"]
    expected = {"connection": "close", "cache-control": "no-store", "x-content-type-options": "nosniff"}
    assert expected == {name: answer.headers[name] for name in expected}
    assert b"" == client.rest()


def _head(size: int, fields: int = 1) -> bytes:
    """A GET whose request line and header fields have this size; the first line is 26 bytes long without its end."""
    values = [(size - len(b"/early") - fields * len(b"x: \r\n")) // fields] * fields
    values[-1] += size - len(b"/early") - fields * len(b"x: \r\n") - sum(values)
    return b"GET /early HTTP/1.1\r\n" + b"".join(b"x: " + b"v" * each + b"\r\n" for each in values) + b"\r\n"


@pytest.mark.parametrize("fields", [1, 7, 100])
def test_a_head_of_16_kib_is_taken(serve: Serve, fields: int) -> None:
    """Up to the bound, whether it is one large field or many."""
    client, answer = serve().ask(_head(16 * KIB, fields), GET)

    assert [200, 200] == [answer.status, client.answer().status]


@pytest.mark.parametrize("fields", [1, 7, 100])
def test_a_larger_head_is_refused(serve: Serve, fields: int) -> None:
    """One byte more is too much; what was sent behind it is not answered."""
    server = serve()
    client, answer = server.ask(_head(16 * KIB + 1, fields) + GET)

    _assert_refused(client, answer, 431, "REQUEST_HEADER_FIELDS_TOO_LARGE")
    assert [] == server.app.seen


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /" + b"a" * 40 * KIB,
        b"GET / HTTP/1.1\r\nx: " + b"v" * 40 * KIB,
        b"GET / HTTP/1.1\r\n" + b"n" * 40 * KIB,
        b"GET / HTTP/1.1\r\n" + b"x: v\r\n" * 90 + b"x: " + b"v" * 17 * KIB,
        b"\r\n" * 20 * KIB,
    ],
)
def test_a_head_without_end_is_refused_before_it_ends(serve: Serve, sent: bytes) -> None:
    """What is not whole is counted too, or it would be kept without a bound."""
    client, answer = serve().ask(sent)

    _assert_refused(client, answer, 431, "REQUEST_HEADER_FIELDS_TOO_LARGE")


@pytest.mark.parametrize(("count", "status"), [(100, 200), (101, 431)])
def test_a_head_has_up_to_100_fields(serve: Serve, count: int, status: int) -> None:
    """However short they are."""
    client, answer = serve().ask(b"GET /early HTTP/1.1\r\n" + b"x:\r\n" * count + b"\r\n")

    assert status == answer.status
    if status == 431:
        _assert_refused(client, answer, 431, "REQUEST_HEADER_FIELDS_TOO_LARGE")
        assert {"limit_fields": 100} == json.loads(answer.body)["error"]["details"]


def test_each_head_is_counted_by_itself(serve: Serve) -> None:
    """Many requests over one connection may be larger together than one may be."""
    client = serve().connect()
    client.send(*[_head(9 * KIB) for _ in range(5)])

    assert [200] * 5 == [client.answer().status for _ in range(5)]


def test_a_head_offered_for_an_upgrade_is_counted_once(serve: Serve) -> None:
    """It is parsed twice, for the offer is not taken."""
    client, answer = serve().ask(
        READ + b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\nx: " + b"v" * 12 * KIB + b"\r\n\r\n{}"
    )

    assert (200, 2) == (answer.status, json.loads(answer.body)["size"])
    client.send(GET)
    assert 200 == client.answer().status


def test_a_large_body_is_not_a_large_head(serve: Serve) -> None:
    """It may come in pieces of any size, chunked or not."""
    server, size = serve(), 300 * KIB
    chunks = b"".join(b"400\r\n" + b"b" * KIB + b"\r\n" for _ in range(300)) + b"0\r\n\r\n"
    bodies = [b"Content-Length: %d\r\n\r\n" % size + b"b" * size, b"Transfer-Encoding: chunked\r\n\r\n" + chunks]

    assert [size] * 2 == [json.loads(server.ask(READ + body)[1].body)["size"] for body in bodies]


def test_fields_behind_a_body_change_nothing(serve: Serve) -> None:
    """A request is what its head says, whatever comes behind a chunked body."""
    trailed = b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-API-Key: late\r\n\r\n"
    client, answer = serve().ask(READ + trailed + GET)

    assert ["host", "transfer-encoding"] == json.loads(answer.body)["names"]
    assert 200 == client.answer().status


@pytest.mark.parametrize(
    "behind", [b"x: " + b"v" * 40 * KIB, (b"x: " + b"v" * KIB + b"\r\n") * 20, b"x:\r\n" * 6 * KIB]
)
def test_fields_behind_a_body_are_bounded_too(serve: Serve, behind: bytes) -> None:
    """They count like those in front of it, and the request gets no other answer."""
    client, answer = serve().ask(READ + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" + behind)

    _assert_refused(client, answer, 431, "REQUEST_HEADER_FIELDS_TOO_LARGE")


@pytest.mark.parametrize("sent", [b"G", b"GET / HTTP/1.1\r\nHost: x\r\n", GET[:-1]])
def test_a_head_has_a_time_to_arrive(serve: Serve, sent: bytes) -> None:
    """A request that does not come whole is refused as too slow."""
    client, answer = serve(head_seconds=0.1).ask(sent)

    _assert_refused(client, answer, 408, "REQUEST_TIMEOUT")


def test_a_trickle_does_not_stretch_the_time(serve: Serve) -> None:
    """A byte now and then, as long as the answer is not there, does not make a request any quicker."""
    client = serve(head_seconds=0.2).connect()
    client.send(b"GET / HTTP/1.1\r\nx: ")
    while client.is_silent(0.02):
        client.send(b"v")

    _assert_refused(client, client.answer(), 408, "REQUEST_TIMEOUT")


def test_the_second_head_has_the_same_time(serve: Serve) -> None:
    """A connection that was used before is watched like a new one."""
    client, answer = serve(head_seconds=0.1).ask(GET)
    client.send(b"GET /")

    assert 200 == answer.status
    _assert_refused(client, client.answer(), 408, "REQUEST_TIMEOUT")


def test_a_connection_without_a_request_is_closed(serve: Serve) -> None:
    """Browsers open connections for later; an answer that nobody asked for would be taken for that to the first one."""
    assert b"" == serve(head_seconds=0.1).connect().rest()


@pytest.mark.parametrize(
    "sent",
    [b"Content-Length: 3\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", b"Content-Length: 1\r\n\r\n"],
)
def test_a_body_has_a_time_to_arrive(serve: Serve, sent: bytes) -> None:
    """A body that does not come whole is refused as too slow, and the application gets no half request."""
    client, answer = serve(body_seconds=0.1).ask(READ + sent)

    _assert_refused(client, answer, 408, "REQUEST_TIMEOUT")


def test_a_request_that_is_answered_already_is_not_refused_too(serve: Serve) -> None:
    """A body that nobody waits for may keep away; the connection ends without another word."""
    client, answer = serve(body_seconds=0.1).ask(b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{")

    assert 200 == answer.status
    assert b"" == client.rest()


def test_an_answer_under_way_is_finished(serve: Serve) -> None:
    """A request whose answer has begun gets all of it, and then the connection ends."""
    server = serve()
    client = server.connect()
    client.send(b"POST /half HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    begun = client.stream.read(1)
    client.send(b"no chunk\r\n")
    server.app.release()
    answer = client.rest()

    assert b"HTTP/1.1 200" == begun + answer[:11]
    assert 0 == answer.count(b"HTTP/1.1 ")
    assert {"size", "names"} == json.loads(answer.partition(b"\r\n\r\n")[2]).keys()


def test_time_in_which_the_server_does_not_listen_does_not_count(serve: Serve) -> None:
    """A request that waits behind another one is read on when it is its turn, and then has its time."""
    server = serve(body_seconds=0.1)
    client = server.connect()
    client.send(b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n" + READ + b"Content-Length: 2\r\n\r\n{")

    assert client.is_silent(0.4)
    client.send(b"}")
    server.app.release()
    assert [0, 2] == [json.loads(client.answer().body)["size"] for _ in range(2)]


@pytest.mark.parametrize(
    "bad",
    [
        b"NONSENSE\r\n\r\n",
        b"POST /read HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n",
        b"GET / HTTP/1.1\r\nHost x\r\n\r\n",
    ],
)
def test_a_refusal_waits_its_turn(serve: Serve, bad: bytes) -> None:
    """Answers come in the order of the requests, and nothing behind the one that was refused is answered."""
    server = serve()
    client = server.connect()
    client.send(b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n" + GET + bad + GET)

    assert client.is_silent(0.1)
    server.app.release()
    assert [200, 200] == [client.answer().status for _ in range(2)]
    _assert_refused(client, client.answer(), 400, "BAD_REQUEST")
    assert ["/held", "/early"] == server.app.seen


def test_a_refusal_behind_a_last_answer_is_not_sent(serve: Serve) -> None:
    """Who wants the connection closed behind the first answer gets no second one."""
    server = serve()
    client = server.connect()
    client.send(b"GET /held HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nNONSENSE\r\n\r\n")
    assert client.is_silent(0.1)
    server.app.release()

    assert 200 == client.answer().status
    assert b"" == client.rest()


def test_a_refusal_is_read_even_by_a_client_that_goes_on_sending(serve: Serve) -> None:
    """The server listens on for a moment, or what it did not read would make the client lose what it did not read."""
    server = serve()
    for _ in range(10):
        client = server.connect()
        client.send(b"GET / HTTP/1.1\r\nx: " + b"v" * 200 * KIB)
        _assert_refused(client, client.answer(), 431, "REQUEST_HEADER_FIELDS_TOO_LARGE")


def test_an_early_answer_is_read_even_by_a_client_that_goes_on_sending(serve: Serve) -> None:
    """The same for an answer that ends the connection while the body is on its way."""
    server, size = serve(), 3000 * KIB
    for _ in range(10):
        client = server.connect()
        client.send(b"POST /early HTTP/1.0\r\nContent-Length: %d\r\n\r\n" % size, b"b" * size)
        assert (200, b"") == (client.answer().status, client.rest())


def test_nobody_is_listened_to_forever(serve: Serve) -> None:
    """A client that never hangs up after its refusal is hung up on."""
    client, answer = serve(linger_seconds=0.05).ask(b"NONSENSE\r\n\r\n")

    _assert_refused(client, answer, 400, "BAD_REQUEST")
    with pytest.raises(ConnectionError):
        client.send(*[b"still there\r\n"] * 2_000_000)


@pytest.mark.parametrize("sent", [GET, GET * 3, b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n", GET + GET[:-1]])
def test_a_client_that_closed_its_side_is_answered(serve: Serve, sent: bytes) -> None:
    """What it asked before gets its answers, a part of a request gets none, and the connection ends behind them."""
    server = serve()
    client = server.connect()
    client.send(sent)
    client.shut()
    server.app.release()

    assert [200] * sent.count(GET[-8:]) == [client.answer().status for _ in range(sent.count(GET[-8:]))]
    assert b"" == client.rest()


def test_a_client_that_closed_its_side_learns_that_the_connection_ends(serve: Serve) -> None:
    """It could not ask again, so the answer says so."""
    server = serve()
    client = server.connect()
    client.send(b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n")
    client.shut()
    assert client.is_silent(0.1)
    server.app.release()

    assert "close" == client.answer().headers["connection"]


@pytest.mark.parametrize("bad", [b"NONSENSE\r\n\r\n", READ + b"Transfer-Encoding: chunked\r\n\r\nno chunk\r\n"])
def test_a_refusal_reaches_a_client_that_closed_its_side(serve: Serve, bad: bytes) -> None:
    """It waits its turn all the same."""
    server = serve()
    client = server.connect()
    client.send(b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n" + bad)
    client.shut()
    assert client.is_silent(0.1)
    server.app.release()

    assert 200 == client.answer().status
    _assert_refused(client, client.answer(), 400, "BAD_REQUEST")


@pytest.mark.parametrize("sent", [b"", GET[:-1], READ + b"Content-Length: 3\r\n\r\n{"])
def test_a_client_that_closed_its_side_too_early_is_hung_up_on(serve: Serve, sent: bytes) -> None:
    """There is no whole request that could be answered, and nothing to wait for."""
    server = serve()
    client = server.connect()
    client.send(sent)
    client.shut()

    assert b"" == client.rest()


@pytest.mark.parametrize("coding", [b"gzip, chunked", b"gzip\r\nTransfer-Encoding: chunked", b"gzip", b"x, Chunked"])
def test_a_transfer_coding_that_is_not_understood_is_refused(serve: Serve, coding: bytes) -> None:
    """Its body could not be decoded, and taking it as it comes would read something else than was sent."""
    server = serve()
    client, answer = server.ask(READ + b"Transfer-Encoding: " + coding + b"\r\n\r\n2\r\n{}\r\n0\r\n\r\n")

    _assert_refused(client, answer, 501, "TRANSFER_CODING_NOT_IMPLEMENTED")
    assert [] == server.app.seen


def test_too_many_connections_are_refused(serve: Serve) -> None:
    """The one above the bound is told to come back, those below it go on, and one that ends makes room."""
    server = serve(connections=2)
    first, second = (server.ask(GET)[0] for _ in range(2))
    third, answer = server.ask(GET)

    assert "1" == answer.headers["retry-after"]
    assert {"limit_connections": 2} == json.loads(answer.body)["error"]["details"]
    _assert_refused(third, answer, 503, "SERVICE_UNAVAILABLE")
    third.close()
    for client in (first, second):
        client.send(GET)
        assert 200 == client.answer().status
    first.close()
    assert 200 == _until_there_is_room(server)


def _until_there_is_room(server: Running) -> int:
    """The status of the first answer that is not 503; the server learns of the end of a connection a little later."""
    while (asked := server.ask(GET))[1].status == 503:
        asked[0].close()
    return asked[1].status


def test_slow_clients_do_not_stop_the_rest(serve: Serve) -> None:
    """While many send nothing, or a byte at a time, others are answered; and the slow ones are gone in the end."""
    server = serve(head_seconds=1.0)
    silent, slow = ([server.connect() for _ in range(25)] for _ in range(2))
    for byte in (b"G", b"E", b"T"):
        for client in slow:
            client.send(byte)
        assert 200 == server.ask(GET)[1].status

    for client in slow:
        _assert_refused(client, client.answer(), 408, "REQUEST_TIMEOUT")
    assert [b""] * len(silent) == [client.rest() for client in silent]


def test_a_server_ends_though_it_listens_on(serve: Serve) -> None:
    """A client that was refused keeps no server up."""
    server = serve(linger_seconds=60)
    client, answer = server.ask(b"NONSENSE\r\n\r\n")

    _assert_refused(client, answer, 400, "BAD_REQUEST")
    assert server.stop()


LARGE = GET.replace(b"/early", b"/large")


@pytest.mark.parametrize("asked", [LARGE, LARGE.replace(b"1.1", b"1.0"), LARGE * 3])
def test_an_answer_that_nobody_takes_does_not_wait_forever(serve: Serve, asked: bytes) -> None:
    """A client that reads nothing loses its connection, one that closes behind the answer too; others get the room."""
    server = serve(connections=1, write_seconds=0.1)
    client = server.connect()
    client.send(asked)

    assert 200 == _until_there_is_room(server)
    assert len(client.rest()) < LARGE_BYTES


def test_a_client_that_takes_its_answers_has_the_time_for_each(serve: Serve) -> None:
    """What counts is how long nothing is taken, not how long a connection, or an answer, lasts."""
    bounds = Bounds(write_seconds=1.5)
    client = serve(write_seconds=bounds.write_seconds).connect()
    end = time.monotonic() + 1.3 * bounds.write_seconds
    while time.monotonic() < end:
        client.send(LARGE)
        assert LARGE_BYTES == len(client.answer().body)


def test_a_last_answer_is_taken_whole(serve: Serve) -> None:
    """A connection that is closed behind its answer is closed once the client has it."""
    client, answer = serve().ask(LARGE.replace(b"1.1", b"1.0"))

    assert (LARGE_BYTES, b"") == (len(answer.body), client.rest())


def test_a_server_ends_though_an_answer_is_not_taken(serve: Serve) -> None:
    """A client that reads nothing keeps no server up."""
    server = serve(write_seconds=0.1)
    server.connect().send(LARGE)

    assert server.stop()


def test_refusals_are_in_the_access_log(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing of the request was understood, so the line has status, id and client alone."""
    caplog.set_level("INFO")
    server = serve()
    _, answer = server.ask(b"NONSENSE\r\n\r\n")
    server.stop()

    said = [record.getMessage() for record in caplog.records if record.name == "aitronos_mock.access"]
    assert [f"- - 400 0 ms {answer.headers['x-request-id']} 127.0.0.1 -"] == said


def test_a_head_that_is_too_large_in_two_ways_is_refused_once(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    """One refusal, one line, and no failure: the parser may stop at the very piece that is one too many."""
    caplog.set_level("INFO")
    server = serve()
    client, answer = server.ask(_head(17 * KIB))
    _assert_refused(client, answer, 431, "REQUEST_HEADER_FIELDS_TOO_LARGE")
    server.stop()

    said = [record.getMessage() for record in caplog.records if record.name in ("aitronos_mock.access", "asyncio")]
    assert [f"- - 431 0 ms {answer.headers['x-request-id']} 127.0.0.1 -"] == said
