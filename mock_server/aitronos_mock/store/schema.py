"""The tables. Times are whole Unix seconds; of keys and tokens there are digests only.

Every row belongs to a sandbox, a number; the default one is 0. Rows of one sandbox refer to rows of the same one only.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

VERSION = 2
"""Version of this schema; `upgrades.py` has the way here from the versions before."""

# Sorted by code points on PostgreSQL too, whatever language its database is in, so that worlds come in one order.
_TEXT = String().with_variant(String(collation="C"), "postgresql")
# Beyond 2038, up to the year 8999.
_MOMENT = BigInteger()

metadata = MetaData()

meta = Table("meta", metadata, Column("schema_version", Integer, nullable=False))


def _sandbox() -> Column[int]:
    return Column("sandbox", Integer, primary_key=True)


def _refers(column: str, table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["sandbox", column], [f"{table}.sandbox", f"{table}.id"])


organizations = Table("organizations", metadata, _sandbox(), Column("id", _TEXT, primary_key=True))

users = Table("users", metadata, _sandbox(), Column("id", _TEXT, primary_key=True))

keys = Table(
    "keys",
    metadata,
    _sandbox(),
    Column("digest", LargeBinary, primary_key=True),
    Column("user_id", _TEXT, nullable=False),
    _refers("user_id", "users"),
)

members = Table(
    "members",
    metadata,
    _sandbox(),
    Column("organization_id", _TEXT, primary_key=True),
    Column("user_id", _TEXT, primary_key=True),
    _refers("organization_id", "organizations"),
    _refers("user_id", "users"),
)

tracks = Table(
    "tracks",
    metadata,
    _sandbox(),
    Column("id", _TEXT, primary_key=True),
    Column("organization_id", _TEXT, nullable=False),
    Column("owner_id", _TEXT, nullable=False),
    Column("title", _TEXT),
    Column("engine", _TEXT, nullable=False),
    Column("mode", _TEXT, nullable=False),
    Column("measured_duration_seconds", Float),
    Column("instrumental", Boolean, nullable=False),
    Column("licence_class", _TEXT, nullable=False),
    Column("licence_version", _TEXT, nullable=False),
    Column("requires_attribution", Boolean, nullable=False),
    Column("removed", Boolean, nullable=False),
    _refers("organization_id", "organizations"),
    _refers("owner_id", "users"),
)

collections = Table(
    "collections",
    metadata,
    _sandbox(),
    Column("id", _TEXT, primary_key=True),
    Column("organization_id", _TEXT, nullable=False),
    Column("owner_id", _TEXT, nullable=False),
    Column("name", _TEXT, nullable=False),
    Column("description", _TEXT),
    Column("removed", Boolean, nullable=False),
    _refers("organization_id", "organizations"),
    _refers("owner_id", "users"),
)

collection_tracks = Table(
    "collection_tracks",
    metadata,
    _sandbox(),
    Column("collection_id", _TEXT, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("track_id", _TEXT, nullable=False),
    _refers("collection_id", "collections"),
    _refers("track_id", "tracks"),
)

share_links = Table(
    "share_links",
    metadata,
    _sandbox(),
    Column("id", _TEXT, primary_key=True),
    Column("token_digest", LargeBinary, nullable=False),
    # One of the two: a share that comes together with another world must not leave a link that leads nowhere.
    Column("track_id", _TEXT),
    Column("collection_id", _TEXT),
    Column("visibility", _TEXT, nullable=False),
    Column("created_at", _MOMENT, nullable=False),
    Column("expires_at", _MOMENT),
    Column("revoked", Boolean, nullable=False),
    Column("open_limit", Integer),
    Column("opens", Integer, nullable=False),
    UniqueConstraint("sandbox", "token_digest"),
    CheckConstraint("(track_id IS NULL) <> (collection_id IS NULL)"),
    _refers("track_id", "tracks"),
    _refers("collection_id", "collections"),
)

library = Table(
    "library",
    metadata,
    _sandbox(),
    Column("id", _TEXT, primary_key=True),
    Column("user_id", _TEXT, nullable=False),
    Column("track_id", _TEXT, nullable=False),
    Column("share_link_id", _TEXT),
    Column("created_at", _MOMENT, nullable=False),
    Column("source", _TEXT, nullable=False),
    UniqueConstraint("sandbox", "user_id", "track_id"),
    _refers("user_id", "users"),
    _refers("track_id", "tracks"),
    _refers("share_link_id", "share_links"),
)

CONTENT = (organizations, users, keys, members, tracks, collections, collection_tracks, share_links, library)
"""The tables of a world, parents first."""
