"""Worlds as rows, and rows as worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import Table

from ..domain.models import Collection, LibraryEdge, ShareLink, Track, User, World
from . import schema

Row = tuple[Any, ...]
Values = dict[str, Any]


def _reader(kind: type[Any]) -> Callable[[Any], Values]:
    """Reads the fields of a model, all of which are plain: `asdict`, which copies what is within them, takes longer."""
    names = [field.name for field in fields(kind)]
    read = attrgetter(*names)
    return lambda model: dict(zip(names, read(model), strict=True))


_track_values, _collection_values, edge_values = _reader(Track), _reader(Collection), _reader(LibraryEdge)
_link_fields = _reader(ShareLink)


def rows_of(world: World) -> Iterator[tuple[Table, list[Values]]]:
    """What to insert, parents first."""
    yield schema.organizations, [{"id": organization} for organization in world.organizations]
    yield schema.users, [{"id": user.id} for user in world.users]
    yield schema.keys, [{"digest": key, "user_id": user} for key, user in world.keys.items()]
    yield schema.members, [{"organization_id": place, "user_id": user} for place, user in world.members]
    yield schema.tracks, [*map(_track_values, world.tracks)]
    yield schema.collections, [*map(_collection_values, world.collections)]
    yield schema.collection_tracks, list(_positions(world.collection_tracks))
    yield schema.share_links, [link_values(link, token_digest) for token_digest, link in world.share_links.items()]
    yield schema.library, [*map(edge_values, world.library)]


def link_values(link: ShareLink, token_digest: bytes) -> Values:
    """What to insert for a link."""
    values = {**_link_fields(link), "token_digest": token_digest, "track_id": None, "collection_id": None}
    values[f"{values.pop('target_type')}_id"] = values.pop("target_id")
    return values


def world_of(rows: Mapping[Table, Sequence[Row]]) -> World:
    """The other way round: a world from all rows of a sandbox."""
    listed: dict[str, list[str]] = {collection[0]: [] for collection in rows[schema.collections]}
    for collection, _, track in rows[schema.collection_tracks]:
        listed[collection].append(track)
    return World(
        organizations=tuple(organization for (organization,) in rows[schema.organizations]),
        users=tuple(User(user) for (user,) in rows[schema.users]),
        keys=dict(cast(Sequence[tuple[bytes, str]], rows[schema.keys])),
        members=frozenset((organization, user) for organization, user in rows[schema.members]),
        tracks=tuple(Track(*row) for row in rows[schema.tracks]),
        collections=tuple(Collection(*row) for row in rows[schema.collections]),
        collection_tracks={collection: tuple(tracks) for collection, tracks in listed.items()},
        share_links={token_digest: ShareLink(*link) for token_digest, *link in rows[schema.share_links]},
        library=tuple(LibraryEdge(*row) for row in rows[schema.library]),
    )


def _positions(collection_tracks: Mapping[str, tuple[str, ...]]) -> Iterator[Values]:
    for collection, tracks in collection_tracks.items():
        for position, track in enumerate(tracks):
            yield {"collection_id": collection, "position": position, "track_id": track}
