"""Playback URLs: signed, short-lived, new at each open."""

from __future__ import annotations

import hmac
from hashlib import sha256
from urllib.parse import quote, urlencode

TTL_SECONDS = 300


class PlaybackSigner:
    """Mints playback URLs.

    Args:
        key: What signs. Whoever lacks it can neither make a URL nor stretch the life of one.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def url(self, base_url: str, track_id: str, share_link_id: str, now: float) -> str:
        """A URL that grants one track to whoever opened one link, for 300 seconds from `now`."""
        path = f"/media/tracks/{quote(track_id, safe='')}"
        grant = {"link": share_link_id, "expires": str(int(now) + TTL_SECONDS)}
        signed = f"{path}?{urlencode(grant)}"
        return f"{base_url}{signed}&signature={self._signature(signed)}"

    def _signature(self, signed: str) -> str:
        return hmac.new(self._key, signed.encode(), sha256).hexdigest()
