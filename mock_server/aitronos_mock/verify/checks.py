"""What rows demand of answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .expectations import Json, error, violation
from .outcome import Mismatch
from .wire import Answer

MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
"""How the API writes a moment."""

WORDED = ("code", "type", "message", "system_message")
"""Fields of an error whose wording is documented."""

CODED = ("code", "type")
"""Fields of an error that programs act on, where the wording is the server's own."""


def require(holds: bool, expected: Any, got: Any) -> None:
    """Demand that something holds."""
    if not holds:
        raise Mismatch(expected, got)


def require_equal(expected: Any, got: Any) -> None:
    """Demand a value; 1 and true are two."""
    require(expected == got and type(expected) is type(got), expected, got)


def require_form(pattern: str, got: Any) -> None:
    """Demand a text of this form, given as a regular expression."""
    require(isinstance(got, str) and re.fullmatch(pattern, got) is not None, f"text of the form {pattern}", got)


def require_status(status: int, answer: Answer) -> None:
    """Demand a status."""
    if answer.status != status:
        raise Mismatch(f"status {status}", {"status": answer.status, "body": answer.data})


def require_valid(operation_id: str, status: int, body: Any) -> None:
    """Demand a body that its schema in the contract describes."""
    if found := violation(operation_id, status, body):
        raise Mismatch(found.demanded, found.found)


def require_error(
    answer: Answer,
    operation_id: str,
    status: int,
    cause: str,
    *,
    fields: tuple[str, ...] = WORDED,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Demand the error of an example in the contract.

    Args:
        answer: What came.
        operation_id: The operation of the example.
        status: The status, in HTTP and in the envelope.
        cause: The name of the example.
        fields: Which of its fields the row is about.
        details: What the details have to have, an empty one being nothing at all; None leaves them open.
    """
    example = error(operation_id, status, cause)
    expected: Json = {"http_status": status, **{name: example[name] for name in fields}}
    got: Json = {"http_status": answer.status, **{name: answer.error.get(name) for name in fields}}
    if details is not None:
        expected["details"], got["details"] = dict(details), _named(answer.error.get("details"), details)
    if wrong := [name for name in expected if expected[name] != got[name]]:
        unlike = answer.data if not answer.error else {name: got[name] for name in wrong}
        raise Mismatch({name: expected[name] for name in wrong}, unlike)


def _named(got: Any, wanted: Mapping[str, Any]) -> Any:
    """The details that are spoken of; all of them where none may be there."""
    if not wanted or not isinstance(got, dict):
        return got
    return {name: got[name] for name in wanted if name in got}
