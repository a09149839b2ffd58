"""One row of the contract: a sentence about a server, and how to try it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .trial import Trial

Check = Callable[["Trial"], None]
"""Tries a row: returns where it holds, raises `Mismatch`, `NotReachable` or `Unanswered` where not."""


class Source(Enum):
    """Where a row comes from."""

    SHARE_PAGES = "the documentation of the four operations"
    OTHER_PAGES = "other pages of the documentation"
    DECISION = "decided in openapi.yaml where the documentation is silent"

    @property
    def mark(self) -> str:
        """`documented` or `decided`."""
        return "decided" if self is Source.DECISION else "documented"


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        id: Stable, for programs and for people who look it up.
        source: Where it comes from.
        operation: The operation that it is about, or `any`.
        says: What holds, in one sentence.
        check: Tries it.
    """

    id: str
    source: Source
    operation: str
    says: str
    check: Check

    @property
    def mark(self) -> str:
        """`documented` or `decided`."""
        return self.source.mark


@dataclass(frozen=True, slots=True)
class Topic:
    """What several rows are about.

    Attributes:
        name: How their ids begin.
        operation: The operation, or `any`.
    """

    name: str
    operation: str

    def documented(self, name: str, says: str, check: Check) -> Row:
        """A row that the documentation of the four operations states."""
        return self._row(Source.SHARE_PAGES, name, says, check)

    def elsewhere(self, name: str, says: str, check: Check) -> Row:
        """A row that other pages of the documentation state."""
        return self._row(Source.OTHER_PAGES, name, says, check)

    def decided(self, name: str, says: str, check: Check) -> Row:
        """A row that no page states, and the contract decides."""
        return self._row(Source.DECISION, name, says, check)

    def _row(self, source: Source, name: str, says: str, check: Check) -> Row:
        return Row(f"{self.name}.{name}", source, self.operation, says, check)
