"""As little of an HTTP client as the writers need: the machine's time shall go to the mock."""

from __future__ import annotations

import asyncio
import json
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What was answered.

    Attributes:
        status: The status.
        headers: The headers, by their names in lower case.
        body: The JSON body.
    """

    status: int
    headers: dict[str, str]
    body: Any


class Connection:
    """A connection to a mock that is kept.

    Args:
        url: Of the mock.
    """

    def __init__(self, url: str) -> None:
        self._host, _, self._port = url.removeprefix("http://").partition(":")

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(self._host, int(self._port))

    async def get(self, path: str) -> Answer:
        """Get what is at a path.

        Raises:
            OSError: The connection is gone.
            asyncio.IncompleteReadError: It went before the answer was whole.
        """
        return await self._ask(f"GET {path}", "")

    async def post(self, path: str, key: str) -> Answer:
        """Post nothing to a path.

        Raises:
            OSError: The connection is gone.
            asyncio.IncompleteReadError: It went before the answer was whole.
        """
        return await self._ask(f"POST {path}", f"X-API-Key: {key}\r\nContent-Length: 0\r\n")

    async def _ask(self, line: str, fields: str) -> Answer:
        self._writer.write(f"{line} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n{fields}\r\n".encode())
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:-2])}
        body = await self._reader.readexactly(int(headers["content-length"]))
        return Answer(int(head[0].split()[1]), headers, json.loads(body))

    def close(self) -> None:
        """Let go of it, whatever is still to come."""
        self._writer.transport.abort()
