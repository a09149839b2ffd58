"""What limits are shared by."""

from __future__ import annotations

from typing import Protocol

from ..clock import ClockState
from ..limits import Rate, Verdict


class StoreAway(Exception):
    """The store cannot be used now; the message says why, without any secret."""


class Buckets(Protocol):
    """Token buckets that other processes count too."""

    async def take(self, key: str, rate: Rate, clock: ClockState) -> Verdict:
        """Take one token from the bucket of this key, if there is one.

        Raises:
            StoreAway: Nobody can tell now.
        """
        ...

    async def close(self) -> None:
        """Let go of the store."""
        ...
