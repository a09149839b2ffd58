"""Who opened what."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import httpx
import pytest

from aitronos_mock.audit import Audit, AuditEntry
from aitronos_mock.limits import Rate
from aitronos_mock.mock import Mock

Call = Callable[..., httpx.Response]


@pytest.mark.parametrize(
    ("token", "outcome", "link"),
    [
        ("shr_track", "opened", "mslink_00000000a000"),
        ("shr_collection", "opened", "mslink_00000000a001"),
        ("shr_removed_track", "removed", "mslink_00000000a005"),
        ("shr_revoked", "revoked", "mslink_00000000a003"),
        ("shr_expired", "expired", "mslink_00000000a004"),
        ("shr_used_up", "over_limit", "mslink_00000000a00a"),
        ("shr_nobody_knows", "unknown", None),
    ],
)
def test_every_resolve_is_audited(
    call: Call, mock: Mock, start: int, token: str, outcome: str, link: str | None
) -> None:
    """A resolve leaves one entry with its time, the client's address, what came of it, and the link."""
    call("GET", f"/v1/music/shared/{token}")

    assert [AuditEntry(start, "203.0.113.7", outcome, link)] == asyncio.run(mock.audit.entries())


def test_an_open_that_reaches_the_limit_meanwhile_is_audited_as_over_limit(call: Call, mock: Mock) -> None:
    """Opens are counted one by one: of three opens of a link that allows two, the third is over the limit."""
    for _ in range(3):
        call("GET", "/v1/music/shared/shr_opens_twice")

    assert ["opened", "opened", "over_limit"] == [entry.outcome for entry in asyncio.run(mock.audit.entries())]


def test_a_resolve_past_the_rate_is_audited_without_its_link(
    build: Callable[..., Mock], calling: Callable[..., Call], start: int
) -> None:
    """A resolve that the limiter stops is taken down too; its token was not looked up."""
    mock = build(rate=Rate(1, 1))
    call = calling(mock)
    call("GET", "/v1/music/shared/shr_track")
    call("GET", "/v1/music/shared/shr_track")

    assert AuditEntry(start, "203.0.113.7", "rate_limited", None) == asyncio.run(mock.audit.entries())[-1]


def test_nothing_but_resolves_is_audited(call: Call, mock: Mock) -> None:
    """Shares and saves leave no entry."""
    call("POST", "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share", "owner-key")
    call("POST", "/v1/music/shared/shr_track/save", "recipient-key")

    assert [] == asyncio.run(mock.audit.entries())


def test_the_log_tells_each_resolve_without_its_token(call: Call, caplog: pytest.LogCaptureFixture) -> None:
    """The audit's log line has the time, the address, the outcome and the link's id, and nothing that opens it."""
    caplog.set_level(logging.INFO, "aitronos_mock.audit")
    call("GET", "/v1/music/shared/shr_track")
    call("GET", "/v1/music/shared/shr_nobody_knows")

    said = [record.getMessage() for record in caplog.records if record.name == "aitronos_mock.audit"]
    assert [
        "2026-06-28T10:30:00Z resolve by 203.0.113.7: opened mslink_00000000a000",
        "2026-06-28T10:30:00Z resolve by 203.0.113.7: unknown -",
    ] == said


def test_the_oldest_entries_go_first() -> None:
    """Past its bound the audit forgets the oldest entry."""
    audit = Audit(max_entries=2)
    entries = [AuditEntry(second, "203.0.113.7", "unknown", None) for second in range(3)]
    for entry in entries:
        audit.record(entry)

    assert entries[1:] == asyncio.run(audit.entries())
