"""The tables. Times are whole Unix seconds; of keys and tokens there are digests only."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

VERSION = 1
"""Version of this schema. A database of another version is refused."""

metadata = MetaData()

meta = Table("meta", metadata, Column("schema_version", Integer, nullable=False))

organizations = Table("organizations", metadata, Column("id", String, primary_key=True))

users = Table("users", metadata, Column("id", String, primary_key=True))

keys = Table(
    "keys",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("organization_id", ForeignKey("organizations.id")),
    Column("user_id", ForeignKey("users.id")),
    PrimaryKeyConstraint("organization_id", "user_id"),
)

tracks = Table(
    "tracks",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", ForeignKey("organizations.id"), nullable=False),
    Column("owner_id", ForeignKey("users.id"), nullable=False),
    Column("title", String),
    Column("engine", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("measured_duration_seconds", Float),
    Column("instrumental", Boolean, nullable=False),
    Column("licence_class", String, nullable=False),
    Column("licence_version", String, nullable=False),
    Column("requires_attribution", Boolean, nullable=False),
    Column("removed", Boolean, nullable=False),
)

collections = Table(
    "collections",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", ForeignKey("organizations.id"), nullable=False),
    Column("owner_id", ForeignKey("users.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("description", String),
    Column("removed", Boolean, nullable=False),
)

collection_tracks = Table(
    "collection_tracks",
    metadata,
    Column("collection_id", ForeignKey("collections.id")),
    Column("position", Integer),
    Column("track_id", ForeignKey("tracks.id"), nullable=False),
    PrimaryKeyConstraint("collection_id", "position"),
)

share_links = Table(
    "share_links",
    metadata,
    Column("id", String, primary_key=True),
    Column("token_digest", LargeBinary, nullable=False, unique=True),
    Column("target_type", String, nullable=False),
    Column("target_id", String, nullable=False),
    Column("visibility", String, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("expires_at", Integer),
    Column("revoked", Boolean, nullable=False),
    Column("open_limit", Integer),
    Column("opens", Integer, nullable=False),
)

library = Table(
    "library",
    metadata,
    Column("id", String, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("track_id", ForeignKey("tracks.id"), nullable=False),
    Column("share_link_id", ForeignKey("share_links.id")),
    Column("created_at", Integer, nullable=False),
    Column("source", String, nullable=False),
    UniqueConstraint("user_id", "track_id"),
)
