"""What the guards are told when the mock starts."""

from __future__ import annotations

from dataclasses import dataclass, field

from .names import Network


@dataclass(frozen=True, slots=True)
class GuardOptions:
    """What `aitronos-mock serve` is told about who may come in; see its help.

    Attributes:
        cors_origins: Pages that may read answers, besides those of this machine.
        allowed_hosts: Names by which the mock may be reached, besides those of this machine.
        trusted_proxies: Where proxies are whose word about their clients counts.
        control_token: What a client of the control plane has to show.
    """

    cors_origins: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[Network, ...] = ()
    control_token: str | None = field(default=None, repr=False)
