"""The store on SQLite, in memory or in a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Engine, Executable, Table, create_engine, event, insert, select
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.pool import StaticPool

from ..domain.models import Collection, LibraryEdge, ShareLink, Track, User, World
from ..domain.ports import DuplicateId, SharedContent
from . import schema, statements
from .errors import StoreUnusable

_BUSY_TIMEOUT_SECONDS = 0.2
_TRACK_START = len(statements.LINK_FIELDS)
_TRACK_END = _TRACK_START + len(statements.TRACK_FIELDS)
_FOREIGN = "the file is a database of something else; name another file"


class SQLiteDatabase:
    """One connection, used from one thread.

    A file is locked for as long as the database is open, so no second process writes to it, and every commit is on disk
    before it is acknowledged.

    Args:
        url: `sqlite://` for memory, `sqlite:///relative.db` or `sqlite:////absolute.db` for a file.

    Raises:
        StoreUnusable: The file cannot be opened, is locked by another process, or holds something else.

    Attributes:
        connection: The one connection.
    """

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        try:
            self.connection = self._engine.connect()
            _prepare(self.connection)
        except DatabaseError as error:
            self._engine.dispose()
            raise StoreUnusable(_reason(error)) from None
        except StoreUnusable:
            self.close()
            raise

    def sandbox(self, number: int) -> SQLiteStore:
        """The store of the sandbox of this number."""
        return SQLiteStore(self, number)

    def close(self) -> None:
        """Let go of the database."""
        self.connection.close()
        self._engine.dispose()


class SQLiteStore:
    """The store of one sandbox; each method is one statement or one transaction, so atomic.

    Point reads run right on the event loop: they take some 20 microseconds, and handing them to a thread takes longer.

    Args:
        database: Where it is.
        sandbox: The number of the sandbox.
    """

    def __init__(self, database: SQLiteDatabase, sandbox: int) -> None:
        self._connection = database.connection
        self._sandbox = sandbox

    async def is_empty(self) -> bool:
        """Whether there is no world, or one without anybody."""
        return self._first(statements.ANY_USER) is None

    async def load(self, world: World) -> None:
        """Put this world in the place of what there is, or change nothing at all."""
        with _transaction(self._connection):
            self._clear()
            for table, rows in _rows(world):
                if rows:
                    here = [{"sandbox": self._sandbox, **row} for row in rows]
                    self._connection.execute(statements.FILL[table], here)

    async def clear(self) -> None:
        """Leave nothing of the world."""
        with _transaction(self._connection):
            self._clear()

    async def world(self) -> World:
        """Everything that there is."""
        return _world({table: self._all(statement) for table, statement in statements.ALL.items()})

    async def user_of_key(self, key_digest: bytes) -> User | None:
        """Who holds the key, or None."""
        row = self._first(statements.USER_OF_KEY, digest=key_digest)
        return None if row is None else User(row[0])

    async def is_member(self, user_id: str, organization_id: str) -> bool:
        """Whether the user belongs to the organization."""
        return self._first(statements.MEMBER, user_id=user_id, organization_id=organization_id) is not None

    async def track(self, track_id: str) -> Track | None:
        """The track, removed or not, or None."""
        row = self._first(statements.TRACK, id=track_id)
        return None if row is None else Track(*row)

    async def collection(self, collection_id: str) -> Collection | None:
        """The collection, removed or not, or None."""
        row = self._first(statements.COLLECTION, id=collection_id)
        return None if row is None else Collection(*row)

    async def tracks_of(self, collection_id: str) -> list[Track]:
        """The tracks of a collection by position, ascending, without removed ones."""
        return [Track(*row) for row in self._all(statements.TRACKS_OF, collection_id=collection_id)]

    async def shared_content(self, token_digest: bytes) -> SharedContent | None:
        """The link of this token and what it leads to, or None."""
        return _shared(self._first(statements.CONTENT_OF_TOKEN, token_digest=token_digest))

    async def content_of_link(self, link_id: str) -> SharedContent | None:
        """The link of this id and what it leads to, or None."""
        return _shared(self._first(statements.CONTENT_OF_LINK, link_id=link_id))

    async def add_share_link(self, link: ShareLink, token_digest: bytes) -> None:
        """Keep a new link."""
        try:
            self._insert(statements.ADD_LINK, **asdict(link), token_digest=token_digest)
        except IntegrityError:
            raise DuplicateId(link.id) from None

    async def count_open(self, link_id: str) -> bool:
        """Count one open of a link that has a limit; false where the limit is reached."""
        return self._change(statements.COUNT_OPEN, link_id=link_id)

    async def add_library_edge(self, edge: LibraryEdge) -> LibraryEdge:
        """Keep the edge unless its user has one for its track; return the one that is kept."""
        try:
            self._insert(statements.ADD_EDGE, **asdict(edge))
        except IntegrityError:
            raise DuplicateId(edge.id) from None
        row = self._first(statements.EDGE, user_id=edge.user_id, track_id=edge.track_id)
        return LibraryEdge(*cast("tuple[Any, ...]", row))

    async def revoke(self, link_id: str) -> bool:
        """Revoke a link; false where there is none of this id."""
        return self._change(statements.REVOKE, link_id=link_id)

    async def set_expiry(self, link_id: str, moment: int) -> bool:
        """Let a link expire at this moment; false where there is none of this id."""
        return self._change(statements.SET_EXPIRY, link_id=link_id, moment=moment)

    async def set_track_removed(self, track_id: str, removed: bool) -> bool:
        """Remove a track or bring it back; false where there is none of this id."""
        return self._change(statements.SET_TRACK_REMOVED, content_id=track_id, gone=removed)

    async def set_collection_removed(self, collection_id: str, removed: bool) -> bool:
        """Remove a collection or bring it back; false where there is none of this id."""
        return self._change(statements.SET_COLLECTION_REMOVED, content_id=collection_id, gone=removed)

    def _first(self, statement: Executable, **parameters: object) -> tuple[Any, ...] | None:
        row = self._connection.execute(statement, {"here": self._sandbox, **parameters}).first()
        return cast("tuple[Any, ...] | None", row)

    def _all(self, statement: Executable, **parameters: object) -> list[tuple[Any, ...]]:
        rows = self._connection.execute(statement, {"here": self._sandbox, **parameters}).all()
        return cast("list[tuple[Any, ...]]", rows)

    def _insert(self, statement: Executable, **values: object) -> None:
        self._connection.execute(statement, {"sandbox": self._sandbox, **values})

    def _change(self, statement: Executable, **parameters: object) -> bool:
        result = self._connection.execute(statement, {"here": self._sandbox, **parameters})
        return cast("CursorResult[Any]", result).rowcount == 1

    def _clear(self) -> None:
        for statement in statements.CLEAR:
            self._connection.execute(statement, {"here": self._sandbox})


def _shared(row: tuple[Any, ...] | None) -> SharedContent | None:
    if row is None:
        return None
    link = ShareLink(*row[:_TRACK_START])
    if link.target_type == "track":
        return SharedContent(link, Track(*row[_TRACK_START:_TRACK_END]))
    return SharedContent(link, Collection(*row[_TRACK_END:]))


def _engine(url: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=StaticPool,
        isolation_level="AUTOCOMMIT",
        # Parameters are digests and ids; a failing statement must not put them into a log.
        hide_parameters=True,
        connect_args={"timeout": _BUSY_TIMEOUT_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: object) -> None:
        # EXCLUSIVE keeps every other process out for as long as this one lives: below SQLite 3.51.3 a WAL with two
        # writing connections can be corrupted. It must be set before the WAL is touched.
        for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _prepare(connection: Connection) -> None:
    """Take the lock, and make the tables in a new database."""
    with _transaction(connection):
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        if not tables:
            schema.metadata.create_all(connection)
            connection.execute(insert(schema.meta), {"schema_version": schema.VERSION})
        elif "meta" not in tables:
            raise StoreUnusable(_FOREIGN)
        else:
            _require_version(connection)
            # Sandboxes other than the default one end with the process that made them.
            for statement in statements.EVERY_OTHER_SANDBOX:
                connection.execute(statement)


def _require_version(connection: Connection) -> None:
    versions = connection.execute(select(schema.meta.c.schema_version)).scalars().all()
    if len(versions) != 1:
        raise StoreUnusable(_FOREIGN)
    if versions[0] != schema.VERSION:
        raise StoreUnusable(
            f"its schema has version {versions[0]}, this release reads version {schema.VERSION};"
            " use the release that wrote it, or a new file"
        )


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")


def _reason(error: DatabaseError) -> str:
    """What a person can do about a database that does not open."""
    said = str(error.orig)
    if "locked" in said:
        return "another process has it open; stop that one, or name another file"
    if "no such column" in said:
        return _FOREIGN
    if "not a database" in said:
        return "the file is no SQLite database; name another file"
    if "malformed" in said:
        return "the file is damaged; restore a copy, or name another file"
    return f"{said}; check that the folder exists and can be written to"


def _rows(world: World) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """What to insert, parents first."""
    yield schema.organizations, [{"id": organization} for organization in world.organizations]
    yield schema.users, [{"id": user.id} for user in world.users]
    yield schema.keys, [{"digest": key, "user_id": user} for key, user in world.keys.items()]
    yield schema.members, [{"organization_id": place, "user_id": user} for place, user in world.members]
    yield schema.tracks, [asdict(track) for track in world.tracks]
    yield schema.collections, [asdict(collection) for collection in world.collections]
    yield schema.collection_tracks, list(_positions(world.collection_tracks))
    yield schema.share_links, [{**asdict(link), "token_digest": at} for at, link in world.share_links.items()]
    yield schema.library, [asdict(edge) for edge in world.library]


def _positions(collection_tracks: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, Any]]:
    for collection, tracks in collection_tracks.items():
        for position, track in enumerate(tracks):
            yield {"collection_id": collection, "position": position, "track_id": track}


def _world(rows: Mapping[Table, list[tuple[Any, ...]]]) -> World:
    """The other way round: a world from all rows of a sandbox."""
    listed: dict[str, list[str]] = {collection[0]: [] for collection in rows[schema.collections]}
    for collection, _, track in rows[schema.collection_tracks]:
        listed[collection].append(track)
    return World(
        organizations=tuple(organization for (organization,) in rows[schema.organizations]),
        users=tuple(User(user) for (user,) in rows[schema.users]),
        keys=dict(rows[schema.keys]),
        members=frozenset((organization, user) for organization, user in rows[schema.members]),
        tracks=tuple(Track(*row) for row in rows[schema.tracks]),
        collections=tuple(Collection(*row) for row in rows[schema.collections]),
        collection_tracks={collection: tuple(tracks) for collection, tracks in listed.items()},
        share_links={digest: ShareLink(link, *rest) for link, digest, *rest in rows[schema.share_links]},
        library=tuple(LibraryEdge(*row) for row in rows[schema.library]),
    )
