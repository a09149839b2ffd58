"""How the trial of a row ends early."""

from __future__ import annotations

from typing import Any


class Mismatch(Exception):
    """The server behaves otherwise than the row says.

    Attributes:
        expected: What the row says, in words or as a value.
        got: What the server did.
    """

    def __init__(self, expected: Any, got: Any) -> None:
        super().__init__("mismatch")
        self.expected = expected
        self.got = got


class NotReachable(Exception):
    """The row cannot be tried with what was given; the message says what is missing."""
