"""All guards, in the order in which a request meets them."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..answers import Sendable
from ..errors import MALFORMED_REQUEST, TurnedAway
from ..exchange import Exchange
from . import cors
from .control import ControlAccess
from .hosts import Hosts, is_loopback
from .options import GuardOptions
from .origins import Origins
from .proxies import Proxies

CONTROL_PREFIX = "/_mock"
"""Where the control plane is, below the server and below each sandbox."""


class NoAllowedHost(Exception):
    """The mock is to be reached from elsewhere, and nobody said by which name; the message is one line."""


@dataclass(frozen=True, slots=True)
class Door:
    """What stands between the network and the router.

    Attributes:
        origins: Pages that may read answers.
        proxies: Proxies whose word about their clients counts.
        hosts: Names by which the mock may be reached; None where no network leads to it.
        control: Who may use the control plane.
    """

    origins: Origins = field(default_factory=Origins)
    proxies: Proxies = field(default_factory=Proxies)
    hosts: Hosts | None = None
    control: ControlAccess = field(default_factory=ControlAccess)

    def admit(self, exchange: Exchange) -> Sendable | None:
        """Let a request in, with what is known about it and its answer noted, or answer it right here.

        Raises:
            TurnedAway: It is refused. The page that sent it may read so, if it may read anything.
        """
        exchange.headers += cors.sharing(exchange, self.origins)
        if self.hosts is not None:
            _require_host(exchange, self.hosts)
        exchange.forwarded = self.proxies.forwarded(exchange)
        if self.hosts is not None and exchange.forwarded.host is not None:
            # The page of a rebound name could speak through a proxy on this machine.
            self.hosts.require(exchange.forwarded.host)
        if asked := cors.preflight(exchange, self.origins):
            exchange.is_recorded = False
            return asked
        if exchange.path.startswith(CONTROL_PREFIX):
            exchange.is_recorded = False
            self.control.require(exchange)
        return None


def door_for(options: GuardOptions, bound_to: str) -> Door:
    """The guards of a server that is going to be bound to this address.

    Raises:
        NoAllowedHost: The address can be reached from elsewhere, and no name for it was given.
    """
    is_private = is_loopback(bound_to)
    if not is_private and not options.allowed_hosts:
        advice = "add --allowed-host with the name or address by which clients will reach the mock"
        raise NoAllowedHost(f"{bound_to} can be reached from other machines; {advice}")
    origins = Origins(options.cors_origins)
    token = options.control_token
    # Behind a name or a proxy of its own, others reach a mock that listens to this machine alone.
    is_reachable = not is_private or bool(options.allowed_hosts or options.trusted_proxies)
    control = ControlAccess(origins, token, is_off=is_reachable and token is None)
    return Door(origins, Proxies(options.trusted_proxies), Hosts(options.allowed_hosts), control)


def _require_host(exchange: Exchange, hosts: Hosts) -> None:
    named = exchange.fields("host")
    if len(named) == 1:
        hosts.require(named[0])
    elif named or exchange.http_version != "1.0":
        # RFC 9112, 3.2: one, and only HTTP/1.0 may leave it out, which no browser speaks.
        raise TurnedAway(MALFORMED_REQUEST)
