"""Playback URLs: signed, short-lived, new at each open."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote, unquote

from ..refusals import PlaybackUrlExpired, PlaybackUrlInvalid

PATH = "/media/tracks/"
"""Where tracks are served; the track's id follows."""

TTL_SECONDS = 300
"""How long a playback URL is good for (decided)."""

_QUERY = re.compile(r"link=([^&]*)&expires=([0-9]{1,20})&nonce=([0-9a-f]{1,32})&key=([^&]*)&signature=[^&]*")


class Grant(NamedTuple):
    """What a playback URL grants.

    Attributes:
        track_id: The one track that it plays.
        link_id: The share link by whose opening it came about.
        expires: Unix seconds from which on it is refused.
        nonce: Tells it from every other URL for the same (hexadecimal digits).
    """

    track_id: str
    link_id: str
    expires: int
    nonce: str


class PlaybackSigner:
    """Mints playback URLs, and knows its own when it sees them again.

    A signature covers everything that a URL grants: the track, the link, the expiry and the key. Where several mocks
    live side by side, each needs a key of its own, or a URL of one would play at the other.

    Args:
        key: What signs, 32 random bytes. Whoever lacks it can neither make a URL nor stretch the life of one.
        retired: Keys that signed before. Their URLs play until they expire, so a key can be replaced in mid-flight.
        ttl_seconds: How long a URL is good for, from 1.
    """

    def __init__(self, key: bytes, *retired: bytes, ttl_seconds: int = TTL_SECONDS) -> None:
        self._current = _key_id(key)
        self._keys = {_key_id(each): each for each in (key, *retired)}
        # A copy of a code that has its key already goes on from there, which is half of the work.
        self._codes = {key_id: hmac.new(each, digestmod=sha256) for key_id, each in self._keys.items()}
        self._ttl_seconds = ttl_seconds

    def for_life(self, number: int) -> PlaybackSigner:
        """A signer whose URLs play in one life of one sandbox, which has this number, and in no other."""
        keys = [hmac.new(key, b"life %d" % number, sha256).digest() for key in self._keys.values()]
        return PlaybackSigner(*keys, ttl_seconds=self._ttl_seconds)

    def url(self, base_url: str, track_id: str, link_id: str, now: float, nonce: str) -> str:
        """A URL that grants one track to whoever opened one link, from `now` (Unix seconds) on.

        Every open mints another one (documented), which the nonce sees to.
        """
        return self.minting(base_url, link_id, now, nonce)(track_id)

    def minting(self, base_url: str, link_id: str, now: float, nonce: str) -> Callable[[str], str]:
        """What mints the URLs of one open, each from a track's id; see `url`.

        Args:
            base_url: What they begin with.
            link_id: The link that was opened.
            now: Unix seconds.
            nonce: Tells this open from every other one.
        """
        return self._minting(base_url, link_id, int(now) + self._ttl_seconds, nonce, self._current)

    def verify(self, path: str, query: str, now: float) -> Grant:
        """What a request target grants at `now` (Unix seconds).

        The target is compared as a whole with the one that this signer would mint for the same grant: another
        spelling, order or addition is an alteration like any other. What stands before `/media` is where the mock is
        mounted, and none of the signer's business.

        Args:
            path: The path as it was sent, percent-encoding and all.
            query: The query as it was sent.
            now: Unix seconds.

        Raises:
            PlaybackUrlInvalid: It is none of this signer's.
            PlaybackUrlExpired: It is, and had its time.
        """
        found = _QUERY.fullmatch(query)
        if found is None or found[4] not in self._keys:
            raise PlaybackUrlInvalid
        grant = Grant(unquote(path.rpartition("/")[2]), unquote(found[1]), int(found[2]), found[3])
        presented = f"{path[path.rfind(PATH) :]}?{query}"
        if not hmac.compare_digest(self._target(grant, found[4]).encode(), presented.encode()):
            raise PlaybackUrlInvalid
        if now >= grant.expires:
            raise PlaybackUrlExpired
        return grant

    def _target(self, grant: Grant, key_id: str) -> str:
        return self._minting("", grant.link_id, grant.expires, grant.nonce, key_id)(grant.track_id)

    def _minting(self, base_url: str, link_id: str, expires: int, nonce: str, key_id: str) -> Callable[[str], str]:
        # What the URLs have in common is spelt once: a collection has many.
        common, code = f"?link={_quoted(link_id)}&expires={expires}&nonce={nonce}&key={key_id}", self._codes[key_id]

        def url(track_id: str) -> str:
            signed = f"{PATH}{_quoted(track_id)}{common}"
            signing = code.copy()
            signing.update(signed.encode())
            return f"{base_url}{signed}&signature={signing.hexdigest()}"

        return url


# The same ids come again and again, and quoting one takes longer than signing.
@lru_cache(1024)
def _quoted(identifier: str) -> str:
    return quote(identifier, safe="")


def _key_id(key: bytes) -> str:
    """Names a key without a word of it; following from the key, it cannot be given to two."""
    return hmac.new(key, b"key id", sha256).hexdigest()[:8]
