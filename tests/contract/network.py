"""No way out: whatever asks the interpreter for the network is refused, whichever library asks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_WAYS_OUT = frozenset(
    {
        "socket.connect",
        "socket.getaddrinfo",
        "socket.gethostbyaddr",
        "socket.gethostbyname",
        "socket.sendmsg",
        "socket.sendto",
    }
)
_is_blocked = False


class NetworkUsedError(Exception):
    """Something reached for the network. No OSError, since HTTP clients would take that for a server that is away."""


@contextmanager
def network(*, blocked: bool) -> Iterator[None]:
    """Close the network for a while, or open it again."""
    global _is_blocked
    before, _is_blocked = _is_blocked, blocked
    try:
        yield
    finally:
        _is_blocked = before


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if _is_blocked and event in _WAYS_OUT:
        raise NetworkUsedError(f"{event} without a cassette")


# An audit hook sees what the C code does, so that no patched name can be got round. It cannot be taken away again.
sys.addaudithook(_refuse)
