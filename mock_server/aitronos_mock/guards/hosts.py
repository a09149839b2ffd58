"""By which names the mock may be reached.

A page on the web can let its own name lead to this machine and then talk to the mock as if it were its own server ("DNS
rebinding"). The name still stands in `Host`, so one that nobody gave to the mock is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address

from ..errors import MALFORMED_REQUEST, Problem, TurnedAway
from ..exchange import AUTHORITY
from .names import address_of

_ALWAYS = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(address: str) -> bool:
    """Whether an address leads nowhere but to this machine."""
    return ip_address(address.partition("%")[0]).is_loopback


class Hosts:
    """The names of this machine for itself, which nobody else can own, and those that were named.

    Args:
        allowed: Further names and addresses as `host_of` gives them.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed = frozenset(allowed) | _ALWAYS
        # Clients send the same few all the time.
        self._refusal = lru_cache(256)(self._refusal_of)

    def __reduce__(self) -> tuple[type[Hosts], tuple[frozenset[str]]]:
        # Workers are told what the mock was told, and what is remembered of requests cannot be handed on.
        return Hosts, (self._allowed,)

    def require(self, authority: str) -> None:
        """Let a request pass whose `Host` is one of ours, whatever the port.

        Raises:
            TurnedAway: It is not, or it is no host at all.
        """
        refusal = self._refusal(authority)
        if refusal is not None:
            raise TurnedAway(refusal)

    def _refusal_of(self, authority: str) -> Problem | None:
        match = AUTHORITY.fullmatch(authority)
        if match is None:
            return MALFORMED_REQUEST
        host = (match[1] or match[2]).lower().removesuffix(".")
        is_known = host in self._allowed or self._is_ours(address_of(host))
        return None if is_known else _misdirected(host)

    def _is_ours(self, address: str | None) -> bool:
        return address is not None and (address in self._allowed or is_loopback(address))


def _misdirected(host: str) -> Problem:
    # Not 403: the request is refused for where it went, not for who sent it, and 421 says so (RFC 9110, 15.5.20).
    return Problem(
        421,
        "HOST_NOT_ALLOWED",
        "client_error",
        "This server does not answer to that name.",
        "The mock answers to localhost and to what --allowed-host names; start it with that to reach it by this host",
        {"host": host},
    )
