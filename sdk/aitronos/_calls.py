"""The calls that a client can make, checked and written down, and not yet sent.

The generated endpoint modules build path and body, so that a change of the contract arrives here by itself.
"""
# The generator gives its request builders a leading underscore; they are what it is used for.
# pyright: reportPrivateUsage=false

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import quote

from . import _arguments, _parse
from ._arguments import Params
from ._generated.api.music import resolve_share as _resolve
from ._generated.api.music import save_shared_track as _save
from ._generated.api.music import share_collection as _share_collection
from ._generated.api.music import share_track as _share_track
from ._generated.models import ShareRequest
from ._generated.models.visibility import Visibility
from ._generated.types import UNSET
from ._options import CallOptions
from ._routes import RESOLVE, SAVE, SHARE_COLLECTION, SHARE_TRACK, Route, route_of
from ._wire import Reply
from .models import JSONObject, LibraryEdge, SharedView, ShareLink

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One call. The repr shows its route only: the target and the body hold tokens."""

    route: Route
    target: str = field(repr=False)
    """Path and query, percent-encoded."""
    body: bytes | None = field(repr=False)
    parse: Callable[[Reply], T] = field(repr=False)
    options: CallOptions = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Texts that must not turn up in an exception."""


def share_track(
    organization_id: str,
    track_id: str,
    visibility: Visibility | str | None,
    expires_in_days: int | None,
    options: CallOptions,
) -> Call[ShareLink]:
    """Mint a share link for a track."""
    built = _share_track._get_kwargs(
        _arguments.identifier("organization_id", organization_id, "org_abc123"),
        _arguments.identifier("track_id", track_id, "mtrack_b4d9e1c6a72f"),
        body=_share_request(visibility, expires_in_days),
    )
    return Call(SHARE_TRACK, built["url"], _arguments.json_body(built["json"]), _parse.share_link, options)


def share_collection(
    organization_id: str,
    collection_id: str,
    visibility: Visibility | str | None,
    expires_in_days: int | None,
    options: CallOptions,
) -> Call[ShareLink]:
    """Mint a share link for a collection."""
    built = _share_collection._get_kwargs(
        _arguments.identifier("organization_id", organization_id, "org_abc123"),
        _arguments.identifier("collection_id", collection_id, "mcoll_5e8a1d3f9c27"),
        body=_share_request(visibility, expires_in_days),
    )
    return Call(SHARE_COLLECTION, built["url"], _arguments.json_body(built["json"]), _parse.share_link, options)


def resolve_share(token_or_url: str, base_url: str, options: CallOptions) -> Call[SharedView]:
    """Open a share link."""
    token = _arguments.token(token_or_url, base_url)
    return Call(RESOLVE, _resolve._get_kwargs(token)["url"], None, _parse.shared_view, options, _spellings(token))


def save_shared_track(token_or_url: str, base_url: str, options: CallOptions) -> Call[LibraryEdge]:
    """Save the track behind a share link."""
    token = _arguments.token(token_or_url, base_url)
    return Call(SAVE, _save._get_kwargs(token)["url"], None, _parse.library_edge, options, _spellings(token))


def raw(
    method: str, path: str, base_url: str, json: object, params: Params | None, options: CallOptions
) -> Call[JSONObject]:
    """Call any path; the rules of the four operations hold for their paths here too."""
    checked = _arguments.path(path)
    route, secrets = route_of(method, checked, base_url)
    target = checked + _arguments.query(params)
    return Call(route, target, _arguments.json_body(json), _parse.json_object, options, secrets)


def _share_request(visibility: Visibility | str | None, expires_in_days: int | None) -> ShareRequest:
    wanted = _arguments.visibility(visibility)
    days = _arguments.expires_in_days(expires_in_days)
    return ShareRequest(UNSET if wanted is None else wanted, UNSET if days is None else days)


def _spellings(token: str) -> tuple[str, ...]:
    return token, quote(token, safe="")
