"""Whether a database does what it is asked, as the log tells it."""

from __future__ import annotations

import logging

logger = logging.getLogger("aitronos_mock")


class Availability:
    """Logs that a database went away, or came back, once for all who notice."""

    def __init__(self) -> None:
        self._is_away = False

    def lost(self, why: str) -> None:
        """It did not do what it was asked, for this reason."""
        if not self._is_away:
            self._is_away = True
            logger.warning("The database is away: %s", why)

    def had(self) -> None:
        """It did."""
        if self._is_away:
            self._is_away = False
            logger.warning("The database is back.")
