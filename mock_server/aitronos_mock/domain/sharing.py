"""The rules: who may share what, when a link opens and plays, what saving does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from .digests import digest
from .errors import CollectionNotFound, CollectionNotSaveable, Gone, LinkGone, NotAMember, TrackNotFound
from .models import Collection, LibraryEdge, ShareLink, TargetType, Track, User, Visibility
from .ports import Clock, ContentGone, DuplicateId, Ids, MemberView, SharedContent, Store

MAX_LIFETIME_DAYS = 90
"""Longer lifetimes are cut to this (documented)."""

_DAY = 24 * 60 * 60
# A seeded source that began anew over a world of its own making meets all that it gave before.
_ATTEMPTS_AT_AN_ID = 10_000
_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class ShareTerms:
    """How to share.

    Attributes:
        visibility: Recorded with the link; it makes no difference to who can open it (decided).
        lifetime_days: Days of 24 hours from 1; more than 90 counts as 90; None is for ever.
    """

    visibility: Visibility = "link_only"
    lifetime_days: int | None = None


class MintedLink(NamedTuple):
    """A new link and its token, which exists in the clear only here."""

    link: ShareLink
    token: str


@dataclass(frozen=True, slots=True)
class OpenedTrack:
    """A track link, opened."""

    link: ShareLink
    track: Track


@dataclass(frozen=True, slots=True)
class OpenedCollection:
    """A collection link, opened, with the tracks that are still there by position."""

    link: ShareLink
    collection: Collection
    tracks: list[Track]


@dataclass(frozen=True, slots=True)
class RemovedContent:
    """A living link to content that its creator removed."""

    link: ShareLink


Opened = OpenedTrack | OpenedCollection | RemovedContent


class Sharing:
    """Share, open, save and play, over one store, with one clock and one source of ids."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    async def authenticate(self, key: str) -> User | None:
        """Who holds this key, or None. Keys are looked up, never judged by their form (documented)."""
        return await self._store.user_of_key(digest(key))

    async def share_track(self, caller: User, organization_id: str, track_id: str, terms: ShareTerms) -> MintedLink:
        """Mint a link to a track. Every call mints another one (decided).

        Raises:
            NotAMember: The caller does not belong to the organization.
            TrackNotFound: The track is not there, is removed, or is somebody else's.
        """
        view = await self._store.track_for(caller.id, organization_id, track_id)
        _require_member(view, organization_id)
        if not _may_share(view.content, caller, organization_id):
            raise TrackNotFound(track_id)
        try:
            return await self._mint("track", track_id, terms)
        except ContentGone:
            raise TrackNotFound(track_id) from None

    async def share_collection(
        self, caller: User, organization_id: str, collection_id: str, terms: ShareTerms
    ) -> MintedLink:
        """Mint a link to a collection. Every call mints another one (decided).

        Raises:
            NotAMember: The caller does not belong to the organization.
            CollectionNotFound: The collection is not there, is removed, or is somebody else's.
        """
        view = await self._store.collection_for(caller.id, organization_id, collection_id)
        _require_member(view, organization_id)
        if not _may_share(view.content, caller, organization_id):
            raise CollectionNotFound(collection_id)
        try:
            return await self._mint("collection", collection_id, terms)
        except ContentGone:
            raise CollectionNotFound(collection_id) from None

    async def open(self, token: str) -> Opened:
        """Open a link.

        Raises:
            LinkGone: The token is unknown, revoked, expired or past its limit of opens.
        """
        link, content = self._living(await self._store.shared_content(digest(token)))
        if link.open_limit is not None and not await self._store.count_open(link.id):
            raise LinkGone(Gone.OVER_LIMIT, link.id)
        if content.removed:
            return RemovedContent(link)
        if isinstance(content, Track):
            return OpenedTrack(link, content)
        return OpenedCollection(link, content, await self._store.tracks_of(content.id))

    async def save(self, caller: User, token: str) -> LibraryEdge:
        """Put a shared track into the caller's library, or return the edge that is there already (decided).

        Raises:
            LinkGone: The token is unknown, revoked, expired or past its limit of opens, or the content was removed.
            CollectionNotSaveable: The link shares a collection.
        """
        link, content = self._living(await self._store.shared_content(digest(token)))
        if link.used_up():
            raise LinkGone(Gone.OVER_LIMIT, link.id)
        if content.removed:
            raise LinkGone(Gone.REMOVED, link.id)
        if isinstance(content, Collection):
            raise CollectionNotSaveable
        now = int(self._clock.time())

        async def keep() -> LibraryEdge:
            edge = LibraryEdge(self._ids.library_edge(), caller.id, content.id, link.id, now)
            return await self._store.add_library_edge(edge)

        try:
            return await _until_free(keep)
        except ContentGone:
            raise LinkGone(Gone.UNKNOWN) from None

    async def play(self, link_id: str, track_id: str) -> Track:
        """The track, for whoever was given its playback URL when the link was opened.

        The limit of opens does not count here: the last open that it allows gives URLs that play (decided).

        Raises:
            LinkGone: The link is unknown, revoked or expired, or the track is not, or no more, among what it shares.
        """
        link, content = self._living(await self._store.content_of_link(link_id))
        if content.removed:
            raise LinkGone(Gone.REMOVED, link.id)
        tracks = [content] if isinstance(content, Track) else await self._store.tracks_of(content.id)
        for track in tracks:
            if track.id == track_id:
                return track
        raise LinkGone(Gone.REMOVED, link.id)

    def _living(self, shared: SharedContent | None) -> SharedContent:
        if shared is None:
            raise LinkGone(Gone.UNKNOWN)
        if shared.link.revoked:
            raise LinkGone(Gone.REVOKED, shared.link.id)
        if shared.link.expired(int(self._clock.time())):
            raise LinkGone(Gone.EXPIRED, shared.link.id)
        return shared

    async def _mint(self, target_type: TargetType, target_id: str, terms: ShareTerms) -> MintedLink:
        now = int(self._clock.time())
        expires_at = _expiry(now, terms.lifetime_days)

        async def mint() -> MintedLink:
            link_id, token = self._ids.share_link(target_type)
            link = ShareLink(link_id, target_type, target_id, terms.visibility, now, expires_at)
            await self._store.add_share_link(link, digest(token))
            return MintedLink(link, token)

        return await _until_free(mint)


def _require_member(view: MemberView, organization_id: str) -> None:
    if not view.is_member:
        raise NotAMember(organization_id)


def _may_share(content: Track | Collection | None, caller: User, organization_id: str) -> bool:
    if content is None or content.removed:
        return False
    return content.organization_id == organization_id and content.owner_id == caller.id


def _expiry(now: int, lifetime_days: int | None) -> int | None:
    if lifetime_days is None:
        return None
    return now + min(lifetime_days, MAX_LIFETIME_DAYS) * _DAY


async def _until_free(keep: Callable[[], Awaitable[_Kept]]) -> _Kept:
    """Try again with another id where one is taken: 48 random bits meet sooner or later."""
    for _ in range(_ATTEMPTS_AT_AN_ID - 1):
        try:
            return await keep()
        except DuplicateId:
            continue
    return await keep()
