"""What is accepted without the validator, held against the validator."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aitronos_mock import contract
from aitronos_mock._connexion import Draft4RequestValidator
from aitronos_mock.accepting import acceptor

Schema = dict[str, Any]

NAMES = st.sampled_from(["a", "b", "c"])
scalars = st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from([0.0, 1.0, 1.5, "", "a", "b", "1"])
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner), max_leaves=6)


def _schemas(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    """Of all keywords that are judged, with some that change them, and one that is not known."""
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["object", "string", "integer", "number", "array", "boolean"]),
            "enum": st.lists(scalars, min_size=1, max_size=4),
            "minimum": st.integers(-1, 2) | st.just(0.5),
            "exclusiveMinimum": st.booleans(),
            "properties": st.dictionaries(NAMES, inner, max_size=3),
            "additionalProperties": st.booleans() | inner,
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "nullable": st.booleans(),
            "description": st.just("words"),
            "maxLength": st.integers(0, 1),
        },
    )


schemas = st.recursive(_schemas(st.just({})), _schemas, max_leaves=5)


@given(schemas, values)
@example({"type": "integer"}, True)
@example({"type": "integer"}, 1.0)
@example({"minimum": 1}, 0)
@example({"minimum": 0.5}, 0)
@example({"enum": ["a"]}, "b")
@example({"enum": [1, "a"]}, True)
@example({"properties": {"a": {"type": "string"}}}, {"a": 1})
@example({"allOf": [{"type": "string"}, {"enum": ["a"]}]}, "b")
@example({"enum": ["a"], "type": "string", "nullable": True}, None)
@example({"type": "integer", "minimum": 1, "nullable": True}, None)
@example({"properties": {"a": {}}, "additionalProperties": False}, {"b": 1})
@example({"additionalProperties": False}, {"b": 1})
@example({"minimum": 1, "exclusiveMinimum": True}, 1)
@example({"allOf": [{"type": "string"}], "nullable": True}, None)
def test_what_is_accepted_is_valid(schema: Schema, value: Any) -> None:
    """Whatever the schema and whatever the value, nothing is accepted that the validator has something against."""
    if acceptor(schema)(value):
        assert [] == list(Draft4RequestValidator(schema).iter_errors(value))


VISIBILITY = {"type": "string", "enum": ["link_only", "public"]}
TERMS = contract.load("openapi.yaml")["components"]["schemas"]["ShareRequest"] | {"components": {}}
TERMS["properties"]["visibility"]["allOf"] = [VISIBILITY]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"visibility": "public"},
        {"expires_in_days": None},
        {"expires_in_days": 10**400},
        {"visibility": "link_only", "expires_in_days": 30},
    ],
)
def test_what_a_share_may_say_is_accepted(body: dict[str, Any]) -> None:
    """The terms that clients send need no validator."""
    assert acceptor(TERMS)(body)
    assert [] == list(Draft4RequestValidator(TERMS).iter_errors(body))


@pytest.mark.parametrize("unknown", ["not", "$ref", "pattern", "x-nullable", "required"])
def test_a_keyword_that_is_not_known_leaves_the_decision_to_the_validator(unknown: str) -> None:
    """Nothing is accepted by a schema that says more than is understood here."""
    assert not acceptor({"type": "string", unknown: {}})("a")
