"""Who is behind a proxy, as far as the proxy may be believed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address

from ..exchange import AUTHORITY, NOT_FORWARDED, Exchange, Forwarded
from .names import Network

_Address = IPv4Address | IPv6Address

_SCHEME = re.compile("https?")


class Proxies:
    """The proxies whose word about their clients counts.

    Args:
        trusted: Where they are.
    """

    def __init__(self, trusted: Iterable[Network] = ()) -> None:
        self._trusted = tuple(trusted)

    def forwarded(self, exchange: Exchange) -> Forwarded:
        """What a trusted proxy says about a request; nothing where the peer is none, or says it in no known form."""
        peer = _address(exchange.client_ip) if self._trusted else None
        if peer is None or not self._trusts(peer):
            return NOT_FORWARDED
        return Forwarded(
            self._client(exchange.fields("x-forwarded-for")),
            _single(exchange.fields("x-forwarded-proto"), _SCHEME),
            _single(exchange.fields("x-forwarded-host"), AUTHORITY),
        )

    def _client(self, fields: list[str]) -> str | None:
        """The rightmost hop that is no proxy of ours: what stands left of it, anybody may have written."""
        hops = [_hop(hop.strip()) for hop in ",".join(fields).split(",")] if fields else []
        for hop in reversed(hops):
            if hop is None:
                return None
            if not self._trusts(hop):
                return str(hop)
        return str(hops[0]) if hops else None

    def _trusts(self, address: _Address) -> bool:
        return any(address in network for network in self._trusted)


def _hop(text: str) -> _Address | None:
    # Some proxies add the port.
    match = AUTHORITY.fullmatch(text)
    return _address(match[1] or match[2] if match else text)


def _address(text: str) -> _Address | None:
    """An address; one of IPv4 that is written as one of IPv6 is one of IPv4."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _single(fields: list[str], form: re.Pattern[str]) -> str | None:
    return fields[0] if len(fields) == 1 and form.fullmatch(fields[0]) else None
