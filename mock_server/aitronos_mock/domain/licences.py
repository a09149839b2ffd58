"""What a licence class allows."""

from __future__ import annotations

LICENCE_CLASSES = ("commercial_cleared", "commercial_enterprise", "personal_only", "unclear")
"""The classes that the public documentation names."""

_COMMERCIAL = frozenset({"commercial_cleared", "commercial_enterprise"})


def allows_commercial_use(licence_class: str) -> bool:
    """Whether tracks of this class may be used commercially; false for a class that is not known.

    The API promises never to overstate this, so it is derived here and stored nowhere. Which classes allow it is
    this project's decision.
    """
    return licence_class in _COMMERCIAL
