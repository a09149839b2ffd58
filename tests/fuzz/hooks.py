"""What Schemathesis is told about the mock, where its checks ask for something that no schema can say."""

from __future__ import annotations

from typing import Any

import schemathesis
from schemathesis.core.transport import Response
from schemathesis.openapi.checks import RejectedPositiveData

_RULES_IN_PROSE = (
    "must have one of latency_ms, status, drop, body",
    "does not go together with",
    "must begin with the shorter time",
    "must not lead beyond the year 8999",
)


@schemathesis.hook
def filter_failure(
    context: schemathesis.HookContext, failure: Any, case: schemathesis.Case[Any], response: Response
) -> bool:
    """Let the refusal of a body pass that fits its schema and breaks a rule which only prose states; nothing else.

    A fixture is held against a schema of its own and against rules between its parts. A fault plan has rules between
    its fields, stated in the description, so that the refusal can say in words which field to change. How far a clock
    can go forward depends on where it stands.
    """
    if not isinstance(failure, RejectedPositiveData) or response.status_code != 422:
        return True
    operation = case.operation.definition.raw["operationId"]
    if operation in ("addFault", "putClock"):
        return any(not each["message"].startswith(_RULES_IN_PROSE) for each in _errors(response))
    return not (operation == "putState" or (operation == "createSandbox" and _has_fixture(case.body)))


def _has_fixture(body: object) -> bool:
    return isinstance(body, dict) and "fixture" in body


def _errors(response: Response) -> list[dict[str, str]]:
    errors: list[dict[str, str]] = response.json()["error"]["details"]["errors"]
    return errors
