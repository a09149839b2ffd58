"""The one place that reads the time of the machine."""

from __future__ import annotations

import time
from calendar import timegm
from functools import lru_cache
from typing import Literal, NamedTuple

from .domain.ports import Clock

Mode = Literal["real", "shifted", "frozen"]
"""How a clock runs: with the machine's, at a distance from it, or not at all."""


class SystemClock:
    """The machine's clock."""

    def time(self) -> float:
        """Unix seconds, UTC."""
        return time.time()


class ClockState(NamedTuple):
    """How a clock stands to the machine's.

    Attributes:
        frozen_at: Unix seconds at which it stands still, or None while it runs.
        ahead: Seconds that it is ahead of the machine's while it runs.
    """

    frozen_at: float | None = None
    ahead: float = 0.0


class AdjustableClock:
    """The clock of a sandbox: the machine's, until it is frozen or put forward.

    Args:
        machine: What it follows while it is not frozen.
        frozen_at: Unix seconds to be frozen at from the start, or None.
    """

    def __init__(self, machine: Clock, frozen_at: float | None = None) -> None:
        self._machine = machine
        self._frozen_at = frozen_at
        self._ahead = 0.0

    @property
    def mode(self) -> Mode:
        """How it runs."""
        if self._frozen_at is not None:
            return "frozen"
        return "shifted" if self._ahead else "real"

    def time(self) -> float:
        """Unix seconds, UTC."""
        return self._machine.time() + self._ahead if self._frozen_at is None else self._frozen_at

    @property
    def state(self) -> ClockState:
        """How it stands to the machine's."""
        return ClockState(self._frozen_at, self._ahead)

    def restore(self, state: ClockState) -> None:
        """Stand to the machine's like this."""
        self._frozen_at, self._ahead = state

    def freeze(self, moment: float) -> None:
        """Stand still at this moment (Unix seconds)."""
        self._frozen_at = moment

    def advance(self, seconds: float) -> None:
        """Go forward, and then go on as before: standing still, or running."""
        if self._frozen_at is None:
            self._ahead += seconds
        else:
            self._frozen_at += seconds

    def release(self) -> None:
        """Follow the machine again."""
        self._frozen_at, self._ahead = None, 0.0


def timestamp(seconds: float) -> str:
    """Unix seconds as the API writes a moment: UTC, whole seconds, `YYYY-MM-DDTHH:MM:SSZ`."""
    return _written(int(seconds))


# Of the moments that answers name, nearly all are among the latest.
@lru_cache(1024)
def _written(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def moment_of(text: str) -> int:
    """Unix seconds of a moment as the API writes it, `YYYY-MM-DDTHH:MM:SSZ`.

    Raises:
        ValueError: There is no such day or hour, or it is not written like that, each part with all its digits.
    """
    seconds = timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))
    if timestamp(seconds) != text:
        raise ValueError
    return seconds


def settable_moment(text: str) -> int:
    """Unix seconds of a moment that a clock can be set to: of the years 2000 to 8999, written as in `moment_of`.

    What counts from it, forth or back, has a spelling too.

    Raises:
        ValueError: It is none.
    """
    moment = moment_of(text)
    if not EARLIEST <= moment < END:
        raise ValueError
    return moment


EARLIEST, END = moment_of("2000-01-01T00:00:00Z"), moment_of("9000-01-01T00:00:00Z")
"""The moments that a clock can be set to begin with the one and end before the other."""
