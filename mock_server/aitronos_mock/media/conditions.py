"""What a request asks of a file: its conditional and range fields, by RFC 9110, sections 13 and 14."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..refusals import PreconditionFailed, RangeNotSatisfiable

Fields = Callable[[str], Sequence[str]]
"""Gives the values of a field of the request, in the order in which they were sent."""

# Python reads no longer numbers, and a server may ignore any range.
_RANGE = re.compile(r"bytes=([0-9]{0,4000})-([0-9]{0,4000})", re.IGNORECASE)
_ENTITY_TAG = re.compile(r'(?:W/)?"[^"]*"')


class Span(NamedTuple):
    """Bytes of a file from `start` up to, and without, `stop`."""

    start: int
    stop: int


def require_match(fields: Fields, etag: str) -> None:
    """Hold `If-Match` against the file's tag.

    Raises:
        PreconditionFailed: The client wants to go on with another file.
    """
    values = fields("if-match")
    if values and "*" not in values and etag not in _tags(values):
        raise PreconditionFailed


def is_known(fields: Fields, etag: str) -> bool:
    """Whether the client has this very file, by `If-None-Match`."""
    values = fields("if-none-match")
    return "*" in values or etag in [tag.removeprefix("W/") for tag in _tags(values)]


def asked_span(fields: Fields, etag: str, size: int) -> Span | None:
    """The part of the file that `Range` asks for, or None for the whole.

    The whole is the answer too where `Range` is malformed, asks for several parts, or goes with an `If-Range` that
    names another file or a date.

    Raises:
        RangeNotSatisfiable: The file has no such part.
    """
    ranges, conditions = fields("range"), fields("if-range")
    found = _RANGE.fullmatch(ranges[0]) if len(ranges) == 1 else None
    if found is None or any(condition != etag for condition in conditions):
        return None
    return _span(found[1], found[2], size)


def _tags(values: Sequence[str]) -> list[str]:
    return _ENTITY_TAG.findall(", ".join(values))


def _span(first: str, last: str, size: int) -> Span | None:
    if not first:
        return _suffix(int(last), size) if last else None
    start, end = int(first), int(last or size)
    if last and end < start:
        return None
    if start >= size:
        raise RangeNotSatisfiable(size)
    return Span(start, min(end + 1, size))


def _suffix(length: int, size: int) -> Span:
    if length == 0:
        raise RangeNotSatisfiable(size)
    return Span(max(0, size - length), size)
