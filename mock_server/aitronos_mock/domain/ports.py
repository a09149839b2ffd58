"""What the rules need from outside: a clock, a source of ids, a store."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from .models import Collection, LibraryEdge, ShareLink, TargetType, Track, User


class Clock(Protocol):
    """The one source of time."""

    def time(self) -> float:
        """Unix seconds, UTC."""
        ...


class Ids(Protocol):
    """The one source of identifiers and tokens."""

    def share_link(self, target_type: TargetType) -> tuple[str, str]:
        """The identifier and the token of a new share link to such a target."""
        ...

    def library_edge(self) -> str:
        """A new identifier of a library edge."""
        ...


class DuplicateId(Exception):
    """An identifier or a token is taken already."""


class ContentGone(Exception):
    """What is to be referred to is there no more: another world took the place of the one that had it."""


class MemberView(NamedTuple):
    """What a user is shown of something in an organization.

    Attributes:
        is_member: Whether the user belongs to the organization; false where there is no such organization.
        content: What was asked for, removed or not, in whichever organization; None where it is not there, or for
            somebody who is no member.
    """

    is_member: bool
    content: Track | Collection | None


class SharedContent(NamedTuple):
    """A link together with the track or the collection that it leads to."""

    link: ShareLink
    content: Track | Collection


class Store(Protocol):
    """Where the world is kept. Every method is atomic by itself."""

    async def user_of_key(self, key_digest: bytes) -> User | None:
        """Who holds the key, or None."""
        ...

    async def track_for(self, user_id: str, organization_id: str, track_id: str) -> MemberView:
        """A track, for a user as a member of an organization."""
        ...

    async def collection_for(self, user_id: str, organization_id: str, collection_id: str) -> MemberView:
        """A collection, for a user as a member of an organization."""
        ...

    async def tracks_of(self, collection_id: str) -> list[Track]:
        """The tracks of a collection by position, ascending, without removed ones."""
        ...

    async def add_share_link(self, link: ShareLink, token_digest: bytes) -> None:
        """Keep a new link.

        Raises:
            DuplicateId: The link's id or the token is taken.
            ContentGone: There is no such track or collection.
        """
        ...

    async def shared_content(self, token_digest: bytes) -> SharedContent | None:
        """The link of this token and what it leads to, or None."""
        ...

    async def content_of_link(self, link_id: str) -> SharedContent | None:
        """The link of this id and what it leads to, or None."""
        ...

    async def count_open(self, link_id: str) -> bool:
        """Count one open of a link that has a limit; false, and nothing counted, where the limit is reached."""
        ...

    async def add_library_edge(self, edge: LibraryEdge) -> LibraryEdge:
        """Keep the edge unless its user has one for its track; return the one that is kept.

        Raises:
            DuplicateId: The edge's id is taken by another one.
            ContentGone: There is no such user, track or link.
        """
        ...
