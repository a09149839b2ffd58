"""Answers of the control plane in words for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

OPERATIONS = "shareTrack|shareCollection|resolveShare|saveSharedTrack|playTrack"
"""What an option that names an operation takes."""


def always(words: str) -> Callable[[Any], str]:
    """For an answer that says no more than that it was done."""
    return lambda _: words


def listed(*columns: str) -> Callable[[Any], str]:
    """For `{"items": […]}`: a table of these fields."""
    return lambda data: table(columns, [[item[column] for column in columns] for item in data["items"]])


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows below their headings, each column as wide as its widest cell; None is a dash."""
    cells = [[column.upper() for column in columns], *([_cell(each) for each in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)
    return "\n".join(line.rstrip() for line in lines)


def named(fields: Mapping[str, object]) -> str:
    """Fields with their names, in one line."""
    return " ".join(f"{name}={_cell(value)}" for name, value in fields.items())


def _cell(value: object) -> str:
    if isinstance(value, list):
        return "-".join(map(str, value))
    return "-" if value is None else str(value)
