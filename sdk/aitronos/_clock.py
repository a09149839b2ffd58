"""Time and chance, in one place, so that a test suite can make pauses instant."""

import random as _random
import time
from collections.abc import Callable

monotonic: Callable[[], float] = time.monotonic
"""Seconds for deadlines and durations."""

now: Callable[[], float] = time.time
"""The wall clock in Unix seconds, for a `Retry-After` that is a date."""

# The module's own generator: Python seeds it anew in a forked child, so that siblings do not retry in step.
random: Callable[[], float] = _random.random
"""A number from 0 up to 1, for jitter."""

recorders: list[list[float]] = []
"""While one is there, pauses are written into the newest instead of being waited for; see `aitronos.testing`."""


def skipped(seconds: float) -> bool:
    """Whether a pause is recorded instead of waited for."""
    if not recorders:
        return False
    recorders[-1].append(seconds)
    return True
