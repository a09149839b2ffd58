"""Links that lead nowhere, in whichever way they are used."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..checks import require_error
from ..given import UNKNOWN_TOKEN
from ..row import Check, Row, Topic
from ..trial import Trial
from ..wire import Answer

Use = Callable[[Trial, str], Answer]
"""Uses the link of a token."""

_ODD_TOKEN = "no token at all"  # noqa: S105 - and it is none


def gone(about: Topic, use: Use) -> Iterable[Row]:
    """The rows that are the same for every use."""
    yield about.documented(
        "unknown",
        "A token that nobody gave out is the documented 404.",
        _refused(about, lambda t: use(t, UNKNOWN_TOKEN), "unknown"),
    )
    yield about.documented(
        "revoked", "A revoked link is the documented 404.", refused(about, use, "revoked_token", "revoked")
    )
    yield about.documented(
        "expired", "An expired link is the documented 404.", refused(about, use, "expired_token", "expired")
    )
    yield about.decided(
        "over-limit",
        "A link that opened as often as it may is answered as an expired one.",
        refused(about, use, "over_limit_token", "over_limit"),
    )
    yield about.decided(
        "odd-token",
        "A token of any other form is answered as an unknown one.",
        _refused(about, lambda t: use(t, _ODD_TOKEN), "unknown"),
    )


def refused(about: Topic, use: Use, name: str, cause: str) -> Check:
    """Tries that a link is refused like the contract's example of this cause.

    Args:
        about: The operation.
        use: How the link is used.
        name: Under which its token was given.
        cause: The example.
    """
    return _refused(about, lambda t: use(t, t.given(name)), cause)


def _refused(about: Topic, ask: Callable[[Trial], Answer], cause: str) -> Check:
    return lambda t: require_error(ask(t), about.operation, 404, cause, details={})
