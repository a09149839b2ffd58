"""One mock: a world, the rules over it, and what stands at its door."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from .audit import Audit, AuditEntry
from .domain.ports import Clock, Ids
from .domain.sharing import Sharing
from .faults import Fault, FaultPlan, Faults, Strike
from .ids import NextIds
from .journal import Filters, Journal, RecordedRequest, TakenRequest
from .limits import Limiter
from .media import PlaybackSigner


class MockIds(Ids, Protocol):
    """The ids of the domain, and those of requests and playback URLs."""

    def playback(self) -> str:
        """What tells the playback URLs of an open from all before them."""
        ...

    def request(self) -> str:
        """A new request id."""
        ...

    @property
    def next_ids(self) -> NextIds:
        """What is still to be handed out before anything is drawn."""
        ...


class MockFaults(Protocol):
    """What goes wrong on purpose; see `faults.Faults`."""

    sleep: Callable[[float], Awaitable[object]]

    def __bool__(self) -> bool:
        """Whether any fault may be left."""
        ...

    async def add(self, plan: FaultPlan) -> Fault:
        """Let a plan take effect from the next request on.

        Raises:
            TooManyFaults: There is no room for another one.
        """
        ...

    async def items(self) -> list[Fault]:
        """Those that can still strike."""
        ...

    async def clear(self) -> None:
        """Take all faults away; the ids go on."""
        ...

    async def strike(self, operation: str, path: str) -> Strike | None:
        """What happens to a request to this operation at this path, or None where nothing does."""
        ...


class MockJournal(Protocol):
    """What was asked and answered; see `journal.Journal`."""

    def record(self, request: TakenRequest) -> None:
        """Take down a request; the oldest one goes when there are too many."""
        ...

    async def requests(self, filters: Filters) -> list[RecordedRequest]:
        """Those that are asked for, newest last."""
        ...

    async def clear(self) -> None:
        """Forget all of them."""
        ...


class MockAudit(Protocol):
    """Who opened what; see `audit.Audit`."""

    def record(self, entry: AuditEntry) -> None:
        """Take down one resolve; the oldest entry goes when there are too many."""
        ...

    async def entries(self) -> list[AuditEntry]:
        """The latest entries, newest last."""
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
    audit: MockAudit = field(default_factory=Audit)
    journal: MockJournal = field(default_factory=Journal)
    faults: MockFaults = field(default_factory=Faults)
