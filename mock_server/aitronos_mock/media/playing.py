"""The handler that plays a track: from a signed URL to its bytes."""

from __future__ import annotations

from collections.abc import Mapping

from ..answers import Headers, Streamed
from ..exchange import Exchange
from . import conditions
from .conditions import Span
from .sound import Recording, recording


async def play_track(exchange: Exchange, path: Mapping[str, str]) -> Streamed:
    """Play a track, or a part of it."""
    mock = exchange.mock
    # The path as it was sent, not as the router read it: only that can be held against the signature.
    grant = mock.signer.verify(exchange.raw_path, exchange.query, mock.clock.time())
    track = await mock.sharing.play(grant.link_id, grant.track_id)
    return _answer(exchange, recording(track.id, track.measured_duration_seconds))


def _answer(exchange: Exchange, audio: Recording) -> Streamed:
    conditions.require_match(exchange.fields, audio.etag)
    # A browser that keeps the audio asks again before it plays it, and is refused once the URL is.
    headers: Headers = [(b"etag", audio.etag.encode()), (b"cache-control", b"private, no-cache")]
    if conditions.is_known(exchange.fields, audio.etag):
        return Streamed(304, headers)
    headers += [(b"accept-ranges", b"bytes"), (b"content-type", b"audio/wav")]
    if exchange.method == "HEAD":
        # It has no ranges: they are defined for GET alone.
        return Streamed(200, [*headers, _length(audio.size)])
    span = conditions.asked_span(exchange.fields, audio.etag, audio.size)
    return _whole(audio, headers) if span is None else _part(audio, span, headers)


def _whole(audio: Recording, headers: Headers) -> Streamed:
    return Streamed(200, [*headers, _length(audio.size)], audio.chunks(0, audio.size))


def _part(audio: Recording, span: Span, headers: Headers) -> Streamed:
    content_range = f"bytes {span.start}-{span.stop - 1}/{audio.size}".encode()
    headers = [*headers, _length(span.stop - span.start), (b"content-range", content_range)]
    return Streamed(206, headers, audio.chunks(*span))


def _length(size: int) -> tuple[bytes, bytes]:
    return b"content-length", str(size).encode()
