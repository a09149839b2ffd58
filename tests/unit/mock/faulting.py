"""What tests of faults share: a sleep and a connection that do as they are told, and the way to faults."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from starlette.types import ASGIApp, Message

from aitronos_mock.faults import Fault, FaultPlan
from aitronos_mock.faults.striking import HANG_UP
from aitronos_mock.mock import MockFaults

Call = Callable[..., httpx.Response]
Json = dict[str, Any]
TRACK = "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"
RESOLVE = "/v1/music/shared/shr_track"
OPERATIONS = ["shareTrack", "shareCollection", "resolveShare", "saveSharedTrack", "playTrack"]


def plan_of(**plan: Any) -> FaultPlan:
    """The plan that is written so."""
    return FaultPlan.from_json(plan)


def add(faults: MockFaults, **plan: Any) -> Fault:
    """Add a fault."""
    return asyncio.run(faults.add(plan_of(**plan)))


def items_of(faults: MockFaults) -> list[Fault]:
    """The faults that can still strike."""
    return asyncio.run(faults.items())


class Sleeper:
    """Stands in for sleep: takes down how long it was asked to sleep, and does so while it is told to."""

    def __init__(self, *, wakes: bool = True) -> None:
        self.slept: list[float] = []
        self.asleep = asyncio.Event()
        self._wakes = wakes

    async def __call__(self, seconds: float) -> None:
        """Sleep no longer than it takes to let others run, or for ever."""
        self.slept.append(seconds)
        self.asleep.set()
        await (asyncio.sleep(0) if self._wakes else asyncio.Event().wait())


class Connection:
    """A connection as a server offers it, down to the messages.

    It can be hung up, and its client can go before the answer, or close its side.
    """

    def __init__(
        self, app: ASGIApp, *, client_goes: bool = False, client_closes: bool = False, can_hang_up: bool = True
    ) -> None:
        self.hung_up = False
        self.sent: list[Message] = []
        self._app = app
        self._client_goes = client_goes
        self._client_closes = client_closes
        self._state = {HANG_UP: self._hang_up} if can_hang_up else {}

    def ask(self, method: str, path: str, *headers: tuple[bytes, bytes], **request: Any) -> None:
        """Make a request; it may have a query, and a body in pieces."""
        asyncio.run(self.asking(method, path, *headers, **request))

    async def asking(
        self,
        method: str,
        path: str,
        *headers: tuple[bytes, bytes],
        query: bytes = b"",
        body: tuple[bytes, ...] = (b"",),
    ) -> None:
        """Make a request, among other tasks."""
        scope = {
            "type": "http",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query,
            "headers": list(headers),
            "server": ("mock.test", 80),
            "client": ("203.0.113.7", 50000),
            "state": self._state,
        }
        await self._app(scope, self._receiver(list(body)), self._send)

    def _receiver(self, pieces: list[bytes]) -> Callable[[], Awaitable[Message]]:
        async def receive() -> Message:
            if pieces:
                return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}
            if self._client_closes:
                return {"type": "http.request", "body": b"", "more_body": False}
            if not self._client_goes:
                await asyncio.Event().wait()
            return {"type": "http.disconnect"}

        return receive

    async def _send(self, message: Message) -> None:
        assert not self.hung_up
        self.sent.append(message)

    def _hang_up(self) -> None:
        self.hung_up = True

    @property
    def body(self) -> bytes:
        """The body that was sent."""
        return b"".join(message.get("body", b"") for message in self.sent)

    @property
    def announced(self) -> int:
        """The length that was announced."""
        return int(dict(self.sent[0]["headers"])[b"content-length"])
