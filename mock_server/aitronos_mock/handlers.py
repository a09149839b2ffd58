"""One handler per operation: from the wire to the rules and back. No rules and no SQL in here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from . import views
from .answers import Answer, Sendable
from .audit import AuditEntry
from .domain.errors import LinkGone
from .domain.sharing import Opened, RemovedContent, ShareTerms
from .exchange import Exchange
from .limits import Limiter, client_of
from .media.playing import play_track
from .refusals import RateLimited

Handler = Callable[[Exchange, Mapping[str, str]], Awaitable[Sendable]]


async def share_track(exchange: Exchange, path: Mapping[str, str]) -> Answer:
    """Share a track."""
    minted = await exchange.mock.sharing.share_track(
        exchange.caller, path["organization_id"], path["track_id"], _terms(exchange)
    )
    return Answer(201, views.share_link(minted, exchange.base_url))


async def share_collection(exchange: Exchange, path: Mapping[str, str]) -> Answer:
    """Share a collection."""
    minted = await exchange.mock.sharing.share_collection(
        exchange.caller, path["organization_id"], path["collection_id"], _terms(exchange)
    )
    return Answer(201, views.share_link(minted, exchange.base_url))


async def resolve_share(exchange: Exchange, path: Mapping[str, str]) -> Answer:
    """Open a shared link; each client IP address may do so only so often, and each time is recorded."""
    if exchange.mock.resolve_limiter is not None:
        await _limit(exchange, exchange.mock.resolve_limiter)
    try:
        opened = await exchange.mock.sharing.open(path["token"])
    except LinkGone as gone:
        _audit(exchange, gone.why, gone.link_id)
        raise
    _audit(exchange, "removed" if isinstance(opened, RemovedContent) else "opened", opened.link.id)
    return Answer(200, _shared_view(exchange, opened))


async def save_shared_track(exchange: Exchange, path: Mapping[str, str]) -> Answer:
    """Save a shared track."""
    edge = await exchange.mock.sharing.save(exchange.caller, path["token"])
    return Answer(201, views.library_edge(edge))


BY_OPERATION: Mapping[str, Handler] = {
    "shareTrack": share_track,
    "shareCollection": share_collection,
    "resolveShare": resolve_share,
    "saveSharedTrack": save_shared_track,
    "playTrack": play_track,
}


def _terms(exchange: Exchange) -> ShareTerms:
    return ShareTerms(exchange.body.get("visibility", "link_only"), exchange.body.get("expires_in_days"))


def _shared_view(exchange: Exchange, opened: Opened) -> views.Json:
    mock = exchange.mock
    minting = mock.signer.minting(exchange.base_url, opened.link.id, mock.clock.time(), mock.ids.playback())
    return views.shared_view(opened, minting)


async def _limit(exchange: Exchange, limiter: Limiter) -> None:
    verdict = await limiter.admit(client_of(exchange.client_ip), exchange.mock.clock.time())
    exchange.headers += [
        (b"x-ratelimit-limit", b"%d" % verdict.limit),
        (b"x-ratelimit-remaining", b"%d" % verdict.remaining),
        (b"x-ratelimit-reset", b"%d" % verdict.reset),
    ]
    if not verdict.admitted:
        _audit(exchange, "rate_limited", None)
        raise RateLimited(verdict.retry_after)


def _audit(exchange: Exchange, outcome: str, share_link_id: str | None) -> None:
    now = exchange.mock.clock.time()
    exchange.mock.audit.record(AuditEntry(now, exchange.client_ip, outcome, share_link_id))
