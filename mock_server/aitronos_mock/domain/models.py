"""The things that the rules speak of. Times are whole Unix seconds, UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

TargetType = Literal["track", "collection"]
Visibility = Literal["link_only", "public"]


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who holds a key."""

    id: str


@dataclass(frozen=True, slots=True)
class Track:
    """A track, owned by one user within one organization."""

    id: str
    organization_id: str
    owner_id: str
    title: str | None
    engine: str
    mode: str
    measured_duration_seconds: float | None
    instrumental: bool
    licence_class: str
    licence_version: str
    requires_attribution: bool
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Collection:
    """A named list of tracks, owned by one user within one organization."""

    id: str
    organization_id: str
    owner_id: str
    name: str
    description: str | None
    removed: bool = False


@dataclass(frozen=True, slots=True)
class ShareLink:
    """A link to one track or collection; its token is known only as a hash, and kept apart from it."""

    id: str
    target_type: TargetType
    target_id: str
    visibility: Visibility
    created_at: int
    expires_at: int | None = None
    revoked: bool = False
    open_limit: int | None = None
    """How often it opens before it answers like an expired link; None is without end. Fixtures alone set it."""
    opens: int = 0
    """How often it was opened; counted only for a link with an `open_limit`."""

    def expired(self, now: int) -> bool:
        """Whether the link is expired at `now`; the moment `expires_at` itself counts as expired (decided)."""
        return self.expires_at is not None and now >= self.expires_at

    def used_up(self) -> bool:
        """Whether the link reached its limit of opens."""
        return self.open_limit is not None and self.opens >= self.open_limit


@dataclass(frozen=True, slots=True)
class LibraryEdge:
    """A track's place in a user's library. A user has at most one edge per track."""

    id: str
    user_id: str
    track_id: str
    share_link_id: str | None
    created_at: int
    source: str = "shared"


@dataclass(frozen=True, slots=True)
class World:
    """Everything that a store can hold, as a fixture describes it; secrets are there as hashes only."""

    organizations: tuple[str, ...] = ()
    users: tuple[User, ...] = ()
    keys: dict[bytes, str] = field(default_factory=dict)
    """Hash of an API key (see `digests.digest`) to the id of the user who holds it."""
    members: frozenset[tuple[str, str]] = frozenset()
    """Pairs of organization id and user id."""
    tracks: tuple[Track, ...] = ()
    collections: tuple[Collection, ...] = ()
    collection_tracks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Collection id to the ids of its tracks by position."""
    share_links: dict[bytes, ShareLink] = field(default_factory=dict)
    """Hash of a share token (see `digests.digest`) to its link."""
    library: tuple[LibraryEdge, ...] = ()
