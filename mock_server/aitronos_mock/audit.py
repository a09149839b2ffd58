"""Who opened what: every resolve by client IP address."""

from __future__ import annotations

import logging
from typing import NamedTuple

from .clock import timestamp
from .records import MAX_ENTRIES, Records, Room

logger = logging.getLogger("aitronos_mock.audit")

_ENTRY_BYTES = 300


class AuditEntry(NamedTuple):
    """One resolve.

    Attributes:
        time: Unix seconds.
        client_ip: Who asked.
        outcome: `opened`, `removed`, `unknown`, `revoked`, `expired`, `over_limit` or `rate_limited`.
        share_link_id: The link, where the token has one; never the token.
    """

    time: float
    client_ip: str
    outcome: str
    share_link_id: str | None


class Audit:
    """The latest resolves, and a log line for each on the logger `aitronos_mock.audit`.

    Args:
        max_entries: How many.
        room: What is shared with other records; None is room of its own.
    """

    def __init__(self, max_entries: int = MAX_ENTRIES, room: Room | None = None) -> None:
        self._entries: Records[AuditEntry] = Records(lambda _: _ENTRY_BYTES, max_entries, room)

    def record(self, entry: AuditEntry) -> None:
        """Take down one resolve; the oldest entry goes when there are too many."""
        self._entries.add(entry)
        log_resolve(entry)

    async def entries(self) -> list[AuditEntry]:
        """The latest entries, newest last."""
        return list(self._entries)


def log_resolve(entry: AuditEntry) -> None:
    """Write the log line of one resolve."""
    if logger.isEnabledFor(logging.INFO):
        at, link_id = timestamp(entry.time), entry.share_link_id or "-"
        logger.info("%s resolve by %s: %s %s", at, entry.client_ip, entry.outcome, link_id)
