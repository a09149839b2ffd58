"""The forms by which credentials are known, wherever they stand."""

from __future__ import annotations

import re

BEARER = re.compile(r"\bBearer ([^\s\"']+)", re.IGNORECASE)
"""A credential as `Authorization` has it."""

PREFIXED_KEY = re.compile(
    r"\b(?:(?:sk|pk|rk|ak)[-_][-_0-9A-Za-z]{12,}|(?:key|api|freddy)[-_](?=[-_A-Za-z]*[0-9])[-_0-9A-Za-z]{12,})"
)
"""A key that says what it is in its first letters."""
