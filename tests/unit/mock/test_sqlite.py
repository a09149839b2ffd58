"""What every store must do, and what SQLite does besides.

The first part is the conformance suite of the `Store` protocol: it runs once for each entry of `DATABASES`,
which opens an empty one. The second part is about files.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from aitronos_mock.domain.digests import digest
from aitronos_mock.domain.models import LibraryEdge, ShareLink, User, World
from aitronos_mock.domain.ports import DuplicateId
from aitronos_mock.store.errors import StoreUnusable
from aitronos_mock.store.schema import VERSION
from aitronos_mock.store.sqlite import SQLiteDatabase

DATABASES: dict[str, Callable[[Path], Any]] = {
    "sqlite in memory": lambda folder: SQLiteDatabase("sqlite://"),
    "sqlite in a file": lambda folder: SQLiteDatabase(f"sqlite:///{folder}/world.db"),
}
TRACK, COLLECTION = "mtrack_b4d9e1c6a72f", "mcoll_5e8a1d3f9c27"


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What a store answers."""
    return asyncio.run(coroutine)


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """Each kind of store, without a world."""
    with closing(DATABASES[request.param](tmp_path)) as database:
        yield database.sandbox(0)


@pytest.fixture
def store(empty: Any, world: World) -> Any:
    """Each kind of store, with the small world."""
    run(empty.load(world))
    return empty


@pytest.fixture
def new_link(start: int) -> ShareLink:
    """A link that no store has yet."""
    return ShareLink("mslink_1", "track", TRACK, "public", start, start + 60, revoked=True, open_limit=3, opens=1)


def test_a_store_is_empty_until_a_world_is_loaded(empty: Any, world: World) -> None:
    """A new store has no world, and has one after a load."""
    assert run(empty.is_empty())
    run(empty.load(world))
    assert not run(empty.is_empty())


def test_a_world_is_loaded_as_a_whole_or_not_at_all(empty: Any, world: World) -> None:
    """A world that contradicts itself leaves nothing behind."""
    with pytest.raises(Exception, match=r"(?i)constraint"):
        run(empty.load(World(users=(User("user_1"),), keys={b"digest": "user_unknown"})))

    assert run(empty.is_empty())
    run(empty.load(world))
    assert User("user_owner") == run(empty.user_of_key(digest("owner-key")))


def test_an_empty_world_can_be_loaded(empty: Any) -> None:
    """A world without anything is a world."""
    run(empty.load(World()))

    assert run(empty.is_empty())


@pytest.mark.parametrize(
    ("key", "user"), [("owner-key", User("user_owner")), ("outsider-key", User("user_outsider")), ("unknown", None)]
)
def test_a_key_leads_to_its_user(store: Any, key: str, user: User | None) -> None:
    """The digest of a key finds who holds it, or nobody."""
    assert user == run(store.user_of_key(digest(key)))


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
    assert expected == run(store.is_member(user, organization))


def test_tracks_come_back_as_they_were_given(store: Any, world: World) -> None:
    """Every field of a track survives, nulls and the removed mark too."""
    assert list(world.tracks) == [run(store.track(track.id)) for track in world.tracks]


def test_collections_come_back_as_they_were_given(store: Any, world: World) -> None:
    """Every field of a collection survives, nulls and the removed mark too."""
    assert list(world.collections) == [run(store.collection(each.id)) for each in world.collections]


@pytest.mark.parametrize("unknown", ["", "unknown", "MTRACK_B4D9E1C6A72F", "mtrack_b4d9e1c6a72f\x00", "☃", "%", "'"])
def test_what_is_not_there_is_not_found(store: Any, unknown: str) -> None:
    """An id is found by all of its characters, and by no others."""
    assert [None, None, None] == [run(find(unknown)) for find in (store.track, store.collection, store.content_of_link)]
    assert [] == run(store.tracks_of(unknown))


def test_the_tracks_of_a_collection_come_by_position_without_removed_ones(store: Any) -> None:
    """Positions decide the order, and what was removed is left out."""
    assert [TRACK, "mtrack_0c5d7e9f1a2b"] == [track.id for track in run(store.tracks_of(COLLECTION))]


def test_a_track_may_stand_twice_in_a_collection(empty: Any, world: World) -> None:
    """A collection is a list: the same track may have two positions."""
    order = ("mtrack_0c5d7e9f1a2b", TRACK, "mtrack_0c5d7e9f1a2b")
    run(
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
    )

    assert list(order) == [track.id for track in run(empty.tracks_of(COLLECTION))]


def test_a_token_leads_to_its_link_and_content(store: Any, world: World) -> None:
    """The digest of a token finds its link and what that shares, whatever state they are in."""
    contents: list[Any] = [*world.tracks, *world.collections]
    content = {each.id: each for each in contents}
    found = {token: run(store.shared_content(token)) for token in world.share_links}

    assert {token: (link, content[link.target_id]) for token, link in world.share_links.items()} == found


def test_the_id_of_a_link_leads_to_its_content_too(store: Any, world: World) -> None:
    """A link is found by its id as it is by its token."""
    by_token = [run(store.shared_content(token)) for token in world.share_links]

    assert by_token == [run(store.content_of_link(link.id)) for link in world.share_links.values()]


def test_an_unknown_token_leads_nowhere(store: Any) -> None:
    """A digest that no link has finds nothing."""
    assert run(store.shared_content(digest("shr_unknown"))) is None


def test_a_new_link_is_kept_with_all_its_fields(store: Any, world: World, new_link: ShareLink) -> None:
    """A link that is added is found by its token as it was given."""
    run(store.add_share_link(new_link, digest("new")))

    assert (new_link, world.tracks[0]) == run(store.shared_content(digest("new")))


def test_a_taken_link_id_or_token_is_refused(store: Any, new_link: ShareLink) -> None:
    """Neither an id nor a token can stand for two links, and the first one stays."""
    run(store.add_share_link(new_link, digest("new")))

    for link_id, token in (("mslink_1", "another"), ("mslink_2", "new")):
        with pytest.raises(DuplicateId):
            run(store.add_share_link(ShareLink(link_id, "track", TRACK, "link_only", 0), digest(token)))
    assert new_link == run(store.shared_content(digest("new"))).link
    assert run(store.shared_content(digest("another"))) is None


def test_opens_are_counted_up_to_the_limit(store: Any) -> None:
    """A link with a limit counts its opens and refuses the one past it, without counting that."""
    link = run(store.shared_content(digest("shr_opens_twice"))).link

    assert [True, True, False, False] == [run(store.count_open(link.id)) for _ in range(4)]
    assert 2 == run(store.shared_content(digest("shr_opens_twice"))).link.opens


def test_only_the_opens_of_one_link_are_counted(store: Any) -> None:
    """Counting an open of one link leaves the others alone, and an unknown link has none to count."""
    link = run(store.shared_content(digest("shr_opens_twice"))).link
    run(store.count_open(link.id))

    assert not run(store.count_open("mslink_unknown"))
    assert 0 == run(store.shared_content(digest("shr_track"))).link.opens


def test_an_edge_is_kept(store: Any, start: int) -> None:
    """A new edge comes back as it was given."""
    edge = LibraryEdge("mlib_1", "user_recipient", TRACK, "mslink_00000000a000", start)

    assert edge == run(store.add_library_edge(edge))


def test_a_user_has_one_edge_per_track(store: Any, start: int) -> None:
    """A second edge of the same user for the same track is not kept: the first one comes back."""
    first = LibraryEdge("mlib_1", "user_recipient", TRACK, None, start)
    run(store.add_library_edge(first))
    second = LibraryEdge("mlib_2", "user_recipient", TRACK, "mslink_00000000a000", start + 1)

    assert first == run(store.add_library_edge(second))


def test_edges_of_other_users_and_tracks_are_others(store: Any, start: int) -> None:
    """Two users may have the same track, and a user may have two tracks."""
    edges = [
        LibraryEdge("mlib_1", "user_recipient", TRACK, None, start),
        LibraryEdge("mlib_2", "user_outsider", TRACK, None, start),
        LibraryEdge("mlib_3", "user_recipient", "mtrack_0c5d7e9f1a2b", None, start),
    ]

    assert edges == [run(store.add_library_edge(edge)) for edge in edges]


def test_a_taken_edge_id_is_refused(store: Any, start: int) -> None:
    """An id of an edge cannot stand for two."""
    run(store.add_library_edge(LibraryEdge("mlib_1", "user_recipient", TRACK, None, start)))

    with pytest.raises(DuplicateId):
        run(store.add_library_edge(LibraryEdge("mlib_1", "user_outsider", TRACK, None, start)))


# What follows is about SQLite's files alone.


def test_a_file_keeps_everything(tmp_path: Path, world: World, new_link: ShareLink) -> None:
    """What was loaded and what was added is there when the file is opened again."""
    url = f"sqlite:///{tmp_path}/world.db"
    with closing(SQLiteDatabase(url)) as database:
        store = database.sandbox(0)
        run(store.load(world))
        run(store.add_share_link(new_link, digest("new")))
        run(store.count_open("mslink_00000000a009"))

    with closing(SQLiteDatabase(url)) as database:
        store = database.sandbox(0)
        assert not run(store.is_empty())
        assert new_link == run(store.shared_content(digest("new"))).link
        assert 1 == run(store.shared_content(digest("shr_opens_twice"))).link.opens


def test_an_acknowledged_write_survives_a_crash(tmp_path: Path, world: World, new_link: ShareLink) -> None:
    """A copy of the files of a store that is still open, as after a power cut, holds what was acknowledged."""
    with closing(SQLiteDatabase(f"sqlite:///{tmp_path}/world.db")) as database:
        store = database.sandbox(0)
        run(store.load(world))
        run(store.add_share_link(new_link, digest("new")))
        (tmp_path / "copy").mkdir()
        for file in tmp_path.glob("world.db*"):
            (tmp_path / "copy" / file.name).write_bytes(file.read_bytes())

    with closing(SQLiteDatabase(f"sqlite:///{tmp_path}/copy/world.db")) as database:
        assert new_link == run(database.sandbox(0).shared_content(digest("new"))).link


def test_a_file_holds_neither_keys_nor_tokens(tmp_path: Path, world: World) -> None:
    """The bytes of the database hold no key and no token in the clear."""
    with closing(SQLiteDatabase(f"sqlite:///{tmp_path}/world.db")) as database:
        run(database.sandbox(0).load(world))

    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"mslink_00000000a000" in written
    assert not [secret for secret in (b"owner-key", b"recipient-key", b"shr_") if secret in written]


def _unusable(path: Path) -> str:
    with pytest.raises(StoreUnusable) as refused:
        SQLiteDatabase(f"sqlite:///{path}")
    return str(refused.value)


def test_a_file_is_open_once_at_a_time(tmp_path: Path) -> None:
    """A second store on the same file is refused while the first one is open, and welcome afterwards."""
    path = tmp_path / "world.db"
    with closing(SQLiteDatabase(f"sqlite:///{path}")):
        assert "another process has it open; stop that one, or name another file" == _unusable(path)

    SQLiteDatabase(f"sqlite:///{path}").close()


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_file_of_another_kind_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    """A file that is no SQLite database is refused and stays as it is."""
    path = tmp_path / "notes.txt"
    path.write_bytes(content)

    assert "the file is no SQLite database; name another file" == _unusable(path)
    assert content == path.read_bytes()


def _made(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE notes (id)"],
        ["CREATE TABLE meta (other)"],
        ["CREATE TABLE meta (schema_version)"],
        ["CREATE TABLE meta (schema_version)", "INSERT INTO meta VALUES (1), (1)"],
    ],
)
def test_a_database_of_something_else_is_refused(tmp_path: Path, statements: list[str]) -> None:
    """A database that another program made is refused, one with a table of the same name too."""
    path = _made(tmp_path / "other.db", *statements)

    assert "the file is a database of something else; name another file" == _unusable(path)


@pytest.mark.parametrize("version", [2, 0, "one"])
def test_a_database_of_another_schema_is_refused(tmp_path: Path, version: int | str) -> None:
    """A database of another release is refused with both versions and what to do."""
    path = _made(tmp_path / "later.db", "CREATE TABLE meta (schema_version)")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO meta VALUES (?)", [version])
        connection.commit()

    assert (
        f"its schema has version {version}, this release reads version {VERSION};"
        " use the release that wrote it, or a new file"
    ) == _unusable(path)


@pytest.mark.parametrize("place", ["missing/world.db", "."])
def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, place: str) -> None:
    """A folder that is not there, or a folder instead of a file, is refused with what to check."""
    assert "check that the folder exists and can be written to" in _unusable(tmp_path / place)


def test_a_damaged_file_is_called_damaged(tmp_path: Path) -> None:
    """A database whose pages were overwritten is refused as damaged, and not as one of something else."""
    path = tmp_path / "world.db"
    SQLiteDatabase(f"sqlite:///{path}").close()
    header = path.read_bytes()[:100]
    path.write_bytes(header + b"\xff" * (path.stat().st_size - len(header)))

    with pytest.raises(StoreUnusable, match=r"^the file is damaged; restore a copy, or name another file$"):
        SQLiteDatabase(f"sqlite:///{path}")
