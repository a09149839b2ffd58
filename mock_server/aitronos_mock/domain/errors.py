"""Why a rule refuses. The web side maps each class to an answer; nothing here knows of HTTP."""

from __future__ import annotations

from enum import StrEnum


class Gone(StrEnum):
    """Why a share token leads nowhere. Recorded in the audit and never told to the client."""

    UNKNOWN = "unknown"
    REVOKED = "revoked"
    EXPIRED = "expired"
    OVER_LIMIT = "over_limit"
    REMOVED = "removed"


class Refusal(Exception):
    """A rule refuses what was asked."""


class NotAMember(Refusal):
    """The caller does not belong to the organization, or there is no such organization.

    Attributes:
        organization_id: The organization that was asked for.
    """

    def __init__(self, organization_id: str) -> None:
        super().__init__(organization_id)
        self.organization_id = organization_id


class TrackNotFound(Refusal):
    """There is no such track for the caller to share.

    Attributes:
        track_id: The track that was asked for.
    """

    def __init__(self, track_id: str) -> None:
        super().__init__(track_id)
        self.track_id = track_id


class CollectionNotFound(Refusal):
    """There is no such collection for the caller to share.

    Attributes:
        collection_id: The collection that was asked for.
    """

    def __init__(self, collection_id: str) -> None:
        super().__init__(collection_id)
        self.collection_id = collection_id


class LinkGone(Refusal):
    """The token leads nowhere, or nowhere any more.

    Attributes:
        why: The cause, for the audit.
        link_id: The link, where the token has one.
    """

    def __init__(self, why: Gone, link_id: str | None = None) -> None:
        super().__init__(why, link_id)
        self.why = why
        self.link_id = link_id


class CollectionNotSaveable(Refusal):
    """The link shares a collection, and only a track can be saved."""
