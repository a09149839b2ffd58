"""An answer on its way out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Send

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON body, with the headers that are this answer's own."""

    status: int
    body: Mapping[str, Any]
    headers: Headers = field(default_factory=list)

    def encoded(self) -> bytes:
        """The body as it goes over the wire."""
        try:
            return json.dumps(self.body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        except UnicodeEncodeError:
            # An echoed value may hold half a surrogate pair, which JSON can escape and UTF-8 cannot carry.
            return json.dumps(self.body, allow_nan=False, separators=(",", ":")).encode()

    async def __call__(self, send: Send) -> None:
        """Send it over ASGI."""
        body = self.encoded()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            *self.headers,
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
