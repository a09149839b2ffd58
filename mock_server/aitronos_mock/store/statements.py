"""What is asked of the tables.

Statements are built once: SQLAlchemy then finds their compiled form in its cache. All but the inserts take the sandbox
as `here`. Selected columns stand in the order of the fields of the models, which are built from them by position.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, case, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from . import schema

_keys, _members, _tracks = schema.keys.c, schema.members.c, schema.tracks.c
_collections, _listed = schema.collections.c, schema.collection_tracks.c
_links, _library = schema.share_links.c, schema.library.c


def _fields(table: Table, *others: str) -> list[Any]:
    return [column for column in table.c if column.name not in {"sandbox", *others}]


def _in_sandbox(table: Table) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = table.c.sandbox == bindparam("here")
    return condition


def _same_sandbox(table: Table, other: Table) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = table.c.sandbox == other.c.sandbox
    return condition


TRACK_FIELDS = _fields(schema.tracks)
COLLECTION_FIELDS = _fields(schema.collections)
LINK_FIELDS = _fields(schema.share_links, "token_digest")

ANY_USER = select(schema.users.c.id).where(_in_sandbox(schema.users)).limit(1)
USER_OF_KEY = select(_keys.user_id).where(_in_sandbox(schema.keys), _keys.digest == bindparam("digest"))
MEMBER = select(_members.user_id).where(
    _in_sandbox(schema.members),
    _members.organization_id == bindparam("organization_id"),
    _members.user_id == bindparam("user_id"),
)
TRACK = select(*TRACK_FIELDS).where(_in_sandbox(schema.tracks), _tracks.id == bindparam("id"))
COLLECTION = select(*COLLECTION_FIELDS).where(_in_sandbox(schema.collections), _collections.id == bindparam("id"))
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
        _same_sandbox(schema.tracks, schema.share_links)
        & (_links.target_type == "track")
        & (_tracks.id == _links.target_id),
    )
    .outerjoin(
        schema.collections,
        _same_sandbox(schema.collections, schema.share_links)
        & (_links.target_type == "collection")
        & (_collections.id == _links.target_id),
    )
    .where(_in_sandbox(schema.share_links))
)
CONTENT_OF_TOKEN = _CONTENT.where(_links.token_digest == bindparam("token_digest"))
CONTENT_OF_LINK = _CONTENT.where(_links.id == bindparam("link_id"))

ADD_LINK = insert(schema.share_links)
COUNT_OPEN = (
    update(schema.share_links)
    .where(
        _in_sandbox(schema.share_links),
        _links.id == bindparam("link_id"),
        _links.opens < _links.open_limit,
    )
    .values(opens=_links.opens + 1)
)
ADD_EDGE = upsert(schema.library).on_conflict_do_nothing(index_elements=["sandbox", "user_id", "track_id"])
EDGE = select(*_fields(schema.library)).where(
    _in_sandbox(schema.library),
    _library.user_id == bindparam("user_id"),
    _library.track_id == bindparam("track_id"),
)

REVOKE = (
    update(schema.share_links)
    .where(_in_sandbox(schema.share_links), _links.id == bindparam("link_id"))
    .values(revoked=True)
)
SET_EXPIRY = (
    update(schema.share_links)
    .where(_in_sandbox(schema.share_links), _links.id == bindparam("link_id"))
    # A clock that was set back may stand before the creation, and no link expires before it is made.
    .values(
        expires_at=bindparam("moment"),
        created_at=case((_links.created_at > bindparam("moment"), bindparam("moment")), else_=_links.created_at),
    )
)
SET_TRACK_REMOVED = (
    update(schema.tracks)
    .where(_in_sandbox(schema.tracks), _tracks.id == bindparam("content_id"))
    .values(removed=bindparam("gone"))
)
SET_COLLECTION_REMOVED = (
    update(schema.collections)
    .where(_in_sandbox(schema.collections), _collections.id == bindparam("content_id"))
    .values(removed=bindparam("gone"))
)

FILL = {table: insert(table) for table in schema.CONTENT}
CLEAR = [delete(table).where(_in_sandbox(table)) for table in reversed(schema.CONTENT)]
ALL = {
    table: select(*_fields(table)).where(_in_sandbox(table)).order_by(*table.primary_key.columns)
    for table in schema.CONTENT
}
EVERY_OTHER_SANDBOX = [delete(table).where(table.c.sandbox != 0) for table in reversed(schema.CONTENT)]
