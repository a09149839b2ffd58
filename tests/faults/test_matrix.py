"""What comes of each fault in each operation: the exception, the attempts that the server saw, the sockets left."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, cast

import anyio
import pytest

from aitronos import (
    Aitronos,
    AitronosError,
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncAitronos,
    InternalServerError,
    RateLimitError,
    ResponseParseError,
)
from aitronos.testing import instant_retries

from ..unit.sdk.stub import (
    COLLECTION,
    KEY,
    ORGANIZATION,
    TOKEN,
    TRACK,
    Answer,
    Behaviour,
    Connection,
    Stub,
    dribbled_body,
    dribbled_head,
    library_edge,
    refusal,
    refusing,
    reset_after_request,
    reset_at_once,
    reset_before_request,
    reset_within_body,
    share_link,
    shared_track,
    silence,
)

Operation = tuple[str, tuple[str, ...], Answer]

SHARES: list[Operation] = [
    ("share_track", (ORGANIZATION, TRACK), Answer(share_link(), 201)),
    ("share_collection", (ORGANIZATION, COLLECTION), Answer(share_link(target_type="collection"), 201)),
]
REPLAYABLE: list[Operation] = [
    ("resolve_share", (TOKEN,), Answer(shared_track())),
    ("save_shared_track", (TOKEN,), Answer(library_edge(), 201)),
]
OPERATIONS = [*SHARES, *REPLAYABLE]

Caller = Callable[[str, Operation, float], object]


def blocking(url: str, operation: Operation, timeout: float) -> object:
    """Call through the blocking client."""
    name, arguments, _ = operation
    with Aitronos(KEY, base_url=url, timeout=timeout) as client:
        return getattr(client.music, name)(*arguments)


async def _awaiting(url: str, operation: Operation, seconds: float) -> object:
    name, arguments, _ = operation
    async with AsyncAitronos(KEY, base_url=url, timeout=seconds) as client:
        method = cast(Callable[..., Awaitable[Any]], getattr(client.music, name))
        return await method(*arguments)


def on_asyncio(url: str, operation: Operation, timeout: float) -> object:
    """Call through the asynchronous client under asyncio."""
    return anyio.run(_awaiting, url, operation, timeout, backend="asyncio")


def on_trio(url: str, operation: Operation, timeout: float) -> object:
    """Call through the asynchronous client under trio."""
    return anyio.run(_awaiting, url, operation, timeout, backend="trio")


def named(operation: Operation) -> str:
    """The operation in the test's id."""
    return operation[0]


every_caller = pytest.mark.parametrize("call", [blocking, on_asyncio, on_trio])
every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=named)


@pytest.fixture(autouse=True)
def pauses() -> Iterator[list[float]]:
    """No pause is waited for; the list has those that were due."""
    with instant_retries() as skipped:
        yield skipped


def attempts_allowed(operation: Operation) -> int:
    """How often a request may be sent whose first attempt may have been processed."""
    return 1 if operation in SHARES else 3


@every_caller
@every_operation
def test_refused(call: Caller, operation: Operation, pauses: list[float]) -> None:
    """A refused connection is tried again by every operation, since nothing was processed."""
    with refusing() as url, pytest.raises(APIConnectionError, match="could not be reached") as caught:
        call(url, operation, 10)
    assert APIConnectionError is type(caught.value)
    assert len(pauses) == 2


@every_caller
@every_operation
@pytest.mark.parametrize("fault", [reset_before_request, reset_after_request, reset_within_body])
def test_reset(call: Caller, operation: Operation, fault: Behaviour) -> None:
    """After a reset the request may have been processed: a share is never sent twice, the others are."""
    with Stub(fault) as stub:
        with pytest.raises(APIConnectionError) as caught:
            call(stub.url, operation, 10)
        assert stub.settle() == 0
        assert attempts_allowed(operation) == stub.connections
    assert APIConnectionError is type(caught.value)


@every_caller
@every_operation
def test_reset_at_once(call: Caller, operation: Operation) -> None:
    """A reset straight after the connection was made counts as one before or after sending, as the client sees it."""
    with Stub(reset_at_once) as stub:
        with pytest.raises(APIConnectionError):
            call(stub.url, operation, 10)
        assert stub.settle() == 0
        assert attempts_allowed(operation) <= stub.connections <= 3
        assert stub.seen == []


@every_caller
@every_operation
@pytest.mark.parametrize("fault", [dribbled_head, dribbled_body, silence])
def test_slower_than_the_deadline(call: Caller, operation: Operation, fault: Behaviour) -> None:
    """A server that sends a byte now and then, or none at all, cannot hold a call past its deadline.

    The deadline leaves a busy machine time to send the request; the answer would take five times as long.
    """
    with Stub(fault) as stub:
        with pytest.raises(APITimeoutError):
            call(stub.url, operation, 1.0)
        assert stub.settle() == 0
        assert len(stub.seen) == 1


@every_caller
@every_operation
def test_truncated_json(call: Caller, operation: Operation) -> None:
    """JSON that ends in the middle is no connection fault: it is reported, not repeated."""
    whole = operation[2].encoded().partition(b"\r\n\r\n")[2]
    with Stub(Answer(whole[: len(whole) // 2], operation[2].status)) as stub:
        with pytest.raises(ResponseParseError):
            call(stub.url, operation, 10)
        assert stub.settle() == 0
        assert len(stub.seen) == 1


@every_caller
@every_operation
def test_html_502(call: Caller, operation: Operation) -> None:
    """A gateway's page is an error of the server with what is known; a share behind it may have been processed."""
    with Stub(Answer(b"<html>Bad gateway</html>", 502, {"content-type": "text/html"})) as stub:
        with pytest.raises(InternalServerError) as caught:
            call(stub.url, operation, 10)
        assert stub.settle() == 0
        assert attempts_allowed(operation) == len(stub.seen)
    assert (caught.value.status, caught.value.code) == (502, None)


def in_five_seconds() -> str:
    """An HTTP date."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=5), usegmt=True)


@every_caller
@every_operation
@pytest.mark.parametrize(
    ("name", "value", "floor"),
    [("retry-after", "9", 9.0), ("retry-after-ms", "9500", 9.5), ("retry-after", None, 3.5)],
    ids=["seconds", "milliseconds", "date"],
)
def test_429_within_reach(
    call: Caller, operation: Operation, name: str, value: str | None, floor: float, pauses: list[float]
) -> None:
    """A refused turn was not processed: every operation waits as long as asked, and tries again."""
    busy = refusal(429, {name: value or in_five_seconds()})
    with Stub(busy, busy, operation[2]) as stub:
        call(stub.url, operation, 30)
        assert stub.settle() == 0
        assert len(stub.seen) == 3
    assert len(pauses) == 2
    assert min(pauses) >= floor


@every_caller
@every_operation
@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "40"}, 40.0),
        ({"retry-after-ms": "41000"}, 41.0),
        ({"retry-after": "Fri, 31 Dec 9998 23:59:59 GMT"}, None),
    ],
    ids=["seconds", "milliseconds", "date"],
)
def test_429_out_of_reach(call: Caller, operation: Operation, headers: dict[str, str], wait: float | None) -> None:
    """A wait that does not fit into the deadline ends the call at once, and the exception says how long it is."""
    with Stub(refusal(429, headers)) as stub:
        with pytest.raises(RateLimitError) as caught:
            call(stub.url, operation, 30)
        assert stub.settle() == 0
        assert len(stub.seen) == 1
    assert caught.value.retry_after is not None
    assert caught.value.retry_after == wait if wait else caught.value.retry_after > 120


def cut_off_refusal(connection: Connection, stub: Stub) -> None:
    """Send a 429 whose body breaks off."""
    if stub.read(connection):
        connection.socket.sendall(refusal(429).encoded()[:-40])


@every_caller
@every_operation
@pytest.mark.parametrize(
    "fault", [cut_off_refusal, Answer(b"nonsense", 429, {"content-encoding": "gzip"})], ids=["cut off", "undecodable"]
)
def test_429_without_its_body(call: Caller, operation: Operation, fault: Behaviour) -> None:
    """The head of a refusal says all that a retry needs to know."""
    with Stub(fault) as stub:
        with pytest.raises(RateLimitError) as caught:
            call(stub.url, operation, 10)
        assert stub.settle() == 0
        assert len(stub.seen) == 3
    assert (caught.value.status, caught.value.code) == (429, None)


@every_caller
@every_operation
@pytest.mark.parametrize("location", ["/elsewhere", "mailto:someone", "http://xn--a/"])
def test_redirect(call: Caller, operation: Operation, location: str) -> None:
    """A redirect is a refusal, wherever it leads."""
    with Stub(Answer({}, 307, {"location": location})) as stub:
        with pytest.raises(APIStatusError) as caught:
            call(stub.url, operation, 10)
        assert stub.settle() == 0
        assert len(stub.seen) == 1
    assert caught.value.status == 307


@every_caller
@every_operation
def test_503_then_success(call: Caller, operation: Operation) -> None:
    """A passing failure of the server is got over, except by a share, which may have been processed."""
    with Stub(refusal(503), operation[2]) as stub:
        if operation in SHARES:
            with pytest.raises(InternalServerError):
                call(stub.url, operation, 10)
        else:
            assert not isinstance(call(stub.url, operation, 10), AitronosError)
        assert stub.settle() == 0
        assert (1 if operation in SHARES else 2) == len(stub.seen)
