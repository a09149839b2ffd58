"""The one place that reads the time of the machine."""

from __future__ import annotations

import time


class SystemClock:
    """The machine's clock."""

    def time(self) -> float:
        """Unix seconds, UTC."""
        return time.time()


def timestamp(seconds: float) -> str:
    """Unix seconds as the API writes a moment: UTC, whole seconds, `YYYY-MM-DDTHH:MM:SSZ`."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(seconds)))
