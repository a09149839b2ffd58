"""A timeout that remembers its end."""

import socket
import ssl

import httpcore
import pytest

from aitronos import _clock
from aitronos._deadline import Backend, Until

from .stub import Connection, Stub, silence


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
            with pytest.raises(httpcore.ReadTimeout):
                stream.write(b"x", Until.of(_clock.monotonic() - 1))
        finally:
            stream.close()


def test_plain_timeouts_pass_through() -> None:
    """Calls that are not ours keep their timeouts."""
    with Stub(silence) as stub:
        stream = Backend(httpcore.SyncBackend()).connect_tcp("127.0.0.1", stub.port)
        try:
            with pytest.raises(httpcore.ReadTimeout):
                stream.read(1, 0.01)
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
