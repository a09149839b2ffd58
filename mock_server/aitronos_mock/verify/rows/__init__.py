"""All rows, in the order in which they are tried: what uses something up comes last."""

from __future__ import annotations

from ..row import Row
from . import access, bodies, envelopes, lifecycle, limits, opening, saving, sharing, unavailable

_TOPICS = (sharing, opening, unavailable, saving, access, bodies, envelopes, lifecycle, limits)

ROWS: tuple[Row, ...] = tuple(row for topic in _TOPICS for row in topic.rows())
"""Every row."""
