"""The network is closed to the tests of this folder, and the lock holds."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator

import httpx
import pytest

from aitronos import Aitronos

from .network import NetworkUsedError, network

Address = tuple[str, int]


@pytest.fixture
def listener() -> Iterator[Address]:
    """A server that would accept whoever comes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()


def connect(address: Address) -> None:
    """Knock the way most libraries do."""
    with socket.socket() as client:
        client.connect(address)


def connect_ex(address: Address) -> None:
    """Knock the way event loops do."""
    with socket.socket() as client:
        client.connect_ex(address)


def send_datagram(address: Address) -> None:
    """Send without connecting."""
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.sendto(b"?", address)


def look_up(address: Address) -> None:
    """Ask where a name leads."""
    socket.getaddrinfo("localhost", address[1])


def connect_in_a_loop(address: Address) -> None:
    """Knock from an event loop."""

    async def knock() -> None:
        with socket.socket() as client:
            client.setblocking(False)
            await asyncio.get_running_loop().sock_connect(client, address)

    asyncio.run(knock())


def get_with_httpx(address: Address) -> None:
    """Fetch a URL without a cassette."""
    httpx.get(f"http://{address[0]}:{address[1]}", trust_env=False)


def resolve_with_sdk(address: Address) -> None:
    """Make a call of the SDK without a cassette."""
    with Aitronos(base_url=f"http://{address[0]}:{address[1]}") as client:
        client.music.resolve_share("shr_unknown")


@pytest.mark.parametrize(
    "use",
    [connect, connect_ex, send_datagram, look_up, connect_in_a_loop, get_with_httpx, resolve_with_sdk],
)
def test_no_way_leads_out(use: Callable[[Address], None], listener: Address) -> None:
    """Whatever asks for the network is stopped, and no library takes that for a server that is away."""
    with pytest.raises(NetworkUsedError):
        use(listener)


@pytest.mark.parametrize("use", [connect, connect_ex, send_datagram, look_up, connect_in_a_loop])
def test_it_is_the_lock_that_stops(use: Callable[[Address], None], listener: Address) -> None:
    """The same ways lead out while the lock is off."""
    with network(blocked=False):
        use(listener)


def test_the_lock_comes_back(listener: Address) -> None:
    """An exception while the network was open leaves it closed."""
    with pytest.raises(ZeroDivisionError), network(blocked=False):
        raise ZeroDivisionError
    with pytest.raises(NetworkUsedError):
        connect(listener)
