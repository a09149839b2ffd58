"""What was measured: values by rounds, and what follows from them."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

TIMES = "\N{MULTIPLICATION SIGN}"
"""The unit of ratios."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing, measured once per round.

    Attributes:
        row: What was measured.
        subject: Of what, for instance a server.
        unit: In what.
        values: The measurements, in the order in which they were taken; at least one.
    """

    row: str
    subject: str
    unit: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of the values."""
        return statistics.median(self.values)

    @property
    def low(self) -> float:
        """The least value."""
        return min(self.values)

    @property
    def high(self) -> float:
        """The greatest value."""
        return max(self.values)


def ratio(one: Figure, other: Figure) -> Figure:
    """One figure as a multiple of another one, round by round: what slows one round slows both its parts.

    Raises:
        ValueError: They were not measured in the same rounds.
    """
    pairs = zip(one.values, other.values, strict=True)
    return Figure(one.row, f"{one.subject} / {other.subject}", TIMES, tuple(ours / theirs for ours, theirs in pairs))


class Figures:
    """All figures of a run, in the order in which they first came up, and what was left out of it."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], tuple[str, list[float]]] = {}
        self.left_out: dict[str, str] = {}

    def add(self, row: str, subject: str, unit: str, *values: float) -> None:
        """Note measurements of one more round, or of several."""
        self._values.setdefault((row, subject), (unit, []))[1].extend(values)

    def leave_out(self, subject: str, reason: str) -> None:
        """Note that something is not measured, and why."""
        self.left_out[subject] = " ".join(reason.split())

    def find(self, row: str, subject: str) -> Figure | None:
        """A figure, or None where it was not measured."""
        unit, values = self._values.get((row, subject), ("", []))
        return Figure(row, subject, unit, tuple(values)) if values else None

    def ratio(self, row: str, subject: str, to: str, to_row: str | None = None) -> Figure | None:
        """One figure as a multiple of another one, or None where they were not measured in the same rounds."""
        one, other = self.find(row, subject), self.find(to_row or row, to)
        if one is None or other is None or len(one.values) != len(other.values):
            return None
        return ratio(one, other)

    def __iter__(self) -> Iterator[Figure]:
        for (row, subject), (unit, values) in self._values.items():
            yield Figure(row, subject, unit, tuple(values))
