"""Recorded conversations with the API, and what has to hold for each.

Data flows one way: `reading` gives interactions; `conformance` holds them against the contract, by `operations` and
`schemas`; `leaks`, by `decoding` and `known`, looks for secrets; `stamps` and `usage` know what a file cannot say
itself; `linting` gathers what they find, and `telling` shows it.
"""

from __future__ import annotations

MAX_AGE_DAYS = 180
"""An older cassette is stale, unless somebody says otherwise (decided)."""

STAMPS = "cassettes.stamps.json"
"""The file beside cassettes that says when they were recorded, and by which contract."""


class StampsError(Exception):
    """The stamps are there and cannot be read. The message says what to do."""
