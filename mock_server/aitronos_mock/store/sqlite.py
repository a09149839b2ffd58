"""The store on SQLite, in memory or in a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, cast

from sqlalchemy import Connection, Engine, Insert, Select, Update, bindparam, create_engine, event, insert, select
from sqlalchemy import update as update_of
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.pool import StaticPool

from ..domain.models import Collection, LibraryEdge, ShareLink, Track, User, World
from ..domain.ports import DuplicateId, SharedContent
from . import schema
from .errors import StoreUnusable

_BUSY_TIMEOUT_SECONDS = 0.2
_FOREIGN = "the file is a database of something else; name another file"


class SQLiteStore:
    """One connection, used from one thread; each method is one statement, so atomic.

    Point reads run right on the event loop: they take some 20 microseconds, and handing them to a thread takes longer.

    A file is locked for as long as the store is open, so no second process writes to it, and every commit is on disk
    before it is acknowledged.

    Args:
        url: `sqlite://` for memory, `sqlite:///relative.db` or `sqlite:////absolute.db` for a file.

    Raises:
        StoreUnusable: The file cannot be opened, is locked by another process, or holds something else.
    """

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        try:
            self._connection = self._engine.connect()
            _prepare(self._connection)
        except DatabaseError as error:
            self._engine.dispose()
            raise StoreUnusable(_reason(error)) from None
        except StoreUnusable:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()
        self._engine.dispose()

    def is_empty(self) -> bool:
        """Whether no world was loaded into the database yet."""
        return self._connection.execute(_ANY_USER).first() is None

    def load(self, world: World) -> None:
        """Add a whole world, or nothing at all."""
        with _transaction(self._connection):
            for statement, rows in _rows(world):
                if rows:
                    self._connection.execute(statement, rows)

    async def user_of_key(self, key_digest: bytes) -> User | None:
        """Who holds the key, or None."""
        row = self._first(_USER_OF_KEY, digest=key_digest)
        return None if row is None else User(row[0])

    async def is_member(self, user_id: str, organization_id: str) -> bool:
        """Whether the user belongs to the organization."""
        return self._first(_MEMBER, user_id=user_id, organization_id=organization_id) is not None

    async def track(self, track_id: str) -> Track | None:
        """The track, removed or not, or None."""
        row = self._first(_TRACK, id=track_id)
        return None if row is None else Track(*row)

    async def collection(self, collection_id: str) -> Collection | None:
        """The collection, removed or not, or None."""
        row = self._first(_COLLECTION, id=collection_id)
        return None if row is None else Collection(*row)

    async def tracks_of(self, collection_id: str) -> list[Track]:
        """The tracks of a collection by position, ascending, without removed ones."""
        rows = self._connection.execute(_TRACKS_OF, {"collection_id": collection_id}).all()
        return [Track(*tuple(row)) for row in rows]

    async def shared_content(self, token_digest: bytes) -> SharedContent | None:
        """The link of this token and what it leads to, or None."""
        return _shared(self._first(_CONTENT_OF_TOKEN, token_digest=token_digest))

    async def content_of_link(self, link_id: str) -> SharedContent | None:
        """The link of this id and what it leads to, or None."""
        return _shared(self._first(_CONTENT_OF_LINK, link_id=link_id))

    async def add_share_link(self, link: ShareLink, token_digest: bytes) -> None:
        """Keep a new link."""
        try:
            self._connection.execute(_ADD_LINK, {**asdict(link), "token_digest": token_digest})
        except IntegrityError:
            raise DuplicateId(link.id) from None

    async def count_open(self, link_id: str) -> bool:
        """Count one open of a link that has a limit; false where the limit is reached."""
        return self._connection.execute(_COUNT_OPEN, {"link_id": link_id}).rowcount == 1

    async def add_library_edge(self, edge: LibraryEdge) -> LibraryEdge:
        """Keep the edge unless its user has one for its track; return the one that is kept."""
        try:
            self._connection.execute(_ADD_EDGE, asdict(edge))
        except IntegrityError:
            raise DuplicateId(edge.id) from None
        row = self._first(_EDGE, user_id=edge.user_id, track_id=edge.track_id)
        return LibraryEdge(*cast("tuple[Any, ...]", row))

    def _first(self, statement: Select[Any], **parameters: object) -> tuple[Any, ...] | None:
        return cast("tuple[Any, ...] | None", self._connection.execute(statement, parameters).first())


def _shared(row: tuple[Any, ...] | None) -> SharedContent | None:
    if row is None:
        return None
    link = ShareLink(*row[:_LINK_WIDTH])
    if link.target_type == "track":
        return SharedContent(link, Track(*row[_LINK_WIDTH:_TRACK_END]))
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
    return f"{said}; check that the folder exists and can be written to"


def _rows(world: World) -> Iterator[tuple[Insert, list[dict[str, Any]]]]:
    """What to insert, parents first."""
    yield insert(schema.organizations), [{"id": organization} for organization in world.organizations]
    yield insert(schema.users), [{"id": user.id} for user in world.users]
    yield insert(schema.keys), [{"digest": key, "user_id": user} for key, user in world.keys.items()]
    yield insert(schema.members), [{"organization_id": place, "user_id": user} for place, user in world.members]
    yield insert(schema.tracks), [asdict(track) for track in world.tracks]
    yield insert(schema.collections), [asdict(collection) for collection in world.collections]
    yield insert(schema.collection_tracks), list(_positions(world.collection_tracks))
    yield insert(schema.share_links), [{**asdict(link), "token_digest": at} for at, link in world.share_links.items()]
    yield insert(schema.library), [asdict(edge) for edge in world.library]


def _positions(collection_tracks: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, Any]]:
    for collection, tracks in collection_tracks.items():
        for position, track in enumerate(tracks):
            yield {"collection_id": collection, "position": position, "track_id": track}


# Statements are built once: SQLAlchemy then finds their compiled form in its cache by identity of structure. Columns
# stand in the order of the fields of the models, which are built from them by position.
_ANY_USER = select(schema.users.c.id).limit(1)
_USER_OF_KEY = select(schema.keys.c.user_id).where(schema.keys.c.digest == bindparam("digest"))
_MEMBER = select(schema.members.c.user_id).where(
    schema.members.c.organization_id == bindparam("organization_id"),
    schema.members.c.user_id == bindparam("user_id"),
)
_TRACK = select(schema.tracks).where(schema.tracks.c.id == bindparam("id"))
_COLLECTION = select(schema.collections).where(schema.collections.c.id == bindparam("id"))
_TRACKS_OF = (
    select(schema.tracks)
    .join(schema.collection_tracks, schema.collection_tracks.c.track_id == schema.tracks.c.id)
    .where(schema.collection_tracks.c.collection_id == bindparam("collection_id"), schema.tracks.c.removed.is_(False))
    .order_by(schema.collection_tracks.c.position)
)
_links = schema.share_links.c
_LINK_COLUMNS = [column for column in _links if column.name != "token_digest"]
_LINK_WIDTH = len(_LINK_COLUMNS)
_TRACK_END = _LINK_WIDTH + len(schema.tracks.c)
_CONTENT = (
    select(*_LINK_COLUMNS, *schema.tracks.c, *schema.collections.c)
    .select_from(schema.share_links)
    .outerjoin(
        schema.tracks,
        (_links.target_type == "track") & (schema.tracks.c.id == _links.target_id),
    )
    .outerjoin(
        schema.collections,
        (_links.target_type == "collection") & (schema.collections.c.id == _links.target_id),
    )
)
_CONTENT_OF_TOKEN = _CONTENT.where(_links.token_digest == bindparam("token_digest"))
_CONTENT_OF_LINK = _CONTENT.where(_links.id == bindparam("link_id"))
_ADD_LINK = insert(schema.share_links)
_COUNT_OPEN: Update = (
    update_of(schema.share_links)
    .where(
        _links.id == bindparam("link_id"),
        _links.opens < _links.open_limit,
    )
    .values(opens=_links.opens + 1)
)
_ADD_EDGE = upsert(schema.library).on_conflict_do_nothing(index_elements=["user_id", "track_id"])
_EDGE = select(schema.library).where(
    schema.library.c.user_id == bindparam("user_id"), schema.library.c.track_id == bindparam("track_id")
)
