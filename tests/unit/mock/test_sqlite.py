"""SQLite, in memory and in files."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import delete, table

from aitronos_mock.domain.digests import digest
from aitronos_mock.domain.models import LibraryEdge, ShareLink, World
from aitronos_mock.domain.ports import MemberView
from aitronos_mock.fixtures import seed_fixture
from aitronos_mock.store.errors import StoreUnavailable, StoreUnusable
from aitronos_mock.store.schema import VERSION
from aitronos_mock.store.sqlite import SQLiteDatabase
from aitronos_mock.store.upgrades import FOREIGN

TRACK = "mtrack_b4d9e1c6a72f"
_CHECK = "check that the folder exists, and that it and the file can be written to"


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What a store answers."""
    return asyncio.run(coroutine)


@pytest.fixture
def new_link(start: int) -> ShareLink:
    """A link that no store has yet."""
    return ShareLink("mslink_1", "track", TRACK, "public", start, start + 60, revoked=True, open_limit=3, opens=1)


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

    assert FOREIGN == _unusable(path)


@pytest.mark.parametrize("version", [VERSION + 1, 0, "one"])
def test_a_database_of_another_schema_is_refused(tmp_path: Path, version: int | str) -> None:
    """A database of another release is refused with both versions and what to do."""
    path = _made(tmp_path / "later.db", "CREATE TABLE meta (schema_version)")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO meta VALUES (?)", [version])
        connection.commit()

    assert (
        f"its schema has version {version}, this release reads versions 1 to {VERSION};"
        " use the release that wrote it, or another database"
    ) == _unusable(path)


@pytest.mark.parametrize("place", ["missing/world.db", "."])
def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, place: str) -> None:
    """A folder that is not there, or a folder instead of a file, is refused with what to check."""
    assert _unusable(tmp_path / place).endswith(_CHECK)


def test_a_damaged_file_is_called_damaged(tmp_path: Path) -> None:
    """A database whose pages were overwritten is refused as damaged, and not as one of something else."""
    path = tmp_path / "world.db"
    SQLiteDatabase(f"sqlite:///{path}").close()
    header = path.read_bytes()[:100]
    path.write_bytes(header + b"\xff" * (path.stat().st_size - len(header)))

    with pytest.raises(StoreUnusable, match=r"^the file is damaged; restore a copy, or name another file$"):
        SQLiteDatabase(f"sqlite:///{path}")


def test_a_database_of_version_1_is_upgraded(tmp_path: Path, start: int) -> None:
    """What an earlier release left is read by this one, all of it, and stays upgraded."""
    path = tmp_path / "world.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((Path(__file__).parent / "version_1.sql").read_text("utf-8"))
    seed = seed_fixture("docs", now=start).world
    saved = LibraryEdge("mlib_000000000001", "user_recipient", TRACK, "mslink_3a7f2c9e8b14", start)

    for _ in range(2):
        with closing(SQLiteDatabase(f"sqlite:///{path}")) as database:
            world = run(database.sandbox(0).world())
            assert run(database.sandbox(7).world()) == World()
        assert seed.share_links == world.share_links
        assert {saved} | set(seed.library) == set(world.library)
        assert [set(seed.tracks), set(seed.collections)] == [set(world.tracks), set(world.collections)]


def test_an_upgraded_database_is_as_sound_as_a_new_one(tmp_path: Path) -> None:
    """The upgrade leaves the tables and columns of a new database, and nothing that leads nowhere."""
    path, new = tmp_path / "world.db", tmp_path / "new.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((Path(__file__).parent / "version_1.sql").read_text("utf-8"))
    for file in (path, new):
        SQLiteDatabase(f"sqlite:///{file}").close()

    assert _columns(new) == _columns(path)
    with closing(sqlite3.connect(path)) as connection:
        assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()
        assert [(0,)] == connection.execute("SELECT DISTINCT sandbox FROM collection_tracks").fetchall()
        assert [] == connection.execute("PRAGMA foreign_key_check").fetchall()


def _columns(path: Path) -> set[tuple[Any, ...]]:
    about = 'SELECT t.name, c.name, c.pk, c."notnull" FROM sqlite_schema t JOIN pragma_table_info(t.name) c'
    references = (
        'SELECT t.name, f."from", f."table", f."to" FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f'
    )
    with closing(sqlite3.connect(path)) as connection:
        return {*connection.execute(about), *connection.execute(references)}


def test_an_upgrade_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """A database that contradicts its own schema is not half upgraded."""
    path = tmp_path / "world.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((Path(__file__).parent / "version_1.sql").read_text("utf-8"))
        connection.execute("UPDATE share_links SET target_type = 'album'")
        connection.commit()

    assert "CHECK constraint failed" in _unusable(path)
    with closing(sqlite3.connect(path)) as connection:
        assert [(1,)] == connection.execute("SELECT schema_version FROM meta").fetchall()


@pytest.fixture
def filed(tmp_path: Path, world: World) -> Iterator[SQLiteDatabase]:
    """The small world, in a file."""
    with closing(SQLiteDatabase(f"sqlite:///{tmp_path}/world.db")) as database:
        run(database.sandbox(0).load(world))
        yield database


def _pragma(database: SQLiteDatabase, pragma: str) -> Any:
    return database.connection.exec_driver_sql(f"PRAGMA {pragma}").cursor


def _fill_the_disk(database: SQLiteDatabase) -> None:
    (pages,) = _pragma(database, "page_count").fetchone()
    _pragma(database, f"max_page_count = {pages}")


def _write_protect(database: SQLiteDatabase) -> None:
    _pragma(database, "query_only = ON")


def _mend(database: SQLiteDatabase) -> None:
    _pragma(database, "max_page_count = 100000")
    _pragma(database, "query_only = OFF")


def test_every_commit_is_synced(filed: SQLiteDatabase) -> None:
    """A killed process loses nothing without that, but a machine that loses its power would."""
    full = 2
    assert [("wal",), (full,)] == [_pragma(filed, name).fetchone() for name in ("journal_mode", "synchronous")]


@pytest.mark.parametrize("harm", [_fill_the_disk, _write_protect])
def test_a_disk_that_takes_nothing_is_unavailable_until_it_does(
    filed: SQLiteDatabase, world: World, new_link: ShareLink, harm: Any
) -> None:
    """A full or read-only disk refuses what is written, keeps all there was, is read on, and may take it later."""
    store, large = filed.sandbox(0), replace(new_link, id="mslink_" + "1" * 10_000)
    before, large_world = run(store.world()), replace(world, organizations=(*world.organizations, "2" * 10_000))
    harm(filed)
    for write in (store.add_share_link(large, digest("new")), store.load(large_world)):
        with pytest.raises(StoreUnavailable):
            run(write)
    assert before == run(store.world())

    _mend(filed)
    run(store.add_share_link(large, digest("new")))
    assert large == run(store.shared_content(digest("new"))).link


@pytest.mark.parametrize("harm", [_fill_the_disk, _write_protect])
def test_a_sandbox_that_ends_with_the_process_is_unavailable_too_where_there_is_no_room(
    filed: SQLiteDatabase, world: World, harm: Any
) -> None:
    """What has no name on the disk can find no room there either: it is refused as a whole, and may come later."""
    store, large_world = filed.sandbox(1), replace(world, organizations=(*world.organizations, "2" * 10_000))
    harm(store.executor)
    with pytest.raises(StoreUnavailable):
        run(store.load(large_world))
    assert World() == run(store.world())

    _mend(cast(SQLiteDatabase, store.executor))
    run(store.load(large_world))
    assert {*large_world.organizations} == {*run(store.world()).organizations}


def test_the_file_has_the_default_sandbox_alone(tmp_path: Path, filed: SQLiteDatabase, world: World) -> None:
    """Other sandboxes end with the process, so nothing of them goes to the disk, where it would be waited for."""
    before = (tmp_path / "world.db-wal").read_bytes()
    run(filed.sandbox(1).load(world))
    run(filed.sandbox(1).revoke("mslink_00000000a000"))

    assert before == (tmp_path / "world.db-wal").read_bytes()
    assert run(filed.sandbox(0).world()) != run(filed.sandbox(1).world())


def test_the_log_tells_once_that_the_disk_takes_nothing(
    filed: SQLiteDatabase, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """However many writes are refused, one line says so with the reason, and one that they are taken again."""
    _write_protect(filed)
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            run(filed.sandbox(0).revoke("mslink_00000000a000"))
    _mend(filed)
    run(filed.sandbox(0).load(world))

    said = [(level, text) for name, level, text in caplog.record_tuples if name == "aitronos_mock"]
    assert [
        (logging.WARNING, "The database is away: attempt to write a readonly database"),
        (logging.WARNING, "The database is back."),
    ] == said


def test_a_mistake_of_ours_is_no_failure_of_the_disk(filed: SQLiteDatabase) -> None:
    """A statement that cannot be run is not excused as a database that is away."""
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        run(filed.write(delete(table("nowhere")), {}))


def test_a_read_only_file_is_refused_at_the_start(tmp_path: Path) -> None:
    """A file that can be read and not written cannot be served, and the reason is told."""
    SQLiteDatabase(f"sqlite:///{tmp_path}/world.db").close()

    assert f"disk I/O error; {_CHECK}" == _unusable(Path(f"file:{tmp_path}/world.db?mode=ro&uri=true"))


OWNER, ORGANIZATION, COLLECTION = "user_owner", "org_abc123", "mcoll_5e8a1d3f9c27"


def _settled(database: SQLiteDatabase, sandbox: int = 0) -> list[Any]:
    """All that is kept from one request to the next."""
    store = database.sandbox(sandbox)
    return [
        run(store.user_of_key(digest("owner-key"))),
        run(store.track_for(OWNER, ORGANIZATION, TRACK)),
        run(store.collection_for(OWNER, ORGANIZATION, COLLECTION)),
        run(store.tracks_of(COLLECTION)),
    ]


def _said(database: SQLiteDatabase, act: Callable[[], Any]) -> list[str]:
    """The statements that the database ran meanwhile."""
    driver = cast(sqlite3.Connection, database.connection.connection.driver_connection)
    said: list[str] = []
    driver.set_trace_callback(said.append)
    act()
    driver.set_trace_callback(None)
    return said


def test_what_is_settled_is_read_once(filed: SQLiteDatabase, new_link: ShareLink) -> None:
    """Keys, membership and tracks are read again only once something of the kind was written, not after a share."""
    first = _settled(filed)
    run(filed.sandbox(0).add_share_link(new_link, digest("new")))
    run(filed.sandbox(0).count_open("mslink_00000000a009"))

    again: list[Any] = []
    assert [] == _said(filed, lambda: again.extend(_settled(filed)))
    assert first == again
    assert all(first)


@pytest.mark.parametrize("sandbox", [0, 1])
def test_each_sandbox_has_its_own(filed: SQLiteDatabase, world: World, sandbox: int) -> None:
    """What is settled in one sandbox, found or not, says nothing of another one."""
    _settled(filed, 1 - sandbox)
    settled = _settled(filed, sandbox)

    assert [sandbox == 0] * 2 == [settled[0] is not None, settled[1].is_member]


def test_what_is_removed_is_removed_at_once(filed: SQLiteDatabase) -> None:
    """A removed track leaves its collection, and a removed collection is one, whoever asked before."""
    before, store = _settled(filed), filed.sandbox(0)
    run(store.set_track_removed(before[3][0].id, True))
    run(store.set_collection_removed(COLLECTION, True))
    meanwhile = _settled(filed)
    run(store.set_track_removed(before[3][0].id, False))
    run(store.set_collection_removed(COLLECTION, False))

    assert before[3][1:] == meanwhile[3]
    assert meanwhile[2].content.removed
    assert before == _settled(filed)


def test_another_world_is_another_one_at_once(filed: SQLiteDatabase, world: World) -> None:
    """Whatever was known of a world is forgotten with it, and with one that could not be loaded nothing changes."""
    known = _settled(filed)
    run(filed.sandbox(0).clear())
    assert [None, MemberView(False, None), MemberView(False, None), []] == _settled(filed)
    run(filed.sandbox(0).load(world))
    with pytest.raises(sqlite3.IntegrityError):
        run(filed.sandbox(0).load(replace(world, users=(*world.users, *world.users))))

    assert known == _settled(filed)


def test_nobody_changes_what_is_kept(filed: SQLiteDatabase) -> None:
    """A list of tracks is its reader's own."""
    tracks = run(filed.sandbox(0).tracks_of(COLLECTION))
    kept = [*tracks]
    tracks.clear()

    assert kept == run(filed.sandbox(0).tracks_of(COLLECTION))


def test_a_removal_that_nobody_waits_for_is_heeded(filed: SQLiteDatabase) -> None:
    """A caller that gives up while others write leaves no memory of what it changed."""
    tracks, store = _settled(filed)[3], filed.sandbox(0)

    async def give_up() -> None:
        removal = asyncio.create_task(store.set_track_removed(tracks[0].id, True))
        await asyncio.sleep(0)
        removal.cancel()
        await asyncio.wait([removal])

    run(give_up())
    assert tracks[1:] == _settled(filed)[3]
