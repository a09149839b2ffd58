"""How often one client may open links. These rows come last: they use the allowance up."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from ..checks import require, require_error, require_form, require_status
from ..evidence import first_opening, token, view
from ..outcome import Mismatch, NotReachable
from ..row import Row, Topic
from ..trial import TRACK, Trial
from ..wire import Answer, Unanswered

_ABOUT = Topic("rate-limit", "resolveShare")
_MOST = 2000
"""More openings than these are not made to find a limit."""

_REST_SECONDS = 3600
_PER_MINUTE, _BURST = 100, 120
_OTHER_ADDRESS = "127.0.0.2"


@dataclass(frozen=True, slots=True)
class Exhaustion:
    """How an allowance was used up.

    Attributes:
        granted: How many openings were answered before.
        per_minute: What the server says that it grants, or None.
        refusal: The first answer 429, or None where none came.
    """

    granted: int
    per_minute: int | None
    refusal: Answer | None


def rows() -> Iterable[Row]:
    """The rows of the limit."""
    for name in ("limit", "remaining", "reset"):
        yield _ABOUT.elsewhere(
            f"header-{name}",
            f"The answer to an opening has `X-RateLimit-{name.capitalize()}`, a whole number.",
            partial(_has_number, header=f"x-ratelimit-{name}"),
        )
    yield _ABOUT.documented("refused", "Who opens too often gets the documented 429.", _refused)
    yield _ABOUT.elsewhere(
        "retry-after",
        "A 429 says in `Retry-After` how many seconds to wait.",
        lambda t: require_form("[1-9][0-9]*", _refusal(t).headers.get("retry-after")),
    )
    yield _ABOUT.elsewhere(
        "standard-plan", "The standard plan grants 100 a minute, and 120 at once to who kept still.", _standard
    )
    yield _ABOUT.documented("per-address", "Another client IP address has an allowance of its own.", _per_address)
    yield _ABOUT.elsewhere("recovers", "After that many seconds a link opens again.", _recovers)


def _has_number(trial: Trial, header: str) -> None:
    view(trial, TRACK)
    require_form("[0-9]+", first_opening(trial, TRACK).headers.get(header))


def _refused(trial: Trial) -> None:
    exhaustion = _exhaustion(trial)
    if exhaustion.refusal is None:
        raise Mismatch("a 429 once the allowance is used up", f"{exhaustion.granted} openings that were answered")
    require_error(exhaustion.refusal, "resolveShare", 429, "client_ip", details={})


def _exhaustion(trial: Trial) -> Exhaustion:
    return trial.once("exhaustion", lambda: _exhaust(trial))


def _refusal(trial: Trial) -> Answer:
    refusal = _exhaustion(trial).refusal
    if refusal is None:
        raise NotReachable("needs what rate-limit.refused tries, which did not hold")
    return refusal


def _exhaust(trial: Trial) -> Exhaustion:
    trial.require_destruction()
    if trial.target.control is not None:
        trial.target.control.advance(_REST_SECONDS)
    began = trial.target.now()
    answer = _open(trial)
    per_minute, remaining = (answer.number(f"x-ratelimit-{name}") for name in ("limit", "remaining"))
    if remaining is not None and remaining > _MOST:
        raise NotReachable(f"the server grants {remaining} openings at once, and no more than {_MOST} are tried")
    granted = 0
    while answer.status != 429:
        granted += 1
        refilled = math.ceil((trial.target.now() - began) * (per_minute or 0) / 60)
        if granted > (_MOST if remaining is None else remaining + 1 + refilled):
            return Exhaustion(granted, per_minute, None)
        if granted > _MOST:
            raise NotReachable("the server's allowance grows as fast as it can be used up")
        answer = _open(trial)
    return Exhaustion(granted, per_minute, answer)


def _open(trial: Trial, source: str | None = None) -> Answer:
    # Not by trial.resolve, which waits where it is told to.
    return trial.open(token(trial, TRACK), source=source)


def _standard(trial: Trial) -> None:
    _refusal(trial)
    exhaustion = _exhaustion(trial)
    if exhaustion.per_minute != _PER_MINUTE:
        raise NotReachable("the server says that it grants another rate than the standard plan's")
    if trial.target.control is None:
        raise NotReachable("needs a sandbox of a mock: elsewhere the allowance grows while it is used up")
    expected = f"{_BURST} openings before the 429"
    require(exhaustion.granted == _BURST, expected, f"{exhaustion.granted} openings before the 429")


def _per_address(trial: Trial) -> None:
    _refusal(trial)
    if urlsplit(trial.target.base_url).hostname not in ("127.0.0.1", "localhost"):
        raise NotReachable("needs a server at 127.0.0.1, which this machine can ask from a second address")
    try:
        answer = _open(trial, _OTHER_ADDRESS)
    except Unanswered:
        raise NotReachable(f"needs to ask from {_OTHER_ADDRESS}, which this machine does not allow") from None
    require_status(200, answer)


def _recovers(trial: Trial) -> None:
    seconds = _refusal(trial).number("retry-after")
    if not seconds or seconds > _REST_SECONDS:
        raise NotReachable("needs what rate-limit.retry-after tries, which did not hold")
    trial.target.pause(seconds)
    require_status(200, _open(trial))
