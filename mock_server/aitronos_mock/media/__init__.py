"""Playback: the URLs that grant a track, and the audio behind them."""

from .signing import TTL_SECONDS, PlaybackSigner

__all__ = ["TTL_SECONDS", "PlaybackSigner"]
