"""One mock: a world, the rules over it, and what stands at its door."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from .audit import Audit
from .domain.ports import Clock, Ids
from .domain.sharing import Sharing
from .faults import Faults
from .journal import Journal
from .limits import Limiter
from .media import PlaybackSigner


class MockIds(Ids, Protocol):
    """The ids of the domain, and those of requests and playback URLs."""

    def playback(self) -> str:
        """What tells a new playback URL from all before it."""
        ...

    def request(self) -> str:
        """A new request id."""
        ...


@dataclass(frozen=True, slots=True)
class Mock:
    """What the handlers of one mock work with.

    Attributes:
        sharing: The rules, over their store.
        clock: The one clock, for expiry, signed URLs, the rate windows and timestamps.
        ids: The one source of ids.
        signer: Mints playback URLs, and knows them again.
        resolve_limiter: Limits resolves per client IP address; None is no limit.
        path: What stands between the server's address and the paths of the API.
        audit: Takes down each resolve.
        journal: Takes down each request.
        faults: What goes wrong on purpose.
    """

    sharing: Sharing
    clock: Clock
    ids: MockIds
    signer: PlaybackSigner
    resolve_limiter: Limiter | None
    path: str = ""
    audit: Audit = field(default_factory=Audit)
    journal: Journal = field(default_factory=Journal)
    faults: Faults = field(default_factory=Faults)
