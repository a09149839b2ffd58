"""What goes over the wire for the things of the domain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .clock import timestamp
from .domain.licences import allows_commercial_use
from .domain.models import Collection, LibraryEdge, ShareLink, Track
from .domain.sharing import MintedLink, Opened, OpenedCollection, OpenedTrack, RemovedContent

Json = dict[str, Any]
PlaybackUrl = Callable[[str], str]
"""Mints the playback URL of a track, by its id."""


def share_link(minted: MintedLink, base_url: str) -> Json:
    """The answer to a share: the only one with the token in it."""
    link, token = minted
    return {
        "id": link.id,
        "token": token,
        "url": f"{base_url}/v1/music/shared/{token}",
        "target_type": link.target_type,
        "visibility": link.visibility,
        "expires_at": _moment(link.expires_at),
        "created_at": timestamp(link.created_at),
    }


def shared_view(opened: Opened, playback_url: PlaybackUrl) -> Json:
    """The answer to a resolve, always with all seven keys."""
    link = opened.link
    view: Json = {
        "kind": link.target_type,
        "available": True,
        "message": None,
        "share": _share_info(link),
        "track": None,
        "collection": None,
        "tracks": None,
    }
    match opened:
        case OpenedTrack(track=track):
            view["track"] = _track(track, playback_url)
        case OpenedCollection(collection=collection, tracks=tracks):
            view["collection"] = _collection(collection)
            view["tracks"] = [_track(track, playback_url) for track in tracks]
        case RemovedContent():  # pragma: no branch - nothing else is opened
            view["available"] = False
            view["message"] = f"This {link.target_type} was removed by its creator."
    return view


def library_edge(edge: LibraryEdge) -> Json:
    """The answer to a save."""
    return {
        "id": edge.id,
        "track_id": edge.track_id,
        "source": edge.source,
        "share_link_id": edge.share_link_id,
        "created_at": timestamp(edge.created_at),
    }


def _share_info(link: ShareLink) -> Json:
    return {
        "target_type": link.target_type,
        "visibility": link.visibility,
        "expires_at": _moment(link.expires_at),
    }


def _collection(collection: Collection) -> Json:
    return {"id": collection.id, "name": collection.name, "description": collection.description}


def _track(track: Track, playback_url: PlaybackUrl) -> Json:
    return {
        "id": track.id,
        "title": track.title,
        "engine": track.engine,
        "mode": track.mode,
        "measured_duration_seconds": track.measured_duration_seconds,
        "instrumental": track.instrumental,
        "playback_url": playback_url(track.id),
        "licence": {
            "licence_class": track.licence_class,
            "licence_version": track.licence_version,
            "commercial_use": allows_commercial_use(track.licence_class),
            "requires_attribution": track.requires_attribution,
        },
    }


def _moment(seconds: int | None) -> str | None:
    return None if seconds is None else timestamp(seconds)
