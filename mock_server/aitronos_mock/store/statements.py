"""What is asked of the tables.

Statements are built once: SQLAlchemy then finds their compiled form in its cache. All but the inserts take the sandbox
as `here`. Selected columns stand in the order of the fields of the models, which are built from them by position.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Executable,
    Integer,
    Table,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.dialects.sqlite.dml import OnConflictDoUpdate
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from . import schema

WORLDS: ColumnElement[int] = literal_column("7433591")
"""The first key of PostgreSQL's advisory locks on worlds; the second one is the number of the sandbox."""

_keys, _members, _tracks = schema.keys.c, schema.members.c, schema.tracks.c
_collections, _listed = schema.collections.c, schema.collection_tracks.c
_links, _library = schema.share_links.c, schema.library.c


class WorldStays(FunctionElement[bool]):
    """True, once nobody replaces the world of the sandbox; nobody can until the transaction ends.

    On SQLite nobody ever does, since its writers come one after the other.
    """

    inherit_cache = True
    type = Boolean()


@compiles(WorldStays, "sqlite")
def _always(element: WorldStays, compiler: Any, **_: Any) -> str:
    return "1"


@compiles(WorldStays, "postgresql")
def _unless_locked(element: WorldStays, compiler: Any, **_: Any) -> str:
    lock = func.pg_advisory_xact_lock_shared(WORLDS, bindparam("sandbox", type_=Integer()))
    return f"{compiler.process(lock)} IS NOT NULL"


@compiles(OnConflictDoUpdate, "postgresql")
def _as_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    """The same upsert. PostgreSQL's own one would bring its dialect, with all drivers, into every mock on SQLite."""
    # What it may name in the place of columns, and SQLite may not.
    element.constraint_target = None
    return str(compiler.visit_on_conflict_do_update(element, **options))


def _fields(table: Table, *others: str) -> list[Any]:
    return [column for column in table.c if column.name not in {"sandbox", *others}]


def _in_sandbox(table: Table) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = table.c.sandbox == bindparam("here")
    return condition


def _same_sandbox(table: Table, other: Table) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = table.c.sandbox == other.c.sandbox
    return condition


def _added(table: Table) -> Insert:
    """An insert that waits while the world is replaced, and then meets the new one."""
    values = [bindparam(column.name, type_=column.type) for column in table.c]
    return insert(table).from_select([column.name for column in table.c], select(*values).where(WorldStays()))


TRACK_FIELDS = _fields(schema.tracks)
COLLECTION_FIELDS = _fields(schema.collections)
LINK_FIELDS = [
    _links.id,
    case((_links.track_id.is_not(None), literal_column("'track'")), else_=literal_column("'collection'")),
    func.coalesce(_links.track_id, _links.collection_id),
    *_fields(schema.share_links, "id", "token_digest", "track_id", "collection_id"),
]

ANY_USER = select(schema.users.c.id).where(_in_sandbox(schema.users)).limit(literal_column("1"))
USER_OF_KEY = select(_keys.user_id).where(_in_sandbox(schema.keys), _keys.digest == bindparam("digest"))


def _for_member(content: Table, fields: list[Any]) -> Executable:
    """A row for a member: the content, or nulls where it is not there."""
    return (
        select(*fields)
        .select_from(schema.members)
        .outerjoin(content, _same_sandbox(content, schema.members) & (content.c.id == bindparam("id")))
        .where(
            _in_sandbox(schema.members),
            _members.organization_id == bindparam("organization_id"),
            _members.user_id == bindparam("user_id"),
        )
    )


TRACK_FOR_MEMBER = _for_member(schema.tracks, TRACK_FIELDS)
COLLECTION_FOR_MEMBER = _for_member(schema.collections, COLLECTION_FIELDS)
TRACKS_OF = (
    select(*TRACK_FIELDS)
    .join(
        schema.collection_tracks,
        _same_sandbox(schema.collection_tracks, schema.tracks) & (_listed.track_id == _tracks.id),
    )
    .where(
        _in_sandbox(schema.collection_tracks),
        _listed.collection_id == bindparam("collection_id"),
        _tracks.removed.is_(False),
    )
    .order_by(_listed.position)
)

_CONTENT = (
    select(*LINK_FIELDS, *TRACK_FIELDS, *COLLECTION_FIELDS)
    .select_from(schema.share_links)
    .outerjoin(
        schema.tracks,
        _same_sandbox(schema.tracks, schema.share_links) & (_tracks.id == _links.track_id),
    )
    .outerjoin(
        schema.collections,
        _same_sandbox(schema.collections, schema.share_links) & (_collections.id == _links.collection_id),
    )
    .where(_in_sandbox(schema.share_links))
)
CONTENT_OF_TOKEN = _CONTENT.where(_links.token_digest == bindparam("token_digest"))
CONTENT_OF_LINK = _CONTENT.where(_links.id == bindparam("link_id"))

ADD_LINK = _added(schema.share_links)
COUNT_OPEN = (
    update(schema.share_links)
    .where(
        _in_sandbox(schema.share_links),
        _links.id == bindparam("link_id"),
        _links.opens < _links.open_limit,
    )
    .values(opens=_links.opens + 1)
    .returning(_links.id)
)
# Where there is an edge already, nothing about it changes, and it comes back as if it were new.
ADD_EDGE = (
    _added(schema.library)
    .on_conflict_do_update(index_elements=["sandbox", "user_id", "track_id"], set_={"source": _library.source})
    .returning(*_fields(schema.library))
)

REVOKE = (
    update(schema.share_links)
    .where(_in_sandbox(schema.share_links), _links.id == bindparam("link_id"))
    .values(revoked=True)
    .returning(_links.id)
)
SET_EXPIRY = (
    update(schema.share_links)
    .where(_in_sandbox(schema.share_links), _links.id == bindparam("link_id"))
    # A clock that was set back may stand before the creation, and no link expires before it is made.
    .values(
        expires_at=bindparam("moment"),
        created_at=case((_links.created_at > bindparam("moment"), bindparam("moment")), else_=_links.created_at),
    )
    .returning(_links.id)
)
SET_TRACK_REMOVED = (
    update(schema.tracks)
    .where(_in_sandbox(schema.tracks), _tracks.id == bindparam("content_id"))
    .values(removed=bindparam("gone"))
    .returning(_tracks.id)
)
SET_COLLECTION_REMOVED = (
    update(schema.collections)
    .where(_in_sandbox(schema.collections), _collections.id == bindparam("content_id"))
    .values(removed=bindparam("gone"))
    .returning(_collections.id)
)

CHANGING_WHAT_IS_SETTLED = frozenset({SET_TRACK_REMOVED, SET_COLLECTION_REMOVED})
"""Every single statement that writes to a table other than those of the links and the library."""

FILL = {table: insert(table) for table in schema.CONTENT}
CLEAR = [delete(table).where(_in_sandbox(table)) for table in reversed(schema.CONTENT)]
_WHOLE = {table: _fields(table) for table in schema.CONTENT} | {
    schema.share_links: [_links.token_digest, *LINK_FIELDS],
}
ALL = {
    table: select(*fields).where(_in_sandbox(table)).order_by(*table.primary_key.columns)
    for table, fields in _WHOLE.items()
}
TAKE_WORLD = select(func.pg_advisory_xact_lock(WORLDS, bindparam("here", type_=Integer())))
"""On PostgreSQL, waits for those who add to a world, and keeps others from doing it until the transaction ends."""

EVERY_OTHER_SANDBOX = [delete(table).where(table.c.sandbox > 0) for table in reversed(schema.CONTENT)]
