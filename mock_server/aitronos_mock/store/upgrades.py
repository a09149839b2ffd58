"""How a database gets to the schema of this release, from nothing or from an earlier one.

The steps are plain SQL, because PostgreSQL is spoken to without an engine that a tool for upgrades could use. A step is
never edited once it was released: it starts from the tables as they were.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Dialect, Insert, Update, insert, update
from sqlalchemy.schema import CreateTable

from .errors import StoreUnusable
from .schema import VERSION, meta, metadata
from .shared_schema import SHARED_TABLES

READ_VERSIONS = "SELECT schema_version FROM meta"
"""Finds one row where the database is ours."""

_STEPS: Mapping[int, Sequence[str]] = {
    # Version 1 was there on SQLite only.
    1: (
        """
        CREATE TABLE new_share_links (
            sandbox INTEGER NOT NULL,
            id VARCHAR NOT NULL,
            token_digest BLOB NOT NULL,
            track_id VARCHAR,
            collection_id VARCHAR,
            visibility VARCHAR NOT NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT,
            revoked BOOLEAN NOT NULL,
            open_limit INTEGER,
            opens INTEGER NOT NULL,
            PRIMARY KEY (sandbox, id),
            UNIQUE (sandbox, token_digest),
            CHECK ((track_id IS NULL) <> (collection_id IS NULL)),
            FOREIGN KEY (sandbox, track_id) REFERENCES tracks (sandbox, id),
            FOREIGN KEY (sandbox, collection_id) REFERENCES collections (sandbox, id)
        )
        """,
        """
        INSERT INTO new_share_links
        SELECT sandbox, id, token_digest,
            CASE target_type WHEN 'track' THEN target_id END,
            CASE target_type WHEN 'collection' THEN target_id END,
            visibility, created_at, expires_at, revoked, open_limit, opens
        FROM share_links
        """,
        "DROP TABLE share_links",
        "ALTER TABLE new_share_links RENAME TO share_links",
    ),
}


def steps(tables: Collection[str], versions: Sequence[object], dialect: Dialect) -> list[str]:
    """The statements that are to be run, in one transaction; none where nothing is to be done.

    Args:
        tables: The names of all tables that there are.
        versions: What `READ_VERSIONS` finds, where there is a table `meta`.
        dialect: What the database speaks.

    Raises:
        StoreUnusable: The database is of something else, or of a later release.
    """
    if not tables:
        made = [str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables]
        shared = SHARED_TABLES if dialect.name == "postgresql" else ()
        return [*made, *shared, _noted(insert(meta), dialect)]
    if len(versions) != 1:
        raise StoreUnusable(FOREIGN)
    return _from(versions[0], dialect)


def _from(version: object, dialect: Dialect) -> list[str]:
    if version == VERSION:
        return []
    if version not in _STEPS:
        raise StoreUnusable(
            f"its schema has version {version}, this release reads versions {min(_STEPS)} to {VERSION};"
            " use the release that wrote it, or another database"
        )
    passed = range(int(str(version)), VERSION)
    return [*(step for each in passed for step in _STEPS[each]), _noted(update(meta), dialect)]


def _noted(statement: Insert | Update, dialect: Dialect) -> str:
    compiled = statement.values(schema_version=VERSION).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return str(compiled)


FOREIGN = "it is a database of something else; name another one"
"""Why a database with tables, but not with ours, is refused."""
