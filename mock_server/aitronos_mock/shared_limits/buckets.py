"""Token buckets in Valkey or Redis."""

from __future__ import annotations

from importlib.resources import files
from ssl import SSLCertVerificationError, SSLError
from typing import cast

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    ConnectionError,  # noqa: A004 - the library names it so, and it is no kind of the built-in one
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    TimeoutError,  # noqa: A004 - the same
)

from ..clock import ClockState
from ..limits import Rate, Verdict
from .ports import StoreAway

_PATIENCE_SECONDS = 1.0
"""For a connection, and for an answer. A store on the same network needs a thousandth of it."""

_SCRIPT = files("aitronos_mock").joinpath("shared_limits", "bucket.lua").read_text("utf-8")


class RedisBuckets:
    """Token buckets, each counted by one script on the server, with the server's clock.

    Args:
        url: `redis://` or `rediss://`.

    Raises:
        ValueError: The URL has something that it cannot have.
    """

    def __init__(self, url: str) -> None:
        self._client: Redis = Redis.from_url(
            url,
            client_name="aitronos-mock",
            decode_responses=True,
            # What the newer one is for, notices about a failover, would only be in the way of a bounded wait.
            protocol=2,
            # Whoever asks has another limiter, which is better than to wait for this one a second time.
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=_PATIENCE_SECONDS,
            socket_timeout=_PATIENCE_SECONDS,
        )
        self._script = self._client.register_script(_SCRIPT)

    async def take(self, key: str, rate: Rate, clock: ClockState) -> Verdict:
        """Take one token from a bucket, if there is one.

        Args:
            key: Names the bucket.
            rate: Its measures.
            clock: How the sandbox's clock stands to the server's, by which it is counted.

        Raises:
            StoreAway: The server cannot do so now; the message says why, without anything that it or the URL said.
        """
        frozen_at = "" if clock.frozen_at is None else repr(clock.frozen_at)
        try:
            told = await self._script([key], [*rate, frozen_at, repr(clock.ahead)])
        except (RedisError, OSError) as error:
            raise StoreAway(_reason(error)) from None
        level, now, admitted = cast("tuple[str, str, int]", told)
        return Verdict.of(rate, float(level), float(now), admitted=bool(admitted))

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()


def _reason(error: Exception) -> str:
    # What TLS has against a server the library tells in words alone, and keeps as what it was raised upon.
    raised = (error.__context__, error)
    return next((reason for kind, reason in _REASONS if any(isinstance(each, kind) for each in raised)), _STRANGE)


_REASONS = (
    (AuthenticationError, "it refuses the user or the password, or wants one"),
    (BusyLoadingError, "it is still loading its data"),
    (SSLCertVerificationError, "its certificate is not trusted for this host; name its CA with ?ssl_ca_certs=FILE"),
    (
        (SSLError, FileNotFoundError),
        "TLS does not come about; check the files that the URL names",
    ),
    ((ConnectionError, TimeoutError, OSError), "nothing answers there"),
    (NoPermissionError, "the user may not run scripts, or not on keys aitronos-mock:*"),
    ((OutOfMemoryError, ReadOnlyError), "it takes no writes"),
)
"""What is said in place of the server's own words, which might repeat what it was sent; the first that fits."""
_STRANGE = "it does not answer like Valkey or Redis"
