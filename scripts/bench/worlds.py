"""Databases for the mock: the seed `docs`, and on top what a row needs.

The mock makes its database itself, with all tables and the seed. What is added in masses is written into the file while
no mock has it, by the standard library's SQLite and the columns of the mock's schema: a million links over HTTP would
take minutes.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from aitronos_mock.store import schema

from .requests import Request

COLLECTION_SIZE = 50
RECIPIENTS = 10_000
_COLLECTION_TOKEN = f"shr_{50:032x}"
_ORGANIZATION, _OWNER, _DOCUMENTED_TRACK = "org_abc123", "user_owner", "mtrack_b4d9e1c6a72f"
_TRACK_LINKS = 0x7A << 120
_MASS = 0xB5 << 120
_MASS_IN_LUA = "b5" + 22 * "0"

COLLECTION = Request("resolve a collection of 50 tracks", "GET", f"/v1/music/shared/{_COLLECTION_TOKEN}", 200)
SAVE = Request(
    "save a track",
    "POST",
    f"/v1/music/shared/shr_{_TRACK_LINKS:032x}/save",
    201,
    {"X-API-Key": "bench-key-0"},
    # Every recipient saves the first track, then every one the next: each request makes an edge that was not there.
    varying_path="string.format('/v1/music/shared/shr_7a%030x/save', "
    f"math.floor(n / {RECIPIENTS}) % {COLLECTION_SIZE})",
    varying_key=f"'bench-key-' .. (n % {RECIPIENTS})",
)

Row = dict[str, Any]


def resolve_any(links: int) -> Request:
    """Resolve one link after the other of a mass, in an order that comes by all of them and never twice in a row."""
    token = f"shr_{_MASS:032x}"
    path = f"string.format('/v1/music/shared/shr_{_MASS_IN_LUA}%08x', (n * 7919) % {links})"
    return Request("resolve a track", "GET", f"/v1/music/shared/{token}", 200, varying_path=path)


def furnish(database: Path) -> None:
    """Add what the rows of the mock itself need: a collection of 50 tracks, links to each, and 10,000 recipients."""
    with closing(sqlite3.connect(database)) as connection, connection:
        _insert(connection, schema.users, ({"id": f"bench_user_{n}"} for n in range(RECIPIENTS)))
        _insert(connection, schema.keys, map(_key, range(RECIPIENTS)))
        _insert(connection, schema.tracks, map(_track, range(COLLECTION_SIZE)))
        _insert(connection, schema.collections, [_collection()])
        _insert(connection, schema.collection_tracks, map(_position, range(COLLECTION_SIZE)))
        _insert(connection, schema.share_links, map(_track_link, range(COLLECTION_SIZE)))
        _insert(connection, schema.share_links, [_link("bench_collection", 50, collection_id="bench_collection")])


def add_links(database: Path, count: int) -> None:
    """Add a mass of links to the documented track."""
    with closing(sqlite3.connect(database)) as connection, connection:
        links = (_link(f"mslink_b{n:011x}", _MASS + n, track_id=_DOCUMENTED_TRACK) for n in range(count))
        _insert(connection, schema.share_links, links)


def _insert(connection: sqlite3.Connection, table: Table, rows: Iterable[Row]) -> None:
    columns = table.c.keys()
    marks = ", ".join(f":{column}" for column in columns)
    statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names of our own schema
    connection.executemany(statement, ({"sandbox": 0, **row} for row in rows))


def _digest(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


def _key(number: int) -> Row:
    return {"digest": _digest(f"bench-key-{number}"), "user_id": f"bench_user_{number}"}


def _track(number: int) -> Row:
    return {
        "id": f"bench_track_{number}",
        "organization_id": _ORGANIZATION,
        "owner_id": _OWNER,
        "title": f"Track {number}",
        "engine": "studio",
        "mode": "creation",
        "measured_duration_seconds": 60.0 + number,
        "instrumental": True,
        "licence_class": "personal_only",
        "licence_version": "2026-01",
        "requires_attribution": False,
        "removed": False,
    }


def _collection() -> Row:
    return {
        "id": "bench_collection",
        "organization_id": _ORGANIZATION,
        "owner_id": _OWNER,
        "name": "Fifty",
        "description": None,
        "removed": False,
    }


def _position(number: int) -> Row:
    return {"collection_id": "bench_collection", "position": number, "track_id": f"bench_track_{number}"}


def _track_link(number: int) -> Row:
    return _link(f"bench_link_{number}", _TRACK_LINKS + number, track_id=f"bench_track_{number}")


def _link(link_id: str, token: int, track_id: str | None = None, collection_id: str | None = None) -> Row:
    return {
        "id": link_id,
        "token_digest": _digest(f"shr_{token:032x}"),
        "track_id": track_id,
        "collection_id": collection_id,
        "visibility": "link_only",
        "created_at": int(time.time()),
        "expires_at": None,
        "revoked": False,
        "open_limit": None,
        "opens": 0,
    }
