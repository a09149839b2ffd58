"""The rules of share links, over a real store, without HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aitronos_mock.domain.digests import digest
from aitronos_mock.domain.errors import (
    CollectionNotFound,
    CollectionNotSaveable,
    Gone,
    LinkGone,
    NotAMember,
    TrackNotFound,
)
from aitronos_mock.domain.models import LibraryEdge, ShareLink, User, World
from aitronos_mock.domain.ports import DuplicateId
from aitronos_mock.domain.sharing import (
    MintedLink,
    OpenedCollection,
    OpenedTrack,
    RemovedContent,
    ShareTerms,
    Sharing,
)
from aitronos_mock.ids import RandomIds
from aitronos_mock.store.sql import SQLStore
from aitronos_mock.store.sqlite import SQLiteDatabase

DAY = 86400
OWNER, FELLOW, OUTSIDER, RECIPIENT = (User(f"user_{name}") for name in ("owner", "fellow", "outsider", "recipient"))
ORGANIZATION, TRACK, COLLECTION = "org_abc123", "mtrack_b4d9e1c6a72f", "mcoll_5e8a1d3f9c27"
DEFAULTS = ShareTerms()


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What a rule answers."""
    return asyncio.run(coroutine)


@pytest.fixture
def sharing(store: SQLStore, clock: Any, ids: RandomIds) -> Sharing:
    """The rules, over the small world."""
    return Sharing(store, clock, ids)


@pytest.mark.parametrize(("key", "user"), [("owner-key", OWNER), ("recipient-key", RECIPIENT), ("", None), ("x", None)])
def test_a_key_is_looked_up(sharing: Sharing, key: str, user: User | None) -> None:
    """A key belongs to whoever holds it, or to nobody; its form does not matter."""
    assert user == run(sharing.authenticate(key))


def test_a_share_mints_a_link_with_a_token(sharing: Sharing, start: int) -> None:
    """By default a new link is for link holders and never expires."""
    minted = run(sharing.share_track(OWNER, ORGANIZATION, TRACK, DEFAULTS))

    link = ShareLink("mslink_000000000001", "track", TRACK, "link_only", start)
    assert MintedLink(link, "shr_00000000000000000000000000000002") == minted


def test_a_minted_link_is_kept(sharing: Sharing, store: SQLStore, start: int) -> None:
    """A collection's link is found by the digest of its token, with the terms of its share."""
    minted = run(sharing.share_collection(OWNER, ORGANIZATION, COLLECTION, ShareTerms("public", 2)))

    kept = run(store.shared_content(digest(minted.token)))
    assert ShareLink("mslink_000000000001", "collection", COLLECTION, "public", start, start + 2 * DAY) == kept.link


@pytest.mark.parametrize(
    ("days", "lifetime"),
    [(1, DAY), (30, 30 * DAY), (90, 90 * DAY), (91, 90 * DAY), (10**100, 90 * DAY), (None, None)],
)
def test_a_lifetime_is_cut_to_ninety_days(sharing: Sharing, start: int, days: int | None, lifetime: int | None) -> None:
    """A link expires after days of exactly 24 hours, at most 90 of them, or never."""
    link = run(sharing.share_track(OWNER, ORGANIZATION, TRACK, ShareTerms(lifetime_days=days))).link

    assert (None if lifetime is None else start + lifetime) == link.expires_at


def test_sharing_again_mints_another_link(sharing: Sharing) -> None:
    """Each share of the same track has its own id and token, and the first one goes on to open."""
    first, second = (run(sharing.share_track(OWNER, ORGANIZATION, TRACK, DEFAULTS)) for _ in range(2))

    assert first.link.id != second.link.id
    assert first.token != second.token
    assert [first.link, second.link] == [run(sharing.open(each.token)).link for each in (first, second)]


@pytest.mark.parametrize("caller", [OUTSIDER, RECIPIENT, User("user_nobody")])
@pytest.mark.parametrize("organization", [ORGANIZATION, "org_nowhere"])
def test_only_members_share(sharing: Sharing, caller: User, organization: str) -> None:
    """Whoever does not belong to the organization may not share in it, and neither may anybody where there is none."""
    for share, target in ((sharing.share_track, TRACK), (sharing.share_collection, COLLECTION)):
        with pytest.raises(NotAMember) as refused:
            run(share(caller, organization, target, DEFAULTS))
        assert organization == refused.value.organization_id


@pytest.mark.parametrize(
    ("caller", "track"),
    [
        (OWNER, "mtrack_unknown"),
        (OWNER, "mtrack_00000000dead"),
        (OWNER, "mtrack_00000000e15e"),
        (OWNER, "mtrack_00000000f00d"),
        (FELLOW, TRACK),
    ],
)
def test_only_the_owner_shares_a_track(sharing: Sharing, caller: User, track: str) -> None:
    """A track that is unknown, removed, of another organization or of another member is not found."""
    with pytest.raises(TrackNotFound) as refused:
        run(sharing.share_track(caller, ORGANIZATION, track, DEFAULTS))

    assert track == refused.value.track_id


@pytest.mark.parametrize(
    ("caller", "collection"),
    [
        (OWNER, "mcoll_unknown"),
        (OWNER, "mcoll_00000000dead"),
        (OWNER, "mcoll_00000000e15e"),
        (FELLOW, COLLECTION),
    ],
)
def test_only_the_owner_shares_a_collection(sharing: Sharing, caller: User, collection: str) -> None:
    """A collection that is unknown, removed, of another organization or of another member is not found."""
    with pytest.raises(CollectionNotFound) as refused:
        run(sharing.share_collection(caller, ORGANIZATION, collection, DEFAULTS))

    assert collection == refused.value.collection_id


def test_a_track_link_opens_to_its_track(sharing: Sharing) -> None:
    """An open of a track link gives that track."""
    opened = run(sharing.open("shr_track"))

    assert isinstance(opened, OpenedTrack)
    assert TRACK == opened.track.id


def test_a_collection_link_opens_to_its_tracks_by_position(sharing: Sharing) -> None:
    """An open of a collection link gives its tracks in order, and leaves out removed ones."""
    opened = run(sharing.open("shr_collection"))

    assert isinstance(opened, OpenedCollection)
    assert (COLLECTION, [TRACK, "mtrack_0c5d7e9f1a2b"]) == (opened.collection.id, [each.id for each in opened.tracks])


def test_an_empty_collection_opens_to_no_tracks(sharing: Sharing) -> None:
    """A collection may have no track at all."""
    assert [] == run(sharing.open("shr_empty_collection")).tracks


@pytest.mark.parametrize("token", ["shr_removed_track", "shr_removed_collection"])
def test_a_living_link_to_removed_content_opens_to_a_notice(sharing: Sharing, token: str) -> None:
    """What its creator removed is not shown, but the link still opens."""
    assert isinstance(run(sharing.open(token)), RemovedContent)


GONE = [
    ("shr_unknown", Gone.UNKNOWN),
    ("", Gone.UNKNOWN),
    ("shr_revoked", Gone.REVOKED),
    ("shr_revoked_and_removed", Gone.REVOKED),
    ("shr_expired", Gone.EXPIRED),
    ("shr_expired_and_removed", Gone.EXPIRED),
    ("shr_used_up", Gone.OVER_LIMIT),
]


@pytest.mark.parametrize(("token", "why"), GONE)
def test_a_dead_link_does_not_open(sharing: Sharing, token: str, why: Gone) -> None:
    """A link that is revoked, expired or used up does not open, its content removed or not; the cause is kept."""
    with pytest.raises(LinkGone) as refused:
        run(sharing.open(token))

    assert why == refused.value.why
    assert (why is Gone.UNKNOWN) == (refused.value.link_id is None)


@pytest.mark.parametrize(("token", "why"), [*GONE, ("shr_removed_track", Gone.REMOVED)])
def test_a_dead_link_cannot_be_saved_from(sharing: Sharing, token: str, why: Gone) -> None:
    """A link that does not open cannot be saved from, and neither can one of a removed track."""
    with pytest.raises(LinkGone) as refused:
        run(sharing.save(RECIPIENT, token))

    assert why == refused.value.why


def test_a_link_lives_until_the_second_before_its_end(sharing: Sharing, advance: Callable[[float], None]) -> None:
    """The last moment of a link is just before `expires_at`; fractions of a second do not count."""
    token = run(sharing.share_track(OWNER, ORGANIZATION, TRACK, ShareTerms(lifetime_days=1))).token
    advance(DAY - 0.001)
    run(sharing.open(token))
    advance(0.001)

    with pytest.raises(LinkGone):
        run(sharing.open(token))


def test_a_link_opens_as_often_as_its_limit_allows(sharing: Sharing) -> None:
    """A fixture's limit of opens counts opens alone: saves count nothing, and are refused once it is reached."""
    run(sharing.save(RECIPIENT, "shr_opens_twice"))
    for _ in range(2):
        run(sharing.open("shr_opens_twice"))

    for refused in (sharing.open("shr_opens_twice"), sharing.save(RECIPIENT, "shr_opens_twice")):
        with pytest.raises(LinkGone) as gone:
            run(refused)
        assert Gone.OVER_LIMIT == gone.value.why


@pytest.mark.parametrize("caller", [OWNER, OUTSIDER, RECIPIENT])
def test_anybody_with_a_key_saves_a_shared_track(sharing: Sharing, start: int, caller: User) -> None:
    """A save makes an edge of source `shared`; membership does not matter, and one's own track may be saved."""
    expected = LibraryEdge("mlib_000000000001", caller.id, TRACK, "mslink_00000000a000", start, "shared")

    assert expected == run(sharing.save(caller, "shr_track"))


def test_saving_again_gives_the_edge_that_is_there(sharing: Sharing, advance: Callable[[float], None]) -> None:
    """A user has one edge per track, from whichever link it came first."""
    first = run(sharing.save(RECIPIENT, "shr_track"))
    advance(60)
    other = run(sharing.share_track(OWNER, ORGANIZATION, TRACK, DEFAULTS))

    assert [first, first] == [run(sharing.save(RECIPIENT, token)) for token in ("shr_track", other.token)]


def test_an_edge_without_a_link_stays_as_it_is(sharing: Sharing, world: Any) -> None:
    """Whoever has the track in the library already, by whatever way, gets that edge."""
    assert world.library[0] == run(sharing.save(FELLOW, "shr_track"))


@pytest.mark.parametrize("token", ["shr_collection", "shr_empty_collection"])
def test_a_collection_is_not_saved(sharing: Sharing, token: str) -> None:
    """Only a track can be saved."""
    with pytest.raises(CollectionNotSaveable):
        run(sharing.save(RECIPIENT, token))


def _sequence(*digits: str) -> RandomIds:
    source = iter(digits)
    return RandomIds(lambda size: next(source).rjust(2 * size, "0"))


def test_a_taken_id_is_drawn_again(store: SQLStore, clock: Any) -> None:
    """An id that is taken already is given up for another one, and so is a token; the client notices nothing."""
    run(Sharing(store, clock, _sequence("1", "1")).share_track(OWNER, ORGANIZATION, TRACK, DEFAULTS))

    unlucky = Sharing(store, clock, _sequence("1", "2", "2", "1", "3", "3"))
    minted = run(unlucky.share_track(OWNER, ORGANIZATION, TRACK, DEFAULTS))

    assert ("mslink_000000000003", "shr_00000000000000000000000000000003") == (minted.link.id, minted.token)


def test_a_taken_edge_id_is_drawn_again(store: SQLStore, clock: Any) -> None:
    """The id of a library edge that is taken is given up for another one."""
    run(Sharing(store, clock, _sequence("1")).save(RECIPIENT, "shr_track"))

    assert "mlib_000000000002" == run(Sharing(store, clock, _sequence("1", "2")).save(OUTSIDER, "shr_track")).id


def test_a_source_without_any_free_id_is_given_up(store: SQLStore, clock: Any) -> None:
    """After five taken ids the failure is told instead of trying for ever."""
    ids = RandomIds(lambda size: "0" * 2 * size)
    sharing = Sharing(store, clock, ids)
    run(sharing.share_track(OWNER, ORGANIZATION, TRACK, DEFAULTS))

    with pytest.raises(DuplicateId):
        run(sharing.share_track(OWNER, ORGANIZATION, TRACK, DEFAULTS))


class ReplacedStore(SQLStore):
    """A store whose world is replaced just before somebody adds to it."""

    async def add_share_link(self, link: ShareLink, token_digest: bytes) -> None:
        """Lose the world, and add."""
        await self.clear()
        await super().add_share_link(link, token_digest)

    async def add_library_edge(self, edge: LibraryEdge) -> LibraryEdge:
        """Lose the world, and add."""
        await self.clear()
        return await super().add_library_edge(edge)


def test_what_goes_away_meanwhile_was_never_there(database: SQLiteDatabase, clock: Any, world: World) -> None:
    """Who shares or saves what a reset takes away in the same moment is answered as after the reset."""
    store = ReplacedStore(database, 0)
    sharing = Sharing(store, clock, RandomIds())

    attempts: list[tuple[Callable[[], Coroutine[Any, Any, Any]], type[Exception]]] = [
        (lambda: sharing.share_track(OWNER, ORGANIZATION, TRACK, DEFAULTS), TrackNotFound),
        (lambda: sharing.share_collection(OWNER, ORGANIZATION, COLLECTION, DEFAULTS), CollectionNotFound),
        (lambda: sharing.save(RECIPIENT, "shr_track"), LinkGone),
    ]
    for attempt, refusal in attempts:
        run(store.load(world))
        with pytest.raises(refusal):
            run(attempt())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.integers(min_value=1), waited=st.integers(0, 100 * DAY))
def test_a_link_opens_exactly_as_long_as_it_lives(
    store: SQLStore, clock: Any, start: int, days: int, waited: int
) -> None:
    """However long a link is to live and whenever it is opened, it opens before its end and not from then on."""
    clock.now = start
    sharing = Sharing(store, clock, RandomIds())
    minted = run(sharing.share_track(OWNER, ORGANIZATION, TRACK, ShareTerms(lifetime_days=days)))
    clock.now = start + waited

    if waited < min(days, 90) * DAY:
        assert minted.link == run(sharing.open(minted.token)).link
    else:
        with pytest.raises(LinkGone):
            run(sharing.open(minted.token))


def test_a_shared_track_stays_as_it_is(sharing: Sharing, store: SQLStore) -> None:
    """Sharing, opening and saving change nothing about the track."""
    before = run(store.world()).tracks
    minted = run(sharing.share_track(OWNER, ORGANIZATION, TRACK, DEFAULTS))
    run(sharing.open(minted.token))
    run(sharing.save(RECIPIENT, minted.token))

    assert before == run(store.world()).tracks
