"""Which examples of the contract an answer is like."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from functools import cache
from typing import Any, cast

from aitronos_mock.cassettes import operations

_TELLING = frozenset({"kind", "target_type", "visibility"})
"""Fields of successes whose values make another case; of the others it counts whether they are null or empty."""


def causes_like(operation: str, status: int, body: Any) -> frozenset[str]:
    """The names of the examples that an answer is like, none where the contract shows no such one.

    Several causes that answer alike, such as a track that is unknown and one that is somebody else's, all come back.
    """
    return _by_form().get((operation, status, _form(body)), frozenset())


@cache
def _by_form() -> dict[tuple[str, int, Hashable], frozenset[str]]:
    names: defaultdict[tuple[str, int, Hashable], set[str]] = defaultdict(set)
    for cause, body in operations.examples().items():
        names[cause.operation, cause.status, _form(body)].add(cause.name)
    return {form: frozenset(each) for form, each in names.items()}


def _form(body: Any) -> Hashable:
    match body:
        case {"error": {"code": str(code), "details": {"errors": [{"message": str(message)}], "value": value}}}:
            return code, message, value is None
        case {"error": {"code": str(code), "details": {"errors": [*_]}}}:
            return code, "several"
        case {"error": {"code": str(code), "system_message": str(message)}}:
            return code, message
        case {**fields}:
            return frozenset((name, _case(name, value)) for name, value in cast(dict[str, Any], fields).items())
        case _:
            return None


def _case(name: str, value: Any) -> Hashable:
    if value is None or isinstance(value, bool) or name in _TELLING:
        return str(value)
    return bool(value)
