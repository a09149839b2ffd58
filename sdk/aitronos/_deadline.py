"""Make one deadline bound a blocking call, whatever the server dribbles.

httpx takes a timeout per read, so a server that sends a byte now and then is never late. A timeout that remembers the
moment at which it ends passes through httpx unchanged, and a network backend that knows of it asks the socket for no
more than what is left. Elsewhere, in a transport of the user's own, it is a plain number of seconds.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from weakref import WeakSet

import httpcore

from . import _clock

_PIECE = 2048
"""Bytes. A socket takes as many at once when it calls itself writable, so that no write waits twice.

It is BSD's mark of writability (`SO_SNDLOWAT`); that of Linux is higher.
"""


class Until(float):
    """Seconds, and the point of the monotonic clock at which they are over."""

    deadline: float

    @classmethod
    def of(cls, deadline: float) -> "Until":
        """The timeout that ends at the deadline. A passed deadline leaves a moment, since 0 means something else."""
        timeout = cls(max(deadline - _clock.monotonic(), 0.001))
        timeout.deadline = deadline
        return timeout


def _left(timeout: float | None, late: type[httpcore.TimeoutException] = httpcore.ReadTimeout) -> float | None:
    if not isinstance(timeout, Until):
        return timeout
    left = timeout.deadline - _clock.monotonic()
    if left <= 0:
        raise late("the deadline has passed")
    return left


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error
    return [str(sockaddr[0]) for *_, sockaddr in found]


_Done = TypeVar("_Done")


class _Stream(httpcore.NetworkStream):
    def __init__(
        self, inner: httpcore.NetworkStream, streams: WeakSet[httpcore.NetworkStream], connecting: Until | None = None
    ) -> None:
        self._inner = inner
        self._streams = streams
        self._connecting = connecting
        streams.add(self)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if timeout is None and self._connecting is not None:
            return self._shaking_hands(lambda left: self._inner.read(max_bytes, left))
        self._connecting = None
        return self._inner.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if timeout is None and self._connecting is not None:
            self._shaking_hands(lambda left: self._inner.write(buffer, left))
            return
        self._connecting = None
        if not isinstance(timeout, Until):
            self._inner.write(buffer, timeout)
            return
        # httpcore begins the timeout anew for whatever the socket does not take at once.
        for start in range(0, len(buffer), _PIECE):
            self._inner.write(buffer[start : start + _PIECE], _left(timeout, httpcore.WriteTimeout))

    def _shaking_hands(self, act: Callable[[float | None], _Done]) -> _Done:
        # httpcore waits for a SOCKS proxy without a limit. To its callers, the proxy belongs to connecting.
        try:
            return act(_left(self._connecting, httpcore.ConnectTimeout))
        except httpcore.TimeoutException as error:
            raise httpcore.ConnectTimeout(str(error)) from error

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._streams)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class Backend(httpcore.NetworkBackend):
    """A network backend whose streams keep deadlines."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner
        self._streams: WeakSet[httpcore.NetworkStream] = WeakSet()
        self._connecting = threading.local()

    def forget(self) -> None:
        """Close a forked child's copies of the sockets; the parent's connections live on."""
        for stream in list(self._streams):
            stream.close()

    def sleep(self, seconds: float) -> None:
        """Pause between the attempts at a connection that a transport of the user's makes, if the time allows it."""
        timeout = self._connecting.timeout
        if isinstance(timeout, Until) and timeout.deadline - _clock.monotonic() <= seconds:
            raise httpcore.ConnectTimeout("the deadline leaves no time for another attempt")
        self._inner.sleep(seconds)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers; all of them together have the time of one."""
        self._connecting.timeout = timeout
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in _addresses(host, port):
            left = _left(timeout, httpcore.ConnectTimeout)
            try:
                stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
                return _Stream(stream, self._streams, timeout if isinstance(timeout, Until) else None)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None
    ) -> httpcore.NetworkStream:
        self._connecting.timeout = timeout
        stream = self._inner.connect_unix_socket(path, _left(timeout, httpcore.ConnectTimeout), socket_options)
        return _Stream(stream, self._streams)
