"""Requests as they are expected, held against those that came, in words for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches, ndiff
from typing import Any

from ..journal import redacted, redacted_headers
from .entries import OPERATIONS, PARTS, Expected, Operation, Request

_SHOWN = 20
_HEADER = "header "


@dataclass(frozen=True, slots=True)
class Wanted:
    """An expectation, without the secrets that were in it.

    Attributes:
        parts: The value that each part of a request has to have: its fields by their names, its headers one by one.
    """

    parts: dict[str, Any]

    @classmethod
    def of(cls, operation: Operation | None, expected: Expected) -> Wanted:
        """What was asked for in the arguments of an assertion.

        Raises:
            ValueError: There is no such operation, or no such part of a request.
        """
        check(operation)
        _check_parts(expected)
        parts: dict[str, Any] = {**expected}
        headers = {name.lower().encode(): value.encode() for name, value in parts.pop("headers", {}).items()}
        if "path" in parts:
            parts["path"] = redacted(parts["path"])
        if operation is not None:
            parts = {"operation": operation, **parts}
        return cls(parts | {_HEADER + name: value for name, value in redacted_headers(headers.items()).items()})

    def misfits(self, request: Request) -> list[str]:
        """Where a request is another one."""
        came = {name: _part(request, name) for name in self.parts}
        return [
            f"{name}: expected {value!r}, came {came[name]!r}"
            for name, value in self.parts.items()
            if came[name] != value
        ]

    def nearest(self, came: Sequence[Request]) -> Request | None:
        """The request that comes nearest without being what is wanted; of equals, the latest."""
        others = [request for request in reversed(came) if self.misfits(request)]
        return min(others, key=self._distance, default=None)

    def _distance(self, request: Request) -> tuple[bool, int]:
        is_another = request.operation != self.parts.get("operation", request.operation)
        return is_another, len(self.misfits(request))

    def __str__(self) -> str:
        conditions = [f"{name}={value!r}" for name, value in self.parts.items() if name != "operation"]
        return " with ".join([self.parts["operation"], *filter(None, [", ".join(conditions)])])


def _part(request: Request, name: str) -> Any:
    if name.startswith(_HEADER):
        return request.headers.get(name.removeprefix(_HEADER))
    return getattr(request, name)


def check(operation: str | None) -> None:
    """Refuse a misspelt operation: it is never called, so that an assertion about that would never fail.

    Raises:
        ValueError: There is no such operation; the message has the likeliest one.
    """
    if operation is None or operation in OPERATIONS:
        return
    near = get_close_matches(operation, OPERATIONS, n=1, cutoff=0.5)
    raise ValueError(f"there is no operation {operation!r}; did you mean {' or '.join(near or OPERATIONS)}?")


def _check_parts(names: Iterable[str]) -> None:
    if unknown := [name for name in names if name not in PARTS]:
        known = ", ".join(sorted(PARTS))
        raise ValueError(f"a request has no {unknown[0]!r} that could be expected; there are {known}")


def told(wanted: Wanted, times: int | None, came: Sequence[Request]) -> str:
    """Why an expectation does not hold."""
    found = [request for request in came if not wanted.misfits(request)]
    lines = [f"expected {_counted(times)} to {wanted}", f"came {len(found) or 'none'}"]
    nearest = wanted.nearest(came) if len(found) < (times or 1) else None
    if nearest:
        lines += [f"nearest: {nearest}", *(f"  {misfit}" for misfit in wanted.misfits(nearest))]
    return "\n".join([*lines, *_listed(came, marked=found)])


def _counted(times: int | None) -> str:
    if times is None:
        return "at least 1 request"
    return "1 request" if times == 1 else f"{times or 'no'} requests"


def _listed(came: Sequence[Request], marked: Sequence[Request] = ()) -> Iterator[str]:
    """The end of the journal, with a mark on what was found."""
    if not came:
        yield "the journal is empty"
        return
    yield "journal, oldest first:"
    if len(came) > _SHOWN:
        yield f"  … {len(came) - _SHOWN} before these"
    for request in came[-_SHOWN:]:
        yield f"{'*' if request in marked else ' '} {request}"


def compared(operations: Sequence[Operation | None], came: Sequence[Request]) -> str:
    """Why a sequence of operations is another one: `-` marks what is missing, `+` what came besides."""
    wanted = [operation or "no operation" for operation in operations]
    found = [request.operation or "no operation" for request in came]
    lines = ["expected other operations (- did not come, + came besides):", *_diff(wanted, found)]
    return "\n".join([*lines, *_listed(came)])


def _diff(wanted: Sequence[str], found: Sequence[str]) -> list[str]:
    # Lines that begin with ? would point at letters in which two names differ.
    return [f"  {line}" for line in ndiff(wanted, found) if not line.startswith("?")]
