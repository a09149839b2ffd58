"""A timeout that remembers its end."""

import socket
import ssl
from contextlib import nullcontext
from typing import Any

import httpcore
import pytest

from aitronos import _clock
from aitronos._deadline import Backend, Until

from .stub import Connection, Sips, Stub, refusing, silence


def test_until_is_a_number_of_seconds() -> None:
    """Where nobody knows of deadlines, it is the seconds that were left."""
    timeout = Until.of(_clock.monotonic() + 5)
    assert 4 < timeout <= 5


def test_until_is_never_nothing() -> None:
    """To a socket 0 means not to wait at all and to httpx no timeout is none; so a passed deadline leaves a moment."""
    assert Until.of(_clock.monotonic() - 5) == 0.001


def test_a_passed_deadline_asks_nothing_of_the_socket() -> None:
    """What is late is late, whatever the socket has to offer."""
    with Stub(silence) as stub:
        stream = Backend(httpcore.SyncBackend()).connect_tcp("127.0.0.1", stub.port)
        try:
            with pytest.raises(httpcore.ReadTimeout):
                stream.read(1, Until.of(_clock.monotonic() - 1))
            with pytest.raises(httpcore.WriteTimeout):
                stream.write(b"x", Until.of(_clock.monotonic() - 1))
        finally:
            stream.close()


def test_a_reader_that_sips_does_not_prolong_a_write() -> None:
    """Each sip makes room for more, and none of them for more time."""
    sips = Sips()
    with Stub(sips) as stub:
        stream = Backend(httpcore.SyncBackend()).connect_tcp("127.0.0.1", stub.port)
        try:
            with pytest.raises(httpcore.WriteTimeout):
                stream.write(bytes(Sips.TOO_MUCH), Until.of(_clock.monotonic() + 0.5))
        finally:
            sips.hurry()
            stream.close()
    assert 0 < sips.swallowed < Sips.TOO_MUCH


def test_plain_timeouts_pass_through() -> None:
    """Calls that are not ours keep their timeouts."""
    with Stub(silence) as stub:
        stream = Backend(httpcore.SyncBackend()).connect_tcp("127.0.0.1", stub.port)
        try:
            with pytest.raises(httpcore.ReadTimeout):
                stream.read(1, 0.01)
            stream.write(b"GET / HTTP/1.1\r\n\r\n", 5)
        finally:
            stream.close()


def test_unix_sockets_keep_deadlines_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A user's client may talk over a Unix socket."""
    path = str(tmp_path_factory.mktemp("s") / "s")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        stream = Backend(httpcore.SyncBackend()).connect_unix_socket(path)
        try:
            with pytest.raises(httpcore.ReadTimeout):
                stream.read(1, Until.of(_clock.monotonic() - 1))
            assert stream.get_extra_info("socket") is not None
        finally:
            stream.close()


def test_tls_keeps_the_deadline() -> None:
    """A server that is silent in the middle of the handshake is not waited for beyond the deadline."""

    def mute(connection: Connection, stub: Stub) -> None:
        while connection.socket.recv(1024):
            pass

    with Stub(mute) as stub:
        stream = Backend(httpcore.SyncBackend()).connect_tcp("127.0.0.1", stub.port)
        try:
            with pytest.raises(httpcore.ConnectTimeout):
                stream.start_tls(ssl.create_default_context(), "localhost", Until.of(_clock.monotonic() + 0.05))
        finally:
            stream.close()


def _connected(stub: Stub, seconds: float) -> tuple[httpcore.NetworkStream, Until]:
    """A connection, and the timeout within which it was to come about."""
    timeout = Until.of(_clock.monotonic() + seconds)
    return Backend(httpcore.SyncBackend()).connect_tcp("127.0.0.1", stub.port, timeout), timeout


def test_a_silent_proxy_keeps_the_deadline() -> None:
    """The handshake of a SOCKS proxy gets no time of its own from httpcore, so it has what connecting left."""
    with Stub(silence) as stub:
        stream, timeout = _connected(stub, 0.05)
        try:
            with pytest.raises(httpcore.ConnectTimeout):
                stream.read(1)
            timeout.deadline = _clock.monotonic() - 1
            with pytest.raises(httpcore.ConnectTimeout):
                stream.write(b"\x05")
        finally:
            stream.close()


def test_a_handshake_in_time_is_one() -> None:
    """What a proxy says within the time is heard."""

    def echo(connection: Connection, stub: Stub) -> None:
        connection.socket.sendall(connection.socket.recv(1))

    with Stub(echo) as stub:
        stream, _ = _connected(stub, 5)
        stream.write(b"\x05")
        assert stream.read(1) == b"\x05"
        stream.close()


@pytest.mark.parametrize("first", ["read", "write"])
def test_the_time_for_connecting_ends_with_the_handshake(first: str) -> None:
    """A later call over the connection that has no timeout, as one of the user's may, has none."""

    def greet(connection: Connection, stub: Stub) -> None:
        connection.socket.sendall(b"12")
        while connection.socket.recv(1024):
            pass

    with Stub(greet) as stub:
        stream, timeout = _connected(stub, 5)
        if first == "read":
            assert stream.read(1, 5) == b"1"
        else:
            stream.write(b"x", 5)
        timeout.deadline = _clock.monotonic() - 1
        assert stream.read(1) == {"read": b"2", "write": b"1"}[first]
        stream.close()


class Dozing(httpcore.SyncBackend):
    """A network whose pauses are noted instead of made."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Note the pause."""
        self.pauses.append(seconds)


@pytest.mark.parametrize(("timeout", "pauses"), [(None, [0.5, 99]), (1, [0.5, 99]), (60, [0.5])])
def test_pauses_between_connections(timeout: float | None, pauses: list[float]) -> None:
    """A pause before another connection is made if the deadline leaves that much; a plain timeout does not limit it."""
    inner = Dozing()
    backend = Backend(inner)
    limit = Until.of(_clock.monotonic() + timeout) if timeout == 60 else timeout
    with Stub(silence) as stub:
        backend.connect_tcp("127.0.0.1", stub.port, limit).close()
    for seconds in (0.5, 99):
        with nullcontext() if seconds in pauses else pytest.raises(httpcore.ConnectTimeout, match="no time for"):
            backend.sleep(seconds)
    assert inner.pauses == pauses


def test_forgotten_streams_are_closed() -> None:
    """A backend that belongs to another process lets go of every socket that it made."""
    with Stub(silence) as stub:
        backend = Backend(httpcore.SyncBackend())
        streams = [backend.connect_tcp("127.0.0.1", stub.port) for _ in range(3)]
        backend.forget()
        assert stub.settle() == 0
        assert [stream.get_extra_info("socket").fileno() for stream in streams] == [-1] * 3


@pytest.fixture
def two_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the name `two.test` have two addresses."""
    look_up = socket.getaddrinfo

    def known(host: str, port: int, *arguments: Any, **options: Any) -> Any:
        hosts = ["127.0.0.2", "127.0.0.1"] if host == "two.test" else [host]
        return [found for name in hosts for found in look_up(name, port, *arguments, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", known)


@pytest.mark.usefixtures("two_addresses")
def test_the_second_address_answers() -> None:
    """An address that refuses does not stand in the way of the next."""

    def greet(connection: Connection, stub: Stub) -> None:
        connection.socket.sendall(b"hello")

    with Stub(greet) as stub:
        stream = Backend(Elsewhere()).connect_tcp("two.test", stub.port, Until.of(_clock.monotonic() + 5))
        assert stream.read(5, 5) == b"hello"
        stream.close()


@pytest.mark.usefixtures("two_addresses")
def test_no_address_answers() -> None:
    """What the last address said is what went wrong."""
    with refusing() as url, pytest.raises(httpcore.ConnectError, match="refused"):
        Backend(Elsewhere()).connect_tcp("two.test", int(url.rpartition(":")[2]), Until.of(_clock.monotonic() + 5))


@pytest.mark.usefixtures("two_addresses")
def test_the_addresses_share_the_time() -> None:
    """Once the time is up no further address is tried."""
    late = Until(1)
    late.deadline = _clock.monotonic() - 1
    with Stub(silence) as stub:
        with pytest.raises(httpcore.ConnectTimeout):
            Backend(Elsewhere()).connect_tcp("two.test", stub.port, late)
        assert stub.connections == 0


class Elsewhere(httpcore.SyncBackend):
    """A network in which only one address lives; loopback would answer at all of them."""

    def connect_tcp(self, host: str, *arguments: Any, **options: Any) -> httpcore.NetworkStream:
        """Refuse all but one."""
        if host != "127.0.0.1":
            raise httpcore.ConnectError("refused")
        return super().connect_tcp(host, *arguments, **options)


@pytest.mark.parametrize("found", [[], OSError("no such host")])
def test_a_host_without_an_address(monkeypatch: pytest.MonkeyPatch, found: object) -> None:
    """A name that leads nowhere is a failed connection."""

    def look_up(*arguments: object, **options: object) -> object:
        if isinstance(found, OSError):
            raise found
        return found

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(httpcore.ConnectError, match=r"no such host|host has no address"):
        Backend(httpcore.SyncBackend()).connect_tcp("host", 80, 1)
