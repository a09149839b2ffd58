# Generated from openapi.yaml by scripts/generate.py. Do not edit.
from enum import StrEnum
from typing import Self


class LicenceClass(StrEnum):
    """What the licence of a track amounts to."""

    COMMERCIAL_CLEARED = "commercial_cleared"
    COMMERCIAL_ENTERPRISE = "commercial_enterprise"
    PERSONAL_ONLY = "personal_only"
    UNCLEAR = "unclear"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        """Let a value that the contract does not list yet live on as a string equal to itself."""
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)

    def __repr__(self) -> str:
        # Without the name: that of an unlisted value is the value, which may have to stay hidden.
        return f"<{type(self).__name__}: {self.value!r}>"
