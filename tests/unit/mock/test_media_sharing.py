"""When a shared track plays: the rule, over a real store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from aitronos_mock.domain.digests import digest
from aitronos_mock.domain.errors import Gone, LinkGone
from aitronos_mock.domain.sharing import OpenedTrack
from aitronos_mock.mock import Mock
from aitronos_mock.store.sql import SQLStore

TRACK, IN_COLLECTION, REMOVED = "mtrack_b4d9e1c6a72f", "mtrack_0c5d7e9f1a2b", "mtrack_00000000dead"
NOT_SHARED = "mtrack_00000000f00d"
LIVING, COLLECTION, EMPTY = "mslink_00000000a000", "mslink_00000000a001", "mslink_00000000a002"
REVOKED, EXPIRED, TO_REMOVED = "mslink_00000000a003", "mslink_00000000a004", "mslink_00000000a005"
TO_REMOVED_COLLECTION, OPENS_TWICE, USED_UP = "mslink_00000000a006", "mslink_00000000a009", "mslink_00000000a00a"


@pytest.mark.parametrize(
    ("link", "track"),
    [(LIVING, TRACK), (COLLECTION, TRACK), (COLLECTION, IN_COLLECTION), (OPENS_TWICE, TRACK), (USED_UP, TRACK)],
)
def test_a_living_link_plays_what_it_shares(mock: Mock, link: str, track: str) -> None:
    """The track itself, or any of the collection; the limit of opens was for opening."""
    assert track == asyncio.run(mock.sharing.play(link, track)).id


def test_playing_counts_as_no_open(mock: Mock) -> None:
    """A link that opens twice still does after it played."""
    asyncio.run(mock.sharing.play(OPENS_TWICE, TRACK))

    for _ in range(2):
        assert isinstance(asyncio.run(mock.sharing.open("shr_opens_twice")), OpenedTrack)


@pytest.mark.parametrize(
    ("link", "track", "why"),
    [
        ("mslink_nowhere", TRACK, Gone.UNKNOWN),
        (REVOKED, TRACK, Gone.REVOKED),
        (EXPIRED, TRACK, Gone.EXPIRED),
        (TO_REMOVED, REMOVED, Gone.REMOVED),
        (TO_REMOVED_COLLECTION, TRACK, Gone.REMOVED),
        (COLLECTION, REMOVED, Gone.REMOVED),
        (EMPTY, TRACK, Gone.REMOVED),
        (LIVING, IN_COLLECTION, Gone.REMOVED),
        (COLLECTION, NOT_SHARED, Gone.REMOVED),
        (LIVING, "mtrack_nowhere", Gone.REMOVED),
    ],
)
def test_nothing_else_plays(mock: Mock, link: str, track: str, why: Gone) -> None:
    """Not by a dead link, not what was removed, and not what the link does not share, or no more."""
    with pytest.raises(LinkGone) as refused:
        asyncio.run(mock.sharing.play(link, track))

    assert why == refused.value.why


def test_a_link_stops_playing_when_it_expires(mock: Mock, advance: Callable[[float], None]) -> None:
    """The moment of its expiry is too late."""
    advance(30 * 86400 - 1)
    assert asyncio.run(mock.sharing.play(LIVING, TRACK)).id == TRACK

    advance(1)
    with pytest.raises(LinkGone):
        asyncio.run(mock.sharing.play(LIVING, TRACK))


@pytest.mark.parametrize(("token", "link"), [("shr_track", LIVING), ("shr_collection", COLLECTION)])
def test_a_store_finds_by_link_what_it_finds_by_token(store: SQLStore, token: str, link: str) -> None:
    """Both ways lead to the same link and content."""
    by_token: Any = asyncio.run(store.shared_content(digest(token)))

    assert link == by_token.link.id
    assert by_token == asyncio.run(store.content_of_link(link))


def test_a_store_knows_no_content_of_an_unknown_link(store: SQLStore) -> None:
    """There is nothing to find."""
    assert asyncio.run(store.content_of_link("mslink_nowhere")) is None
