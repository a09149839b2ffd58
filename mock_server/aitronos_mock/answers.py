"""An answer on its way out."""

from __future__ import annotations

import json
from asyncio import sleep
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson
from starlette.types import Send

Headers = list[tuple[bytes, bytes]]

WHOLE = "aitronos_mock.whole"
"""The type of a message that is a whole answer: `status`, `headers` and `body`.

ASGI has two messages for one, and what puts an answer into one piece again costs more than finding a share link. The
outermost layer knows it; servers see it as the two.
"""


class Sendable(Protocol):
    """What answers a request, whatever its body is made of."""

    async def __call__(self, send: Send) -> None:
        """Send it over ASGI, which has the message `WHOLE` too."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON body, with the headers that are this answer's own."""

    status: int
    body: Mapping[str, Any]
    headers: Headers = field(default_factory=list)

    def encoded(self) -> bytes:
        """The body as it goes over the wire."""
        try:
            return orjson.dumps(self.body)
        except orjson.JSONEncodeError:
            # An echoed value may hold a number beyond 64 bits, or half a surrogate pair, which JSON can escape and
            # UTF-8 cannot carry.
            return json.dumps(self.body, allow_nan=False, separators=(",", ":")).encode()

    async def __call__(self, send: Send) -> None:
        """Send it over ASGI."""
        body = self.encoded()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            *self.headers,
        ]
        await send({"type": WHOLE, "status": self.status, "headers": headers, "body": body})


@dataclass(frozen=True, slots=True)
class Empty:
    """A status that says all, with the headers that are this answer's own."""

    status: int
    headers: Headers = field(default_factory=list)

    async def __call__(self, send: Send) -> None:
        """Send it over ASGI."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": b""})


@dataclass(frozen=True, slots=True)
class Streamed:
    """A status and its headers, with a body that is made while it is sent, or none."""

    status: int
    headers: Headers
    chunks: Iterable[bytes] = ()

    async def __call__(self, send: Send) -> None:
        """Send it over ASGI, with the other requests getting their turns between the chunks."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        for chunk in self.chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await sleep(0)
        await send({"type": "http.response.body", "body": b""})
