"""For test suites of programs that use this package: retries without waiting."""

from collections.abc import Generator
from contextlib import contextmanager

from . import _clock


@contextmanager
def instant_retries() -> Generator[list[float], None, None]:
    """Make the pauses between attempts instant, in every client and thread, and yield the list of those skipped.

    Everything else is as ever: the same failures are repeated equally often, and a `Retry-After` that does not fit into
    the deadline still ends the call.

    Yields:
        The pauses that would have been made, in seconds, in order. It grows while the block runs.
    """
    pauses: list[float] = []
    _clock.recorders.append(pauses)
    try:
        yield pauses
    finally:
        # By identity: two lists of equal pauses are equal.
        _clock.recorders[:] = [recorder for recorder in _clock.recorders if recorder is not pauses]
