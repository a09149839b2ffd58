"""A server on loopback that answers as a test tells it to, faults of the connection included."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

KEY = "your-api-key"
TOKEN = "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"
ORGANIZATION = "org_abc123"
TRACK = "mtrack_b4d9e1c6a72f"
COLLECTION = "mcoll_5e8a1d3f9c27"
SHARE_PATH = f"/v1/music/{ORGANIZATION}/tracks/{TRACK}/share"
RESOLVE_PATH = f"/v1/music/shared/{TOKEN}"
SAVE_PATH = f"{RESOLVE_PATH}/save"


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The decoded body."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """A response. What is not bytes is sent as JSON."""

    body: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """The bytes on the wire."""
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        headers = {
            "content-type": "application/json",
            "x-request-id": "req_stub1",
            "content-length": str(len(body)),
            **self.headers,
        }
        lines = [f"HTTP/1.1 {self.status} Reason", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """One connection, with the means to behave and to misbehave."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self._reader = sock.makefile("rb")

    def request(self) -> Seen | None:
        """Read a request, or find that there will be none."""
        line = self._reader.readline().decode().split()
        if not line:
            return None
        headers: dict[str, str] = {}
        while text := self._reader.readline().decode().strip():
            name, _, value = text.partition(": ")
            headers[name.lower()] = value
        return Seen(line[0], line[1], headers, self._reader.read(int(headers.get("content-length", 0))))

    def reset(self) -> None:
        """Close with a reset instead of a farewell."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        """Close."""
        self._reader.close()
        self.socket.close()

    def dribble(self, data: bytes, pause: float) -> None:
        """Send a byte at a time, until nobody listens."""
        with suppress(OSError):
            for byte in data:
                self.socket.sendall(bytes([byte]))
                time.sleep(pause)


Behaviour = Answer | Callable[[Connection, "Stub"], None]
"""An answer to the next request, or anything that a function does to the connection."""


class Stub:
    """The server. It shows the behaviours in turn and repeats the last one for ever."""

    def __init__(self, *behaviours: Behaviour) -> None:
        self.behaviours: list[Behaviour] = list(behaviours)
        self.seen: list[Seen] = []
        self.connections = 0
        self.open_connections = 0
        self._turn = 0
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self._threads: list[threading.Thread] = []
        self._live: set[Connection] = set()
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # Closing alone does not wake a thread that waits in accept or recv.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            live = list(self._live)
        for connection in live:
            with suppress(OSError):
                connection.socket.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)

    def answer(self, *behaviours: Behaviour) -> None:
        """Show these behaviours from now on."""
        with self._lock:
            self.behaviours, self._turn = list(behaviours), 0

    def settle(self) -> int:
        """Give closed connections a moment to be noticed, and count those that are still open."""
        end = time.monotonic() + 5
        while self.open_connections and time.monotonic() < end:
            time.sleep(0.002)
        return self.open_connections

    def next_behaviour(self) -> Behaviour:
        """The behaviour whose turn it is."""
        with self._lock:
            behaviour = self.behaviours[min(self._turn, len(self.behaviours) - 1)]
            self._turn += 1
            return behaviour

    def read(self, connection: Connection) -> Seen | None:
        """Read and note a request."""
        request = connection.request()
        if request is not None:
            self.seen.append(request)
        return request

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                with self._lock:
                    self.connections += 1
                    self.open_connections += 1
                self._start(self._serve, Connection(sock))

    def _serve(self, connection: Connection) -> None:
        with self._lock:
            self._live.add(connection)
        try:
            with suppress(OSError, ValueError):
                self._behave(connection)
        finally:
            with suppress(OSError):
                connection.close()
            with self._lock:
                self._live.discard(connection)
                self.open_connections -= 1

    def _behave(self, connection: Connection) -> None:
        while True:
            # A behaviour is due when a request comes, or when a connection does that is not to be read from.
            first = self.behaviours[min(self._turn, len(self.behaviours) - 1)]
            if not isinstance(first, Answer):
                behaviour = self.next_behaviour()
                assert not isinstance(behaviour, Answer)
                return behaviour(connection, self)
            if self.read(connection) is None:
                return None
            behaviour = self.next_behaviour()
            assert isinstance(behaviour, Answer)
            connection.socket.sendall(behaviour.encoded())


def reset_at_once(connection: Connection, stub: Stub) -> None:
    """Reset the connection as soon as it is made; the client may notice while connecting, or only when it sends."""
    connection.reset()


def reset_before_request(connection: Connection, stub: Stub) -> None:
    """Reset the connection when the request has arrived, and read nothing of it."""
    connection.socket.recv(1, socket.MSG_PEEK)
    connection.reset()


def reset_after_request(connection: Connection, stub: Stub) -> None:
    """Read the request, then reset."""
    stub.read(connection)
    connection.reset()


def reset_within_body(connection: Connection, stub: Stub) -> None:
    """Send half an answer, then reset."""
    if stub.read(connection):
        connection.socket.sendall(Answer(share_link()).encoded()[:-40])
        connection.reset()


def dribbled_body(connection: Connection, stub: Stub) -> None:
    """Send the head at once and the body a byte at a time."""
    if stub.read(connection):
        head, _, body = Answer(share_link()).encoded().partition(b"\r\n\r\n")
        connection.socket.sendall(head + b"\r\n\r\n")
        connection.dribble(body, 0.02)


def dribbled_head(connection: Connection, stub: Stub) -> None:
    """Send even the status line a byte at a time."""
    if stub.read(connection):
        connection.dribble(Answer(share_link()).encoded(), 0.02)


def silence(connection: Connection, stub: Stub) -> None:
    """Read the request and say nothing until the client goes away."""
    if stub.read(connection):
        connection.request()


class Sips:
    """Read little at a time, with pauses, so that there is always room for a little more."""

    TOO_MUCH = 20_000_000
    """Bytes. They take seconds to read, and do not fit into the buffers of the system."""

    def __init__(self) -> None:
        self.swallowed = 0
        self._hurried = threading.Event()

    def hurry(self) -> None:
        """Make no further pauses."""
        self._hurried.set()

    def __call__(self, connection: Connection, stub: Stub) -> None:
        """Read to the end. With little room the client hears of each sip soon."""
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        while sip := connection.socket.recv(32768):
            self.swallowed += len(sip)
            self._hurried.wait(0.002)


@contextmanager
def refusing() -> Iterator[str]:
    """The URL of a port that is taken and on which nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"


def share_link(**changes: object) -> dict[str, Any]:
    """The documented share link, with changes."""
    return {
        "id": "mslink_3a7f2c9e8b14",
        "token": TOKEN,
        "url": f"https://api.aitronos.com{RESOLVE_PATH}",
        "target_type": "track",
        "visibility": "link_only",
        "expires_at": "2026-07-28T10:30:00Z",
        "created_at": "2026-06-28T10:30:00Z",
        **changes,
    }


def track_view(**changes: object) -> dict[str, Any]:
    """The documented track, with changes."""
    licence = {
        "licence_class": "personal_only",
        "licence_version": "2026-01",
        "commercial_use": False,
        "requires_attribution": False,
    }
    return {
        "id": TRACK,
        "title": "Late Night Study",
        "engine": "studio",
        "mode": "creation",
        "measured_duration_seconds": 120.4,
        "instrumental": True,
        "playback_url": "https://cdn.aitronos.com/music/track/...signed",
        "licence": licence,
        **changes,
    }


def shared_track(**changes: object) -> dict[str, Any]:
    """The documented view of a track, with changes."""
    share = {"target_type": "track", "visibility": "link_only", "expires_at": "2026-07-28T10:30:00Z"}
    return {
        "kind": "track",
        "available": True,
        "message": None,
        "share": share,
        "track": track_view(),
        "collection": None,
        "tracks": None,
        **changes,
    }


def shared_collection(**changes: object) -> dict[str, Any]:
    """A view of a collection, with changes."""
    collection = {"id": COLLECTION, "name": "Quiet Hours", "description": None}
    return shared_track(kind="collection", track=None, collection=collection, tracks=[track_view()]) | changes


def library_edge(**changes: object) -> dict[str, Any]:
    """The documented library edge, with changes."""
    return {
        "id": "mlib_6d2f9a4c1e83",
        "track_id": TRACK,
        "source": "shared",
        "share_link_id": "mslink_3a7f2c9e8b14",
        "created_at": "2026-06-28T10:30:00Z",
        **changes,
    }


def envelope(status: object = 404, /, **changes: object) -> dict[str, Any]:
    """The documented error envelope of a link that does not open, with changes."""
    error = {
        "code": "RESOURCE_NOT_FOUND",
        "message": "This share link is no longer available.",
        "system_message": "Share token invalid, revoked, or expired",
        "type": "client_error",
        "status": status,
        "details": {},
        "trace_id": "req_jkl012mno",
        "timestamp": "2026-06-28T10:30:00Z",
        **changes,
    }
    return {"success": False, "error": error}


def refusal(status: int = 404, headers: Mapping[str, str] | None = None, /, **changes: object) -> Answer:
    """An answer with that envelope."""
    return Answer(envelope(status, **changes), status, headers or {})
