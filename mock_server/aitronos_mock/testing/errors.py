"""What can go wrong between a test suite and its mock. No message holds a key or a token."""

from __future__ import annotations

from typing import Any


class MockError(Exception):
    """The base of the errors below; the message is one line that says what to do."""


class MockUnavailable(MockError):
    """There is no mock to be had, or it does not answer as one."""


class MissingPackage(MockError):
    """Something was asked for that needs a package which is not installed."""


class MockRefused(MockError):
    """The mock understood what it was told and refused it.

    Attributes:
        status: Of HTTP.
        code: Of the error envelope, for instance `SANDBOX_NOT_FOUND`.
        details: Of the error envelope.
    """

    def __init__(self, status: int, code: str, why: str, details: dict[str, Any]) -> None:
        super().__init__(status, code, why, details)
        self.status = status
        self.code = code
        self.details = details

    def __str__(self) -> str:
        _, _, why, _ = self.args
        return f"{why} ({self.status} {self.code})"
