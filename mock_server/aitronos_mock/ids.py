"""The one place that asks for randomness."""

from __future__ import annotations

import secrets
from collections.abc import Callable


class RandomIds:
    """Identifiers in the documented forms.

    Args:
        hexadecimal: Gives twice as many random hexadecimal digits as it is asked for bytes. The default comes from the
            operating system and cannot be guessed.
    """

    def __init__(self, hexadecimal: Callable[[int], str] = secrets.token_hex) -> None:
        self._hexadecimal = hexadecimal

    def share_link(self) -> str:
        """`mslink_` and 12 digits."""
        return f"mslink_{self._hexadecimal(6)}"

    def token(self) -> str:
        """`shr_` and 32 digits: 128 bits."""
        return f"shr_{self._hexadecimal(16)}"

    def library_edge(self) -> str:
        """`mlib_` and 12 digits."""
        return f"mlib_{self._hexadecimal(6)}"

    def request(self) -> str:
        """`req_` and 12 digits, the `x-request-id` of an answer."""
        return f"req_{self._hexadecimal(6)}"
