"""Share links of tracks and collections: the four operations of the contract, blocking and asynchronous."""

from typing import Literal, Unpack

from . import _calls
from ._generated.models.visibility import Visibility
from ._options import CallOptions
from ._redact import sealed, sealed_async
from ._session import AsyncSession, Session
from .models import LibraryEdge, RawResponse, SharedView, ShareLink

VisibilityName = Literal["link_only", "public"]
"""The visibilities by their names on the wire."""


class Music:
    """The share links of a client, as `client.music`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def with_raw_response(self) -> "MusicWithRawResponse":
        """The same methods, returning status, headers and `parse()` in place of the result."""
        return MusicWithRawResponse(self._session)

    @sealed
    def share_track(
        self,
        organization_id: str,
        track_id: str,
        *,
        visibility: Visibility | VisibilityName | None = None,
        expires_in_days: int | None = None,
        **options: Unpack[CallOptions],
    ) -> ShareLink:
        """Mint a share link for a track. Every call makes a new link, so a failure in doubt is never repeated.

        Args:
            organization_id: The organization that holds the track, `org_…`.
            track_id: The track, `mtrack_…`. Only its owner may share it.
            visibility: `link_only` (the default) or `public`.
            expires_in_days: Lifetime in days of 24 hours, from 1; the server takes more than 90 as 90. None: for ever.
            **options: `timeout`, `max_retries` and `headers` of this call.

        Returns:
            The link, with the `token` and the `url` that are shown this once.

        Raises:
            InvalidArgumentError: If an argument cannot be right; nothing was sent.
            AuthenticationError: If the key is missing or nobody's.
            PermissionDeniedError: If the caller is no member of the organization.
            NotFoundError: If the track is not there, removed, or somebody else's.
            APIStatusError: If the server refuses for another reason.
            APIConnectionError: If no complete answer arrived. A link may have been minted.
            ResponseParseError: If the answer cannot be read. A link may have been minted.
        """
        return self._session.send(_calls.share_track(organization_id, track_id, visibility, expires_in_days, options))

    @sealed
    def share_collection(
        self,
        organization_id: str,
        collection_id: str,
        *,
        visibility: Visibility | VisibilityName | None = None,
        expires_in_days: int | None = None,
        **options: Unpack[CallOptions],
    ) -> ShareLink:
        """Mint a share link for a collection, under the rules of `share_track`. Recipients can save none of it.

        Args:
            organization_id: The organization that holds the collection, `org_…`.
            collection_id: The collection, `mcoll_…`. Only its owner may share it.
            visibility: `link_only` (the default) or `public`.
            expires_in_days: Lifetime in days of 24 hours, from 1; the server takes more than 90 as 90. None: for ever.
            **options: `timeout`, `max_retries` and `headers` of this call.

        Returns:
            The link, with the `token` and the `url` that are shown this once.

        Raises:
            AitronosError: As `share_track` does.
        """
        return self._session.send(
            _calls.share_collection(organization_id, collection_id, visibility, expires_in_days, options)
        )

    @sealed
    def resolve_share(self, token_or_url: str, **options: Unpack[CallOptions]) -> SharedView:
        """Open a share link. Public: the client's key is not sent.

        Args:
            token_or_url: The token, `shr_…`, or the `url` of a link of the client's own server.
            **options: `timeout`, `max_retries` and `headers` of this call.

        Returns:
            A `SharedTrack`, a `SharedCollection` or, after the creator removed the content, an `UnavailableShare`.
            Playback URLs are new at each call and live shortly.

        Raises:
            InvalidArgumentError: If it is neither a token nor a URL of the client's server; nothing was sent.
            NotFoundError: If the link is unknown, revoked or expired.
            RateLimitError: If too many links were opened from this IP address; `retry_after` says how long to wait.
            APIStatusError: If the server refuses for another reason.
            APIConnectionError: If no complete answer arrived.
            ResponseParseError: If the answer cannot be read.
        """
        return self._session.send(_calls.resolve_share(token_or_url, self._session.base_url, options))

    @sealed
    def save_shared_track(self, token_or_url: str, **options: Unpack[CallOptions]) -> LibraryEdge:
        """Save a shared track into the caller's library. Saving again gives the same edge, so failures are repeated.

        That saving again gives the same edge is a decision of this project; the public documentation is silent.

        Args:
            token_or_url: The token, `shr_…`, or the `url` of a link of the client's own server.
            **options: `timeout`, `max_retries` and `headers` of this call.

        Returns:
            The edge in the library.

        Raises:
            InvalidArgumentError: If it is neither a token nor a URL of the client's server; nothing was sent.
            AuthenticationError: If the key is missing or nobody's.
            NotFoundError: If the link no longer opens, the track was removed, or a collection is shared.
            APIStatusError: If the server refuses for another reason.
            APIConnectionError: If no complete answer arrived.
            ResponseParseError: If the answer cannot be read.
        """
        return self._session.send(_calls.save_shared_track(token_or_url, self._session.base_url, options))


class AsyncMusic:
    """The share links of an asynchronous client, as `client.music`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    @property
    def with_raw_response(self) -> "AsyncMusicWithRawResponse":
        """The same methods, returning status, headers and `parse()` in place of the result."""
        return AsyncMusicWithRawResponse(self._session)

    @sealed_async
    async def share_track(
        self,
        organization_id: str,
        track_id: str,
        *,
        visibility: Visibility | VisibilityName | None = None,
        expires_in_days: int | None = None,
        **options: Unpack[CallOptions],
    ) -> ShareLink:
        """Mint a share link for a track; see `Music.share_track`."""
        return await self._session.send(
            _calls.share_track(organization_id, track_id, visibility, expires_in_days, options)
        )

    @sealed_async
    async def share_collection(
        self,
        organization_id: str,
        collection_id: str,
        *,
        visibility: Visibility | VisibilityName | None = None,
        expires_in_days: int | None = None,
        **options: Unpack[CallOptions],
    ) -> ShareLink:
        """Mint a share link for a collection; see `Music.share_collection`."""
        return await self._session.send(
            _calls.share_collection(organization_id, collection_id, visibility, expires_in_days, options)
        )

    @sealed_async
    async def resolve_share(self, token_or_url: str, **options: Unpack[CallOptions]) -> SharedView:
        """Open a share link; see `Music.resolve_share`."""
        return await self._session.send(_calls.resolve_share(token_or_url, self._session.base_url, options))

    @sealed_async
    async def save_shared_track(self, token_or_url: str, **options: Unpack[CallOptions]) -> LibraryEdge:
        """Save a shared track; see `Music.save_shared_track`."""
        return await self._session.send(_calls.save_shared_track(token_or_url, self._session.base_url, options))


class MusicWithRawResponse:
    """The methods of `Music`, returning the answer before it is parsed. Errors are raised alike."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @sealed
    def share_track(
        self,
        organization_id: str,
        track_id: str,
        *,
        visibility: Visibility | VisibilityName | None = None,
        expires_in_days: int | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[ShareLink]:
        """Mint a share link for a track; see `Music.share_track`."""
        return self._session.send_raw(
            _calls.share_track(organization_id, track_id, visibility, expires_in_days, options)
        )

    @sealed
    def share_collection(
        self,
        organization_id: str,
        collection_id: str,
        *,
        visibility: Visibility | VisibilityName | None = None,
        expires_in_days: int | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[ShareLink]:
        """Mint a share link for a collection; see `Music.share_collection`."""
        return self._session.send_raw(
            _calls.share_collection(organization_id, collection_id, visibility, expires_in_days, options)
        )

    @sealed
    def resolve_share(self, token_or_url: str, **options: Unpack[CallOptions]) -> RawResponse[SharedView]:
        """Open a share link; see `Music.resolve_share`."""
        return self._session.send_raw(_calls.resolve_share(token_or_url, self._session.base_url, options))

    @sealed
    def save_shared_track(self, token_or_url: str, **options: Unpack[CallOptions]) -> RawResponse[LibraryEdge]:
        """Save a shared track; see `Music.save_shared_track`."""
        return self._session.send_raw(_calls.save_shared_track(token_or_url, self._session.base_url, options))


class AsyncMusicWithRawResponse:
    """The methods of `AsyncMusic`, returning the answer before it is parsed. Errors are raised alike."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    @sealed_async
    async def share_track(
        self,
        organization_id: str,
        track_id: str,
        *,
        visibility: Visibility | VisibilityName | None = None,
        expires_in_days: int | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[ShareLink]:
        """Mint a share link for a track; see `Music.share_track`."""
        return await self._session.send_raw(
            _calls.share_track(organization_id, track_id, visibility, expires_in_days, options)
        )

    @sealed_async
    async def share_collection(
        self,
        organization_id: str,
        collection_id: str,
        *,
        visibility: Visibility | VisibilityName | None = None,
        expires_in_days: int | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[ShareLink]:
        """Mint a share link for a collection; see `Music.share_collection`."""
        return await self._session.send_raw(
            _calls.share_collection(organization_id, collection_id, visibility, expires_in_days, options)
        )

    @sealed_async
    async def resolve_share(self, token_or_url: str, **options: Unpack[CallOptions]) -> RawResponse[SharedView]:
        """Open a share link; see `Music.resolve_share`."""
        return await self._session.send_raw(_calls.resolve_share(token_or_url, self._session.base_url, options))

    @sealed_async
    async def save_shared_track(self, token_or_url: str, **options: Unpack[CallOptions]) -> RawResponse[LibraryEdge]:
        """Save a shared track; see `Music.save_shared_track`."""
        return await self._session.send_raw(_calls.save_shared_track(token_or_url, self._session.base_url, options))
