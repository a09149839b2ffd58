"""What every store must do: the suite runs once for each kind of database, on an empty sandbox of it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from aitronos_mock.domain.digests import digest
from aitronos_mock.domain.models import LibraryEdge, ShareLink, User, World
from aitronos_mock.domain.ports import ContentGone, DuplicateId, MemberView

TRACK, COLLECTION = "mtrack_b4d9e1c6a72f", "mcoll_5e8a1d3f9c27"
MEMBER = "user_owner", "org_abc123"


@pytest.fixture
def empty(opened: Any) -> Any:
    """Each kind of store, without a world."""
    return opened.new_store()


@pytest.fixture
def store(empty: Any, world: World) -> Any:
    """Each kind of store, with the small world."""
    empty.load(world)
    return empty


@pytest.fixture
def new_link(start: int) -> ShareLink:
    """A link that no store has yet."""
    return ShareLink("mslink_1", "track", TRACK, "public", start, start + 60, revoked=True, open_limit=3, opens=1)


def test_a_store_is_empty_until_a_world_is_loaded(empty: Any, world: World) -> None:
    """A new store has no world, and has one after a load."""
    assert empty.is_empty()
    empty.load(world)
    assert not empty.is_empty()


def test_a_world_is_loaded_as_a_whole_or_not_at_all(empty: Any, world: World) -> None:
    """A world that contradicts itself leaves nothing behind."""
    with pytest.raises(Exception, match=r"(?i)constraint"):
        empty.load(World(users=(User("user_1"),), keys={b"digest": "user_unknown"}))

    assert empty.is_empty()
    empty.load(world)
    assert User("user_owner") == empty.user_of_key(digest("owner-key"))


def test_an_empty_world_can_be_loaded(empty: Any) -> None:
    """A world without anything is a world."""
    empty.load(World())

    assert empty.is_empty()


@pytest.mark.parametrize(
    ("key", "user"), [("owner-key", User("user_owner")), ("outsider-key", User("user_outsider")), ("unknown", None)]
)
def test_a_key_leads_to_its_user(store: Any, key: str, user: User | None) -> None:
    """The digest of a key finds who holds it, or nobody."""
    assert user == store.user_of_key(digest(key))


@pytest.mark.parametrize(
    ("user", "organization", "expected"),
    [
        ("user_owner", "org_abc123", True),
        ("user_owner", "org_other", False),
        ("user_owner", "org_nowhere", False),
        ("user_nobody", "org_abc123", False),
        ("", "", False),
    ],
)
def test_membership_is_of_one_user_in_one_organization(
    store: Any, user: str, organization: str, expected: bool
) -> None:
    """A user belongs to the organizations that the world says, and to none that does not exist."""
    views = [store.track_for(user, organization, TRACK), store.collection_for(user, organization, COLLECTION)]
    assert [expected, expected] == [view.is_member for view in views]


def test_tracks_come_back_as_they_were_given(store: Any, world: World) -> None:
    """Every field of a track survives, nulls and the removed mark too."""
    assert list(world.tracks) == [store.track_for(*MEMBER, track.id).content for track in world.tracks]


def test_collections_come_back_as_they_were_given(store: Any, world: World) -> None:
    """Every field of a collection survives, nulls and the removed mark too."""
    assert list(world.collections) == [store.collection_for(*MEMBER, each.id).content for each in world.collections]


def test_who_is_no_member_is_shown_nothing(store: Any) -> None:
    """What is there stays unseen by those who do not belong to the organization that they name."""
    assert MemberView(is_member=False, content=None) == store.track_for("user_outsider", "org_abc123", TRACK)
    assert MemberView(is_member=False, content=None) == store.collection_for("user_outsider", "org_abc123", COLLECTION)


@pytest.mark.parametrize("unknown", ["", "unknown", "MTRACK_B4D9E1C6A72F", "mtrack_b4d9e1c6a72f\x00", "☃", "%", "'"])
def test_what_is_not_there_is_not_found(store: Any, unknown: str) -> None:
    """An id is found by all of its characters, and by no others."""
    nothing = MemberView(is_member=True, content=None)
    assert [nothing, nothing] == [store.track_for(*MEMBER, unknown), store.collection_for(*MEMBER, unknown)]
    assert store.content_of_link(unknown) is None
    assert [] == store.tracks_of(unknown)


def test_the_tracks_of_a_collection_come_by_position_without_removed_ones(store: Any) -> None:
    """Positions decide the order, and what was removed is left out."""
    assert [TRACK, "mtrack_0c5d7e9f1a2b"] == [track.id for track in store.tracks_of(COLLECTION)]


def test_a_track_may_stand_twice_in_a_collection(empty: Any, world: World) -> None:
    """A collection is a list: the same track may have two positions."""
    order = ("mtrack_0c5d7e9f1a2b", TRACK, "mtrack_0c5d7e9f1a2b")
    empty.load(
        World(
            world.organizations,
            world.users,
            {},
            world.members,
            world.tracks,
            world.collections,
            {COLLECTION: order},
        )
    )

    assert list(order) == [track.id for track in empty.tracks_of(COLLECTION)]


def test_a_token_leads_to_its_link_and_content(store: Any, world: World) -> None:
    """The digest of a token finds its link and what that shares, whatever state they are in."""
    contents: list[Any] = [*world.tracks, *world.collections]
    content = {each.id: each for each in contents}
    found = {token: store.shared_content(token) for token in world.share_links}

    assert {token: (link, content[link.target_id]) for token, link in world.share_links.items()} == found


def test_the_id_of_a_link_leads_to_its_content_too(store: Any, world: World) -> None:
    """A link is found by its id as it is by its token."""
    by_token = [store.shared_content(token) for token in world.share_links]

    assert by_token == [store.content_of_link(link.id) for link in world.share_links.values()]


def test_an_unknown_token_leads_nowhere(store: Any) -> None:
    """A digest that no link has finds nothing."""
    assert store.shared_content(digest("shr_unknown")) is None


def test_a_new_link_is_kept_with_all_its_fields(store: Any, world: World, new_link: ShareLink) -> None:
    """A link that is added is found by its token as it was given."""
    store.add_share_link(new_link, digest("new"))

    assert (new_link, world.tracks[0]) == store.shared_content(digest("new"))


def test_a_taken_link_id_or_token_is_refused(store: Any, new_link: ShareLink) -> None:
    """Neither an id nor a token can stand for two links, and the first one stays."""
    store.add_share_link(new_link, digest("new"))

    for link_id, token in (("mslink_1", "another"), ("mslink_2", "new")):
        with pytest.raises(DuplicateId):
            store.add_share_link(ShareLink(link_id, "track", TRACK, "link_only", 0), digest(token))
    assert new_link == store.shared_content(digest("new")).link
    assert store.shared_content(digest("another")) is None


def test_opens_are_counted_up_to_the_limit(store: Any) -> None:
    """A link with a limit counts its opens and refuses the one past it, without counting that."""
    link = store.shared_content(digest("shr_opens_twice")).link

    assert [True, True, False, False] == [store.count_open(link.id) for _ in range(4)]
    assert 2 == store.shared_content(digest("shr_opens_twice")).link.opens


def test_only_the_opens_of_one_link_are_counted(store: Any) -> None:
    """Counting an open of one link leaves the others alone, and an unknown link has none to count."""
    link = store.shared_content(digest("shr_opens_twice")).link
    store.count_open(link.id)

    assert not store.count_open("mslink_unknown")
    assert 0 == store.shared_content(digest("shr_track")).link.opens


def test_an_edge_is_kept(store: Any, start: int) -> None:
    """A new edge comes back as it was given."""
    edge = LibraryEdge("mlib_1", "user_recipient", TRACK, "mslink_00000000a000", start)

    assert edge == store.add_library_edge(edge)


def test_a_user_has_one_edge_per_track(store: Any, start: int) -> None:
    """A second edge of the same user for the same track is not kept: the first one comes back."""
    first = LibraryEdge("mlib_1", "user_recipient", TRACK, None, start)
    store.add_library_edge(first)
    second = LibraryEdge("mlib_2", "user_recipient", TRACK, "mslink_00000000a000", start + 1)

    assert first == store.add_library_edge(second)


def test_edges_of_other_users_and_tracks_are_others(store: Any, start: int) -> None:
    """Two users may have the same track, and a user may have two tracks."""
    edges = [
        LibraryEdge("mlib_1", "user_recipient", TRACK, None, start),
        LibraryEdge("mlib_2", "user_outsider", TRACK, None, start),
        LibraryEdge("mlib_3", "user_recipient", "mtrack_0c5d7e9f1a2b", None, start),
    ]

    assert edges == [store.add_library_edge(edge) for edge in edges]


def test_a_taken_edge_id_is_refused(store: Any, start: int) -> None:
    """An id of an edge cannot stand for two."""
    store.add_library_edge(LibraryEdge("mlib_1", "user_recipient", TRACK, None, start))

    with pytest.raises(DuplicateId):
        store.add_library_edge(LibraryEdge("mlib_1", "user_outsider", TRACK, None, start))


def test_what_a_link_would_share_has_to_be_there(store: Any, start: int) -> None:
    """No link leads nowhere: one to a track or a collection that went with its world is refused."""
    links = [
        ShareLink("mslink_1", "track", "mtrack_unknown", "public", start),
        ShareLink("mslink_1", "collection", "mcoll_unknown", "public", start),
    ]
    for link in links:
        with pytest.raises(ContentGone):
            store.add_share_link(link, digest("new"))
    assert store.shared_content(digest("new")) is None


def test_what_an_edge_refers_to_has_to_be_there(store: Any, start: int) -> None:
    """No edge of a user, a track or a link that went with its world is kept."""
    for edge in (
        LibraryEdge("mlib_1", "user_unknown", TRACK, None, start),
        LibraryEdge("mlib_1", "user_recipient", "mtrack_unknown", None, start),
        LibraryEdge("mlib_1", "user_recipient", TRACK, "mslink_unknown", start),
    ):
        with pytest.raises(ContentGone):
            store.add_library_edge(edge)
    assert 1 == len(store.world().library)


def test_links_are_revoked_and_expire(store: Any, start: int) -> None:
    """A link that is there can be changed, and one that is not cannot."""
    link = store.shared_content(digest("shr_track")).link
    changed = [store.revoke(link.id), store.set_expiry(link.id, start), store.revoke("no"), store.set_expiry("no", 1)]

    assert [True, True, False, False] == changed
    assert replace(link, revoked=True, expires_at=start) == store.shared_content(digest("shr_track")).link


def test_a_link_does_not_expire_before_it_is_made(store: Any) -> None:
    """An expiry that a clock set back brings about moves the creation back with it."""
    store.set_expiry("mslink_00000000a000", 1000)

    link = store.shared_content(digest("shr_track")).link
    assert (1000, 1000) == (link.created_at, link.expires_at)


def test_content_is_removed_and_restored(store: Any) -> None:
    """A track or collection that is there can be removed and brought back, and one that is not cannot."""
    assert [True, True, False, False] == [
        store.set_track_removed(TRACK, removed=True),
        store.set_collection_removed(COLLECTION, removed=True),
        store.set_track_removed("no", removed=True),
        store.set_collection_removed("no", removed=True),
    ]
    assert [True, True] == [store.track_for(*MEMBER, TRACK).content.removed, _collection(store).removed]

    store.set_track_removed(TRACK, removed=False)
    store.set_collection_removed(COLLECTION, removed=False)
    assert [False, False] == [store.track_for(*MEMBER, TRACK).content.removed, _collection(store).removed]


def _collection(store: Any) -> Any:
    return store.collection_for(*MEMBER, COLLECTION).content


def test_a_world_comes_out_as_it_went_in(store: Any, world: World) -> None:
    """All that was loaded is read again, in the order of its identifiers, by their code points."""
    expected = replace(
        world,
        organizations=tuple(sorted(world.organizations)),
        users=tuple(sorted(world.users, key=lambda each: each.id)),
        tracks=tuple(sorted(world.tracks, key=lambda each: each.id)),
        collections=tuple(sorted(world.collections, key=lambda each: each.id)),
        collection_tracks={each.id: world.collection_tracks.get(each.id, ()) for each in world.collections},
    )

    assert expected == store.world()


def test_capitals_come_before_small_letters(empty: Any) -> None:
    """The order of a world is the same on every database, whatever its language: that of code points."""
    empty.load(World(users=tuple(map(User, ("b", "a", "B", "_", "\u00e4")))))

    assert ["B", "_", "a", "b", "\u00e4"] == [user.id for user in empty.world().users]


def test_times_go_beyond_2038(store: Any) -> None:
    """The latest moment that a clock can be set to fits."""
    store.set_expiry("mslink_00000000a000", 253_370_764_800)

    assert 253_370_764_800 == store.shared_content(digest("shr_track")).link.expires_at


def test_a_world_is_cleared(store: Any) -> None:
    """Nothing is left of a world that was thrown away."""
    store.clear()

    assert World() == store.world()


def test_sandboxes_of_one_database_do_not_touch_each_other(opened: Any, store: Any, world: World) -> None:
    """What is done in one sandbox, clearing too, is done in no other, though all identifiers are the same."""
    other = opened.new_store()
    other.load(world)
    before = other.world()
    store.revoke("mslink_00000000a000")
    store.set_track_removed(TRACK, removed=True)
    store.count_open("mslink_00000000a009")
    store.add_library_edge(LibraryEdge("mlib_1", "user_recipient", TRACK, None, 0))
    store.clear()

    assert before == other.world()


def test_fifty_saves_at_once_make_one_edge(opened: Any, store: Any, start: int) -> None:
    """However many savers of one user come at the same moment, there is one edge, and all are told of it."""
    edges = [LibraryEdge(f"mlib_{number}", "user_recipient", TRACK, None, start) for number in range(50)]

    async def save() -> list[Any]:
        return list(await asyncio.gather(*map(store.store.add_library_edge, edges)))

    (kept,) = set(opened.run(save()))
    assert [kept] == [edge for edge in store.world().library if edge.user_id == "user_recipient"]


@pytest.mark.parametrize("limit", [1, 7])
def test_a_limit_of_opens_is_exact(opened: Any, store: Any, start: int, limit: int) -> None:
    """Of fifty opens at the same moment, as many pass as the limit says."""
    store.add_share_link(ShareLink("mslink_1", "track", TRACK, "public", start, open_limit=limit), digest("new"))

    async def count() -> list[Any]:
        return list(await asyncio.gather(*(store.store.count_open("mslink_1") for _ in range(50))))

    assert limit == sum(opened.run(count()))
    assert limit == store.shared_content(digest("new")).link.opens


def test_worlds_are_replaced_while_others_write(opened: Any, store: Any, world: World, start: int) -> None:
    """Whoever shares and saves while worlds are loaded is heard or refused, and the world is whole in the end."""

    async def share(number: int) -> None:
        link = ShareLink(f"mslink_{number}", "track", TRACK, "public", start)
        await store.store.add_share_link(link, digest(str(number)))
        edge = LibraryEdge(f"mlib_{number}", "user_recipient", TRACK, link.id, start)
        # The link may be gone with its world, and nothing else may go wrong.
        with suppress(ContentGone):
            await store.store.add_library_edge(edge)

    async def all_at_once() -> None:
        await asyncio.gather(*(share(n) if n % 8 else store.store.load(world) for n in range(24)))

    opened.run(all_at_once())
    after = store.world()
    assert {link.id for link in after.share_links.values()} >= {edge.share_link_id for edge in after.library} - {None}
    opened.run(store.store.load(world))
    assert 11 == len(store.world().share_links)
