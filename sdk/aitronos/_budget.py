"""How many retries a client has."""

import threading

BUDGET = 100.0
EARNED_AT_ONCE = 0.1
"""Retries, both."""


class Budget:
    """How many retries all calls of a client may spend together: a token bucket that a healthy server refills.

    A retry costs one token. One that gets an answer brings it back, a call that gets one at once brings a tenth.
    Against a server that only fails, the bucket runs dry and a client stops multiplying its load: a thousand calls make
    at most eleven hundred attempts.
    """

    def __init__(self) -> None:
        self._tokens = BUDGET
        self._lock = threading.Lock()

    def spend(self) -> bool:
        """Take the price of one retry, if it is there."""
        with self._lock:
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True

    def earn(self, retries: int) -> None:
        """Book an answer after so many retries."""
        with self._lock:
            self._tokens = min(BUDGET, self._tokens + (1 if retries else EARNED_AT_ONCE))
