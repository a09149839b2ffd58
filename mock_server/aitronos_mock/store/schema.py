"""The tables. Times are whole Unix seconds; of keys and tokens there are digests only.

Every row belongs to a sandbox, a number; the default one is 0. Rows of one sandbox refer to rows of the same one only.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
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

VERSION = 1
"""Version of this schema. A database of another version is refused."""

metadata = MetaData()

meta = Table("meta", metadata, Column("schema_version", Integer, nullable=False))


def _sandbox() -> Column[int]:
    return Column("sandbox", Integer, primary_key=True)


def _refers(column: str, table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["sandbox", column], [f"{table}.sandbox", f"{table}.id"])


organizations = Table("organizations", metadata, _sandbox(), Column("id", String, primary_key=True))

users = Table("users", metadata, _sandbox(), Column("id", String, primary_key=True))

keys = Table(
    "keys",
    metadata,
    _sandbox(),
    Column("digest", LargeBinary, primary_key=True),
    Column("user_id", String, nullable=False),
    _refers("user_id", "users"),
)

members = Table(
    "members",
    metadata,
    _sandbox(),
    Column("organization_id", String, primary_key=True),
    Column("user_id", String, primary_key=True),
    _refers("organization_id", "organizations"),
    _refers("user_id", "users"),
)

tracks = Table(
    "tracks",
    metadata,
    _sandbox(),
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("owner_id", String, nullable=False),
    Column("title", String),
    Column("engine", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("measured_duration_seconds", Float),
    Column("instrumental", Boolean, nullable=False),
    Column("licence_class", String, nullable=False),
    Column("licence_version", String, nullable=False),
    Column("requires_attribution", Boolean, nullable=False),
    Column("removed", Boolean, nullable=False),
    _refers("organization_id", "organizations"),
    _refers("owner_id", "users"),
)

collections = Table(
    "collections",
    metadata,
    _sandbox(),
    Column("id", String, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("owner_id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("description", String),
    Column("removed", Boolean, nullable=False),
    _refers("organization_id", "organizations"),
    _refers("owner_id", "users"),
)

collection_tracks = Table(
    "collection_tracks",
    metadata,
    _sandbox(),
    Column("collection_id", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("track_id", String, nullable=False),
    _refers("collection_id", "collections"),
    _refers("track_id", "tracks"),
)

share_links = Table(
    "share_links",
    metadata,
    _sandbox(),
    Column("id", String, primary_key=True),
    Column("token_digest", LargeBinary, nullable=False),
    Column("target_type", String, nullable=False),
    Column("target_id", String, nullable=False),
    Column("visibility", String, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("expires_at", Integer),
    Column("revoked", Boolean, nullable=False),
    Column("open_limit", Integer),
    Column("opens", Integer, nullable=False),
    UniqueConstraint("sandbox", "token_digest"),
)

library = Table(
    "library",
    metadata,
    _sandbox(),
    Column("id", String, primary_key=True),
    Column("user_id", String, nullable=False),
    Column("track_id", String, nullable=False),
    Column("share_link_id", String),
    Column("created_at", Integer, nullable=False),
    Column("source", String, nullable=False),
    UniqueConstraint("sandbox", "user_id", "track_id"),
    _refers("user_id", "users"),
    _refers("track_id", "tracks"),
    _refers("share_link_id", "share_links"),
)

CONTENT = (organizations, users, keys, members, tracks, collections, collection_tracks, share_links, library)
"""The tables of a world, parents first."""
