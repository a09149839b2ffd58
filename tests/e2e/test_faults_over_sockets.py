"""Faults as clients meet them: on a real connection, by a raw socket and by the SDK."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from aitronos import Aitronos
from aitronos.errors import APIConnectionError, APITimeoutError, InternalServerError, ResponseParseError

from .commands import API_KEY

TOKEN = "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"
SHARE = ("org_abc123", "mtrack_b4d9e1c6a72f")

Json = dict[str, Any]


class Sandbox:
    """A world of one's own on the mock of this module, and its faults."""

    def __init__(self, mock_url: str) -> None:
        made = httpx.post(f"{mock_url}/_mock/sandboxes", json={}).raise_for_status().json()
        self.url: str = made["base_url"]
        self._control: str = made["control_url"]

    def fail(self, **plan: Any) -> None:
        """Add a fault."""
        httpx.post(f"{self._control}/faults", json=plan).raise_for_status()

    def faults(self) -> list[Json]:
        """Those that can still strike."""
        listed: list[Json] = httpx.get(f"{self._control}/faults").raise_for_status().json()["items"]
        return listed

    def outcomes(self) -> list[str]:
        """What became of each open."""
        audit = httpx.get(f"{self._control}/audit").raise_for_status().json()
        return [entry["outcome"] for entry in audit["items"]]

    def requests(self, count: int) -> list[Json]:
        """What the journal has of opens, as soon as it has so many; `pytest-timeout` ends what does not come."""
        while len(found := self._requests()) < count:
            pass
        return found

    def _requests(self) -> list[Json]:
        found = httpx.get(f"{self._control}/requests", params={"operation": "resolveShare"}).raise_for_status().json()
        return list(found["items"])

    def received(self, token: str = TOKEN, times: int = 1) -> list[bytes]:
        """What opens in a row bring, piece by piece, until the server closes the connection after the last."""
        where = urlsplit(self.url)
        request = f"GET {where.path}/v1/music/shared/{token} HTTP/1.1\r\nHost: {where.netloc}\r\n"
        requests = f"{request}\r\n" * (times - 1) + f"{request}Connection: close\r\n\r\n"
        with socket.create_connection((where.hostname, where.port), timeout=30) as connection:
            connection.sendall(requests.encode())
            return list(iter(lambda: connection.recv(65536), b""))

    def answer(self) -> tuple[int, bytes]:
        """The length that one open announces, and the body that it brings."""
        head, _, body = b"".join(self.received()).partition(b"\r\n\r\n")
        return int(dict(line.split(b": ") for line in head.splitlines()[1:])[b"content-length"]), body

    def client(self, **options: Any) -> Aitronos:
        """The SDK, without a second attempt unless it is told to make one."""
        return Aitronos(API_KEY, base_url=self.url, **{"max_retries": 0, **options})


@pytest.fixture
def sandbox(mock_url: str) -> Sandbox:
    """A sandbox for this test alone."""
    return Sandbox(mock_url)


@pytest.fixture
def using(sandbox: Sandbox) -> Iterator[Callable[..., Aitronos]]:
    """Opens clients of the sandbox, and closes them in the end."""
    opened: list[Aitronos] = []

    def use(**options: Any) -> Aitronos:
        opened.append(sandbox.client(**options))
        return opened[-1]

    yield use
    for client in opened:
        client.close()


def test_a_connection_dropped_before_the_answer_brings_nothing(sandbox: Sandbox) -> None:
    """The socket ends without a byte, and the link was not opened."""
    sandbox.fail(drop="before", times=1)

    assert ([], []) == (sandbox.received(), sandbox.outcomes())


def test_a_body_that_breaks_off_was_announced_whole(sandbox: Sandbox) -> None:
    """Half of what was announced arrives before the connection ends, and the link was opened."""
    sandbox.fail(drop="mid_body", times=1)

    announced, body = sandbox.answer()

    assert announced // 2 == len(body)
    assert ["opened"] == sandbox.outcomes()


def test_a_truncated_body_is_all_that_was_announced(sandbox: Sandbox) -> None:
    """HTTP is whole, and the JSON in it ends in the middle."""
    sandbox.fail(body="truncated", times=1)

    announced, body = sandbox.answer()

    assert announced == len(body)
    assert body.startswith(b'{"kind":"track"')
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


def test_a_slow_body_comes_in_pieces(sandbox: Sandbox) -> None:
    """It is the real one in the end, and it does not come at once."""
    sandbox.fail(operation="resolveShare", body="slow", times=1)

    pieces = sandbox.received("shr_unknown")

    _, _, body = b"".join(pieces).partition(b"\r\n\r\n")
    assert "RESOURCE_NOT_FOUND" == json.loads(body)["error"]["code"]
    assert 1 < len(pieces)


def test_the_next_request_on_the_connection_is_answered(sandbox: Sandbox) -> None:
    """A spoilt body spoils no more than itself: the connection carries the next answer."""
    sandbox.fail(body="truncated", times=1)
    sandbox.fail(body="invalid_json", times=1)

    with httpx.Client() as client:
        answers = [client.get(f"{sandbox.url}/v1/music/shared/{TOKEN}") for _ in range(3)]

    assert ["{", "<", "{"] == [answer.text[0] for answer in answers]
    assert "track" == answers[-1].json()["kind"]


def test_a_drop_among_requests_in_a_row_ends_them_all(sandbox: Sandbox) -> None:
    """Of three requests sent at once the first is answered; the dropped second one takes the connection along."""
    sandbox.fail(nth=2, drop="before")

    received = b"".join(sandbox.received(times=3))

    assert 1 == received.count(b"HTTP/1.1 ")
    assert received.endswith(b"}")


def test_the_sdk_meets_a_dropped_connection(sandbox: Sandbox, using: Callable[..., Aitronos]) -> None:
    """A call that got no answer, or half of one, is a connection error."""
    sandbox.fail(drop="before", times=1)
    sandbox.fail(drop="mid_body", times=1)
    client = using()

    for _ in range(2):
        with pytest.raises(APIConnectionError):
            client.music.resolve_share(TOKEN)
    assert client.music.resolve_share(TOKEN).available


@pytest.mark.parametrize("body", ["truncated", "invalid_json"])
def test_the_sdk_meets_a_spoilt_body(sandbox: Sandbox, using: Callable[..., Aitronos], body: str) -> None:
    """A success that cannot be read is told from one that did not arrive."""
    sandbox.fail(operation="resolveShare", body=body, times=1)

    with pytest.raises(ResponseParseError):
        using().music.resolve_share(TOKEN)


@pytest.mark.parametrize("plan", [{"body": "slow"}, {"latency_ms": 60000}])
def test_the_sdk_does_not_wait_for_ever(sandbox: Sandbox, using: Callable[..., Aitronos], plan: Json) -> None:
    """A body that always goes on, and an answer that does not begin, both end with the client's timeout."""
    sandbox.fail(operation="resolveShare", times=1, **plan)

    with pytest.raises(APITimeoutError):
        using(timeout=0.5).music.resolve_share(TOKEN)


def test_who_hangs_up_during_a_latency_is_not_waited_for(sandbox: Sandbox) -> None:
    """The mock is done with the request long before the wait would end, and the link was not opened."""
    sandbox.fail(operation="resolveShare", latency_ms=60000)

    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{sandbox.url}/v1/music/shared/{TOKEN}", timeout=0.2)

    assert [None] == [entry["status"] for entry in sandbox.requests(1)]
    assert [] == sandbox.outcomes()


def test_the_sdk_gets_over_a_service_that_was_away(sandbox: Sandbox, using: Callable[..., Aitronos]) -> None:
    """A 503 is repeated until the service is back; without a further attempt it is an error of its own class."""
    sandbox.fail(operation="resolveShare", status=503, times=2)

    with pytest.raises(InternalServerError) as refused:
        using().music.resolve_share(TOKEN)
    view = using(max_retries=1).music.resolve_share(TOKEN)

    assert (503, "SERVICE_UNAVAILABLE") == (refused.value.status, refused.value.code)
    assert view.available
    assert [] == sandbox.faults()


def test_a_share_is_not_repeated_after_a_broken_answer(sandbox: Sandbox, using: Callable[..., Aitronos]) -> None:
    """It may have minted a link, and here it did: a second attempt would mint another one."""
    sandbox.fail(operation="shareTrack", drop="mid_body")

    with pytest.raises(APIConnectionError):
        using(max_retries=3).music.share_track(*SHARE)

    assert [1] == [fault["struck"] for fault in sandbox.faults()]
