"""A server in a thread of its own, and connections to it."""

from __future__ import annotations

import asyncio
import http.client
import io
import json
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from starlette.types import Receive, Scope, Send

from aitronos_mock.bounds import Bounds
from aitronos_mock.mock import Mock
from aitronos_mock.server import Server, listen

PATIENCE_SECONDS = 20
"""A server that does not answer fails the test instead of stopping it."""


LARGE_BYTES = 16 * 1024 * 1024
"""More than the systems at both ends take from a server whose client reads nothing."""


class Answer(NamedTuple):
    """What came back for one request."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """The code in the envelope."""
        return str(json.loads(self.body)["error"]["code"])


class Client:
    """One connection, spoken over byte by byte."""

    def __init__(self, address: Any) -> None:
        self.socket = socket.create_connection(address, timeout=PATIENCE_SECONDS)
        self.stream = self.socket.makefile("rb")

    def send(self, *data: bytes) -> None:
        """Send all of it, piece by piece."""
        for each in data:
            self.socket.sendall(each)

    def answer(self, method: str = "GET") -> Answer:
        """The next answer."""
        response = http.client.HTTPResponse(_Kept(self.stream), method=method)  # type: ignore[arg-type] # it makes a file of it, and no more
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read())

    def rest(self) -> bytes:
        """What else comes until the server closes the connection."""
        return self.stream.read()

    def is_silent(self, seconds: float) -> bool:
        """Whether nothing comes within so many seconds, not even an end."""
        return not select.select([self.socket], [], [], seconds)[0]

    def shut(self) -> None:
        """Say that nothing more will be sent, and go on listening."""
        self.socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Hang up."""
        self.stream.close()
        self.socket.close()


class _Kept:
    """A stream that is there for the next answer too."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self.read, self.readline, self.readinto = stream.read, stream.readline, stream.readinto

    def makefile(self, _: str) -> Any:
        """Itself."""
        return self

    def close(self) -> None:
        """Leave the rest for the next answer."""

    def flush(self) -> None:
        """Nothing was written."""


class Application:
    """Answers by path, with what it got as a JSON body.

    `/read` reads the body first, and gives the header as it is then. `/early` does not. `/half` sends a part of its
    answer, and the rest once `release` was called. `/held` waits for that before it begins. `/large` gives
    `LARGE_BYTES` of nothing.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._released = asyncio.Event()
        self.seen: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the lifespan of the server."""
        if scope["type"] == "lifespan":
            self._loop = asyncio.get_running_loop()
            for _ in range(2):
                message = await receive()
                await send({"type": f"{message['type']}.complete"})
            return
        self.seen.append(scope["path"])
        if scope["path"] == "/held":
            await self._released.wait()
        size = await _read(receive) if scope["path"] == "/read" else 0
        if size is None:
            return
        body = json.dumps({"size": size, "names": [name.decode() for name, _ in scope["headers"]]}).encode()
        if scope["path"] == "/large":
            body = bytes(LARGE_BYTES)
        length = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        await send({"type": "http.response.body", "body": body[:1], "more_body": True})
        if scope["path"] == "/half":
            await self._released.wait()
        await send({"type": "http.response.body", "body": body[1:]})

    def release(self) -> None:
        """Let those that are held go on."""
        assert self._loop
        with suppress(RuntimeError):  # It ended already, and nobody is held any more.
            self._loop.call_soon_threadsafe(self._released.set)


async def _read(receive: Receive) -> int | None:
    """How large the body is, or None where the client went."""
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        size += len(message["body"])
        if not message["more_body"]:
            return size


class Running:
    """A server, what it runs, and ways to reach and to end it."""

    def __init__(self, mock: Mock, bounds: Bounds) -> None:
        self.app = Application()
        self._listener = listen("127.0.0.1", 0)
        ready = threading.Event()
        self._server = Server(self.app, lambda: mock, bounds, ready.set)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]})
        self._thread.start()
        assert ready.wait(PATIENCE_SECONDS)
        self._clients: list[Client] = []

    def connect(self) -> Client:
        """Another connection."""
        client = Client(self._listener.getsockname())
        self._clients.append(client)
        return client

    def ask(self, *data: bytes) -> tuple[Client, Answer]:
        """Another connection with this sent over it, and the first answer."""
        client = self.connect()
        client.send(*data)
        return client, client.answer()

    def stop(self) -> bool:
        """End it; whether it ended."""
        self._server.should_exit = True
        self._thread.join(PATIENCE_SECONDS)
        return not self._thread.is_alive()

    def close(self) -> None:
        """End it, whatever is under way."""
        for client in self._clients:
            client.close()
        self.app.release()
        assert self.stop()


@contextmanager
def running(mock: Mock, bounds: Bounds) -> Iterator[Running]:
    """A server within these bounds."""
    server = Running(mock, bounds)
    try:
        yield server
    finally:
        server.close()
