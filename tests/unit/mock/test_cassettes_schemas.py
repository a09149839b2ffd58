"""Values are held against schemas of OpenAPI 3.0, and never repeated."""

from __future__ import annotations

from typing import Any

import pytest

from aitronos_mock.cassettes.schemas import problems

DOCUMENT = {"components": {"schemas": {"Name": {"type": "string", "nullable": True, "maxLength": 3}}}}
NAME = {"$ref": "#/components/schemas/Name"}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (NAME, "abc"),
        (NAME, None),
        ({"type": "array", "items": {"type": "integer"}}, [1, 2]),
        ({"type": "string", "format": "date-time"}, "2026-06-28T10:30:00Z"),
        ({"type": "string", "format": "date-time"}, "2026-06-28t10:30:00.5+02:00"),
        ({"format": "date-time"}, 7),
        ({"type": "string", "format": "date"}, "2026-06-28"),
        ({"format": "date"}, 7),
        ({"type": "string", "format": "uri"}, "https://cdn.aitronos.com/music/track/...signed"),
        ({"format": "uri"}, 7),
        ({"type": "string", "format": "unheard-of"}, "x"),
    ],
)
def test_a_value_meets_its_schema(schema: dict[str, Any], value: Any) -> None:
    """Null where it is nullable, and every format that the contract uses; other formats say nothing."""
    assert problems(DOCUMENT, schema, value) == []


@pytest.mark.parametrize(
    ("schema", "value", "told"),
    [
        (NAME, "secret", ["$: breaks the rule maxLength 3"]),
        (NAME, 7, ['$: breaks the rule type "string"']),
        ({"type": "string"}, None, ['$: breaks the rule type "string"']),
        ({"type": "integer"}, 30.0, ['$: breaks the rule type "integer"']),
        ({"type": "integer"}, True, ['$: breaks the rule type "integer"']),
        ({"enum": ["a"]}, "secret", ['$: breaks the rule enum ["a"]']),
        ({"required": ["token"]}, {"secret": 1}, ["$: 'token' is a required property"]),
        ({"additionalProperties": False}, {"secret": 1}, ["$: breaks the rule additionalProperties"]),
        ({"properties": {"a": {"items": NAME}}}, {"a": ["secret"]}, ["$.a[0]: breaks the rule maxLength 3"]),
        ({"oneOf": [NAME, NAME]}, "a", ["$: breaks the rule oneOf"]),
        ({"format": "date-time"}, "secret", ['$: breaks the rule format "date-time"']),
        ({"format": "date-time"}, "2026-06-28 10:30:00", ['$: breaks the rule format "date-time"']),
        ({"format": "date-time"}, "2026-13-28T10:30:00Z", ['$: breaks the rule format "date-time"']),
        ({"format": "date"}, "20260628", ['$: breaks the rule format "date"']),
        ({"format": "date"}, "2026-13-28", ['$: breaks the rule format "date"']),
        ({"format": "uri"}, "secret", ['$: breaks the rule format "uri"']),
    ],
)
def test_what_breaks_a_rule_is_told_without_the_value(schema: dict[str, Any], value: Any, told: list[str]) -> None:
    """The place, the rule, and what the schema wants; nothing of the value."""
    assert problems(DOCUMENT, schema, value) == told
