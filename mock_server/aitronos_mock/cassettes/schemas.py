"""Schemas of OpenAPI 3.0, and where a value does not meet one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from jsonschema import Draft4Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_URL = re.compile(r"https?://[^\s/]+(/\S*)?")
_NAMED = frozenset({"enum", "format", "maximum", "maxLength", "minimum", "minLength", "pattern", "type"})
"""Rules that can be said in a few words."""


def problems(document: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """Where a value does not meet a schema.

    What is said of a value is its place and the rule that it breaks. The value may be a secret, and is not repeated.

    Args:
        document: The OpenAPI document, to whose components references in the schema lead.
        schema: A schema of this document.
        value: What was decoded from JSON.
    """
    # References lead to components, from wherever they stand.
    rooted = {**schema, "components": document["components"]}
    errors = _Validator(rooted, format_checker=_FORMATS).iter_errors(value)
    return [f"{error.json_path}: {_told(error)}" for error in errors]


def _told(error: ValidationError) -> str:
    if error.validator == "required":
        # It names what is missing, which is a word of the schema's own.
        return error.message
    wanted = f" {json.dumps(error.validator_value)}" if error.validator in _NAMED else ""
    return f"breaks the rule {error.validator}{wanted}"


def _type(validator: Any, types: Any, value: Any, schema: dict[str, Any]) -> Iterator[ValidationError]:
    if value is not None or not schema.get("nullable"):
        yield from Draft4Validator.VALIDATORS["type"](validator, types, value, schema)


# OpenAPI 3.0 has the keywords of draft 4, and says in its own way that a value may be null.
_Validator: Any = extend(Draft4Validator, {"type": _type})  # type: ignore[no-untyped-call]  # its stubs lack types here

_FORMATS = FormatChecker(())


@_FORMATS.checks("date-time", ValueError)
def _is_moment(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return _MOMENT.fullmatch(value) is not None and datetime.fromisoformat(value.upper()) is not None


@_FORMATS.checks("date", ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or (len(value) == len("2026-06-28") and date.fromisoformat(value) is not None)


@_FORMATS.checks("uri")
def _is_url(value: object) -> bool:
    return not isinstance(value, str) or _URL.fullmatch(value) is not None
