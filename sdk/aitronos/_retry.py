"""Decide whether a failed attempt is repeated, and when. The first rule is to do no harm.

A repeated share mints a second live link, so a POST is repeated only when the server surely did not process it. Saving
is idempotent by decision (saving again answers with the edge that is there), hence as safe to repeat as a GET.
"""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto

from ._budget import Budget
from ._wire import NOT_PROCESSED, Headers, Outcome, Reply, Trouble

BACKOFF_BASE = 0.5
BACKOFF_CAP = 8.0
"""Seconds, both."""
LONGEST_RETRY_AFTER = 120.0
"""Seconds. A server that asks for more gets no patient client; the caller learns of it at once."""

_NUMBERS = re.compile(r"\s*[0-9]+(\.[0-9]*)?\s*(,\s*[0-9]+(\.[0-9]*)?\s*)*", re.ASCII)
_PASSING = frozenset({408, 429, 500, 502, 503, 504})


class Replay(Enum):
    """Whether a request may be repeated although it may have been processed."""

    ALWAYS = auto()
    """Its effect is the same however often it is processed."""
    IF_NOT_PROCESSED = auto()
    """Every processing has an effect of its own."""


def is_repeatable(outcome: Outcome, replay: Replay) -> bool:
    """Whether repeating can help, and can do no harm."""
    if isinstance(outcome, Reply):
        return outcome.status in _PASSING if replay is Replay.ALWAYS else outcome.status == 429
    interrupted = replay is Replay.ALWAYS and outcome.trouble is Trouble.INTERRUPTED
    return interrupted or outcome.trouble in NOT_PROCESSED


def is_health(outcome: Outcome) -> bool:
    """Whether the outcome shows a server that does its work, be it by refusing."""
    return isinstance(outcome, Reply) and outcome.status not in _PASSING


def backoff(retry: int, random: Callable[[], float]) -> float:
    """Full jitter: anywhere between nothing and an exponentially growing limit. `retry` counts from 0."""
    limit: float = min(BACKOFF_CAP, BACKOFF_BASE * 2 ** min(retry, 30))
    return random() * limit


def retry_after(headers: Headers, now: float) -> float | None:
    """Seconds that the server asks to wait, from `retry-after-ms` and `Retry-After`; the longer of the two.

    `now` is the wall clock in Unix seconds, for a `Retry-After` that is a date. What cannot be read counts as absent.
    """
    waits = (_milliseconds(headers.get("retry-after-ms")), _seconds_or_date(headers.get("retry-after"), now))
    return max((wait for wait in waits if wait is not None), default=None)


def _milliseconds(text: str | None) -> float | None:
    number = _number(text)
    return None if number is None else number / 1000


def _seconds_or_date(text: str | None, now: float) -> float | None:
    number = _number(text)
    if number is not None or text is None:
        return number
    try:
        return max(0.0, _moment(text).timestamp() - now)
    except (ValueError, OverflowError, OSError):
        return None


def _moment(text: str) -> datetime:
    # HTTP has no local time: a date without a zone, such as asctime's, is one of UTC.
    date = parsedate_to_datetime(text)
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date


def _number(text: str | None) -> float | None:
    """The number. Of two headers, which arrive as one with a comma, the longer wait counts."""
    if _NUMBERS.fullmatch(text or "") is None:
        return None
    return min(max(map(float, (text or "").split(","))), sys.float_info.max)


@dataclass(frozen=True, slots=True)
class Policy:
    """The retry rules of one call."""

    replay: Replay
    max_retries: int
    budget: Budget
    random: Callable[[], float]
    now: Callable[[], float]

    def delay(self, outcome: Outcome, retry: int, remaining: float) -> float | None:
        """Seconds to wait before the next attempt, or None to give up.

        `retry` counts the retries made so far, `remaining` is what the deadline leaves, in seconds. The server's
        `Retry-After` is never undercut: if it cannot be kept within the deadline, the call ends at once.
        """
        if retry >= self.max_retries or not is_repeatable(outcome, self.replay):
            return None
        floor = (retry_after(outcome.headers, self.now()) if isinstance(outcome, Reply) else None) or 0.0
        delay = max(floor, backoff(retry, self.random))
        if floor > LONGEST_RETRY_AFTER or delay >= remaining or not self.budget.spend():
            return None
        return delay
